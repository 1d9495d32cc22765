"""Quantities of ingredients as a list states them: Regulation (EU) 1169/2011 Art. 22 and Annex VIII
(QUID)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

#: A percentage, the brackets of a group, or what stands between two ingredients. A comma between digits is a
#: decimal sign; a full stop ends an ingredient only before a space.
_TOKEN: Final = re.compile(
    r"(?<![\d.,])(?P<percent>\d{1,3}(?:[.,]\d{1,4})?)\s{0,2}%"
    r"|(?P<open>[(\[{])|(?P<close>[)\]}])"
    r"|(?P<end>[;\u2022\u00b7|\n]|,(?!\d)|(?<!\d),|\.(?=\s|$))"
)
_NOT_NAME: Final = " \t:*_-\u2013\u2014"
_MOST: Final = Decimal(100)
#: Brackets inside brackets.
_DEEPEST: Final = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Stated:
    """One ingredient of a list, where it stands in the text and how much of it there is."""

    name: str
    """Its words without quantity, brackets and emphasis."""
    start: int
    end: int
    """Where its name and quantity stand in the text: `text[start:end]`."""
    percent: Decimal | None
    """The percentage as it stands: of the product, or of the ingredient that it is part of."""
    of_product: Decimal | None
    """The percentage of the product as a whole: that of a part of a compound ingredient is taken to be of
    that ingredient, which never says too much. None where it cannot be told."""
    depth: int
    """0 for an ingredient of the product, 1 for one of an ingredient."""


@dataclass(slots=True)
class _Node:
    """An ingredient that is being read."""

    parent: "_Node | None"
    start: int
    end: int
    words: list[str] = field(default_factory=list)
    percent: Decimal | None = None
    after: tuple[int, int, str] | None = None
    """Words after the quantity, where they stand: more of the name, or the next one's where a comma is
    missing."""

    def of_product(self) -> Decimal | None:
        """The share of the product; the chain of parents is as long as brackets are deep."""
        share, node = self.percent, self.parent
        while node is not None and share is not None:
            share = None if node.percent is None else share * node.percent / 100
            node = node.parent
        return share


def stated(text: str) -> tuple[Stated, ...]:
    """Every ingredient of a list in the order of the text, the parts of a compound one after it.

    Total, and linear in the text: what is bracketed deeper than any list is, or wrongly, is read as if it
    were not.
    """
    nodes = [_Node(parent=None, start=0, end=0)]
    stack = [nodes[0]]
    at = 0

    def begin(place: int, *, parent: _Node | None) -> None:
        node = _Node(parent=parent, start=place, end=place)
        nodes.append(node)
        stack.append(node)

    for token in _TOKEN.finditer(text):
        _read(stack[-1], text, at, token.start())
        at = token.end()
        if token["percent"]:
            # A quantity alone between brackets is that of what stands before them.
            place = -2 if not stack[-1].words and len(stack) > 1 else -1
            of = stack[place]
            if of.percent is not None and of.after is not None:
                of = stack[place] = _next(of, of.after)
                nodes.append(of)
                if place == -2:
                    stack[-1].parent = of
            _quantify(of, token)
        elif token["open"] and len(stack) <= _DEEPEST:
            begin(at, parent=stack[-1])
        elif token["close"] and len(stack) > 1:
            if not stack.pop().words:
                stack[-1].end = max(stack[-1].end, at)
        elif token["end"]:
            begin(at, parent=stack.pop().parent)
    _read(stack[-1], text, at, len(text))
    return tuple(_told(nodes))


def _read(node: _Node, text: str, start: int, end: int) -> None:
    piece = text[start:end]
    words = piece.strip(_NOT_NAME)
    if not words:
        return
    start += piece.index(words[0])
    end = start + len(words)
    if node.percent is not None and node.words:
        node.after = (node.after[0], end, f"{node.after[2]} {words}") if node.after else (start, end, words)
        return
    if not node.words and node.percent is None:
        node.start = start
    node.words.append(words)
    node.end = end


def _next(node: _Node, after: tuple[int, int, str]) -> _Node:
    """The next ingredient, whose words were read behind the quantity of this one."""
    start, end, words = after
    node.after = None
    return _Node(parent=node.parent, start=start, end=end, words=[words])


def _quantify(node: _Node, token: re.Match[str]) -> None:
    percent = Decimal(token["percent"].replace(",", "."))
    if node.percent is None and percent <= _MOST:
        node.percent = percent
        if not node.words:
            node.start = token.start()
        node.end = max(node.end, token.end())


def _told(nodes: list[_Node]) -> Iterator[Stated]:
    for node in nodes:
        if node.words:
            yield Stated(
                name=" ".join((*node.words, node.after[2]) if node.after else node.words),
                start=node.start,
                end=node.after[1] if node.after else node.end,
                percent=node.percent,
                of_product=node.of_product(),
                depth=_depth(node),
            )


def _depth(node: _Node) -> int:
    depth = 0
    while node.parent is not None:
        depth, node = depth + 1, node.parent
    return depth
