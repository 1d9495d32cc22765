"""`manage.py configuration`: write docs/configuration.md from the declaration of settings."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from packytrace.configuration import ROOT, SETTINGS, Setting

PAGE = ROOT / "docs" / "configuration.md"


class Command(BaseCommand):
    """Write the page, or with `--check` say whether it is what the declaration says."""

    help = "Write docs/configuration.md; --check changes nothing and fails on drift."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        page = render()
        if not options["check"]:
            PAGE.write_text(page, encoding="utf-8")
        elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page:
            raise CommandError("docs/configuration.md is out of date: run `make fix`.")


def render() -> str:
    """The page as Markdown."""
    rows = "\n".join(_row(setting) for setting in SETTINGS)
    return f"""# Configuration

Every setting is an environment variable. Nothing needs to be set for the embedded default;
with `ENVIRONMENT=production` the start stops, naming them, while required ones are missing.

A secret may stand in a file instead, where neither a list of processes nor a look at a container shows it:
`<NAME>_FILE` names the file, whose first line is the value (of `VAULT_KEYS`, every line). One of the two, not
both.

Passwords of the database roles come from `DATABASE_PASSWORD_<ROLE>`, such as
`DATABASE_PASSWORD_PASSPORT_APP`, or from the file that `DATABASE_PASSWORDS_FILE` names.

| name | type | default | in production | meaning |
|---|---|---|---|---|
{rows}
"""


def _row(setting: Setting) -> str:
    given = ",".join(setting.default) if isinstance(setting.default, list) else setting.default
    default = "`var/`" if setting.name == "STATE" else f"`{given}`" if given else "none"
    meaning = f"{setting.help} Or `{setting.name}_FILE`." if setting.secret else setting.help
    return (
        f"| `{setting.name}` | {setting.kind} | {default} | "
        f"{'required' if setting.required else 'optional'}{', secret' if setting.secret else ''} | "
        f"{meaning} |"
    )
