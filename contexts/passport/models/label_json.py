"""How an entry's label, sections and provenance are written as JSON, and read back.

What is not known is left out: `traces` that are there and empty say that none are declared. Numbers of the
nutrition table are strings: exact, as their source wrote them.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, TypeVar

from contexts.passport.domain.allergens import Allergen
from contexts.passport.domain.catalogue import Source
from contexts.passport.domain.ingredients import Run, Runs
from contexts.passport.domain.label import Claim, DateKind, DigitalLabel, Nova, NutriScore
from contexts.passport.domain.nutrition import Basis, Nutrition, Portion
from contexts.passport.domain.sections import Eco, Journey, Position, Step, StepKind

T = TypeVar("T")
Json = dict[str, Any]

#: Values of the label that are JSON as they are.
_PLAIN: Final = ("language", "quantity", "operator")
_PER_LANGUAGE: Final = ("names", "generic_names", "storage", "origin", "instructions")
#: Values of the label that are numbers, written as strings: exact.
_NUMBERS: Final = ("fruits_vegetables_legumes", "alcohol")


def label_to_json(
    *,
    label: DigitalLabel,
    journey: Journey,
    eco: Eco | None,
    picture: str | None,
    categories: Sequence[str] = (),
) -> Json:
    """The label with the sections beside it."""
    written: dict[str, Any] = {
        **{name: getattr(label, name) for name in _PLAIN},
        **{name: dict(getattr(label, name)) for name in _PER_LANGUAGE},
        **{name: _number_to_json(getattr(label, name)) for name in _NUMBERS},
        "ingredients": {
            language: [{"allergen": run.text} if run.is_allergen else run.text for run in runs]
            for language, runs in label.ingredients.items()
        },
        "allergens": [allergen.value for allergen in label.allergens],
        "other_allergens": list(label.other_allergens),
        "traces": _maybe(lambda traces: [allergen.value for allergen in traces], label.traces),
        "other_traces": list(label.other_traces),
        "claims": [claim.value for claim in label.claims],
        "certificates": list(label.certificates),
        "additives": list(label.additives),
        "nutrition": label.nutrition and _nutrition_to_json(label.nutrition),
        "portion": label.portion and _portion_to_json(label.portion),
        "date_kind": label.date_kind and label.date_kind.value,
        "nutri_score": label.nutri_score and label.nutri_score.value,
        "nova": label.nova and label.nova.value,
        "journey": journey_to_json(journey),
        "eco": eco and {"score": eco.score, "explanation": eco.explanation},
        "picture": picture,
        "categories": list(categories),
    }
    return {
        name: value for name, value in written.items() if value or (name == "traces" and value is not None)
    }


def label_from_json(written: Mapping[str, Any]) -> DigitalLabel:
    """The label that `label_to_json` wrote."""
    return DigitalLabel(
        **{name: written[name] for name in _PLAIN if name in written},
        **{name: written.get(name, {}) for name in _PER_LANGUAGE},
        ingredients={
            language: _runs_from_json(runs) for language, runs in written.get("ingredients", {}).items()
        },
        allergens=_allergens(written.get("allergens", ())),
        other_allergens=tuple(written.get("other_allergens", ())),
        traces=_maybe(_allergens, written.get("traces")),
        other_traces=tuple(written.get("other_traces", ())),
        claims=tuple(Claim(claim) for claim in written.get("claims", ())),
        certificates=tuple(written.get("certificates", ())),
        additives=tuple(written.get("additives", ())),
        nutrition=_maybe(_nutrition_from_json, written.get("nutrition")),
        portion=_maybe(_portion_from_json, written.get("portion")),
        fruits_vegetables_legumes=_maybe(Decimal, written.get("fruits_vegetables_legumes")),
        alcohol=_maybe(Decimal, written.get("alcohol")),
        date_kind=_maybe(DateKind, written.get("date_kind")),
        nutri_score=_maybe(NutriScore, written.get("nutri_score")),
        nova=_maybe(Nova, written.get("nova")),
    )


def journey_to_json(journey: Journey) -> list[Json]:
    """The steps as JSON, in their order."""
    return [_step_to_json(step) for step in journey]


def journey_from_json(written: Mapping[str, Any]) -> Journey:
    """The journey beside the label."""
    return tuple(
        Step(
            kind=StepKind(step["kind"]),
            place=step["place"],
            date=_maybe(date.fromisoformat, step.get("date")),
            position=_maybe(lambda at: Position(*at), step.get("at")),
        )
        for step in written.get("journey", ())
    )


def eco_from_json(written: Mapping[str, Any]) -> Eco | None:
    """The eco score beside the label."""
    return _maybe(lambda eco: Eco(score=eco["score"], explanation=eco["explanation"]), written.get("eco"))


def sources_to_json(sources: Sequence[Source]) -> list[Json]:
    """The provenance of an entry's values."""
    return [
        {
            name: value
            for name, value in {
                "name": source.name,
                "licence": source.licence,
                "licence_url": source.licence_url,
                "url": source.url,
                "fields": list(source.fields),
                "fetched": source.fetched.isoformat(),
                "modified": source.modified and source.modified.isoformat(),
                "verified": source.verified,
                "record": source.record,
            }.items()
            if value not in (None, "")
        }
        for source in sources
    ]


def sources_from_json(written: Sequence[Mapping[str, Any]]) -> tuple[Source, ...]:
    """The sources that `sources_to_json` wrote."""
    return tuple(
        Source(
            name=source["name"],
            licence=source.get("licence", ""),
            licence_url=source.get("licence_url"),
            url=source.get("url"),
            fields=tuple(source["fields"]),
            fetched=date.fromisoformat(source["fetched"]),
            modified=_maybe(datetime.fromisoformat, source.get("modified")),
            verified=source["verified"],
            record=source.get("record", ""),
        )
        for source in written
    )


def _nutrition_to_json(nutrition: Nutrition) -> Json:
    return {"basis": nutrition.basis.value, **{name: f"{value:f}" for name, value in nutrition.stated()}}


def _nutrition_from_json(written: Mapping[str, str]) -> Nutrition:
    values = {name: Decimal(value) for name, value in written.items() if name != "basis"}
    return Nutrition(basis=Basis(written["basis"]), **values)


def _number_to_json(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:f}"


def _portion_to_json(portion: Portion) -> Json:
    written = {"amount": _number_to_json(portion.amount), "unit": portion.unit}
    return {**written, "words": portion.words} if portion.words else written


def _portion_from_json(written: Mapping[str, str]) -> Portion:
    return Portion(
        amount=Decimal(written["amount"]),
        basis=Basis.GRAMS if written["unit"] == "g" else Basis.MILLILITRES,
        words=written.get("words", ""),
    )


def _step_to_json(step: Step) -> Json:
    written: Json = {"kind": step.kind.value, "place": step.place}
    if step.date:
        written["date"] = step.date.isoformat()
    if step.position:
        written["at"] = [step.position.latitude, step.position.longitude]
    return written


def _runs_from_json(runs: Sequence[str | Mapping[str, str]]) -> Runs:
    return tuple(Run(run) if isinstance(run, str) else Run(run["allergen"], is_allergen=True) for run in runs)


def _allergens(codes: Sequence[str]) -> tuple[Allergen, ...]:
    return tuple(Allergen(code) for code in codes)


def _maybe(read: Callable[[Any], T], written: Any) -> T | None:
    return None if written is None else read(written)
