"""What labels say of the time after opening."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.fridge.domain.label_days import MOST_DAYS, days_after_opening

LANGUAGES = ("en", "it", "de", "fr", "es")


@pytest.mark.parametrize(
    ("language", "text", "days"),
    [
        ("en", "Once opened, refrigerate and use within 5 days", 5),
        ("en", "KEEP REFRIGERATED AFTER OPENING.\nUSE WITHIN SEVEN DAYS.", 7),
        ("en", "Once opened consume within 24 hours.", 1),
        ("en", "Keep at 2 to 8 °C for up to 5-7 days after first opening.", 5),
        ("en", "Once open, eat within 3 (three) days. Do not freeze.", 3),
        ("en", "Unopened it keeps 30 days, opened 3 days.", 3),
        ("en", "Use within 3 days of opening or 30 days of purchase.", 3),
        ("en", "Use within one week of opening.", 7),
        ("en", "Once opened, eat within 2 weeks and before the best before date.", 14),
        ("en", "Freeze on day of purchase. Once defrosted use within 24 hours. Once opened, 2 days.", 2),
        ("en", "30 days from production, 12 hours after opening.", 0),
        ("de", "Nach dem Öffnen innerhalb von 3 Tagen verbrauchen", 3),
        ("de", "NACH DEM OEFFNEN MAX. 2 BIS 3 TAGE HALTBAR", 2),
        ("de", "Gekühlt mindestens haltbar bis: siehe Deckel. Geöffnet gekühlt 4\u20135 Tage haltbar.", 4),
        ("de", "Haltbarkeit 3 Tage nach Öffnung, 30 Tage ab Herstellung", 3),
        ("de", "Ungeöffnet 30 Tage, nach Anbruch zwei Wochen haltbar.", 14),
        ("it", "una volta aperto consumare entro 5 giorni", 5),
        ("it", "Dopo l\u2019apertura conservare in frigorifero (+4 °C) e consumare entro 3/4 gg.", 3),
        ("it", "Consumare entro e non oltre cinque giorni dall'apertura", 5),
        ("fr", "à consommer dans les 3 jours après ouverture", 3),
        ("fr", "À CONSERVER À +4°C ET À CONSOMMER SOUS 48H APRÈS OUVERTURE", 2),
        ("fr", "Avant ouverture : 3 mois. Apre\u0300s ouverture : trois jours au réfrigérateur.", 3),
        ("fr", "Après ouverture, se conserve au réfrigérateur 4 jours maximum.", 4),
        ("fr", "Une fois ouvert, à conserver entre 0 et 4 °C et à consommer avant 4 jours.", 4),
        ("es", "una vez abierto, consumir en 48 horas", 2),
        ("es", "Una vez abierto, conservar en frío y consumir antes de 3 o 4 días", 3),
        ("es-MX", "Después de abrir manténgase refrigerado y consúmase en 1 mes", 28),
    ],
)
def test_a_label_says_for_how_long_it_keeps_once_it_is_open(language: str, text: str, days: int) -> None:
    assert days_after_opening(text, language=language) == days


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", ""),
        ("en", "Keep refrigerated. Use within 5 days."),
        ("en", "Shake before opening. Keeps 5 days."),
        ("en", "Once opened, keep in the fridge and use within a few days."),
        ("en", "Keep cold after opening. Use within 7 days of purchase."),
        ("en", "Take it out 2 hours before serving, once opened."),
        ("en", "Once opened, let it stand for 2 hours."),
        ("en", "Once opened it may be frozen for up to 3 months."),
        ("en", "Unopened it keeps 30 days once opened keep it cold"),
        ("en", "Once opened, keeps 99999 days, or 0 days, or 400 days"),
        ("de", "Vor dem Öffnen 3 Tage kühlen."),
        ("de", "Eine halbe Stunde vor dem Verzehr öffnen."),
        ("it", "Conservare all'aperto per 3 giorni"),
        ("it", "Non aperto dura 30 giorni"),
        ("fr", "Service consommateurs ouvert 7 jours sur 7, 24h/24, de 9 h à 18 h"),
        ("es", "Sin abrir se conserva 30 días"),
        ("nl", "Na openen binnen 3 dagen gebruiken. Once opened use within 3 days."),
    ],
)
def test_where_a_label_does_not_say_it_for_certain_nothing_is_taken(language: str, text: str) -> None:
    assert days_after_opening(text, language=language) is None


_WORDS = (
    "opened opening once after before unopened keep use frozen days day hours weeks months 1 2,5 30 three to"
    " - , . geöffnet nach öffnen tagen entro giorni apertura dopo ouverture jours après abierto días / 24 h ("
)
_PIECES = st.sampled_from(_WORDS.split())


@given(text=st.text() | st.lists(_PIECES, max_size=30).map(" ".join), language=st.sampled_from(LANGUAGES))
def test_any_text_may_be_on_a_label(text: str, language: str) -> None:
    found = days_after_opening(text, language=language)
    assert found is None or 0 <= found <= MOST_DAYS


@pytest.mark.parametrize(
    "piece", ["opened ", "opened 3 days ", "opened 3 days. ", "3-", "\u0301\u0316", "before "]
)
def test_the_work_grows_with_the_length_of_the_label_alone(piece: str) -> None:
    assert _calls(piece * 1_600) < 9 * _calls(piece * 200)


def _calls(text: str) -> int:
    """How many functions are called to read a text."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event.endswith("call")

    sys.setprofile(count)
    try:
        days_after_opening(text, language="en")
    finally:
        sys.setprofile(None)
    return calls
