"""What the import linter cannot see: files it never read, and names hidden in strings."""

import ast
import re
from pathlib import Path

import grimp
import pytest

from packytrace.configuration import ROOT
from packytrace.databases import roles

PACKAGES = ("packytrace", "contexts")
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
SHIPPED = [path for path in FILES if not {"tests", "migrations"} & set(path.relative_to(ROOT).parts)]


def _module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _context(path: Path) -> str | None:
    parts = path.relative_to(ROOT).parts
    return parts[1] if parts[0] == "contexts" and len(parts) > 2 else None


def test_the_linter_reads_every_file_on_disk() -> None:
    graph = grimp.build_graph(*PACKAGES, include_external_packages=False, cache_dir=None)
    assert {_module(path) for path in FILES} == graph.modules


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
    allowed = {ROOT / "packytrace" / name for name in ("settings.py", "urls.py")}
    for text in strings - docstrings:
        for context in roles.CONTEXTS:
            if context == own or path in allowed:
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
