"""The form of a profile, whole or one step of it: what was typed stays typed, whatever is wrong with it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, cast

from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contexts.personalization.application.profiles import StoredProfile
from contexts.personalization.application.wording import name
from contexts.personalization.domain.label import Allergen
from contexts.personalization.domain.profile import (
    LONGEST_AVOIDED,
    MOST_AVOIDED,
    Diet,
    Goal,
    HealthProfile,
    Intolerance,
    ProfileRefused,
    Sensitivity,
)
from contexts.personalization.domain.profile_json import profile_from_json, profile_to_json

#: Fields of each step of the setup.
WHAT_HARMS: Final = ("allergens", "intolerances")
WHAT_IS_WANTED: Final = ("diets", "goals", "avoided")
ALL: Final = WHAT_HARMS + WHAT_IS_WANTED

_KINDS: Final[Mapping[str, type[Enum]]] = {"intolerances": Intolerance, "diets": Diet, "goals": Goal}
#: Between two ingredients that were typed.
_BETWEEN: Final = re.compile(r"[\r\n,;]+")


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One box to tick."""

    value: str
    label: str
    is_chosen: bool
    traces_too: bool = False


@dataclass(kw_only=True)
class ProfileForm:
    """What the page shows in its fields, and what is wrong with it."""

    fields: tuple[str, ...]
    document: dict[str, object]
    """As `profile_to_json` has it, but with whatever was typed."""
    avoided_text: str
    edition: str
    """The edition that is changed; empty for the first."""
    errors: dict[str, str] = field(default_factory=dict)
    differences: "Differences | None" = None
    """Set when the profile was changed elsewhere in the meantime."""

    @property
    def allergens(self) -> list[Choice]:
        """The boxes of the allergens, in the order of the regulation."""
        chosen = cast("Mapping[str, str]", self.document["allergens"])
        return [
            Choice(
                value=allergen.value,
                label=capfirst(name(allergen)),
                is_chosen=allergen.value in chosen,
                traces_too=chosen.get(allergen.value) == Sensitivity.TRACES_TOO,
            )
            for allergen in Allergen
        ]

    @property
    def intolerances(self) -> list[Choice]:
        return self._choices("intolerances")

    @property
    def diets(self) -> list[Choice]:
        return self._choices("diets")

    @property
    def goals(self) -> list[Choice]:
        return self._choices("goals")

    def profile(self) -> HealthProfile | None:
        """The profile that was typed; None where something is wrong with it: `errors` then says what."""
        try:
            return profile_from_json(self.document)
        except ProfileRefused as refused:
            self.errors[refused.field] = _sentence(refused)
            return None

    def _choices(self, field_: str) -> list[Choice]:
        chosen = cast("list[str]", self.document[field_])
        return [
            Choice(value=member.value, label=capfirst(name(member)), is_chosen=member.value in chosen)
            for member in _KINDS[field_]
        ]


@dataclass(frozen=True, kw_only=True)
class Differences:
    """What tells the saved profile from the one that was typed, in words."""

    only_saved: tuple[str, ...]
    only_typed: tuple[str, ...]


def form_of(stored: StoredProfile | None, *, fields: tuple[str, ...] = ALL) -> ProfileForm:
    """The form of a profile as it is kept, or the empty one."""
    profile = stored.profile if stored else HealthProfile()
    return ProfileForm(
        fields=fields,
        document=profile_to_json(profile),
        avoided_text="\n".join(profile.avoided),
        edition=stored.edition if stored else "",
    )


def typed_form(posted: QueryDict, *, stored: StoredProfile | None, fields: tuple[str, ...]) -> ProfileForm:
    """The form as it was sent; fields that are not on it are those of the profile as it is kept."""
    form = form_of(stored, fields=fields)
    form.edition = posted.get("edition", "")
    if "allergens" in fields:
        traces = posted.getlist("traces")
        form.document["allergens"] = {
            **dict.fromkeys(posted.getlist("allergens"), Sensitivity.CONTAINS.value),
            **dict.fromkeys(traces, Sensitivity.TRACES_TOO.value),
        }
    for field_ in _KINDS:
        if field_ in fields:
            form.document[field_] = posted.getlist(field_)
    if "avoided" in fields:
        form.avoided_text = posted.get("avoided", "")
        words = [word for word in _BETWEEN.split(form.avoided_text) if word.strip()]
        if words != form.document["avoided"] or not form.document["language"]:
            form.document["language"] = language_of_words() if words else ""
        form.document["avoided"] = words
    return form


def language_of_words() -> str:
    """The language in which a person types who says nothing else: that of the page or of the request."""
    return (get_language() or "").partition("-")[0]


def differences(*, saved: HealthProfile | None, typed: HealthProfile) -> Differences:
    """Compare a profile as it is kept now (None: it was deleted) with one that was typed."""
    kept, wanted = in_words(saved or HealthProfile()), in_words(typed)
    kept_lines, wanted_lines = _lines(kept), _lines(wanted)
    return Differences(
        only_saved=tuple(line for line in kept_lines if line not in wanted_lines),
        only_typed=tuple(line for line in wanted_lines if line not in kept_lines),
    )


def in_words(profile: HealthProfile) -> list[tuple[str, list[str]]]:
    """A profile for a person to read: what is empty is left out."""
    groups: list[tuple[str, Iterable[str]]] = [
        (
            _("Allergens"),
            [
                _("%(allergen)s (traces too)") % {"allergen": capfirst(name(allergen))}
                if profile.allergens[allergen] is Sensitivity.TRACES_TOO
                else capfirst(name(allergen))
                for allergen in Allergen
                if allergen in profile.allergens
            ],
        ),
        (
            _("Intolerances"),
            [capfirst(name(value)) for value in Intolerance if value in profile.intolerances],
        ),
        (_("Diets"), [capfirst(name(value)) for value in Diet if value in profile.diets]),
        (_("Goals"), [capfirst(name(value)) for value in Goal if value in profile.goals]),
        (_("Ingredients to avoid"), profile.avoided),
    ]
    return [(title, list(values)) for title, values in groups if values]


def _lines(groups: list[tuple[str, list[str]]]) -> list[str]:
    return [
        _("%(group)s: %(value)s") % {"group": title, "value": value}
        for title, values in groups
        for value in values
    ]


def _sentence(refused: ProfileRefused) -> str:
    if refused.field == "avoided":
        return _(
            "At most %(most)s ingredients with at most %(longest)s characters each. Every one needs a letter"
            " or a digit; invisible characters are not allowed."
        ) % {"most": MOST_AVOIDED, "longest": LONGEST_AVOIDED}
    return _("Choose from what is offered here.")
