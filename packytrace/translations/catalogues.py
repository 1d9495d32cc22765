"""The catalogues `locale/<language>/LC_MESSAGES/django.po`: what they lack, and what Django reads."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import generate_po, read_po
from django.conf import settings

from packytrace.configuration import ROOT

LOCALE: Final = ROOT / "locale"
#: English is what the sources are written in: it needs no catalogue.
LANGUAGES: Final = tuple(code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE)

_PLACE: Final = re.compile(r"%(?:\((?P<name>\w+)\))?[#0\- +]*\d*(?:\.\d+)?[a-z]|%%")
_TAG: Final = re.compile(r"</?[a-z][^>]*>")
_WIDTH: Final = 110


def source_of(language: str) -> Path:
    """The catalogue that people translate in."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """The catalogue of a language; an empty one where there is none yet."""
    path = source_of(language)
    source = path.read_bytes() if path.exists() else b""
    return read_po(BytesIO(source), locale=language, charset="utf-8")


def render(catalogue: Catalog) -> str:
    """A catalogue as its file: in order, without line numbers or dates: only words make a difference."""
    header = "\n".join([
        'msgid ""',
        'msgstr ""',
        f'"Language: {catalogue.locale_identifier}\\n"',
        '"MIME-Version: 1.0\\n"',
        '"Content-Type: text/plain; charset=utf-8\\n"',
        '"Content-Transfer-Encoding: 8bit\\n"',
        f'"Plural-Forms: {catalogue.plural_forms}\\n"',
    ])  # fmt: skip
    body = generate_po(
        catalogue,
        omit_header=True,
        sort_by="message",
        include_lineno=False,
        ignore_obsolete=True,
        width=_WIDTH,
    )
    return f"{header}\n\n{''.join(body).strip()}\n"


def update(language: str, *, template: Catalog) -> int:
    """Bring a catalogue up to date with the sources; answer how many messages are still to be translated.

    A message whose English changed is a new one: a guess from the old one would be wrong where it matters.
    """
    catalogue = read(language)
    catalogue.update(template, no_fuzzy_matching=True)
    path = source_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render(catalogue), encoding="utf-8")
    return sum(not _is_translated(message) for message in _messages(catalogue))


def faults(language: str, *, template: Catalog) -> list[str]:
    """What is wrong with a catalogue, a sentence for each message; empty when it is complete."""
    catalogue = read(language)
    wanted = {(message.context, _first(message)): message for message in _messages(template)}
    had = {(message.context, _first(message)): message for message in _messages(catalogue)}
    return [
        *(f"missing: {key[1]!r}" for key in wanted if key not in had or not _is_translated(had[key])),
        *(f"fuzzy: {key[1]!r}" for key, message in had.items() if message.fuzzy),
        *(f"obsolete: {key[1]!r}" for key in had if key not in wanted),
        *(f"obsolete: {message.id!r}" for message in catalogue.obsolete.values()),
        *(
            f"{fault}: {key[1]!r} is {text!r}"
            for key, message in had.items()
            if key in wanted and _is_translated(message)
            for text, fault in _misfits(message)
        ),
    ]


def compile_all() -> None:
    """Write `django.mo` beside each catalogue whose own is older. Two at once do not mix."""
    for language in LANGUAGES:
        source = source_of(language)
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        buffer = BytesIO()
        write_mo(buffer, read(language))
        fresh = compiled.with_suffix(f".{id(buffer)}.tmp")
        fresh.write_bytes(buffer.getvalue())
        fresh.replace(compiled)


def _messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _texts(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def _is_translated(message: Message) -> bool:
    texts = _texts(message)
    return bool(texts) and all(texts)


def _misfits(message: Message) -> Iterator[tuple[str, str]]:
    """Texts whose places for values, tags or outer white space are not the message's."""
    english = message.id if isinstance(message.id, str) else message.id[-1]
    texts = _texts(message)
    for number, text in enumerate(texts):
        places, wanted = _places(text), _places(english)
        # Of plural forms only the last one must name the number: "one scan" is good for the first.
        if not places <= wanted or (number == len(texts) - 1 and places != wanted):
            yield text, "other places for values"
        if sorted(_TAG.findall(text)) != sorted(_TAG.findall(english)):
            yield text, "other tags"
        if (text[:1].isspace(), text[-1:].isspace()) != (english[:1].isspace(), english[-1:].isspace()):
            yield text, "other white space around it"


def _places(text: str) -> frozenset[str]:
    return frozenset(found[0] for found in _PLACE.finditer(text))
