"""What the import linter cannot see: files it never read, and names hidden in strings."""

import ast
import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

from packytrace.configuration import ROOT
from packytrace.databases import roles

PACKAGES = ("packytrace", "contexts")
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
SHIPPED = [path for path in FILES if not {"tests", "migrations"} & set(path.relative_to(ROOT).parts)]


#: Where Django wants a name instead of an import. What is not here hides nowhere.
NAMED_IN_STRINGS = {
    "packytrace/settings.py": {
        *(f"contexts.{context}" for context in roles.CONTEXTS),
        "contexts.identity.web.middleware.GateMiddleware",
        "contexts.identity.web.backend.ProviderBackend",
        "contexts.identity.web.sign_out.end_session_address",
        "contexts.identity.application.sessions",
    },
    "packytrace/urls.py": {
        "contexts.passport.web.console.urls",
        "contexts.passport.web.urls",
        "contexts.identity.web.urls",
        "contexts.identity.web.admin_urls",
        "contexts.brand_analytics.web.urls",
        "contexts.personalization.web.urls",
        "contexts.fridge.web.urls",
    },
}

#: For each contract an import that breaks it: the file it is written to, and the import.
BREACHES = {
    "independence": ("contexts/fridge/application/planted.py", "import contexts.identity.application"),
    "layers": ("contexts/passport/application/planted.py", "import contexts.passport.web"),
    "pure-domain": ("contexts/passport/domain/planted.py", "import django"),
    "platform": ("packytrace/facts/planted.py", "import packytrace.edge"),
    "only-wiring": ("packytrace/doctor.py", "import contexts.identity.application.accounts"),
    "doors": ("contexts/passport/web/planted.py", "import packytrace.edge.bearer"),
    "siblings": ("packytrace/errors.py", "import packytrace.edge.problems"),
    "siblings-inside": ("contexts/measurement/application/errors.py", "import contexts.measurement.facts"),
    **{
        f"tables-of-{context.replace('_', '-')}": (
            "packytrace/wiring.py",
            f"import contexts.{context}.models",
        )
        for context in roles.CONTEXTS
    },
}


def _module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _context(path: Path) -> str | None:
    parts = path.relative_to(ROOT).parts
    return parts[1] if parts[0] == "contexts" and len(parts) > 2 else None


def test_the_linter_reads_every_file_on_disk() -> None:
    graph = grimp.build_graph(*PACKAGES, include_external_packages=False, cache_dir=None)
    assert {_module(path) for path in FILES} == graph.modules


def test_every_contract_can_break(tmp_path: Path) -> None:
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / "importlinter.ini", encoding="utf-8")
    names = {
        section.removeprefix("importlinter:contract:"): contracts[section]["name"]
        for section in contracts.sections()
        if section != "importlinter"
    }
    for path in [*FILES, *(ROOT / name for name in ("importlinter.ini", "tests/import_contracts.py"))]:
        copy = tmp_path / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    for file, line in BREACHES.values():
        with (tmp_path / file).open("a", encoding="utf-8") as module:
            module.write(f"\n{line}\n")
    result = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--config", "importlinter.ini", "--no-cache"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    broken = {name for name in names if f"{names[name]} BROKEN" in result.stdout}
    assert broken == set(names) == set(BREACHES), result.stdout + result.stderr


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_import_hides_in_a_string(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    hidden = re.findall(r"\b(?:import_string|import_module|__import__|get_model)\(", source)
    assert hidden == [], "imports that the linter cannot see"
    own = _context(path)
    strings = {
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    docstrings = {
        ast.get_docstring(node, clean=False)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    }
    named = NAMED_IN_STRINGS.get(str(path.relative_to(ROOT)), set())
    assert named <= strings, "a string that is not there any more"
    for text in strings - docstrings - named:
        for context in roles.CONTEXTS:
            if context == own:
                continue
            assert not re.search(rf"\bcontexts\.{context}\b", text), f"names {context}'s code: {text!r}"
            assert not re.search(
                rf"\b(?:FROM|INTO|UPDATE|JOIN)\s+\"?{context}\"?\.", text, flags=re.IGNORECASE
            ), f"reads {context}'s tables: {text!r}"


def test_no_foreign_key_leaves_a_context() -> None:
    from django.apps import apps

    leaving = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.is_relation
        and not field.auto_created
        and field.related_model is not None
        and _alias(model) != _alias(field.related_model)
    ]
    assert leaving == []


def _alias(model: object) -> str:
    from django.conf import settings

    return str(settings.DATABASE_OF_APP[model._meta.app_label])  # type: ignore[attr-defined]
