"""What is gathered from the sources, and what the check finds in a catalogue."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from django.utils import translation

from packytrace.translations import catalogues, extraction

MESSAGES = extraction.messages()


@pytest.mark.parametrize(
    "message",
    [
        "May contain traces of",  # {% translate %}
        "Your account was changed",  # {% translate %} in a mail
        "Its use-by date was %(day)s. After it, food can make you ill even if it looks and smells fine.",
        "Sulphur dioxide and sulphites",  # gettext_noop
        "This link is damaged or incomplete.",  # the domain's own gettext_noop
        "There is nothing at this address.",  # gettext_lazy
    ],
)
def test_messages_of_every_kind_are_found(message: str) -> None:
    assert message in MESSAGES


def test_plurals_are_found_in_templates_and_in_python() -> None:
    plurals = {message.id for message in MESSAGES if message.pluralizable}
    assert ("%(count)s product was scanned", "%(count)s products were scanned") in plurals
    assert ("%(n)s scan", "%(n)s scans") in plurals


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_every_message_is_translated(language: str) -> None:
    assert catalogues.faults(language, template=MESSAGES) == []


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(catalogues, "LOCALE", tmp_path)
    (tmp_path / "de" / "LC_MESSAGES").mkdir(parents=True)
    return tmp_path / "de" / "LC_MESSAGES" / "django.po"


HEADER = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
COUNT = 'msgid "%(n)s code"\nmsgid_plural "%(n)s codes"\n'


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ('msgid "Hello %(name)s"\nmsgstr "Hallo %(name)s"', None),
        ('msgid "Hello %(name)s"\nmsgstr ""', "missing"),
        ("", "missing"),
        ('#, fuzzy\nmsgid "Hello %(name)s"\nmsgstr "Hallo %(name)s"', "fuzzy"),
        ('msgid "Hello %(name)s"\nmsgstr "Hallo %(nmae)s"', "other places for values"),
        ('msgid "Hello %(name)s"\nmsgstr "Hallo"', "other places for values"),
        ('msgid "Hello %(name)s"\nmsgstr "<b>Hallo</b> %(name)s"', "other tags"),
        ('msgid "Hello %(name)s"\nmsgstr "Hallo %(name)s "', "other white space"),
        (
            'msgid "Hello %(name)s"\nmsgstr "Hallo %(name)s"\n\nmsgid "Gone"\nmsgstr "Weg"',
            "obsolete",
        ),
    ],
)
def test_the_check_names_what_is_wrong(folder: Path, entry: str, fault: str | None) -> None:
    folder.write_text(HEADER + entry + "\n", encoding="utf-8")
    template = Catalog()
    template.add("Hello %(name)s")
    found = catalogues.faults("de", template=template)
    assert len(found) == (0 if fault is None else 1)
    assert fault is None or fault in found[0]


@pytest.mark.parametrize(
    ("forms", "is_right"),
    [
        (("ein Code", "%(n)s Codes"), True),
        (("%(n)s Code", "Codes"), False),
        (("%(n)s Code", ""), False),
    ],
)
def test_only_the_first_plural_form_may_go_without_its_number(
    folder: Path, forms: tuple[str, str], is_right: bool
) -> None:
    texts = "".join(f'msgstr[{number}] "{form}"\n' for number, form in enumerate(forms))
    folder.write_text(HEADER + COUNT + texts, encoding="utf-8")
    template = Catalog()
    template.add(("%(n)s code", "%(n)s codes"))
    assert (catalogues.faults("de", template=template) == []) is is_right


def test_updating_keeps_what_is_translated_and_guesses_nothing(folder: Path) -> None:
    folder.write_text(
        f'{HEADER}msgid "Stays"\nmsgstr "Bleibt"\n\nmsgid "Was so"\nmsgstr "War so"\n', encoding="utf-8"
    )
    template = Catalog()
    template.add("Stays")
    template.add("Was thus")
    assert catalogues.update("de", template=template) == 1
    text = folder.read_text(encoding="utf-8")
    assert 'msgid "Stays"\nmsgstr "Bleibt"' in text
    assert 'msgid "Was thus"\nmsgstr ""' in text
    assert "War so" not in text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("it", "Può contenere tracce di"),
        ("de", "Kann Spuren enthalten von"),
        ("es", "Puede contener trazas de"),
    ],
)
def test_django_reads_what_was_compiled(language: str, words: str) -> None:
    with translation.override(language):
        assert translation.gettext("May contain traces of") == words
