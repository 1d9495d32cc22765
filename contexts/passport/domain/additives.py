"""The additives that a list of ingredients names, and what each is there for.

Source: Regulation (EC) No 1333/2008, Annex II part B (the additives that are allowed in food, by number and
name) and Annex I (what the classes mean); Regulation (EU) No 1169/2011, Annex VII part C (the classes as
labels name them). The table holds the commonest; `E 999` without a line in it is still found, as a number
whose class is not known.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    ANTI_FOAMING = "anti_foaming"
    ANTIOXIDANT = "antioxidant"
    BULKING = "bulking"
    COLOUR = "colour"
    EMULSIFIER = "emulsifier"
    FIRMING = "firming"
    FLAVOUR_ENHANCER = "flavour_enhancer"
    FLOUR_TREATMENT = "flour_treatment"
    FOAMING = "foaming"
    GELLING = "gelling"
    GLAZING = "glazing"
    HUMECTANT = "humectant"
    MELTING_SALT = "melting_salt"
    MODIFIED_STARCH = "modified_starch"
    PACKAGING_GAS = "packaging_gas"
    PRESERVATIVE = "preservative"
    PROPELLENT = "propellent"
    RAISING = "raising"
    SEQUESTRANT = "sequestrant"
    STABILISER = "stabiliser"
    SWEETENER = "sweetener"
    THICKENER = "thickener"
    OTHER = "other"

    @property
    def words(self) -> str:
        """What such an additive does, as one sentence to be translated."""
        return _WORDS[self]

    @property
    def noun(self) -> str:
        """What such an additive is called, to be translated."""
        return _NOUNS[self]


_WORDS: Final[Mapping[AdditiveClass, str]] = {
    AdditiveClass.ACID: gettext_noop("Makes the food sour."),
    AdditiveClass.ACIDITY_REGULATOR: gettext_noop("Keeps the food as sour as it should be."),
    AdditiveClass.ANTI_CAKING: gettext_noop("Keeps powder from clumping."),
    AdditiveClass.ANTI_FOAMING: gettext_noop("Keeps foam from forming."),
    AdditiveClass.ANTIOXIDANT: gettext_noop("Keeps air from spoiling fat and colour."),
    AdditiveClass.BULKING: gettext_noop("Adds volume with hardly any energy."),
    AdditiveClass.COLOUR: gettext_noop("Gives the food colour."),
    AdditiveClass.EMULSIFIER: gettext_noop("Helps fat and water to mix."),
    AdditiveClass.FIRMING: gettext_noop("Keeps fruit and vegetables firm."),
    AdditiveClass.FLAVOUR_ENHANCER: gettext_noop("Makes the taste stronger."),
    AdditiveClass.FLOUR_TREATMENT: gettext_noop("Makes flour bake better."),
    AdditiveClass.FOAMING: gettext_noop("Makes the food foam."),
    AdditiveClass.GELLING: gettext_noop("Turns liquid into jelly."),
    AdditiveClass.GLAZING: gettext_noop("Gives the surface a shine or a thin coat."),
    AdditiveClass.HUMECTANT: gettext_noop("Keeps the food moist."),
    AdditiveClass.MELTING_SALT: gettext_noop("Keeps processed cheese smooth when it melts."),
    AdditiveClass.MODIFIED_STARCH: gettext_noop("Starch that was changed so that it thickens better."),
    AdditiveClass.PACKAGING_GAS: gettext_noop("Fills the pack instead of air."),
    AdditiveClass.PRESERVATIVE: gettext_noop("Keeps the food from going bad."),
    AdditiveClass.PROPELLENT: gettext_noop("Drives the food out of its can."),
    AdditiveClass.RAISING: gettext_noop("Makes dough rise."),
    AdditiveClass.SEQUESTRANT: gettext_noop("Binds traces of metals that would spoil the food."),
    AdditiveClass.STABILISER: gettext_noop("Keeps the food as it was made."),
    AdditiveClass.SWEETENER: gettext_noop("Makes the food sweet without sugar."),
    AdditiveClass.THICKENER: gettext_noop("Makes the food thicker."),
    AdditiveClass.OTHER: gettext_noop("An additive whose use the list does not say."),
}

_NOUNS: Final[Mapping[AdditiveClass, str]] = {
    AdditiveClass.ACID: gettext_noop("acid"),
    AdditiveClass.ACIDITY_REGULATOR: gettext_noop("acidity regulator"),
    AdditiveClass.ANTI_CAKING: gettext_noop("anti-caking agent"),
    AdditiveClass.ANTI_FOAMING: gettext_noop("anti-foaming agent"),
    AdditiveClass.ANTIOXIDANT: gettext_noop("antioxidant"),
    AdditiveClass.BULKING: gettext_noop("bulking agent"),
    AdditiveClass.COLOUR: gettext_noop("colour"),
    AdditiveClass.EMULSIFIER: gettext_noop("emulsifier"),
    AdditiveClass.FIRMING: gettext_noop("firming agent"),
    AdditiveClass.FLAVOUR_ENHANCER: gettext_noop("flavour enhancer"),
    AdditiveClass.FLOUR_TREATMENT: gettext_noop("flour treatment agent"),
    AdditiveClass.FOAMING: gettext_noop("foaming agent"),
    AdditiveClass.GELLING: gettext_noop("gelling agent"),
    AdditiveClass.GLAZING: gettext_noop("glazing agent"),
    AdditiveClass.HUMECTANT: gettext_noop("humectant"),
    AdditiveClass.MELTING_SALT: gettext_noop("emulsifying salt"),
    AdditiveClass.MODIFIED_STARCH: gettext_noop("modified starch"),
    AdditiveClass.PACKAGING_GAS: gettext_noop("packaging gas"),
    AdditiveClass.PRESERVATIVE: gettext_noop("preservative"),
    AdditiveClass.PROPELLENT: gettext_noop("propellent gas"),
    AdditiveClass.RAISING: gettext_noop("raising agent"),
    AdditiveClass.SEQUESTRANT: gettext_noop("sequestrant"),
    AdditiveClass.STABILISER: gettext_noop("stabiliser"),
    AdditiveClass.SWEETENER: gettext_noop("sweetener"),
    AdditiveClass.THICKENER: gettext_noop("thickener"),
    AdditiveClass.OTHER: gettext_noop("additive"),
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
    purpose: AdditiveClass
    """What the list says it is there for; where it does not, what it is mostly used for."""
    announced_at: int | None = None
    """Where the list begins to say so before it names the additive."""

    @property
    def number(self) -> str:
        """Its E number."""
        return self.additive.number


def _rows(table: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads(resources.files(__package__).joinpath("tables", table).read_text(encoding="utf-8"))


def _read_table() -> Iterator[tuple[Additive, tuple[str, ...]]]:
    for number, row in _rows("additives.toml").items():
        names: dict[str, list[str]] = {language: row[language] for language in LANGUAGES}
        yield (
            Additive(
                number=number,
                names={language: spellings[0] for language, spellings in names.items()},
                purpose=AdditiveClass(row["class"]),
            ),
            tuple(name for spellings in names.values() for name in spellings),
        )


_Place = tuple[int, int, Additive]
"""Where a text names an additive: start, end and which."""
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
_CLASSES: Final[Lexicon[AdditiveClass]] = Lexicon(
    (phrase.strip(), AdditiveClass(name))
    for name, by_language in _rows("additive_classes.toml").items()
    for phrases in by_language.values()
    for phrase in phrases.split(",")
)
#: From a class to the first additive of it: "emulsifier: soya lecithin".
_FIRST: Final = re.compile(r"\s*[:(\[\u2013-]?\s*[^\W\d_]{0,20}[\s-]*")
_AND: Final = r"[/&+]|\b(?:and|und|et|e|ed|y)\b"
_ASIDE: Final = r"\s*(?:\([^()]{0,80}\)\s*)?"
#: From one additive of a class to the next: "E471 and E472e", and where several are announced "E471, E472e".
_NEXT: Final = re.compile(rf"{_ASIDE}(?:{_AND})\s*")
_NEXT_OF_SEVERAL: Final = re.compile(rf"{_ASIDE},?\s*(?:{_AND})?\s*")
#: From an additive to its class behind it: "lecithin (emulsifier)".
_BEHIND: Final = re.compile(r"\s*[(\[]\s*")
#: A class in the plural announces several additives, and so does a bracket behind it.
_PLURAL: Final = re.compile(r"\w+(?:s|i|en|offe|alze)\b")
#: A quantity: "zucchero e 150 g". One number alone has a `g` in Annex II, E161g.
_UNIT: Final = r"(?:[.,]\d+)?\s?(?:%|(?:ml|[mk\u00b5\u03bc]?(?<!161)g)(?!\w))"
_LETTER: Final = r"[a-h]|[ ][a-h](?=\s*(?:[,;.)\]]|\Z))"
#: `E 322`, `E-160a`, `E 160 a`, `e500(ii)`, `INS 322`; the Roman number is a form of the same additive. Where
#: the list goes on behind a letter by itself, that is a word: "E440 e sale".
_NUMBER: Final = re.compile(
    rf"(?<!\w)(?:E|INS)[ \u00a0.-]?(\d{{3,4}})(?!{_UNIT})({_LETTER})?[ ]?(\(?[ivx]{{1,4}}\)?)?(?!\w)",
    re.IGNORECASE,
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
        (match.start(), match.end(), of_number(f"E{match[1]}{(match[2] or '').strip().lower()}"))
        for match in _NUMBER.finditer(text)
    ]
    places += _LEXICON.find(text)
    places.sort(key=lambda place: place[0])
    first: dict[str, Found] = {}
    for place in _with_purposes(text, places):
        first.setdefault(place.number, place)
    return tuple(first.values())


def _with_purposes(text: str, places: Sequence[_Place]) -> Iterator[Found]:
    """Additives in the order of the text, each with the class that the list names for it."""
    classes = _classes_in(text, places)
    announced: AdditiveClass | None = None
    begins = reach = 0
    gap = _FIRST
    for start, end, additive in places:
        while classes and classes[0][0] < start:
            begins, reach, announced = classes.pop(0)
            gap = _FIRST
        if announced is None or not gap.fullmatch(text, reach, start):
            announced = None
            purpose = _class_behind(text, end, classes) or additive.purpose
            yield Found(additive=additive, start=start, end=end, purpose=purpose)
        else:
            if gap is _FIRST:
                opened = text[reach:start].lstrip()[:1] in {"(", "["}
                gap = _NEXT_OF_SEVERAL if opened or _PLURAL.match(text, begins) else _NEXT
            reach = end
            yield Found(additive=additive, start=start, end=end, purpose=announced, announced_at=begins)


def _classes_in(text: str, places: Sequence[_Place]) -> list[tuple[int, int, AdditiveClass]]:
    """Where a text names classes, but for those within an additive's name: the acid of citric acid."""
    within = {at for start, end, _ in places for at in range(start, end)}
    return [found for found in _CLASSES.find(text) if found[0] not in within]


def _class_behind(
    text: str, end: int, classes: Sequence[tuple[int, int, AdditiveClass]]
) -> AdditiveClass | None:
    if classes and _BEHIND.fullmatch(text, end, classes[0][0]):
        return classes[0][2]
    return None


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
