"""Why a code was not accepted: one type per rule, each saying what is wrong and what to do.

Texts are English and marked for translation; the web layer translates them and puts `values` in.
"""

from typing import ClassVar, Final


def gettext_noop(text: str) -> str:
    """Mark a text for the message catalogue without translating it: the domain knows no language."""
    return text


_SCAN_AGAIN: Final = gettext_noop(
    "Scan it once more, or type the digits under the barcode. If it fails again, the code is printed wrongly."
)
_TYPE_DIGITS: Final = gettext_noop("Type the 8, 12, 13 or 14 digits under the barcode instead.")


class CodeRefused(ValueError):
    """A text is not a code that we accept.

    `code` is stable for API clients, `ai` is the GS1 Application Identifier at fault where one is, `rule`
    says in plain words what is demanded, `remedy` what to do. `rule` may hold `%(name)s` places for `values`.
    """

    code: ClassVar[str]
    rule: ClassVar[str]
    remedy: ClassVar[str] = _SCAN_AGAIN

    def __init__(self, *, ai: str | None = None, **values: str) -> None:
        self.ai = ai
        self.values = {"ai": ai or "", **values}
        super().__init__(f"{self.rule % self.values} {self.remedy}")


class NotACode(CodeRefused):
    """Neither a link nor digits."""

    code = "not_a_code"
    rule = gettext_noop("This is neither the link of a product's QR code nor a barcode number.")
    remedy = gettext_noop("Scan the code again, or type the 8, 12, 13 or 14 digits under the barcode.")


class CodeTooLong(CodeRefused):
    """Longer than any code that fits on a pack."""

    code = "code_too_long"
    rule = gettext_noop("The code is longer than %(limit)s characters.")
    remedy = _TYPE_DIGITS


class LinkMalformed(CodeRefused):
    """Not a web address after RFC 3986."""

    code = "link_malformed"
    rule = gettext_noop("The link has a character or a percent sign that no web address may have.")


class LinkWithoutKey(CodeRefused):
    """No GS1 key in the path."""

    code = "link_without_gtin"
    rule = gettext_noop("The link names no product: after /01/ there must be 14 digits, and then only pairs.")
    remedy = _TYPE_DIGITS


class KeyNotRead(CodeRefused):
    """A GS1 Digital Link to something that is not a trade item."""

    code = "key_not_read"
    rule = gettext_noop("The link names something other than a product (%(ai)s): we only read GTIN codes.")
    remedy = _TYPE_DIGITS


class GtinLength(CodeRefused):
    """A wrong number of digits, or something that is not a digit."""

    code = "gtin_length"
    rule = gettext_noop("A product code has 8, 12, 13 or 14 digits and nothing else.")
    remedy = gettext_noop("Compare it with the digits under the barcode.")


class GtinLengthInLink(CodeRefused):
    """Shorter GTINs must be padded in a link."""

    code = "gtin_length_in_link"
    rule = gettext_noop(
        "In a link, a product code has 14 digits: shorter ones are filled with zeros in front."
    )
    remedy = _TYPE_DIGITS


class GtinCheckDigit(CodeRefused):
    """The last digit does not fit."""

    code = "gtin_check_digit"
    rule = gettext_noop("One digit of the product code is wrong: the last one does not fit the others.")
    remedy = gettext_noop("Compare it with the digits under the barcode.")


class UnknownAi(CodeRefused):
    """A numeric key that GS1 has not defined."""

    code = "ai_unknown"
    rule = gettext_noop("“%(ai)s” is no GS1 Application Identifier.")


class AiNotWithGtin(CodeRefused):
    """An Application Identifier that must not stand beside a GTIN."""

    code = "ai_not_with_gtin"
    rule = gettext_noop("(%(ai)s) does not go together with a product code.")


class AttributeInPath(CodeRefused):
    """An attribute outside the query."""

    code = "attribute_in_path"
    rule = gettext_noop("(%(ai)s) belongs behind the question mark of the link.")


class QualifierInQuery(CodeRefused):
    """A key qualifier outside the path."""

    code = "qualifier_in_query"
    rule = gettext_noop("(%(ai)s) belongs into the path of the link, before the question mark.")


class QualifierOrder(CodeRefused):
    """Key qualifiers in another order than GS1's."""

    code = "qualifier_order"
    rule = gettext_noop("After the product code come (22), (10) and (21) in this order, or (235) alone.")


class AiRepeated(CodeRefused):
    """The same thing said twice."""

    code = "ai_repeated"
    rule = gettext_noop("(%(ai)s) is there twice.")


class AiEmpty(CodeRefused):
    """An Application Identifier without a value."""

    code = "ai_empty"
    rule = gettext_noop("(%(ai)s) has no value.")


class AiValue(CodeRefused):
    """A value that is too long or has characters that GS1 does not allow there."""

    code = "ai_value"
    rule = gettext_noop(
        "The value of (%(ai)s) is too short, too long or has a character that may not be there"
        " (its form is %(form)s)."
    )


class AiDate(CodeRefused):
    """A date that no calendar has."""

    code = "ai_date"
    rule = gettext_noop("The value of (%(ai)s) must be a date of the calendar, written YYMMDD.")
