"""The notices that people are shown before they consent: read from the repository once per process.

A notice is never changed once it was shown: another folder with the next number takes its place, and
everybody is asked again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import get_language

from contexts.identity.domain.consents import Notice, Purpose
from contexts.identity.domain.notices import NoticeRefused, NoticeText, read_notice

FOLDER: Final = Path(__file__).resolve().parent.parent / "notices"
LANGUAGES: Final = ("en", "it", "de", "fr", "es")
#: Who runs a site that does not say who runs it: one that is only tried out.
_UNNAMED: Final[Mapping[str, str]] = {
    "en": "The operator of this installation",
    "it": "Il gestore di questa installazione",
    "de": "Wer diese Installation betreibt",
    "fr": "L\u2019exploitant de cette installation",
    "es": "Quien gestiona esta instalación",
}


@dataclass(frozen=True, kw_only=True)
class CurrentNotice:
    """What is shown for a purpose now, in every language."""

    version: str
    controller: str
    """Empty where nobody said who runs the site."""
    texts: Mapping[str, NoticeText]

    def shown(self, language: str | None = None) -> tuple[Notice, NoticeText]:
        """The notice in a language, by default the one of the page; in English where that is none of ours."""
        wanted = (language or get_language() or "en").partition("-")[0].lower()
        chosen = wanted if wanted in self.texts else "en"
        text = self.texts[chosen]
        controller = self.controller or _UNNAMED[chosen]
        notice = Notice(version=self.version, language=chosen, hash=text.hash, controller=controller)
        return notice, text


def current(purpose: Purpose) -> CurrentNotice:
    """The notice of a purpose that is in force."""
    return load_notices(controller=settings.SITE_OPERATOR)[purpose]


def text_shown(*, purpose: Purpose, notice: Notice, folder: Path = FOLDER) -> NoticeText | None:
    """The very words that somebody was shown, whoever runs the site by now; None where the file does not give
    them any more: it is gone, or was edited in place."""
    try:
        text = (folder / purpose / notice.version / f"{notice.language}.md").read_text(encoding="utf-8")
        found = read_notice(text, language=notice.language, controller=notice.controller)
    except (FileNotFoundError, NoticeRefused, UnicodeDecodeError):
        return None
    return found if found.hash == notice.hash else None


@cache
def load_notices(*, controller: str, folder: Path = FOLDER) -> Mapping[Purpose, CurrentNotice]:
    """The newest version for each purpose. Raises ImproperlyConfigured, naming the file that is wrong.

    Every version of every purpose must be there in every language, and be readable.
    """
    _check_names(folder, {purpose.value for purpose in Purpose})
    found = {}
    for purpose in Purpose:
        versions = sorted(int(name) for name in _versions(folder / purpose))
        if versions != list(range(1, len(versions) + 1)) or not versions:
            raise ImproperlyConfigured(f"{folder / purpose}: versions are numbered 1, 2, 3 without a gap.")
        texts = {number: _texts(folder / purpose / str(number), controller) for number in versions}
        found[purpose] = CurrentNotice(
            version=str(versions[-1]), controller=controller, texts=texts[versions[-1]]
        )
    return found


def _versions(folder: Path) -> list[str]:
    names = [entry.name for entry in folder.iterdir()]
    strange = [name for name in names if not name.isascii() or not name.isdigit()]
    if strange:
        raise ImproperlyConfigured(f"{folder / strange[0]} is no version of a notice.")
    return names


def _texts(folder: Path, controller: str) -> Mapping[str, NoticeText]:
    _check_names(folder, {f"{language}.md" for language in LANGUAGES})
    texts = {}
    for language in LANGUAGES:
        file = folder / f"{language}.md"
        try:
            texts[language] = read_notice(
                file.read_text(encoding="utf-8"),
                language=language,
                controller=controller or _UNNAMED[language],
            )
        except (NoticeRefused, UnicodeDecodeError) as error:
            raise ImproperlyConfigured(f"{file}: {error}.") from error
    return texts


def _check_names(folder: Path, expected: set[str]) -> None:
    names = {entry.name for entry in folder.iterdir()}
    if names != expected:
        wrong = ", ".join(sorted(names ^ expected))
        raise ImproperlyConfigured(f"{folder} must hold exactly what is expected; wrong or missing: {wrong}.")
