"""`manage.py rulesets`: which there are, and what switching to another one would change."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from contexts.personalization.application import ports
from contexts.personalization.application.ruleset_in_force import ruleset_in_force
from contexts.personalization.domain import golden
from contexts.personalization.domain.golden import Case, CasesRefused, Change, Seen
from contexts.personalization.domain.label import Label
from contexts.personalization.domain.rulesets import (
    Ruleset,
    RulesetRefused,
    read_ruleset,
    ruleset,
    versions,
)


class Command(BaseCommand):
    """List rulesets; compare two of them on the golden cases before one is switched on."""

    help = "Say which rulesets there are, and how many golden cases change from one to another, and how."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("list", help="versions, the one in force, and how many golden cases it meets")
        compare = actions.add_parser("compare", help="golden cases that change from one ruleset to another")
        compare.add_argument("before", help="version, or path of a ruleset file")
        compare.add_argument("after", help="version, or path of a ruleset file")
        compare.add_argument(
            "--cases",
            nargs="+",
            type=Path,
            metavar="FILE",
            help="instead of the cases that ship with the product",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['action']}")(**options)
        except (RulesetRefused, CasesRefused) as error:
            raise CommandError(str(error)) from error

    def _list(self, **_options: Any) -> None:
        in_force = ruleset_in_force()
        cases = list(self._with_labels(golden.shipped_cases()))
        for version in versions():
            met = sum(_is_met(case, label, ruleset(version)) for case, label in cases)
            mark = "  in force" if version == in_force.version else ""
            self.stdout.write(f"{version}  meets {met} of {len(cases)} golden cases{mark}")

    def _compare(self, *, before: str, after: str, cases: list[Path] | None, **_options: Any) -> None:
        old, new = _ruleset(before), _ruleset(after)
        told = golden.shipped_cases() if cases is None else golden.read_files(map(_existing, cases))
        judged = list(self._with_labels(told))
        changed = list(golden.changes(judged, before=old, after=new))
        for change in changed:
            self.stdout.write(f"{change.case.name} ({change.case.language})")
            self.stdout.write(f"  {_words(change.before)} -> {_words(change.after)}")
            self.stdout.write(f"  expected: {_words(change.case.expected)}. {change.case.why}")
        self.stdout.write(
            f"{len(changed)} of {len(judged)} golden cases change from {old.version} to {new.version}:"
            f" {_count(changed, better=True)} to a better outcome,"
            f" {_count(changed, better=False)} to a worse one."
        )

    def _with_labels(self, cases: Iterable[Case]) -> Iterator[tuple[Case, Label]]:
        for case in cases:
            if case.label is not None:
                yield case, case.label
            elif case.gtin is not None:
                product = ports.products().product(gtin=case.gtin)
                if product is None:
                    self.stderr.write(f"Left out: {case.name}. The catalogue has no {case.gtin}.")
                else:
                    yield case, product.label


def _ruleset(named: str) -> Ruleset:
    path = Path(named)
    return (
        read_ruleset(_existing(path).read_text(encoding="utf-8"))
        if path.suffix == ".toml"
        else ruleset(named)
    )


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise CommandError(f"There is no file {path}.")
    return path


def _is_met(case: Case, label: Label, rules: Ruleset) -> bool:
    return golden.seen(label=label, profile=case.profile, ruleset=rules) == case.expected


def _words(seen: Seen) -> str:
    words = f"{seen.outcome.value} [{', '.join(sorted(seen.findings)) or 'no findings'}]"
    if seen.missing:
        words += f" lacks {', '.join(sorted(seen.missing))}"
    if seen.met:
        words += f" meets {', '.join(sorted(goal.value for goal in seen.met))}"
    return words


def _count(changed: Iterable[Change], *, better: bool) -> int:
    return sum(
        change.after.outcome != change.before.outcome
        and (change.after.outcome < change.before.outcome) is better
        for change in changed
    )
