"""What a label says of the time after opening, in the sentences that people read on packs.

Regulation (EU) No 1169/2011, article 25: where it matters, a label says how a food keeps once it is open and
how soon it is to be eaten. It says so in plain sentences, of which only what is certain is taken.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Final

#: No label means more days; a larger number is about something else.
MOST_DAYS: Final = 365
_DAY: Final = 24
_WEEK: Final = 7 * _DAY
#: The shortest: what is said in months is never made longer.
_MONTH: Final = 28 * _DAY
#: Hours that may be meant to eat in. Fewer are for preparing, or a time of the day, as is `18 h`.
_FEWEST_HOURS: Final = 12
#: Words that may stand between a time and the opening that it counts from: "5 days in the fridge after first
#: opening".
_NEAR: Final = 6
#: Words that a number may be away from its unit: "3 (three) to 5 days".
_LONGEST_NUMBER: Final = 6

_TOKEN: Final = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[^\W\d_]+|[^\s'\u2019]")
_SENTENCE_ENDS: Final = frozenset(".!?;•|")
_ABBREVIATED: Final = frozenset(
    ("max", "min", "ca", "approx", "env", "ungef", "mind", "std", "hrs", "hr", "gg")
)
_BREAKS: Final = frozenset(",:()")
_DASHES: Final = frozenset("-\u2013\u2014/()")
#: After a time: whoever may be called so often has opened for that, `7 jours sur 7`, `24h/24`.
_ALWAYS_OPEN: Final = frozenset((each, often) for each in ("/", "sur", "su") for often in ("7", "24"))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Words:
    """Words of one language, in lower case and without accents."""

    numbers: Mapping[str, int]
    """From one on, in every form."""
    between: frozenset[str]
    """What may stand between the ends of a range."""
    units: Mapping[str, int]
    """Of time, in hours."""
    opening: frozenset[str]
    opening_after: Mapping[str, frozenset[str]]
    """Words that speak of the opening only right after one of these."""
    not_yet: frozenset[str]
    """Shortly before the opening, they say that it is still to come."""
    never: frozenset[str]
    """Shortly before a word, they deny it."""
    before: str
    """Right after a time, it says that the time ends with what is still to come: "2 hours before serving"."""
    other: tuple[str, ...]
    """How words begin that tell from when on another time counts, or where it counts."""
    eating: tuple[str, ...]
    """How words begin that tell that a time is one to eat the food in."""


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _stems(words: str) -> tuple[str, ...]:
    return tuple(words.split())


def _numbers(words: str) -> Mapping[str, int]:
    forms = enumerate(words.split(), start=1)
    return MappingProxyType({word: value for value, same in forms for word in same.split("/")})


def _units(*, hours: str, days: str, weeks: str, months: str) -> Mapping[str, int]:
    named = ((hours, 1), (days, _DAY), (weeks, _WEEK), (months, _MONTH))
    return MappingProxyType({word: length for words, length in named for word in words.split()})


_LANGUAGES: Final[Mapping[str, _Words]] = MappingProxyType(
    {
        "en": _Words(
            numbers=_numbers(
                "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
            ),
            between=_words("to or and"),
            units=_units(
                hours="h hr hrs hour hours", days="day days", weeks="week weeks", months="month months"
            ),
            opening=_words("opened opening"),
            opening_after={"open": _words("once when after")},
            not_yet=_words("before prior until un"),
            never=_words("not never no"),
            before="before",
            other=_stems(
                "unopened purchas bought buy thaw defrost freez frozen cook bake baking prepar manufactur"
                " production produced packed deliver reconstitut dilut mixing matur ripen marinat heat reheat"
            ),
            eating=_stems("use consum eat drink enjoy finish keep best store"),
        ),
        "de": _Words(
            numbers=_numbers(
                "ein/eine/einem/einen/einer/eines zwei drei vier funf/fuenf sechs sieben acht neun zehn elf"
                " zwolf/zwoelf dreizehn vierzehn"
            ),
            between=_words("bis oder und"),
            units=_units(
                hours="h std stunde stunden",
                days="tag tage tagen tages",
                weeks="woche wochen",
                months="monat monate monaten monats",
            ),
            opening=_words(
                "geoffnet geoffnete geoffneten geoffneter geoffnetes geoffnetem geoeffnet geoeffnete"
                " geoeffneten offnen offnens oeffnen offnung oeffnung anbruch anbrechen angebrochen"
                " angebrochene angebrochenen"
            ),
            opening_after={},
            not_yet=_words("vor bis zum bevor"),
            never=_words("nicht nie keinesfalls"),
            before="vor",
            other=_stems(
                "ungeoffnet ungeoeffnet kauf einkauf gekauft auftau aufgetaut einfrier gefrier gefror"
                " eingefror tiefkuhl tiefgekuhlt zubereit herstell hergestellt produktion abpack abgepackt"
                " abfull abgefullt koch gekocht back gebacken liefer reif gereift erhitz erwarm aufwarm"
            ),
            eating=_stems("verbrauch verzehr aufbrauch essen trinken geniess halt lager aufbewahr"),
        ),
        "it": _Words(
            numbers=_numbers(
                "un/uno/una due tre quattro cinque sei sette otto nove dieci undici dodici tredici"
                " quattordici"
            ),
            between=_words("a o e ai"),
            units=_units(
                hours="h ora ore",
                days="giorno giorni gg",
                weeks="settimana settimane",
                months="mese mesi",
            ),
            opening=_words("aperto aperta aperti aperte apertura aprire"),
            opening_after={},
            not_yet=_words("prima all per"),
            never=_words("non mai"),
            before="prima",
            other=_stems(
                "acquist scongel decongel congel surgel freezer cott cuoc produzion confezionament prepara"
                " consegn stagiona matura riscald integra integro"
            ),
            eating=_stems("consum mangia bere gusta utilizz usare conserva"),
        ),
        "fr": _Words(
            numbers=_numbers(
                "un/une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze"
            ),
            between=_words("a ou et"),
            units=_units(
                hours="h heure heures", days="j jour jours", weeks="semaine semaines", months="mois"
            ),
            opening=_words("ouvert ouverte ouverts ouvertes ouverture"),
            opening_after={"ouvrir": _words("apres")},
            not_yet=_words("avant jusqu"),
            never=_words("pas non jamais ne sans"),
            before="avant",
            other=_stems(
                "achat achet decongel congel surgel cuisson cuire cuit fabrication production"
                " conditionnement prepar livraison affin rechauff"
            ),
            eating=_stems("consom mange boire deguste utilis conserv gard"),
        ),
        "es": _Words(
            numbers=_numbers(
                "un/uno/una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce"
            ),
            between=_words("a o y u"),
            units=_units(hours="h hora horas", days="dia dias", weeks="semana semanas", months="mes meses"),
            opening=_words("abierto abierta abiertos abiertas apertura"),
            opening_after={"abrir": _words("de tras"), "abrirlo": _words("de tras"), "abra": _words("vez")},
            not_yet=_words("antes sin hasta para"),
            never=_words("no nunca"),
            before="antes",
            other=_stems(
                "compra descongel congel cocc cocer cocin fabricaci producci envasad elabora prepara"
                " entrega madur curad calenta"
            ),
            eating=_stems("consum comer beber tomar utiliz usar conserv disfrut"),
        ),
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Time:
    """A time that a sentence states, and the places of its first and last token."""

    days: int
    first: int
    last: int


@dataclass(frozen=True, kw_only=True, slots=True)
class _Mark:
    """A word from which a time counts: the opening or something else."""

    at: int
    is_opening: bool


def days_after_opening(text: str, *, language: str) -> int | None:
    """How many days a food keeps once it is open, as its label says; 0 is the day of the opening itself.

    Of a range it is the smaller end, of several times the shortest that counts from the opening; hours are
    whole days, rounded down. None where the label says nothing of it, where what it says is not certain, and
    in languages other than English, Italian, German, French and Spanish. Takes any text; the work grows with
    its length alone.
    """
    words = _LANGUAGES.get(language.casefold().partition("-")[0])
    if words is None:
        return None
    sentences = list(_sentences(text))
    found = [day for sentence in sentences for day in _in_sentence(sentence, words)]
    found += [day for first, second in pairwise(sentences) for day in _in_the_next(first, second, words)]
    return min(found, default=None)


def _sentences(text: str) -> Iterator[Sequence[str]]:
    # Each character for itself: a long run of accents takes square time to be put into order.
    plain = "".join(
        unicodedata.normalize("NFD", character)[0]
        for character in text.casefold()
        if not unicodedata.combining(character)
    )
    sentence: list[str] = []
    for word in _TOKEN.findall(plain):
        if word not in _SENTENCE_ENDS:
            sentence.append(word)
        elif sentence and not (word == "." and sentence[-1] in _ABBREVIATED):
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def _in_sentence(sentence: Sequence[str], words: _Words) -> Iterator[int]:
    """The times of a sentence that count from the opening.

    A time counts from what is named shortly after it, and else from what was named last before it.
    """
    marks = list(_marks(sentence, words))
    places = [mark.at for mark in marks]
    passed = 0
    for time in _times(sentence, words):
        while passed < len(places) and places[passed] < time.first:
            passed += 1
        before = marks[passed - 1] if passed else None
        after = marks[passed] if passed < len(marks) else None
        if after is not None and not _is_near(sentence, time.last, after.at):
            after = None
        if (
            before is not None
            and after is not None
            and before.is_opening is not after.is_opening
            and _is_near(sentence, before.at, time.first)
        ):
            continue  # "unopened 30 days once opened": it may count from either
        counted_from = after or before
        if counted_from is not None and counted_from.is_opening:
            yield time.days


def _in_the_next(first: Sequence[str], second: Sequence[str], words: _Words) -> Iterator[int]:
    """The times of a sentence that goes on where one about the opening ended: "Keep cold once opened. Use
    within 7 days"."""
    marks = list(_marks(first, words))
    if not marks or not marks[-1].is_opening or any(True for _ in _times(first, words)):
        return
    if any(True for _ in _marks(second, words)) or not any(word.startswith(words.eating) for word in second):
        return
    yield from (time.days for time in _times(second, words))


def _is_near(sentence: Sequence[str], first: int, second: int) -> bool:
    """Whether two places are a few words apart and in one breath."""
    return second - first - 1 <= _NEAR and _BREAKS.isdisjoint(sentence[first + 1 : second])


def _marks(sentence: Sequence[str], words: _Words) -> Iterator[_Mark]:
    for at, word in enumerate(sentence):
        earlier = sentence[max(at - 2, 0) : at]
        if word in words.opening or (earlier and earlier[-1] in words.opening_after.get(word, ())):
            yield _Mark(
                at=at, is_opening=words.not_yet.isdisjoint(earlier) and words.never.isdisjoint(earlier)
            )
        elif word.startswith(words.other) and words.never.isdisjoint(earlier):
            yield _Mark(at=at, is_opening=False)


def _times(sentence: Sequence[str], words: _Words) -> Iterator[_Time]:
    for at, word in enumerate(sentence):
        unit, later = words.units.get(word), sentence[at + 1 : at + 3]
        if unit is None or tuple(later) in _ALWAYS_OPEN or words.before in later[:1]:
            continue
        first, number = _number_before(sentence, at, words)
        if number is None:
            continue
        if unit == 1 and number < (_DAY if len(word) == 1 else _FEWEST_HOURS):
            continue
        days = number * unit // _DAY
        if days <= MOST_DAYS:
            yield _Time(days=days, first=first, last=at)


def _number_before(sentence: Sequence[str], unit: int, words: _Words) -> tuple[int, int | None]:
    """Where the number begins that belongs to a unit, and the number: of a range the smaller end."""
    smallest, first = None, unit
    for at in range(unit - 1, max(unit - 1 - _LONGEST_NUMBER, -1), -1):
        value = _value(sentence[at], words)
        if value is not None:
            smallest, first = value if smallest is None else min(smallest, value), at
        elif sentence[at] not in words.between and sentence[at] not in _DASHES:
            break
    return first, smallest or None


def _value(token: str, words: _Words) -> int | None:
    """A number in figures, whole or not, rounded down; or in words."""
    if "0" <= token[0] <= "9":
        whole = re.split("[.,]", token, maxsplit=1)[0]
        return int(whole) if len(whole) <= 4 else None
    return words.numbers.get(token)
