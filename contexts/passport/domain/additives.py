"""The additives that a list of ingredients names, and what each is there for.

Source: Regulation (EC) No 1333/2008, Annex II part B (the additives that are allowed in food, by number and
name) and Annex I (what the classes mean); Regulation (EU) No 1169/2011, Annex VII part C (the classes as
labels name them). The table holds the commonest; `E 999` without a line in it is still found, as a number
whose class is not known.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from importlib import resources
from typing import Any, Final

from contexts.passport.domain.lexicon import Lexicon


def gettext_noop(text: str) -> str:
    """Mark a text for translation; the page translates it."""
    return text


class AdditiveClass(Enum):
    """What an additive is there for."""

    ACID = "acid"
    ACIDITY_REGULATOR = "acidity_regulator"
    ANTI_CAKING = "anti_caking"
    ANTIOXIDANT = "antioxidant"
    BULKING = "bulking"
    COLOUR = "colour"
    EMULSIFIER = "emulsifier"
    FIRMING = "firming"
    FLAVOUR_ENHANCER = "flavour_enhancer"
    FLOUR_TREATMENT = "flour_treatment"
    GELLING = "gelling"
    GLAZING = "glazing"
    HUMECTANT = "humectant"
    MELTING_SALT = "melting_salt"
    MODIFIED_STARCH = "modified_starch"
    PACKAGING_GAS = "packaging_gas"
    PRESERVATIVE = "preservative"
    RAISING = "raising"
    STABILISER = "stabiliser"
    SWEETENER = "sweetener"
    THICKENER = "thickener"
    OTHER = "other"

    @property
    def words(self) -> str:
        """What such an additive does, as one sentence to be translated."""
        return _WORDS[self]


_WORDS: Final[Mapping[AdditiveClass, str]] = {
    AdditiveClass.ACID: gettext_noop("Makes the food sour."),
    AdditiveClass.ACIDITY_REGULATOR: gettext_noop("Keeps the food as sour as it should be."),
    AdditiveClass.ANTI_CAKING: gettext_noop("Keeps powder from clumping."),
    AdditiveClass.ANTIOXIDANT: gettext_noop("Keeps air from spoiling fat and colour."),
    AdditiveClass.BULKING: gettext_noop("Adds volume with hardly any energy."),
    AdditiveClass.COLOUR: gettext_noop("Gives the food colour."),
    AdditiveClass.EMULSIFIER: gettext_noop("Helps fat and water to mix."),
    AdditiveClass.FIRMING: gettext_noop("Keeps fruit and vegetables firm."),
    AdditiveClass.FLAVOUR_ENHANCER: gettext_noop("Makes the taste stronger."),
    AdditiveClass.FLOUR_TREATMENT: gettext_noop("Makes flour bake better."),
    AdditiveClass.GELLING: gettext_noop("Turns liquid into jelly."),
    AdditiveClass.GLAZING: gettext_noop("Gives the surface a shine or a thin coat."),
    AdditiveClass.HUMECTANT: gettext_noop("Keeps the food moist."),
    AdditiveClass.MELTING_SALT: gettext_noop("Keeps processed cheese smooth when it melts."),
    AdditiveClass.MODIFIED_STARCH: gettext_noop("Starch that was changed so that it thickens better."),
    AdditiveClass.PACKAGING_GAS: gettext_noop("Fills the pack instead of air."),
    AdditiveClass.PRESERVATIVE: gettext_noop("Keeps the food from going bad."),
    AdditiveClass.RAISING: gettext_noop("Makes dough rise."),
    AdditiveClass.STABILISER: gettext_noop("Keeps the food as it was made."),
    AdditiveClass.SWEETENER: gettext_noop("Makes the food sweet without sugar."),
    AdditiveClass.THICKENER: gettext_noop("Makes the food thicker."),
    AdditiveClass.OTHER: gettext_noop("An additive whose use the list does not say."),
}

LANGUAGES: Final = ("en", "it", "de", "fr", "es")
"""The languages that the table has names in."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Additive:
    """An additive of the list."""

    number: str
    """Its E number: `E322`, `E160a`."""
    names: Mapping[str, str]
    """Its name by language; none where the table does not hold it."""
    purpose: AdditiveClass
    """What it is mostly used for; a list may name another use."""

    def name(self, language: str) -> str:
        """Its name in that language, else in English, else its number."""
        return self.names.get(language) or self.names.get("en") or self.number


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """An additive where a text names it."""

    additive: Additive
    start: int
    end: int

    @property
    def number(self) -> str:
        """Its E number."""
        return self.additive.number


def _read_table() -> Iterator[tuple[Additive, tuple[str, ...]]]:
    text = resources.files(__package__).joinpath("tables", "additives.toml").read_text(encoding="utf-8")
    rows: dict[str, dict[str, Any]] = tomllib.loads(text)
    for number, row in rows.items():
        names: dict[str, list[str]] = {language: row[language] for language in LANGUAGES}
        yield (
            Additive(
                number=number,
                names={language: spellings[0] for language, spellings in names.items()},
                purpose=AdditiveClass(row["class"]),
            ),
            tuple(name for spellings in names.values() for name in spellings),
        )


_ENTRIES: Final = tuple(_read_table())
BY_NUMBER: Final[Mapping[str, Additive]] = {additive.number: additive for additive, _ in _ENTRIES}
#: Microbes and flavours that have an additive's name in theirs.
_NO_ADDITIVES: Final = (
    "lactic acid bacteria",
    "lactic acid culture*",
    "lactic acid starter culture*",
    "lactic acid ferment*",
)
_LEXICON: Final[Lexicon[Additive]] = Lexicon(
    [
        *((name, additive) for additive, names in reversed(_ENTRIES) for name in dict.fromkeys(names)),
        *((phrase, None) for phrase in _NO_ADDITIVES),
    ]
)
#: `E 322`, `E-160a`, `e500(ii)`, `INS 322`; the Roman number is a form of the same additive.
_NUMBER: Final = re.compile(
    r"(?<!\w)(?:E|INS)[ \u00a0.-]?(\d{3,4})[ ]?([a-h])?[ ]?(\(?[ivx]{1,4}\)?)?(?!\w)", re.IGNORECASE
)


def of_number(number: str) -> Additive:
    """The additive of an E number as the table knows it: `E500ii` is one of E500, `E160ai` one of E160a."""
    wanted = number.strip().replace(" ", "").replace("-", "")
    match = re.fullmatch(r"(?:en:)?[eE](\d{3,4})([a-h])?\(?[ivx]*\)?", wanted)
    if match is None:
        return Additive(number=wanted, names={}, purpose=AdditiveClass.OTHER)
    base, letter = f"E{match[1]}", match[2] or ""
    known = BY_NUMBER.get(base + letter) or BY_NUMBER.get(base)
    if known is None:
        return Additive(number=base + letter, names={}, purpose=AdditiveClass.OTHER)
    return Additive(number=base + letter, names=known.names, purpose=known.purpose)


def found(text: str) -> tuple[Found, ...]:
    """Every additive that a text names by number or name, each once, in the order of the text; total."""
    places = [
        Found(
            additive=of_number(f"E{match[1]}{(match[2] or '').lower()}"), start=match.start(), end=match.end()
        )
        for match in _NUMBER.finditer(text)
    ]
    places += [Found(additive=additive, start=start, end=end) for start, end, additive in _LEXICON.find(text)]
    first: dict[str, Found] = {}
    for place in sorted(places, key=lambda place: place.start):
        first.setdefault(place.number, place)
    return tuple(first.values())


#: Annex to the rules of the Nutri-Score of 2023: sweeteners that give no energy; the polyols are none.
_NON_NUTRITIVE: Final = frozenset(
    ("E950", "E951", "E952", "E954", "E955", "E957", "E959", "E960", "E961", "E962", "E969")
)
SWEETENERS: Final = _NON_NUTRITIVE | {"E420", "E421", "E953", "E964", "E965", "E966", "E967", "E968"}


def is_non_nutritive_sweetener(number: str) -> bool:
    """Whether an E number is one of a sweetener that gives no energy."""
    return number[:4].upper() in _NON_NUTRITIVE


def of_numbers(numbers: Iterable[str]) -> tuple[Additive, ...]:
    """The additives of E numbers, each once, in their order."""
    return tuple({additive.number: additive for additive in map(of_number, numbers)}.values())
