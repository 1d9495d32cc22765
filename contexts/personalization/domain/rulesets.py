"""Rulesets: which policies screen a product, with which thresholds. Data in files, one for each version.

A file below `rulesets/` is named after its version and never changes once verdicts name it: a change is a new
file. Reading is strict: a rule that is left out, misspelt or senseless refuses the whole file.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

from contexts.personalization.domain.label import Basis, Claim
from contexts.personalization.domain.profile import Diet, Goal, Intolerance
from contexts.personalization.domain.substances import Substance

FOLDER: Final = Path(__file__).with_name("rulesets")

#: As the contract of VerdictComputed has it.
_VERSION: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+-]{0,39}")

_Kind = TypeVar("_Kind", bound=Enum)


class RulesetRefused(Exception):
    """A ruleset that is not there or not sound. Says where and why."""


class Requirement(Enum):
    """What a label must tell before a product can be Good for you."""

    INGREDIENTS = "ingredients"
    """The list of ingredients, in a language that we read."""
    NUTRITION = "nutrition"
    """The values of the nutrition declaration that the policy looks at."""
    VERIFICATION = "verification"
    """The brand's own word that the label is right."""
    TRACES = "traces"
    """Whether there may be traces of it, for an allergen whose traces are avoided too, and for no other
    entry."""


Requirements = frozenset[Requirement]


class Nutrient(Enum):
    """A value of the nutrition declaration, by its name there."""

    ENERGY = "energy"
    SATURATES = "saturates"
    CARBOHYDRATE = "carbohydrate"
    SUGARS = "sugars"
    FIBRE = "fibre"
    PROTEIN = "protein"
    SALT = "salt"


@dataclass(frozen=True, kw_only=True, slots=True)
class WordRule:
    """For allergens and for the ingredients to avoid, which the profile itself names."""

    requires: Requirements


@dataclass(frozen=True, kw_only=True, slots=True)
class Exclusion:
    """What a diet or an intolerance keeps away from."""

    avoid: frozenset[Substance]
    """Avoid where contained, whatever the label claims."""
    avoid_unless_claimed: frozenset[Substance]
    careful: frozenset[Substance]
    """Be careful where contained, whatever the label claims."""
    careful_unless_claimed: frozenset[Substance]
    traces: frozenset[Substance]
    """Be careful where there may be traces."""
    together: tuple[frozenset[Substance], frozenset[Substance]] | None
    """Avoid where something of both is contained."""
    claims: frozenset[Claim]
    """Any of them vouches for what is above "unless claimed"."""
    requires: Requirements


PerBasis = Mapping[Basis, Decimal]


@dataclass(frozen=True, kw_only=True, slots=True)
class LowCarb:
    """Carbohydrate of a low-carb diet, in grams per 100 g or 100 ml and in percent of the energy."""

    low: PerBasis
    """Fits up to here..."""
    energy_percent: Decimal
    """...or with at most this part of the energy from carbohydrate."""
    high: PerBasis
    """Avoid above; between, be careful."""
    requires: Requirements


@dataclass(frozen=True, kw_only=True, slots=True)
class LessOf:
    """A goal to have less of a nutrient, in grams (energy: kcal) per 100 g or 100 ml."""

    nutrient: Nutrient
    low: PerBasis
    """Met up to here, where the part of the energy is not too high either."""
    low_energy_percent: Decimal | None
    high: PerBasis
    """Not met above."""
    requires: Requirements


@dataclass(frozen=True, kw_only=True, slots=True)
class Level:
    """How much of a nutrient is enough: any one of the ways to say it."""

    per_100g: Decimal | None
    per_100kcal: Decimal | None
    energy_percent: Decimal | None


@dataclass(frozen=True, kw_only=True, slots=True)
class MoreOf:
    """A goal to have more of a nutrient."""

    nutrient: Nutrient
    source: Level
    """Not met below."""
    high: Level
    """Met from here on."""
    energy_free: Decimal
    """Kilocalories per 100 g or 100 ml up to which there is nothing to be a source of: it is not asked."""
    requires: Requirements


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Ruleset:
    """One version of the Screening Policies. Known by its identity: two drafts may have one version."""

    version: str
    allergens: WordRule
    avoided: WordRule
    intolerances: Mapping[Intolerance, Exclusion]
    diets: Mapping[Diet, Exclusion]
    """All but LOW_CARB."""
    low_carb: LowCarb
    goals: Mapping[Goal, LessOf | MoreOf]
    contradictions: Mapping[Claim, frozenset[Substance]]
    """What a product that bears the claim cannot contain."""


def versions() -> tuple[str, ...]:
    """The versions that ship with the product, in the order of their names."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@cache
def ruleset(version: str) -> Ruleset:
    """A ruleset that ships with the product, read once per process.

    Raises RulesetRefused: there is none of that version, or its file is not sound.
    """
    if version not in versions():
        raise RulesetRefused(f"There is no ruleset {version!r}. There is: {', '.join(versions())}.")
    read = read_ruleset((FOLDER / f"{version}.toml").read_text(encoding="utf-8"))
    if read.version != version:
        raise RulesetRefused(f"{version}.toml says that its version is {read.version!r}.")
    return read


def read_ruleset(text: str) -> Ruleset:
    """The ruleset of a file's text.

    Raises RulesetRefused: the text is no TOML, or a rule is missing, unknown or senseless.
    """
    try:
        document = tomllib.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, InvalidOperation) as error:
        raise RulesetRefused(f"This is no TOML: {error}") from error
    table = _Table(document, path="")
    read = Ruleset(
        version=table.version(),
        allergens=_allergens(table.table("allergens")),
        avoided=_avoided(table.table("avoided")),
        intolerances=_each(table.table("intolerances"), Intolerance, _exclusion),
        diets=_each(table.table("diets"), [diet for diet in Diet if diet is not Diet.LOW_CARB], _exclusion),
        low_carb=_low_carb(table.table("low_carb")),
        goals=_each(table.table("goals"), Goal, _goal),
        contradictions=_contradictions(table.table("contradictions")),
    )
    table.end()
    return read


class _Table:
    """A table that is read once, name by name, to the end."""

    def __init__(self, values: Mapping[str, object], *, path: str) -> None:
        self._left = dict(values)
        self._path = path

    def end(self) -> None:
        """Raises RulesetRefused: something was not read."""
        if self._left:
            raise RulesetRefused(f"Nothing is known of {', '.join(map(self._name, sorted(self._left)))}.")

    def has(self, name: str) -> bool:
        return name in self._left

    def table(self, name: str) -> "_Table":
        value = self._take(name)
        if not isinstance(value, dict):
            raise RulesetRefused(f"{self._name(name)} must be a table.")
        return _Table(value, path=self._name(name))

    def version(self) -> str:
        value = self._take("version")
        if not isinstance(value, str) or not _VERSION.fullmatch(value):
            raise RulesetRefused("version must be 1 to 40 letters, digits, dots, plus or minus signs.")
        return value

    def members(self, name: str, kind: type[_Kind]) -> frozenset[_Kind]:
        """Values of an enumeration, each once."""
        value = self._take(name)
        if not isinstance(value, list) or len({*map(repr, value)}) != len(value):
            raise RulesetRefused(f"{self._name(name)} must be a list without repetitions.")
        return frozenset(self._member(name, item, kind) for item in value)

    def requires(self) -> Requirements:
        """What any entry but an allergen can ask a label for."""
        read = self.members("requires", Requirement)
        if Requirement.TRACES in read:
            raise RulesetRefused(f"{self._name('requires')}: traces are asked for by allergens alone.")
        return read

    def member(self, name: str, kind: type[_Kind]) -> _Kind:
        return self._member(name, self._take(name), kind)

    def amount(self, name: str) -> Decimal:
        """A number above zero."""
        value = self._take(name)
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise RulesetRefused(f"{self._name(name)} must be a number.")
        amount = Decimal(value)
        if not amount.is_finite() or amount <= 0:
            raise RulesetRefused(f"{self._name(name)} must be above zero.")
        return amount

    def amount_if_any(self, name: str) -> Decimal | None:
        return self.amount(name) if self.has(name) else None

    def per_basis(self, name: str) -> PerBasis:
        table = self.table(name)
        read = {basis: table.amount(basis.value) for basis in Basis}
        table.end()
        return read

    def _take(self, name: str) -> object:
        if name not in self._left:
            raise RulesetRefused(f"{self._name(name)} is missing.")
        return self._left.pop(name)

    def _member(self, name: str, value: object, kind: type[_Kind]) -> _Kind:
        for member in kind:
            if member.value == value:
                return member
        raise RulesetRefused(f"{self._name(name)} knows no {value!r}.")

    def _name(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name


_Rule = TypeVar("_Rule")


def _each(table: _Table, kinds: Iterable[_Kind], read: Callable[[_Table], _Rule]) -> dict[_Kind, _Rule]:
    rules = {}
    for kind in kinds:
        rule = table.table(str(kind.value))
        rules[kind] = read(rule)
        rule.end()
    table.end()
    return rules


def _allergens(table: _Table) -> WordRule:
    rule = WordRule(requires=table.members("requires", Requirement))
    table.end()
    return rule


def _avoided(table: _Table) -> WordRule:
    rule = WordRule(requires=table.requires())
    table.end()
    return rule


def _exclusion(table: _Table) -> Exclusion:
    together = table.table("together") if table.has("together") else None
    pair = (
        None
        if together is None
        else (together.members("one", Substance), together.members("other", Substance))
    )
    if together is not None:
        together.end()
    rule = Exclusion(
        avoid=table.members("avoid", Substance),
        avoid_unless_claimed=table.members("avoid_unless_claimed", Substance),
        careful=table.members("careful", Substance),
        careful_unless_claimed=table.members("careful_unless_claimed", Substance),
        traces=table.members("traces", Substance),
        together=pair,
        claims=table.members("claims", Claim),
        requires=table.requires(),
    )
    if not rule.traces <= rule.avoid | rule.careful:
        raise RulesetRefused("What is contained must weigh as much as its traces: see avoid and careful.")
    return rule


def _low_carb(table: _Table) -> LowCarb:
    rule = LowCarb(
        low=table.per_basis("low"),
        energy_percent=table.amount("energy_percent"),
        high=table.per_basis("high"),
        requires=table.requires(),
    )
    table.end()
    _check_order(rule.low, rule.high, name="low_carb")
    return rule


def _goal(table: _Table) -> LessOf | MoreOf:
    nutrient = table.member("nutrient", Nutrient)
    requires = table.requires()
    if not table.has("source"):
        less = LessOf(
            nutrient=nutrient,
            low=table.per_basis("low"),
            low_energy_percent=table.amount_if_any("low_energy_percent"),
            high=table.per_basis("high"),
            requires=requires,
        )
        _check_order(less.low, less.high, name=nutrient.value)
        _check_gives_energy(nutrient, less.low_energy_percent)
        return less
    more = MoreOf(
        nutrient=nutrient,
        source=_level(table.table("source"), nutrient),
        high=_level(table.table("high"), nutrient),
        energy_free=table.amount("energy_free"),
        requires=requires,
    )
    for name in Level.__slots__:
        source, high = getattr(more.source, name), getattr(more.high, name)
        if (source is None) is not (high is None) or (source is not None and source >= high):
            raise RulesetRefused(f"{nutrient.value}: the source's {name} must be below the high one.")
    return more


def _level(table: _Table, nutrient: Nutrient) -> Level:
    level = Level(
        per_100g=table.amount_if_any("per_100g"),
        per_100kcal=table.amount_if_any("per_100kcal"),
        energy_percent=table.amount_if_any("energy_percent"),
    )
    table.end()
    if level == Level(per_100g=None, per_100kcal=None, energy_percent=None):
        raise RulesetRefused("A level must say how much.")
    _check_gives_energy(nutrient, level.energy_percent)
    return level


def _check_order(low: PerBasis, high: PerBasis, *, name: str) -> None:
    if any(low[basis] >= high[basis] for basis in Basis):
        raise RulesetRefused(f"{name}: low must be below high.")


def _check_gives_energy(nutrient: Nutrient, percent: Decimal | None) -> None:
    if percent is not None and nutrient in {Nutrient.ENERGY, Nutrient.SALT}:
        raise RulesetRefused(f"{nutrient.value} is no part of the energy.")


def _contradictions(table: _Table) -> dict[Claim, frozenset[Substance]]:
    read = {claim: table.members(claim.value, Substance) for claim in Claim}
    table.end()
    return read
