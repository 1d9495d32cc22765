"""Why a code was not accepted: one type per rule, each saying what is wrong and what to do.

Two readers: a shopper needs `plain` and `remedy`, whoever prints codes or writes a program needs `rule`.
Texts are English and marked for translation; who shows them translates them and puts `values` in.
"""

from typing import ClassVar, Final, Self


def gettext_noop(text: str) -> str:
    """Mark a text for the message catalogue without translating it: the domain knows no language."""
    return text


_MISPRINTED: Final = gettext_noop("Something in this code is not as it should be.")
_SCAN_AGAIN: Final = gettext_noop(
    "Scan it once more, or type the number under the bars. If it fails again, the code is printed wrongly."
)
_TYPE_DIGITS: Final = gettext_noop("Type the number under the bars instead.")
_COMPARE: Final = gettext_noop("Compare it with the number under the bars.")


class CodeRefused(ValueError):
    """A text is not a code that we accept.

    `code` is stable for API clients, `ai` is the GS1 Application Identifier at fault where one is, `position`
    the offset in the text, from 0, of what breaks the rule where one place does. `plain` says without numbers
    or jargon what is wrong, `remedy` what to do, `rule` exactly what is demanded, with `%(name)s` places for
    `values`.
    """

    code: ClassVar[str]
    plain: ClassVar[str] = _MISPRINTED
    remedy: ClassVar[str] = _SCAN_AGAIN
    rule: ClassVar[str]

    def __init__(self, *, ai: str | None = None, position: int | None = None, **values: str) -> None:
        self.ai = ai
        self.position = position
        self.values = {"ai": ai or "", **values}
        super().__init__(f"{self.plain} {self.remedy} {self.rule % self.values}")

    def at(self, position: int) -> Self:
        """The same refusal, with its place in the whole text."""
        self.position = position
        return self


class NotACode(CodeRefused):
    """Neither a link nor digits."""

    code = "not_a_code"
    plain = gettext_noop("This is neither the link of a product's QR code nor the number of a barcode.")
    remedy = gettext_noop("Scan the code again, or type the number under the bars.")
    rule = gettext_noop(
        "A code is a GS1 Digital Link, a GTIN of 8, 12, 13 or 14 digits, or a GS1 element string with"
        " brackets, FNC1 or GS."
    )


class CodeTooLong(CodeRefused):
    """Longer than any code that fits on a pack."""

    code = "code_too_long"
    plain = gettext_noop("This is longer than any code on a pack.")
    remedy = _TYPE_DIGITS
    rule = gettext_noop("A code has at most %(limit)s characters.")


class LinkMalformed(CodeRefused):
    """Not a web address after RFC 3986."""

    code = "link_malformed"
    plain = gettext_noop("This link is damaged or incomplete.")
    rule = gettext_noop("The link has a character or a percent sign that no web address may have.")


class LinkWithoutKey(CodeRefused):
    """No GS1 key in the path."""

    code = "link_without_gtin"
    plain = gettext_noop("This link does not lead to a product.")
    remedy = _TYPE_DIGITS
    rule = gettext_noop(
        "The path of a GS1 Digital Link has /01/ and 14 digits, then pairs of an identifier and its value."
    )


class KeyNotRead(CodeRefused):
    """A GS1 Digital Link to something that is not a trade item."""

    code = "key_not_read"
    plain = gettext_noop("This code belongs to something other than a product, such as a parcel or a place.")
    remedy = _TYPE_DIGITS
    rule = gettext_noop("We read codes of trade items (01) only, not of (%(ai)s).")


class GtinLength(CodeRefused):
    """A wrong number of digits, or something that is not a digit."""

    code = "gtin_length"
    plain = gettext_noop("A digit is missing, or there is one too many.")
    remedy = _COMPARE
    rule = gettext_noop("A GTIN has 8, 12, 13 or 14 digits and nothing else.")


class GtinZero(CodeRefused):
    """Zeros where the company prefix and the item's number are: the check digit fits, but nothing has it."""

    code = "gtin_zero"
    plain = gettext_noop("No product has this number: it has only zeros where a company's number should be.")
    remedy = _COMPARE
    rule = gettext_noop("A GTIN has the prefix of a company in it; GS1 issues none of zeros alone.")


class GtinLengthInLink(CodeRefused):
    """Shorter GTINs must be padded in a link."""

    code = "gtin_length_in_link"
    plain = gettext_noop("A digit is missing in this code, or there is one too many.")
    remedy = _SCAN_AGAIN
    rule = gettext_noop(
        "A GTIN (01) has 14 digits in a link and in an element string: shorter ones have zeros in front."
    )


class GtinCheckDigit(CodeRefused):
    """The last digit does not fit."""

    code = "gtin_check_digit"
    plain = gettext_noop("One digit is wrong.")
    remedy = _COMPARE
    rule = gettext_noop(
        "The last digit of a GTIN is the check digit of those before it: this one does not fit."
    )


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
    rule = gettext_noop("In the path, (%(key)s) is followed by nothing but %(order)s, in this order.")


class NotAQualifier(CodeRefused):
    """In the path, and neither a qualifier of the key nor an attribute."""

    code = "not_a_qualifier"
    rule = gettext_noop("(%(ai)s) has no place behind (%(key)s).")


class NotAnAttribute(CodeRefused):
    """In the query, where it may not stand whatever the key."""

    code = "not_an_attribute"
    rule = gettext_noop("(%(ai)s) has no place behind the question mark of a link to (%(key)s).")


class AiRequired(CodeRefused):
    """An Application Identifier says nothing without another one."""

    code = "ai_required"
    rule = gettext_noop("(%(ai)s) is nothing by itself. It needs: %(needed)s.")


class AiExcluded(CodeRefused):
    """Two Application Identifiers that contradict each other."""

    code = "ai_excluded"
    rule = gettext_noop("(%(ai)s) does not go together with (%(other)s).")


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
    plain = gettext_noop("A date in this code is not a real date.")
    rule = gettext_noop("The value of (%(ai)s) must be a date of the calendar, written YYMMDD.")


class AiCheckDigit(CodeRefused):
    """The check digit or the check characters of a key other than a GTIN do not fit."""

    code = "ai_check_digit"
    plain = gettext_noop("One digit is wrong.")
    rule = gettext_noop("The check digit in the value of (%(ai)s) does not fit the digits before it.")


class AiTime(CodeRefused):
    """An hour or a minute that no clock has."""

    code = "ai_time"
    plain = gettext_noop("A time in this code is not a real time.")
    rule = gettext_noop(
        "The value of (%(ai)s) must have a time of the day in it: hours to 23, minutes to 59."
    )


class AiCountry(CodeRefused):
    """A country that ISO 3166-1 does not have."""

    code = "ai_country"
    rule = gettext_noop("The value of (%(ai)s) must have a country in it as ISO 3166-1 writes it.")


class AiCurrency(CodeRefused):
    """A currency that ISO 4217 does not have."""

    code = "ai_currency"
    rule = gettext_noop("The value of (%(ai)s) must have a currency in it as ISO 4217 numbers it.")


class AiPrefix(CodeRefused):
    """A key that does not begin with the digits of a company prefix."""

    code = "ai_prefix"
    rule = gettext_noop("The value of (%(ai)s) must begin with the digits of a GS1 company prefix.")


class AiMeaning(CodeRefused):
    """A value that has the right form, but that GS1 gives no meaning."""

    code = "ai_meaning"
    rule = gettext_noop("The value of (%(ai)s) has the right form (%(form)s), but GS1 gives it no meaning.")


class EpcMalformed(CodeRefused):
    """A compressed link whose binary string cannot be taken apart."""

    code = "epc_malformed"
    plain = gettext_noop("This link is damaged or incomplete.")
    rule = gettext_noop("The compressed part of the link is no EPC binary string as GS1 writes it.")


class EpcNotRead(CodeRefused):
    """A compressed link whose binary string has a header, or data behind the key, that we do not read."""

    code = "epc_not_read"
    plain = gettext_noop("We cannot read this kind of link.")
    remedy = _TYPE_DIGITS
    rule = gettext_noop("We do not read EPC binary strings with the header or identifier %(header)s.")


class ElementsMalformed(CodeRefused):
    """An element string that cannot be taken apart in one certain way."""

    code = "elements_malformed"
    rule = gettext_noop(
        "After each identifier in brackets comes its value, which has no bracket; without brackets FNC1 or GS"
        " ends each value whose length GS1 has not fixed."
    )


class ElementsWithoutGtin(CodeRefused):
    """An element string that does not say which product it is about."""

    code = "elements_without_gtin"
    plain = gettext_noop("This code does not say which product it is on.")
    remedy = _TYPE_DIGITS
    rule = gettext_noop("An element string needs a GTIN: (01) and 14 digits.")
