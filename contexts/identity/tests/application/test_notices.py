"""Every notice is there in every language, and a folder that lacks one is not started with."""

import hashlib
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import translation
from pytest_django import Settings

from contexts.identity.application import notices
from contexts.identity.domain.consents import Purpose
from contexts.identity.domain.notices import Kind


def test_the_languages_are_those_of_the_pages() -> None:
    assert set(notices.LANGUAGES) == {code for code, _name in settings.LANGUAGES}


def test_no_published_text_was_changed() -> None:
    """People agreed to these very bytes, and a changed text would ask nobody again: make a new version, and
    write its sums below those in the file (`cd notices && sha256sum */*/*.md`)."""
    published = (Path(__file__).parent / "published_notices.sha256").read_text(encoding="ascii").splitlines()
    found = {
        path.relative_to(notices.FOLDER).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in notices.FOLDER.rglob("*.md")
    }
    assert found == {path: digest for digest, path in map(str.split, published)}


@pytest.mark.parametrize("purpose", Purpose)
def test_a_notice_says_the_same_in_every_language(purpose: Purpose) -> None:
    texts = notices.current(purpose).texts
    assert set(texts) == set(notices.LANGUAGES)
    shapes = {tuple((block.kind, len(block.lines)) for block in text.blocks) for text in texts.values()}
    assert len(shapes) == 1, "a part is missing in a language"
    assert len({text.hash for text in texts.values()}) == len(texts)


@pytest.mark.parametrize("purpose", Purpose)
def test_it_names_who_runs_the_site_and_the_law(purpose: Purpose, settings: Settings) -> None:
    settings.SITE_OPERATOR = "Nordkorn AG, Kiel"
    lines = [line for block in notices.current(purpose).texts["en"].blocks for line in block.lines]
    assert settings.SITE_OPERATOR in lines
    assert any("Article 6(1)(a)" in line for line in lines)
    assert any("Article 9(2)(a)" in line for line in lines) == (purpose is Purpose.HEALTH_PROFILE)


@pytest.mark.parametrize("language", notices.LANGUAGES)
def test_where_nobody_said_who_runs_the_site_it_says_so_in_its_language(
    language: str, settings: Settings
) -> None:
    settings.SITE_OPERATOR = ""
    said, text = notices.current(Purpose.NOTIFICATIONS).shown(language)
    assert said.controller in [line for block in text.blocks for line in block.lines]
    assert notices.text_shown(purpose=Purpose.NOTIFICATIONS, notice=said) == text
    assert (
        notices.current(Purpose.NOTIFICATIONS).shown("en")[0].controller
        == "The operator of this installation"
    )


@pytest.mark.parametrize(("asked", "shown"), [("it", "it"), ("fr-CA", "fr"), ("ja", "en"), (None, "de")])
def test_it_is_shown_in_the_language_that_is_asked_for(asked: str | None, shown: str) -> None:
    with translation.override("de"):
        said, text = notices.current(Purpose.MEASUREMENT).shown(asked)
    assert (said.language, said.hash) == (shown, text.hash)


class TestFolder:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        return Path(shutil.copytree(notices.FOLDER, tmp_path / "notices"))

    def test_the_newest_version_is_current(self, folder: Path) -> None:
        shutil.copytree(folder / "measurement" / "1", folder / "measurement" / "2")
        found = notices.load_notices(controller="us", folder=folder)
        assert [found[purpose].version for purpose in Purpose] == ["1", "2", "2"]

    @pytest.mark.parametrize(
        "broken", ["measurement/1/it.md", "measurement/1", "measurement", "health_profile/1/en.md"]
    )
    def test_what_is_missing_is_named(self, folder: Path, broken: str) -> None:
        gone = folder / broken
        shutil.rmtree(gone) if gone.is_dir() else gone.unlink()
        with pytest.raises(ImproperlyConfigured, match=broken.split("/")[0]):
            notices.load_notices(controller="us", folder=folder)

    @pytest.mark.parametrize("strange", ["measurement/3", "measurement/draft", "advertising"])
    def test_what_does_not_belong_there_is_named(self, folder: Path, strange: str) -> None:
        (folder / strange).mkdir()
        with pytest.raises(ImproperlyConfigured, match=strange.split("/")[0]):
            notices.load_notices(controller="us", folder=folder)

    def test_so_is_a_file_that_is_no_notice(self, folder: Path) -> None:
        (folder / "measurement/1/de.md").write_text("# Nur ein Titel")
        with pytest.raises(ImproperlyConfigured, match=r"de\.md"):
            notices.load_notices(controller="us", folder=folder)


@pytest.mark.parametrize("purpose", Purpose)
def test_who_and_what_are_seen_at_once_and_the_rest_is_one_tap_away(purpose: Purpose) -> None:
    for text in notices.current(purpose).texts.values():
        first, rest = text.layers
        assert first + rest == text.blocks
        assert [block.kind for block in first].count(Kind.HEADING) == 2
        assert rest[0].kind is Kind.HEADING
