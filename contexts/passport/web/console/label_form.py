"""The form of a label: from a document to fields with what is wrong beside them, and back."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import get_language_info, gettext_noop
from django.utils.translation import gettext as _

from contexts.passport.application.passport_page import ALLERGENS, CLAIMS
from contexts.passport.domain.allergens import Allergen
from contexts.passport.domain.label import Claim, DateKind, NutriScore
from contexts.passport.domain.label_documents import (
    NUTRIENTS,
    PLAIN,
    TEXTS,
    Complaint,
    Document,
    recognised,
    sentences,
)
from contexts.passport.domain.nutrition import Basis
from contexts.passport.domain.text import printable
from contexts.passport.web.languages import LANGUAGES

_DATES: Final = {
    DateKind.BEST_BEFORE: gettext_noop("Best before"),
    DateKind.USE_BY: gettext_noop("Use by"),
}
_NUTRIENTS: Final = {
    "energyKj": (gettext_noop("Energy"), "kJ", False),
    "energyKcal": (gettext_noop("Energy"), "kcal", False),
    "fat": (gettext_noop("Fat"), "g", False),
    "saturates": (gettext_noop("of which saturates"), "g", True),
    "carbohydrate": (gettext_noop("Carbohydrate"), "g", False),
    "sugars": (gettext_noop("of which sugars"), "g", True),
    "fibre": (gettext_noop("Fibre"), "g", False),
    "protein": (gettext_noop("Protein"), "g", False),
    "salt": (gettext_noop("Salt"), "g", False),
}
_WORDS: Final = {
    "language": gettext_noop("Main language"),
    "names": gettext_noop("Name"),
    "genericNames": gettext_noop("What the food is"),
    "brandName": gettext_noop("Brand on the pack"),
    "ingredients": gettext_noop("Ingredients"),
    "allergens": gettext_noop("Allergens"),
    "traces": gettext_noop("Traces"),
    "notMeant": gettext_noop("Words that mean something else"),
    "nutrition": gettext_noop("Nutrition"),
    "portion": gettext_noop("Portion"),
    "quantity": gettext_noop("Net quantity"),
    "dateKind": gettext_noop("Kind of date"),
    "storage": gettext_noop("Storage"),
    "operator": gettext_noop("Responsible business"),
    "origin": gettext_noop("Origin"),
    "instructions": gettext_noop("Instructions"),
    "claims": gettext_noop("Labels on the pack"),
    "categories": gettext_noop("Categories"),
    "alcohol": gettext_noop("Alcohol by volume (%)"),
    "nutriScore": gettext_noop("Nutri-Score on the pack"),
}
_HELP: Final = {
    "names": gettext_noop("What the product is called, as on the front of the pack."),
    "genericNames": gettext_noop(
        "The legal name of the food, such as “skimmed milk yoghurt”, if it is another."
    ),
    "ingredients": gettext_noop(
        "As printed, in descending order of weight. We set the allergens that you tick below apart;"
        " _underscores_ around a word set it apart by hand."
    ),
    "storage": gettext_noop("How it is kept, also after opening."),
    "origin": gettext_noop("Country of origin or place of provenance."),
    "instructions": gettext_noop("How it is used, where that is not obvious."),
    "quantity": gettext_noop("As printed, such as 500 g or 1 l."),
    "operator": gettext_noop("Name and address of the business that answers for the food."),
    "brandName": gettext_noop("Left empty, it is the name of your company here."),
    "categories": gettext_noop(
        "What kind of food it is, in Open Food Facts' words and from general to special, separated by commas:"
        " en:dairies, en:yogurts. Alternatives and scores are worked out of them."
    ),
    "alcohol": gettext_noop("Needed above 1.2 %."),
}
_NONE_DECLARED: Final = "none"
_RIGHT_TO_LEFT: Final = frozenset({"ar", "he", "fa", "ur"})
_LANGUAGE: Final = re.compile(r"[a-z]{2}")
_AREAS: Final = {"ingredients": 5, "storage": 2, "origin": 2, "instructions": 3}


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """A control with its label, its value and what is wrong with it."""

    name: str
    label: str
    value: str
    error: str = ""
    help: str = ""
    rows: int = 0
    """Lines of a text area; 0 for one line of text."""
    most: int = 0
    language: str = ""
    is_number: bool = False
    options: Sequence[tuple[str, str]] = ()

    @property
    def id(self) -> str:
        """Names the control in the page."""
        return self.name.replace(".", "-")

    @property
    def direction(self) -> str:
        """Which way the text runs."""
        return "rtl" if self.language in _RIGHT_TO_LEFT else "ltr" if self.language else "auto"


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """A box that is ticked or not."""

    value: str
    label: str
    checked: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class AllergenRow:
    """One of the fourteen: contained, present by accident, or named by words that mean something else."""

    value: str
    label: str
    contains: bool
    may_contain: bool
    named: bool
    """Whether the ingredients name it in words that we know."""
    not_meant: bool
    error: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Texts:
    """The texts of one language."""

    language: str
    name: str
    is_main: bool
    fields: Sequence[Field]
    named: Sequence[str]
    """Allergens that its ingredients name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NutrientRow:
    """A line of the nutrition table."""

    field: Field
    unit: str
    is_part: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelForm:
    """Everything that the page of a label shows."""

    language: Field
    texts: Sequence[Texts]
    new_languages: Sequence[tuple[str, str]]
    plain: Mapping[str, Field]
    allergens: Sequence[AllergenRow]
    allergens_error: str
    traces_unticked: Field
    """What it means that no trace is ticked."""
    claims: Sequence[Check]
    claims_error: str
    per: Field
    nutrients: Sequence[NutrientRow]
    nutrition_error: str
    portion: Sequence[Field]
    errors: Sequence[tuple[str, str]]
    """Id of a control and what is wrong with it: a list of all above the form."""


def label_words() -> dict[str, str]:
    """What the values of a label are called."""
    return {name: _(word) for name, word in _WORDS.items()}


def nutrient_words() -> dict[str, str]:
    """What the values of the nutrition table are called."""
    return {f"nutrition.{name}": f"{_(word)} ({unit})" for name, (word, unit, _part) in _NUTRIENTS.items()}


def field_word(field: str) -> str:
    """What the value is called that a complaint is about."""
    group, _dot, part = field.partition(".")
    if group == "allergens" and part:
        return _(ALLERGENS[Allergen(part)])
    word = nutrient_words().get(field) or label_words().get(group, field)
    return f"{word} ({language_name(part)})" if group in TEXTS and part else word


def language_name(code: str) -> str:
    """What a language is called in the reader's own."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def label_form(document: Document, *, complaints: Iterable[Complaint] = ()) -> LabelForm:
    """The form that shows a document, whatever it holds."""
    errors: dict[str, str] = {}
    for field, sentence in sentences(complaints, _):
        errors[field] = f"{errors[field]} {sentence}" if field in errors else sentence
    reading = _Showing(document, errors)
    return LabelForm(
        language=reading.choice(
            "language",
            [(code, language_name(code)) for code in sorted(LANGUAGES, key=language_name)],
            value=reading.main,
        ),
        texts=reading.texts(),
        new_languages=[
            (code, language_name(code))
            for code in sorted(LANGUAGES, key=language_name)
            if code not in reading.languages
        ],
        plain={
            **{name: reading.plain(name, most) for name, most in PLAIN.items()},
            "alcohol": reading.number("alcohol", _(_WORDS["alcohol"]), reading.said("alcohol")),
            "categories": reading.categories(),
            "dateKind": reading.choice(
                "dateKind", [("", _("Not stated")), *((kind.value, _(_DATES[kind])) for kind in DateKind)]
            ),
            "nutriScore": reading.choice(
                "nutriScore", [("", _("None")), *((grade.value, grade.value) for grade in NutriScore)]
            ),
        },
        allergens=reading.allergens(),
        allergens_error=" ".join(filter(None, (errors.get("allergens"), errors.get("traces")))),
        traces_unticked=reading.traces_unticked(),
        claims=[
            Check(value=claim.value, label=_(CLAIMS[claim]), checked=claim.value in reading.list("claims"))
            for claim in Claim
        ],
        claims_error=errors.get("claims", ""),
        per=reading.per(),
        nutrients=reading.nutrients(),
        nutrition_error=errors.get("nutrition", ""),
        portion=reading.portion(),
        errors=[
            (field.replace(".", "-"), f"{field_word(field)}: {sentence}")
            for field, sentence in errors.items()
        ],
    )


def document_from(posted: QueryDict) -> dict[str, Any]:
    """The document that a filled-in form says; what is not filled in is left out."""
    languages = [code for code in posted.getlist("languages") if _LANGUAGE.fullmatch(code)][:40]
    document: dict[str, Any] = {
        name: {code: text for code in languages if (text := _typed(posted, f"{name}.{code}"))}
        for name in TEXTS
    }
    for name in ("language", *PLAIN, "alcohol", "dateKind", "nutriScore"):
        document[name] = _typed(posted, name)
    for name in ("allergens", "traces", "notMeant", "claims"):
        document[name] = posted.getlist(name)[:100]
    document["categories"] = [
        tag.strip() for tag in re.split(r"[,\n]", posted.get("categories", "")) if tag.strip()
    ][:100]
    nutrition = {name: value for name in NUTRIENTS if (value := _typed(posted, f"nutrition.{name}"))}
    if nutrition:
        document["nutrition"] = {"per": posted.get("nutrition.per", ""), **nutrition}
    portion = {name: _typed(posted, f"portion.{name}") for name in ("amount", "unit", "words")}
    if portion["amount"] or portion["words"]:
        document["portion"] = portion
    none_declared: dict[str, Any] = {"traces": []} if posted.get("tracesUnticked") == _NONE_DECLARED else {}
    return none_declared | {name: value for name, value in document.items() if value}


def _typed(posted: QueryDict, name: str) -> str:
    """What a field was filled with: a draft, too, is listed beside other words."""
    return printable(posted.get(name, "")).strip()


def with_language(document: Document, code: str) -> dict[str, Any]:
    """The document with a place for the texts of one language more."""
    if code not in LANGUAGES:
        return dict(document)
    return {**document, "names": {**_mapping(document.get("names")), code: ""}}


class _Showing:
    """Reads a document that may hold anything, value by value."""

    def __init__(self, document: Document, errors: Mapping[str, str]) -> None:
        self._document = document
        self._errors = errors
        said = self.said("language")
        self.main = said if said in LANGUAGES else "en"
        found = {
            code
            for name in TEXTS
            for code in _mapping(document.get(name))
            if isinstance(code, str) and _LANGUAGE.fullmatch(code)
        }
        self.languages = [self.main, *sorted(found - {self.main})]

    def said(self, name: str) -> str:
        value = self._document.get(name)
        return str(value) if isinstance(value, str | int | float) else ""

    def list(self, name: str) -> Sequence[str]:
        value = self._document.get(name)
        return [str(one) for one in value] if isinstance(value, list | tuple) else []

    def texts(self) -> Sequence[Texts]:
        named = recognised(self._document)
        return [
            Texts(
                language=code,
                name=language_name(code),
                is_main=code == self.main,
                fields=[self._text(name, code, most) for name, (_attribute, most) in TEXTS.items()],
                named=[_(ALLERGENS[allergen]) for allergen in named.get(code, ())],
            )
            for code in self.languages
        ]

    def _text(self, name: str, code: str, most: int) -> Field:
        value = _mapping(self._document.get(name)).get(code, "")
        return self._field(
            f"{name}.{code}",
            _(_WORDS[name]),
            value if isinstance(value, str) else "",
            help=_(_HELP[name]),
            rows=_AREAS.get(name, 0),
            most=most,
            language=code,
        )

    def plain(self, name: str, most: int) -> Field:
        return self._field(
            name,
            _(_WORDS[name]),
            self.said(name),
            help=_(_HELP[name]),
            rows=2 if name == "operator" else 0,
            most=most,
        )

    def number(self, name: str, label: str, value: str) -> Field:
        text = _(_HELP[name]) if name in _HELP else ""
        return self._field(name, label, value, help=text, is_number=True)

    def choice(self, name: str, options: Sequence[tuple[str, str]], *, value: str | None = None) -> Field:
        return self._field(
            name, _(_WORDS[name]), self.said(name) if value is None else value, options=options
        )

    def categories(self) -> Field:
        return self._field(
            "categories",
            _(_WORDS["categories"]),
            ", ".join(self.list("categories")),
            help=_(_HELP["categories"]),
            rows=2,
        )

    def allergens(self) -> Sequence[AllergenRow]:
        named = {one for found in recognised(self._document).values() for one in found}
        return [
            AllergenRow(
                value=allergen.value,
                label=_(ALLERGENS[allergen]),
                contains=allergen.value in self.list("allergens"),
                may_contain=allergen.value in self.list("traces"),
                named=allergen in named,
                not_meant=allergen.value in self.list("notMeant"),
                error=self._errors.get(f"allergens.{allergen.value}", ""),
            )
            for allergen in Allergen
        ]

    def traces_unticked(self) -> Field:
        # That a pack names none is for somebody to say: nothing says it for them.
        left_open = self._document.get("traces") is None
        return self._field(
            "tracesUnticked",
            _("If nothing is ticked under “May contain”"),
            "" if left_open else _NONE_DECLARED,
            options=[(_NONE_DECLARED, _("The pack names no traces")), ("", _("Not stated"))],
            help=_("Not stated: shoppers who avoid traces are told to be careful and to look at the pack."),
        )

    def per(self) -> Field:
        per = str(self._nutrition().get("per") or Basis.GRAMS.value)
        return self._field(
            "nutrition.per", _("Values are of"), per, options=[(basis.value, basis.value) for basis in Basis]
        )

    def nutrients(self) -> Sequence[NutrientRow]:
        said = self._nutrition()
        return [
            NutrientRow(
                field=self.number(f"nutrition.{name}", f"{_(word)} ({unit})", str(said.get(name, ""))),
                unit=unit,
                is_part=is_part,
            )
            for name, (word, unit, is_part) in _NUTRIENTS.items()
        ]

    def portion(self) -> Sequence[Field]:
        said = _mapping(self._document.get("portion"))
        return [
            self.number("portion.amount", _("Amount"), str(said.get("amount", ""))),
            self._field(
                "portion.unit", _("Unit"), str(said.get("unit", "g")), options=[("g", "g"), ("ml", "ml")]
            ),
            self._field(
                "portion.words",
                _("In the label's words"),
                str(said.get("words", "")),
                help=_("Such as 2 biscuits (25 g)."),
                most=100,
            ),
        ]

    def _nutrition(self) -> Mapping[str, Any]:
        return _mapping(self._document.get("nutrition"))

    def _field(self, name: str, label: str, value: str, **more: Any) -> Field:
        return Field(name=name, label=label, value=value, error=self._errors.get(name, ""), **more)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
