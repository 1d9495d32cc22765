"""The ingredient list as runs of text, the allergens in it set apart as Regulation (EU) 1169/2011 Art. 21
asks."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from contexts.passport.domain.allergens import Allergen, may_contain_in, named_in
from contexts.passport.domain.text import cleaned

#: How sources mark an allergen inside the list: an element, or underscores around the words.
_MARKED: Final = re.compile(
    r'<span class="allergen">(?P<element>.*?)</span>|_+(?P<underscored>[^_]{1,200}?)_+', re.DOTALL
)
_LEFT_OVER: Final = re.compile(r'<span class="allergen">|</span>')
_LINE_END: Final = re.compile("[\n\r\x0b\x0c\x85\u2028\u2029]")
_SPACE_BEFORE: Final = re.compile(r"\s*")
_SPACE_AFTER: Final = re.compile(r"(?<!\s)\s+\Z")
_ENTITY: Final = re.compile(r"&(amp|lt|gt|quot|apos|nbsp|#39|#039);")
_ENTITIES: Final = {
    "amp": "&",
    "lt": "<",
    "gt": ">",
    "quot": '"',
    "apos": "'",
    "#39": "'",
    "#039": "'",
    "nbsp": " ",
}


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of an ingredient list: plain text, never markup."""

    text: str
    is_allergen: bool = False


Runs = tuple[Run, ...]


def runs_of(marked: str, *, declared: Collection[Allergen] = (), language: str | None = None) -> Runs:
    """The runs of an ingredient list as a source writes it.

    What the source marks is an allergen; so is every other word that names a declared allergen, for a list
    that is marked only in part must not hide the rest. Whatever else looks like markup stays as text. Lines
    stay apart, for their ends may be those of ingredients. Total: any string has runs, and none of them holds
    a control character but a line's end.
    """
    return _joined(
        run
        for text, is_marked in _pieces(marked)
        for run in ([Run(text, is_allergen=True)] if is_marked else _named(text, declared, language))
    )


def emphasised(runs: Runs | str, *, language: str | None = None) -> Runs:
    """The same list with every word set apart that names an allergen of Annex II in a language of the
    European Union, declared or not; what was set apart stays so. Neighbours with nothing but a space between
    them are set apart as one, as the pack has them: "durum wheat semolina".

    Total, and never another text: `text_of(emphasised(runs)) == text_of(runs)`.
    """
    given = (Run(runs),) if isinstance(runs, str) else runs
    apart = _merged(
        piece
        for run in given
        for piece in ([run] if run.is_allergen else _named(run.text, tuple(Allergen), language))
    )
    return _merged(
        Run(run.text, is_allergen=run.is_allergen or (run.text == " " and 0 < place < len(apart) - 1))
        for place, run in enumerate(apart)
    )


def text_of(runs: Iterable[Run]) -> str:
    """The list as one text."""
    return "".join(run.text for run in runs)


def emphasised_in(runs: Iterable[Run], *, language: str | None = None) -> frozenset[Allergen]:
    """The allergens of Annex II that the set-apart runs name in words that we know."""
    return frozenset(
        allergen
        for run in runs
        if run.is_allergen
        for _, _, allergen in named_in(run.text, language=language)
    )


def contained_in(runs: Iterable[Run], *, language: str | None = None) -> frozenset[Allergen]:
    """The allergens that a list names, but for those in a sentence such as "May contain nuts"."""
    return frozenset(allergen for allergen, is_accidental in _told(runs, language) if not is_accidental)


def accidental_in(runs: Iterable[Run], *, language: str | None = None) -> frozenset[Allergen]:
    """The allergens that a list names in a sentence such as "May contain nuts" (Art. 36(3)(a))."""
    return frozenset(allergen for allergen, is_accidental in _told(runs, language) if is_accidental)


_SENTENCE_END: Final = re.compile(r"[.;\n]")


def _told(runs: Iterable[Run], language: str | None) -> Iterator[tuple[Allergen, bool]]:
    """Each allergen that a list names, and whether in a sentence about accidents."""
    text = text_of(runs)
    sentences: list[tuple[int, int]] = []
    for start, after in may_contain_in(text, language=language):
        end = _SENTENCE_END.search(text, after)
        sentences.append((start, end.start() if end else len(text)))
    for start, _, allergen in named_in(text, language=language):
        while sentences and sentences[0][1] <= start:
            sentences.pop(0)
        yield allergen, bool(sentences) and sentences[0][0] <= start


def _pieces(marked: str) -> Iterator[tuple[str, bool]]:
    end = 0
    for match in _MARKED.finditer(marked):
        yield _plain(marked[end : match.start()]), False
        yield _plain(match["element"] or match["underscored"] or "").replace("_", ""), True
        end = match.end()
    yield _plain(marked[end:]), False


def _plain(piece: str) -> str:
    """The piece without the source's own encoding; white space at its ends still separates it from the
    next."""
    decoded = _ENTITY.sub(lambda match: _ENTITIES[match[1]], _LEFT_OVER.sub("", piece))
    text = "\n".join(filter(None, map(cleaned, _LINE_END.split(decoded))))
    before, after = _space(_SPACE_BEFORE.match(decoded)), _space(_SPACE_AFTER.search(decoded))
    return before + text + after if text else before


def _space(found: re.Match[str] | None) -> str:
    if found is None or not found[0]:
        return ""
    return "\n" if _LINE_END.search(found[0]) else " "


def _named(text: str, declared: Collection[Allergen], language: str | None) -> Iterator[Run]:
    end = 0
    if declared:
        for start, stop, allergen in named_in(text, language=language):
            if allergen in declared:
                yield Run(text[end:start])
                yield Run(text[start:stop], is_allergen=True)
                end = stop
    yield Run(text[end:])


def _merged(runs: Iterable[Run]) -> Runs:
    """Runs without empty ones, neighbours of one kind as one."""
    merged: list[Run] = []
    for run in runs:
        if not run.text:
            continue
        if merged and merged[-1].is_allergen == run.is_allergen:
            merged[-1] = Run(merged[-1].text + run.text, is_allergen=run.is_allergen)
        else:
            merged.append(run)
    return tuple(merged)


def _joined(runs: Iterable[Run]) -> Runs:
    """Runs without empty ones, neighbours of one kind as one, no white space around the whole."""
    joined: list[Run] = []
    for run in runs:
        text = run.text if joined else run.text.lstrip()
        if not text:
            continue
        if joined and joined[-1].is_allergen == run.is_allergen:
            joined[-1] = Run(joined[-1].text + text, is_allergen=run.is_allergen)
        else:
            joined.append(Run(text, is_allergen=run.is_allergen))
    if joined and not (last := joined[-1].text.rstrip()):
        joined.pop()
    elif joined:
        joined[-1] = Run(last, is_allergen=joined[-1].is_allergen)
    return tuple(joined)
