"""A notice's text: a title, headings, paragraphs and lists, in as little Markdown as that needs."""

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class NoticeRefused(ValueError):
    """A text is no notice; the message says where and why."""


class Kind(StrEnum):
    """What a block of a notice is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST = "list"


@dataclass(frozen=True, kw_only=True)
class Block:
    """One heading or paragraph, which has one line, or one list, which has several."""

    kind: Kind
    lines: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class NoticeText:
    """A notice in one language, ready to be shown."""

    title: str
    blocks: tuple[Block, ...]
    hash: str
    """SHA-256 of the language and the text as shown, in hexadecimal digits."""

    @property
    def layers(self) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
        """What must be seen at once: the sum of it, who and what; and the rest, which may be one tap away.

        Article 29 Working Party, Guidelines on transparency under Regulation 2016/679 (WP260 rev.01), 35-36.
        """
        headings = [place for place, block in enumerate(self.blocks) if block.kind is Kind.HEADING]
        seen = headings[_HEADINGS_AT_ONCE] if len(headings) > _HEADINGS_AT_ONCE else len(self.blocks)
        return self.blocks[:seen], self.blocks[seen:]

    @property
    def summary(self) -> str:
        """The first paragraph: what it is about, and that it is voluntary."""
        return self.blocks[0].lines[0]

    @property
    def rest(self) -> tuple[Block, ...]:
        """Everything after it."""
        return self.blocks[1:]


#: Who runs the site: the one thing that a text cannot know.
CONTROLLER: Final = "{controller}"
#: Sections that stand in the first layer: who is responsible, and what is done with which data.
_HEADINGS_AT_ONCE: Final = 2
_MARKUP: Final = re.compile(r"[<>*_`\[\]{}|\\]|^\s|^\d+\. |^#")


def read_notice(text: str, *, language: str, controller: str) -> NoticeText:
    """A notice from its Markdown, with the name of who runs the site. Raises NoticeRefused.

    Known are one `# title`, then a paragraph, `## headings`, more paragraphs and `- lists`, with an empty
    line between any two; all else is refused, so that no word is shown otherwise than it was read and hashed.
    """
    if text.count(CONTROLLER) != 1:
        raise NoticeRefused(f"{CONTROLLER} must stand in it once")
    title, *rest = text.strip("\n").split("\n\n")
    if not title.startswith("# "):
        raise NoticeRefused("it must begin with a title")
    blocks = tuple(_block(part.strip("\n"), controller) for part in rest)
    if not blocks or blocks[0].kind is not Kind.PARAGRAPH:
        raise NoticeRefused("a paragraph that sums it up must follow the title")
    shown = text.replace(CONTROLLER, controller)
    return NoticeText(
        title=_plain(title.removeprefix("# ")),
        blocks=blocks,
        hash=hashlib.sha256(f"{language}\n{shown}".encode()).hexdigest(),
    )


def _block(part: str, controller: str) -> Block:
    if part.startswith("## "):
        return Block(kind=Kind.HEADING, lines=(_plain(part.removeprefix("## ")),))
    if part.startswith("- "):
        items = re.split(r"\n(?=- )", part)
        return Block(
            kind=Kind.LIST, lines=tuple(_shown(item.removeprefix("- "), controller) for item in items)
        )
    return Block(kind=Kind.PARAGRAPH, lines=(_shown(part, controller),))


def _shown(text: str, controller: str) -> str:
    return controller.join(_plain(piece) if piece else "" for piece in text.split(CONTROLLER))


def _plain(text: str) -> str:
    """A block's words on one line."""
    if not text.strip():
        raise NoticeRefused("a heading, paragraph or item is empty")
    lines = text.split("\n")
    for line in lines:
        if _MARKUP.search(line.removeprefix("  ")):
            raise NoticeRefused(f"markup that is not known: {line.strip()[:60]!r}")
    return " ".join(line.strip() for line in lines)
