"""A label as a brand writes it, in a form, in a file or by the API: one document, and what is wrong with it.

A document is JSON: texts by language, numbers as they are typed. What is left out is not stated; `traces`
that are there and empty say that the pack names none. Whatever it holds, reading it either makes a Digital
Label or says, value by value, what is wrong.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as with_default
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any, Final, TypeVar

from contexts.passport.domain.allergens import Allergen, in_order, named_in
from contexts.passport.domain.ingredients import runs_of, text_of
from contexts.passport.domain.label import Claim, DateKind, DigitalLabel, NutriScore, in_claims_order
from contexts.passport.domain.nutrition import Basis, ImpossibleNutrition, Nutrition, Portion
from contexts.passport.domain.refusals import gettext_noop
from contexts.passport.domain.text import cleaned

Document = Mapping[str, Any]
T = TypeVar("T")
E = TypeVar("E", bound=Enum)

#: Texts by language: their name in a document, in the label, and the most characters.
TEXTS: Final[Mapping[str, tuple[str, int]]] = {
    "names": ("names", 300),
    "genericNames": ("generic_names", 500),
    "ingredients": ("ingredients", 10_000),
    "storage": ("storage", 2_000),
    "origin": ("origin", 2_000),
    "instructions": ("instructions", 4_000),
}
#: Texts of no language, and the most characters.
PLAIN: Final[Mapping[str, int]] = {"brandName": 200, "quantity": 100, "operator": 500}
#: Values of the nutrition table: their name in a document and in the label.
NUTRIENTS: Final[Mapping[str, str]] = {
    "energyKj": "energy_kj",
    "energyKcal": "energy_kcal",
    "fat": "fat",
    "saturates": "saturates",
    "carbohydrate": "carbohydrate",
    "sugars": "sugars",
    "fibre": "fibre",
    "protein": "protein",
    "salt": "salt",
}
#: All that a document may hold.
FIELDS: Final = frozenset({
    "language", *TEXTS, *PLAIN, "allergens", "traces", "notMeant", "claims", "categories", "nutrition",
    "portion", "alcohol", "dateKind", "nutriScore",
})  # fmt: skip
TOO_LARGE: Final = gettext_noop("This is more than any label has: shorten its texts.")
MOST_LANGUAGES: Final = 30
MOST_CATEGORIES: Final = 20

_LANGUAGE: Final = re.compile(r"[a-z]{2}")
_CATEGORY: Final = re.compile(r"[a-z]{2}:[a-z0-9-]{1,80}")
#: Digits with one decimal point or comma; a space or thin space between thousands is no number that we guess.
_NUMBER: Final = re.compile(r"[0-9]{1,6}(?:[.,][0-9]{1,4})?")
#: 1 kcal is 4.184 kJ; Annex XIV's own factors, rounded, lie between these.
_KJ_PER_KCAL: Final = (Decimal("3.7"), Decimal("4.7"))
_SMALL_ENERGY: Final = Decimal(40)


@dataclass(frozen=True, kw_only=True, slots=True)
class Complaint:
    """What is wrong with a value; `text` is marked for translation, with places for `values`."""

    field: str
    """The value's name in the document, such as `nutrition.fat` or `names.de`."""
    text: str
    values: Mapping[str, Any] = with_default(default_factory=dict)


class LabelRefused(ValueError):
    """A document is not a label that can be published."""

    def __init__(self, complaints: Sequence[Complaint]) -> None:
        self.complaints = tuple(complaints)
        super().__init__("; ".join(f"{one.field}: {one.text % one.values}" for one in complaints))


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """What a document says."""

    label: DigitalLabel
    brand_name: str
    categories: tuple[str, ...]


#: What Art. 9(1) of Regulation (EU) No 1169/2011 asks for that a document may do without: not every food has
#: all of it (a single ingredient needs no list, spirits no nutrition table).
EXPECTED: Final = ("names", "ingredients", "quantity", "dateKind", "operator", "nutrition")


def missing(document: Document) -> tuple[str, ...]:
    """Which of what a label usually has a document lacks."""
    return tuple(name for name in EXPECTED if not document.get(name))


def read(document: Document) -> Written:
    """What a document says. Total but for one thing: raises LabelRefused with everything that is wrong."""
    reading = _Reading(document)
    written = reading.written()
    if reading.complaints:
        raise LabelRefused(reading.complaints)
    return written


def complaints_about(document: Document) -> tuple[Complaint, ...]:
    """Everything that is wrong with a document."""
    try:
        read(document)
    except LabelRefused as refused:
        return refused.complaints
    return ()


def recognised(document: Document) -> Mapping[str, tuple[Allergen, ...]]:
    """The allergens that the ingredient lists name in words that we know, by language."""
    said = document.get("ingredients")
    if not isinstance(said, Mapping):
        return {}
    return {
        str(language): in_order(allergen for _, _, allergen in named_in(text_of(runs_of(text))))
        for language, text in said.items()
        if isinstance(text, str)
    }


def document_of(
    *, label: DigitalLabel, brand_name: str = "", categories: Iterable[str] = ()
) -> dict[str, Any]:
    """The document that says what a label says, as far as a brand may write it."""
    document: dict[str, Any] = {"language": label.language, "brandName": brand_name}
    for name, (attribute, _) in TEXTS.items():
        texts = getattr(label, attribute)
        document[name] = {
            language: text_of(text) if name == "ingredients" else text for language, text in texts.items()
        }
    document |= {
        "quantity": label.quantity,
        "operator": label.operator,
        "allergens": [allergen.value for allergen in label.allergens],
        "traces": None if label.traces is None else [allergen.value for allergen in label.traces],
        "claims": [claim.value for claim in label.claims],
        "categories": list(categories),
        "dateKind": label.date_kind and label.date_kind.value,
        "nutriScore": label.nutri_score and label.nutri_score.value,
        "alcohol": label.alcohol if label.alcohol is None else f"{label.alcohol:f}",
        "nutrition": label.nutrition and _nutrition_document(label.nutrition),
        "portion": label.portion and {
            "amount": f"{label.portion.amount:f}",
            "unit": label.portion.unit,
            "words": label.portion.words,
        },
    }  # fmt: skip
    named = {one for found in recognised(document).values() for one in found}
    document["notMeant"] = [one.value for one in in_order(named - {*label.allergens, *(label.traces or ())})]
    return {
        name: value for name, value in document.items() if value or (name == "traces" and value is not None)
    }


def _nutrition_document(nutrition: Nutrition) -> dict[str, str]:
    stated = dict(nutrition.stated())
    return {
        "per": nutrition.basis.value,
        **{name: f"{stated[attribute]:f}" for name, attribute in NUTRIENTS.items() if attribute in stated},
    }


class _Reading:
    """Reads a document once, and collects what is wrong with it."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.complaints: list[Complaint] = []

    def written(self) -> Written:
        for name in self._document:
            if name not in FIELDS:
                self._complain(
                    "document",
                    gettext_noop("A label has no value of this name: %(name)s."),
                    name=str(name)[:80],
                )
        language = self._language()
        texts = {name: self._texts(name, most) for name, (_, most) in TEXTS.items()}
        if language and not texts["names"].get(language):
            self._complain(f"names.{language}", gettext_noop("A product needs a name in its main language."))
        allergens = self._choices("allergens", Allergen)
        traces = self._choices("traces", Allergen)
        self._check_recognised(
            texts["ingredients"], {*allergens, *traces, *self._choices("notMeant", Allergen)}
        )
        plain = {name: self._text(name, self._document.get(name), most) for name, most in PLAIN.items()}
        nutrition = self._nutrition()
        label = DigitalLabel(
            language=language or "en",
            names=texts["names"],
            generic_names=texts["genericNames"],
            ingredients={
                code: runs_of(text, declared=allergens) for code, text in texts["ingredients"].items()
            },
            allergens=in_order(allergens),
            traces=None if self._document.get("traces") is None else in_order(traces),
            claims=in_claims_order(self._choices("claims", Claim)),
            nutrition=nutrition,
            portion=self._portion(),
            alcohol=self._number("alcohol", self._document.get("alcohol"), most=Decimal(100)),
            quantity=plain["quantity"] or None,
            date_kind=self._choice("dateKind", DateKind),
            storage=texts["storage"],
            operator=plain["operator"] or None,
            origin=texts["origin"],
            instructions=texts["instructions"],
            nutri_score=self._choice("nutriScore", NutriScore),
        )
        self._check_claims(label)
        return Written(label=label, brand_name=plain["brandName"], categories=self._categories())

    def _complain(self, where: str, text: str, **values: Any) -> None:
        self.complaints.append(Complaint(field=where, text=text, values=values))

    def _language(self) -> str:
        language = self._document.get("language", "en")
        if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
            self._complain("language", gettext_noop("Choose the language that the pack is written in first."))
            return ""
        return language

    def _texts(self, name: str, most: int) -> dict[str, str]:
        said = self._document.get(name) or {}
        if not isinstance(said, Mapping):
            self._complain(name, gettext_noop('Give the text by language, such as {"de": "Milch"}.'))
            return {}
        if len(said) > MOST_LANGUAGES:
            self._complain(name, gettext_noop("There are more than %(most)s languages."), most=MOST_LANGUAGES)
            return {}
        texts = {}
        for language, value in said.items():
            if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
                self._complain(name, gettext_noop("A language is two small letters, such as de or en."))
            elif text := self._text(f"{name}.{language}", value, most):
                texts[language] = text
        return texts

    def _text(self, where: str, value: object, most: int) -> str:
        if value is None:
            return ""
        if not isinstance(value, str):
            self._complain(where, gettext_noop("This must be a text."))
            return ""
        text = cleaned(value)
        if len(text) > most:
            self._complain(
                where,
                gettext_noop("This has %(length)s characters, and at most %(most)s fit: shorten it."),
                length=len(text),
                most=most,
            )
        return text

    def _choices(self, name: str, kind: type[E]) -> tuple[E, ...]:
        said = self._document.get(name) or ()
        if isinstance(said, str) or not isinstance(said, Collection):
            self._complain(name, gettext_noop("Give a list of words."))
            return ()
        found = []
        for value in list(said)[:100]:
            try:
                found.append(kind(value))
            except ValueError:
                self._complain(
                    name,
                    gettext_noop("“%(value)s” is none of: %(known)s."),
                    value=str(value)[:40],
                    known=", ".join(str(member.value) for member in kind),
                )
        return tuple(found)

    def _choice(self, name: str, kind: type[E]) -> E | None:
        value = self._document.get(name)
        if value in (None, ""):
            return None
        found = _maybe(lambda: kind(value))
        if found is None:
            self._complain(
                name,
                gettext_noop("“%(value)s” is none of: %(known)s."),
                value=str(value)[:40],
                known=", ".join(str(member.value) for member in kind),
            )
        return found

    def _number(self, where: str, value: object, *, most: Decimal | None = None) -> Decimal | None:
        if value in (None, ""):
            return None
        text = cleaned(str(value)) if isinstance(value, str | int | float | Decimal) else ""
        if isinstance(value, bool) or not _NUMBER.fullmatch(text):
            self._complain(where, gettext_noop("This must be a number of 0 or more, such as 3.5."))
            return None
        number = Decimal(text.replace(",", "."))
        if most is not None and number > most:
            self._complain(where, gettext_noop("This can be at most %(most)s."), most=str(most))
            return None
        return number

    def _part(self, name: str) -> Mapping[str, Any]:
        said = self._document.get(name) or {}
        if isinstance(said, Mapping):
            return said
        self._complain(name, gettext_noop("Give the values by name."))
        return {}

    def _nutrition(self) -> Nutrition | None:
        said = self._part("nutrition")
        for name in said:
            if name not in {"per", *NUTRIENTS}:
                self._complain(
                    "nutrition",
                    gettext_noop("A label has no value of this name: %(name)s."),
                    name=str(name)[:80],
                )
        per = said.get("per") or Basis.GRAMS.value
        basis = _maybe(lambda: Basis(per))
        if basis is None:
            self._complain("nutrition.per", gettext_noop("Values are per 100 g or per 100 ml."))
        before = len(self.complaints)
        values = {
            attribute: number
            for name, attribute in NUTRIENTS.items()
            if (number := self._number(f"nutrition.{name}", said.get(name))) is not None
        }
        if basis is None or not values or len(self.complaints) > before:
            return None
        self._check_parts(values)
        try:
            return Nutrition(basis=basis, **values)
        except ImpossibleNutrition:
            self._complain(
                "nutrition",
                gettext_noop(
                    "No food has these values in 100 g or 100 ml: compare the units, and whether they are of"
                    " a portion."
                ),
            )
            return None

    def _check_parts(self, values: Mapping[str, Decimal]) -> None:
        for part, whole, text in (
            ("saturates", "fat", gettext_noop("Saturates are a part of fat: they cannot be more.")),
            (
                "sugars",
                "carbohydrate",
                gettext_noop("Sugars are a part of carbohydrate: they cannot be more."),
            ),
        ):
            if part in values and whole in values and values[part] > values[whole]:
                self._complain(f"nutrition.{part}", text)
        kj, kcal = values.get("energy_kj"), values.get("energy_kcal")
        least, most = _KJ_PER_KCAL
        if kj and kcal and kj > _SMALL_ENERGY and not least <= kj / kcal <= most:
            self._complain(
                "nutrition.energyKj",
                gettext_noop("1 kcal is about 4.2 kJ: these two do not say the same energy."),
            )

    def _portion(self) -> Portion | None:
        said = self._part("portion")
        words = self._text("portion.words", said.get("words"), 100)
        amount = self._number("portion.amount", said.get("amount"))
        if amount is None:
            if words:
                self._complain("portion.amount", gettext_noop("Say how much a portion is."))
            return None
        basis = {"g": Basis.GRAMS, "ml": Basis.MILLILITRES}.get(str(said.get("unit") or "g"))
        if basis is None:
            self._complain("portion.unit", gettext_noop("A portion is in g or ml."))
            return None
        try:
            return Portion(amount=amount, basis=basis, words=words)
        except ImpossibleNutrition:
            self._complain("portion.amount", gettext_noop("Nobody eats that much at once, or that little."))
            return None

    def _categories(self) -> tuple[str, ...]:
        said = self._document.get("categories") or ()
        if isinstance(said, str) or not isinstance(said, Collection) or len(said) > MOST_CATEGORIES:
            self._complain(
                "categories", gettext_noop("Give at most %(most)s categories."), most=MOST_CATEGORIES
            )
            return ()
        found = []
        for value in said:
            tag = cleaned(value).lower() if isinstance(value, str) else ""
            if not _CATEGORY.fullmatch(tag):
                self._complain(
                    "categories",
                    gettext_noop("“%(value)s” is no category: write it like en:yogurts."),
                    value=str(value)[:40],
                )
            found.append(tag)
        return tuple(dict.fromkeys(found))

    def _check_recognised(self, lists: Mapping[str, str], accounted: set[Allergen]) -> None:
        """An allergen in the list of ingredients that nobody ticked is the mistake that hurts people."""
        named = {one for found in recognised({"ingredients": lists}).values() for one in found}
        for allergen in in_order(named - accounted):
            self._complain(
                f"allergens.{allergen.value}",
                gettext_noop(
                    "The ingredients name it: declare it, or say that the words mean something else."
                ),
            )

    def _check_claims(self, label: DigitalLabel) -> None:
        for claim, against in _CLAIMS_AGAINST.items():
            for allergen in label.allergens:
                if claim in label.claims and allergen in against:
                    self._complain(
                        "claims",
                        gettext_noop("“%(claim)s” is claimed, and %(allergen)s is among the allergens."),
                        claim=claim.value,
                        allergen=allergen.value,
                    )


#: What a claim excludes. Not gluten and "gluten free", for there are such oats; nor milk and "lactose free".
_CLAIMS_AGAINST: Final[Mapping[Claim, frozenset[Allergen]]] = {
    Claim.MILK_FREE: frozenset({Allergen.MILK}),
    Claim.VEGAN: frozenset({
        Allergen.MILK, Allergen.EGGS, Allergen.FISH, Allergen.CRUSTACEANS, Allergen.MOLLUSCS,
    }),
}  # fmt: skip


def _maybe(make: Callable[[], T]) -> T | None:
    try:
        return make()
    except (ValueError, InvalidOperation, TypeError):
        return None


def sentences(complaints: Iterable[Complaint], translate: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """Each complaint's field and its sentence in somebody's language."""
    for one in complaints:
        yield one.field, translate(one.text) % one.values
