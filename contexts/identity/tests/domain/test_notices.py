"""Notices are read strictly: what cannot be shown as it stands is no notice."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.identity.domain.notices import Kind, NoticeRefused, NoticeText, read_notice

GOOD = "# Title\n\nShort.\n\n## Who\n\n{controller}\n\n- one\n- two\n"


def read(text: str, *, language: str = "en", controller: str = "Shop Ltd") -> NoticeText:
    return read_notice(text, language=language, controller=controller)


def test_its_parts() -> None:
    notice = read(GOOD)
    assert (notice.title, notice.summary) == ("Title", "Short.")
    assert [(block.kind, block.lines) for block in notice.rest] == [
        (Kind.HEADING, ("Who",)),
        (Kind.PARAGRAPH, ("Shop Ltd",)),
        (Kind.LIST, ("one", "two")),
    ]


def test_the_hash_is_of_what_is_shown() -> None:
    hashes = {
        read(GOOD).hash,
        read(GOOD, language="de").hash,
        read(GOOD, controller="Another").hash,
        read(GOOD.replace("Short", "Long")).hash,
    }
    assert len(hashes) == 4
    assert read(GOOD).hash == read(GOOD).hash


@pytest.mark.parametrize(
    "text",
    [
        "",
        GOOD.replace("# Title\n\n", ""),
        GOOD.replace("{controller}", "us"),
        GOOD + "\n{controller}",
        GOOD.replace("Short.\n\n", ""),
        GOOD.replace("Short", "**Short**"),
        GOOD.replace("Short", "<script>"),
        GOOD.replace("Short", "[a link](https://example.com)"),
        GOOD.replace("## Who", "### Who"),
        GOOD.replace("## Who", "## "),
        GOOD.replace("- one", "1. one"),
    ],
)
def test_what_is_no_notice(text: str) -> None:
    with pytest.raises(NoticeRefused):
        read(text)


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(NoticeRefused):
        read("# T\n\nS {controller}\n\n" + text)
