"""What pages wear is in a stylesheet: nothing else would tell that a new django-unfold dropped it."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from packytrace.configuration import ROOT

TEMPLATES = [
    *(ROOT / "contexts" / "brand_analytics" / "templates").rglob("*.html"),
    *(ROOT / "frontend" / "templates" / "unfold").rglob("*.html"),
    *(ROOT / "frontend" / "templates" / "admin").rglob("*.html"),
]
#: What scripts look for.
HOOKS = {"actions", "action-counter", "all", "clear", "popup", "primary", "question"}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_the_classes_of_a_template_are_in_the_stylesheets(template: Path) -> None:
    """django-unfold's stylesheet has only what its own templates use: a new version may drop what ours do."""
    ours = (ROOT / "frontend" / "src" / "console.css").read_text(encoding="utf-8")
    unfolds = Path(str(finders.find("unfold/css/styles.css"))).read_text(encoding="utf-8")
    worn = {
        name
        for classes in re.findall(r'class="([^"]*)"', template.read_text(encoding="utf-8"))
        for name in re.sub(r"{%.*?%}", " ", classes).split()
    }
    missing = {name for name in worn - HOOKS if not re.search(_selector(name), ours + unfolds)}
    assert missing == set()


def _selector(name: str) -> str:
    """A pattern for a class as stylesheets write it: everything but letters, digits and - _ is escaped."""
    written = "".join(c if c.isalnum() or c in "-_" else f"\\{c}" for c in name)
    return rf"\.{re.escape(written)}(?![\w-])"
