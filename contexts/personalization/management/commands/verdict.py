"""`manage.py verdict`: compute a verdict again and explain it."""

from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from contexts.personalization.application import ports, verdict_json, wording
from contexts.personalization.application.ruleset_in_force import ruleset_in_force
from contexts.personalization.domain.judging import judge
from contexts.personalization.domain.label import Label
from contexts.personalization.domain.label_json import LabelRefused, label_from_json
from contexts.personalization.domain.profile import HealthProfile, ProfileRefused
from contexts.personalization.domain.profile_json import profile_from_json
from contexts.personalization.domain.rulesets import Ruleset, RulesetRefused, ruleset
from contexts.personalization.domain.verdict import Outcome, Verdict

_MARKS = {Outcome.GOOD_FOR_YOU: "+", Outcome.BE_CAREFUL: "!", Outcome.AVOID: "x"}


class Command(BaseCommand):
    """Screen a product of the catalogue, or a label in a file, for a profile in a file. Writes nothing."""

    help = "Explain the verdict on a product for a profile. Nothing is stored or published."

    def add_arguments(self, parser: CommandParser) -> None:
        product = parser.add_mutually_exclusive_group(required=True)
        product.add_argument("--gtin", help="a product of the catalogue")
        product.add_argument("--label", type=Path, metavar="FILE", help="JSON with the fields of a label")
        parser.add_argument(
            "--profile", type=Path, metavar="FILE", required=True, help="JSON of a health profile"
        )
        parser.add_argument("--ruleset", metavar="VERSION", help="default: the one in force")
        parser.add_argument("--language", default="en", help="of the explanation; default: en")
        parser.add_argument("--json", action="store_true", help="as the API tells it")

    def handle(self, *_args: Any, **options: Any) -> None:
        languages = [code for code, _name in settings.LANGUAGES]
        if options["language"] not in languages:
            raise CommandError(
                f"There is no language {options['language']!r}. There is: {', '.join(languages)}."
            )
        profile = _profile(options["profile"])
        rules = _ruleset(options["ruleset"])
        if options["gtin"] is not None:
            name, label = _product(options["gtin"])
        else:
            name, label = str(options["label"]), _label(options["label"])
        verdict = judge(label=label, profile=profile, ruleset=rules)
        with translation.override(options["language"]):
            if options["json"]:
                document = verdict_json.verdict_to_json(verdict)
                self.stdout.write(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode())
            else:
                self._explain(name, verdict)

    def _explain(self, name: str, verdict: Verdict) -> None:
        self.stdout.write(f"{name}\n{wording.name(verdict.outcome)}  (ruleset {verdict.ruleset_version})")
        for finding in verdict.findings:
            self.stdout.write(f"\n{_MARKS[finding.outcome]} {wording.reason_text(finding.reason)}")
            for line in wording.evidence_lines(finding.evidence):
                self.stdout.write(f"    {line}")
        if verdict.missing:
            self.stdout.write("\n" + wording.missing_text(verdict.missing))


def _product(gtin: str) -> tuple[str, Label]:
    product = ports.products().product(gtin=gtin)
    if product is None:
        raise CommandError(
            f"The catalogue has no product {gtin!r}. Check the digits, import it with"
            " `manage.py import_products`, or give its label in a file with --label."
        )
    return f"{product.name} ({product.gtin})", product.label


def _profile(path: Path) -> HealthProfile:
    try:
        return profile_from_json(_document(path))
    except ProfileRefused as error:
        raise CommandError(f"{path} is no health profile. {error}.") from error


def _label(path: Path) -> Label:
    try:
        return label_from_json(_document(path))
    except LabelRefused as error:
        raise CommandError(f"{path} is no label. {error}.") from error


def _document(path: Path) -> object:
    try:
        return orjson.loads(path.read_bytes())
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except orjson.JSONDecodeError as error:
        raise CommandError(f"{path} is no JSON: {error}.") from error


def _ruleset(version: str | None) -> Ruleset:
    try:
        return ruleset_in_force() if version is None else ruleset(version)
    except RulesetRefused as error:
        raise CommandError(str(error)) from error
