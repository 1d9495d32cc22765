"""What an ingredient list says: which substances its words name, and whether as contained, as a trace or not.

A false alarm is better than a miss. So words of all five languages are looked for in every text, a known
language only deciding what a word means that two of them share; a "free from" ends early; and what is not
clearly a trace is contained.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

from contexts.personalization.domain.lexicon import LANGUAGES, Lexicon, Phrase, is_known, lexicon, statements
from contexts.personalization.domain.lexicon.additives import ADDITIVES, FUNCTIONS, UNITS
from contexts.personalization.domain.lexicon.inflection import singulars
from contexts.personalization.domain.lexicon.oils import OILS, begins_as_an_oil, plant_of
from contexts.personalization.domain.lexicon.statements import SMALL_WORDS, Way
from contexts.personalization.domain.lexicon.words import WORD, beginnings, folded, folded_words, own_words
from contexts.personalization.domain.substances import Substance, with_implied

__all__ = [
    "LANGUAGES",
    "Mention",
    "Passage",
    "Presence",
    "Wanted",
    "beginnings_of",
    "is_readable",
    "items_in",
    "mentions",
    "mentions_of",
    "passages_of",
    "perhaps_mentioned",
    "wanted_of",
    "words_of",
]


class Presence(Enum):
    """How a label says that something is in the food."""

    CONTAINED = "contained"
    TRACE = "trace"
    """Perhaps, and little: named by a precautionary statement (Regulation (EU) No 1169/2011, Art. 36(3)(a)),
    left in an amount that the law lets go unnamed (Annex II's exceptions, "gluten-free" of Regulation (EU) No
    828/2014), or replaced in food that calls itself vegan."""


class Passage(NamedTuple):
    """Words of a text: `text` is what stands there from `start` to `end`."""

    language: str
    """Of the text, as its label says."""
    start: int
    end: int
    text: str
    presence: Presence


class Mention(NamedTuple):
    """A passage that names a substance or something made from it."""

    language: str
    start: int
    end: int
    text: str
    presence: Presence
    substance: Substance


def mentions(text: str, *, language: str) -> tuple[Mention, ...]:
    """Where the text names substances, from left to right.

    Words that name several, or one that is a kind of another, are mentioned once for each: bacon as pork, as
    meat and as of an animal. What the text says to be free from is not mentioned. Total, linear in the text.
    """
    read = _read(text)
    return tuple(
        Mention(language, start, end, text[start:end], presence, substance)
        for start, end, presence, substances in read.named(lexicon(language))
        for substance in substances
    )


def mentions_of(text: str, *, language: str, word: str) -> tuple[Passage, ...]:
    """Where the text has a person's own word or words, in singular or plural, from left to right.

    Whole words; in a German text, and in one whose language we do not know, also either end of a longer word
    where four letters or more meet. An oil also where the text names its plant in a group of oils. At most
    twenty words together. What the text says to be free from is left out. Total, linear in the text.
    """
    wanted = wanted_of(word)
    return passages_of(text, language=language, wanted=wanted) if wanted else ()


class Wanted(NamedTuple):
    """A person's own word or words, ready to be looked for in several texts."""

    words: Sequence[str]
    """Folded."""
    plant: str | None
    """What it is the oil or fat of."""


def wanted_of(word: str) -> Wanted | None:
    """What `mentions_of` looks for; None where that is nothing. Nothing of it is kept."""
    words = own_words(word)
    if number := _e_number(words):
        words = (f"e{number}",)
    return Wanted(words, plant_of(words)) if 0 < len(words) <= _MOST_WORDS else None


def passages_of(text: str, *, language: str, wanted: Wanted) -> tuple[Passage, ...]:
    """What `mentions_of` says."""
    read, (words, plant) = _read(text), wanted
    if number := _e_number(words):
        return tuple(
            Passage(language, start, end, text[start:end], presence)
            for start, end, presence in read.with_number(number)
        )
    # Three letters are what a word has in common with its singular, plural or compound.
    if words[0][:3] not in read.all_words and (not plant or plant[:3] not in read.all_words):
        return ()
    has_compounds = language == "de" or language not in LANGUAGES
    return tuple(
        Passage(language, start, end, text[start:end], presence)
        for start, end, presence in sorted(
            [*read.with_words(words, has_compounds=has_compounds), *read.in_oils(plant)],
            key=lambda found: found[:2],
        )
    )


def is_readable(text: str) -> bool:
    """Whether we know enough of the words of this list to say what it does not name.

    Half of them, of three letters and more; and none in another script than ours, nor a text without any.
    Total, linear in the text.
    """
    words = [word for word in folded_words(text) if len(word) >= _SHORTEST_WORD or not word.isascii()]
    words = [word for word in words if not word.isdigit()]
    if any(len(word) > 1 and not word.isascii() and not _is_latin(word) for word in words):
        return False
    known = sum(is_known(word) or _is_additive(word) for word in words)
    return known > 0 and known * _KNOWN_OF >= len(words)


_SHORTEST_WORD: Final = 3
_KNOWN_OF: Final = 2


def _is_latin(word: str) -> bool:
    return all(unicodedata.name(c, "").startswith("LATIN ") for c in word if c.isalpha())


def _is_additive(word: str) -> bool:
    return word[0] == "e" and bool(_NUMBER.fullmatch(word[1:]))


def items_in(text: str) -> int:
    """How many items a list has, roughly."""
    return 1 + sum(c in ",;(" for c in text)


def words_of(texts: Iterable[str]) -> str:
    """The words of all these texts, for `perhaps_mentioned`: of labels, nothing of a person."""
    return "\n".join(dict.fromkeys(word for text in texts for word in folded_words(text)))


def beginnings_of(own: Sequence[str]) -> Sequence[str]:
    """How each of a person's own words begins, for `perhaps_mentioned`. Nothing of it is kept."""
    return [
        _beginning_of_oil(own_words(word))
        if begins_as_an_oil(word)
        else number[:3]
        if word[:1] in "eE" and (number := _e_number(own_words(word)))
        else beginning
        for word, beginning in zip(own, beginnings(own), strict=True)
    ]


def _e_number(words: Sequence[str]) -> str | None:
    """The number in "E951", "E 951" and "E-951"; with the letter of "E160a"."""
    joined = "".join(words) if len(words) <= 3 else ""
    return joined[1:] if joined[:1] == "e" and _NUMBER.fullmatch(joined[1:]) else None


def _beginning_of_oil(words: Sequence[str]) -> str:
    """Of its plant, which stands last in "olio di palma" and first in "Palmfett"."""
    return words[-1 if len(words) >= 3 else 0][:3]


def perhaps_mentioned(own: Sequence[str], begin: Sequence[str], *, among: str) -> Sequence[str]:
    """Those of a person's own words that `mentions_of` may find in texts of these words, hardly any other.

    It finds a word by its singular or plural, which has its beginning in common with it: what begins no part
    of any word cannot be mentioned, and to see that costs less than looking for it. `begin` is what
    `beginnings_of` says of them.
    """
    return [word for word, beginning in zip(own, begin, strict=True) if beginning in among]


#: More words in a row are nobody's ingredient.
_MOST_WORDS: Final = 20
#: Shorter words begin and end others by chance.
_SHORTEST_END: Final = 4


#: Words of a group of oils up to the one that is looked for, and of what stands before its bracket.
_LONGEST_GROUP: Final = 20
_LONGEST_HEAD: Final = 8


class _Token(NamedTuple):
    word: str
    start: int
    end: int


#: What stands between two tokens, as flags.
_JOINS: Final = 1
_WIDE: Final = 2
_ENDS_ITEM: Final = 4
_OPENS: Final = 8
_CLOSES: Final = 16
_ENDS_STATEMENT: Final = 32
_HYPHEN_LEFT: Final = 64
_COLON: Final = 128
_BREAKS: Final = 256
_BREAKS_WORD: Final = 512
_DASH: Final = 1024

#: Between words of one phrase; between a letter and a digit nothing need stand.
_JOINING: Final = re.compile(
    "(?:[*°¹²³⁰⁴-⁹]{0,3}(?:[^\\S\n\r\u2028\u2029\x85]{1,3}"
    "|[-'\u2019\u2018\xb4`\u2010\u2011][^\\S\n\r\u2028\u2029\x85]?|[^\\S\n\r\u2028\u2029\x85]['\u2019]))?"
)
_JOINING_WIDELY: Final = re.compile("(?!\\s+-)(?:[^\\S\n\r\u2028\u2029\x85]|[('\u2019:*°-]){1,4}")
#: A line's end alone, or with the hyphen of a word that goes on below.
_LINE_BREAK: Final = re.compile("[^\\S\n\r]*([-\u2010\u2011]?)[^\\S\n\r]*[\n\r]\\s*")
_BETWEEN_DASHES: Final = re.compile("\\s+[-\u2010-\u2015\u2022\xb7]+\\s*")
_STATEMENT_END: Final = re.compile("[.!?;\n\r\u2028\u2029\\x85]")


def _separation(gap: str) -> int:
    flags = 0
    if _JOINING.fullmatch(gap):
        flags |= _JOINS
    if _JOINING_WIDELY.fullmatch(gap):
        flags |= _WIDE
    if any(c in gap for c in "([{"):
        flags |= _OPENS
    if any(c in gap for c in ")]}"):
        flags |= _CLOSES
    if _STATEMENT_END.search(gap):
        flags |= _ENDS_STATEMENT
    if ":" in gap:
        flags |= _COLON
    if gap.startswith("-") and len(gap) > 1:
        flags |= _HYPHEN_LEFT
    if _BETWEEN_DASHES.fullmatch(gap):
        flags |= _DASH
    if line_break := _LINE_BREAK.fullmatch(gap):
        flags |= _BREAKS_WORD | _BREAKS if line_break[1] else _BREAKS
    if flags & (_OPENS | _CLOSES | _ENDS_STATEMENT | _COLON) or not flags & _JOINS:
        flags |= _ENDS_ITEM
    return flags


_kept_separation: Final = lru_cache(maxsize=2048)(_separation)


def _gap(text: str, start: int, end: int) -> int:
    gap = text[start:end]
    if gap == "." and start and text[start - 1].isdigit() and text[end].isdigit():
        return _ENDS_ITEM
    return _kept_separation(gap) if len(gap) <= 4 else _separation(gap)


_Hit = tuple[int, int, tuple[Substance, ...], bool]
"""First token, the one after the last, what they name, whether as what the law lets go unnamed."""

#: How many words a "without" or "free from" reaches, in each item of its list: "without sugar milk
#: chocolate" has milk.
_REACH: Final = 1

_AND: Final = frozenset(
    {"and", "or", "nor", "und", "oder", "noch", "et", "ou", "ni", "e", "ed", "o", "ne", "y", "u"}
)
#: Where the reach of a claim ends: "wheat flour and gluten-free oats".
_CLAIM_ENDS: Final = _AND | frozenset(
    ["sowie", "plus", "well", "with", "mit", "con", "avec", "nebst", "samt", "ainsi", "nonche", "bzw"]
)
#: Words that do not count as reached.
_SMALL: Final = frozenset(folded_words(SMALL_WORDS))
#: After a word that is reached these lead on: "senza olio di palma".
_GENITIVE: Final = frozenset({"of", "di", "d", "de", "del", "dello", "della", "du", "von", "s"})
#: With these a precaution names what it is about: "free from traces of milk".
_TRACE_NOUNS: Final = frozenset({"trace", "traces", "spuren", "traccia", "tracce", "traza", "trazas"})

#: Right before what denies they undo it: "not free from milk"; some of them also from further away.
_NEGATORS: Final = frozenset(
    ["not", "cannot", "nicht", "non", "no", "pas", "never", "nie", "kein", "keine", "t", "nunca", "mai"]
)
_FAR_NEGATORS: Final = frozenset({"not", "cannot", "nicht", "never", "nie", "nunca"})
_GUARANTEE: Final = re.compile("guarant.*|garan[tz].*|gewahr.*|assur.*|asegur.*|assicur.*")
#: How many words before it a denial is looked through for them, and for the halves of words that it denies.
_LOOK_BACK: Final = 10

_FREE_SUFFIXES: Final = ("frei", "freie", "freier", "freies", "freien", "freiem", "free")
_FREE: Final = frozenset(_FREE_SUFFIXES)

#: Whose absence a claim states of the whole item that it stands in: "lactose-free milk" is milk still.
_CLAIMS: Final = (
    (Substance.GLUTEN, re.compile("glut")),
    (Substance.LACTOSE, re.compile("la[ck]tos|lattosio")),
    (Substance.ALCOHOL, re.compile("al[ck]oo?hol|alcool|alcol")),
)
#: Words that are such a claim by themselves.
_CLAIM_WORDS: Final = (
    (
        Substance.ALCOHOL,
        re.compile("(?:analcolic|dealcoh|dealcol|desalcool|desalcohol|entalkohol|alkoholfrei).*"),
    ),
    (Substance.LACTOSE, re.compile("(?:delactos|deslactos|delattos|la[ck]tosefrei).*")),
    (Substance.GLUTEN, re.compile("glutenfr.*|aglutin.*")),
    (
        Substance.UNCERTAIN_ORIGIN,
        re.compile("(?:vegetal|vegetable|vegan|pflanzlich|plant).*|vegetaux|vegetables"),
    ),
)
_VEGAN_BEFORE: Final = re.compile("vegan(?:e[mnrs]?)?|pflanzlich(?:e[mnrs]?)?")
_VEGAN_AFTER: Final = re.compile("vegan[oaie]|vegan[oa]s|vegetal|vegetale[s]?|vegetali|vegetaux")

#: How claims begin, and how long a word of theirs can be.
_CLAIMS_BEGIN: Final = frozenset("adeglpv")
_LONGEST_CLAIM: Final = 40


@lru_cache(maxsize=4096)
def _claimed(word: str, *, is_denied: bool) -> tuple[Substance, ...]:
    """The substances that a denied word, or a word by itself, states a whole item to lack."""
    if is_denied:
        return tuple(substance for substance, names in _CLAIMS if names.match(word))
    return tuple(substance for substance, names in _CLAIM_WORDS if names.fullmatch(word))


_CONTAINED: Final = 0
_TRACE: Final = 1
_NOT: Final = 2


#: The substances of Annex II of Regulation (EU) No 1169/2011.
_ALLERGENS: Final = frozenset(list(Substance)[:14])


@lru_cache(maxsize=4096)
def _names_allergen(word: str) -> bool:
    return any(
        not phrase.rest and not _ALLERGENS.isdisjoint(with_implied(phrase.substances))
        for phrase in lexicon("").phrases(word)
    )


class _Scope:
    """Which statement the words being read stand under."""

    def __init__(self) -> None:
        self._depth = 0
        """Of brackets."""
        self._trace_depth: int | None = None
        """Where the precautionary statement began, while there is one."""
        self._denies = False
        """Whether the word before this one is not there, or "without" itself."""
        self._reach = 0
        """How many more words are not there."""
        self._is_far = self._has_and = False
        """Whether a list is denied, and whether its "and" came, after which its last item stands."""
        self._has_reached = False
        """Whether the denial has come to a word already."""
        self._is_of_allergens = True
        """Whether all words that it has come to name allergens."""
        self._begins_statement = False

    def next_item(self, gap: int, *, is_listed: bool) -> None:
        """A comma, a bracket, the end of a sentence: what goes on after it, and what does not.

        A denied list goes on only where it names allergens and an "and" is still to come (`is_listed`): what
        follows "free from preservatives," may as well be the next ingredient.
        """
        self._begins_statement = bool(gap & (_ENDS_STATEMENT | _OPENS | _COLON))
        if gap & _ENDS_STATEMENT:
            self._trace_depth, self._depth, self._denies = None, 0, False
        else:
            if gap & _CLOSES:
                self._depth = max(0, self._depth - 1)
                if self._trace_depth is not None and self._depth < self._trace_depth:
                    self._trace_depth = None
            goes_on = (
                not self._has_reached
                if gap & _COLON
                else is_listed and self._is_of_allergens and not self._has_and
            )
            if gap & (_OPENS | _CLOSES | _DASH) or not self._is_far or not goes_on:
                self._denies = False
            self._reach = _REACH
        if gap & _OPENS:
            self._depth += 1

    def begin(self, way: Way, *, word: str) -> None:
        """A statement begins with this word. "Free from traces of milk" is free from it; "free from gluten,
        may contain milk" is not."""
        if way is Way.PERHAPS:
            if not self._denies or self._has_reached or word not in _TRACE_NOUNS:
                self._trace_depth, self._denies = self._depth, False
        elif way is Way.CONTAINS:
            self._trace_depth, self._denies = None, False
        else:
            self._is_far = way is Way.FREE_FROM and self._begins_statement
            self._denies, self._reach = True, _REACH
            self._has_and = self._has_reached = False
            self._is_of_allergens = True
        self._begins_statement = False

    def standing(self, word: str) -> int:
        """How this word stands, and the scope after it."""
        self._begins_statement = False
        if self._denies and self._still_denies(word):
            return _NOT
        self._denies = False
        return _CONTAINED if self._trace_depth is None else _TRACE

    def _still_denies(self, word: str) -> bool:
        """A list goes on, and an "of" leads on, right after what is not there. "No 1" denies nothing."""
        if word in _BUT or word.isdigit():
            return False
        if self._reach:
            if word not in _SMALL and word not in _AND:
                self._reach -= 1
                self._has_reached = True
                self._is_of_allergens = self._is_of_allergens and _names_allergen(word)
        elif word in _AND or word in _GENITIVE:
            self._has_and = self._has_and or word in _AND
            self._reach = _REACH
        else:
            return False
        return True


class _Text:
    """One text, cut into words, with how each of them stands in it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = [_Token(folded(match[0]), match.start(), match.end()) for match in WORD.finditer(text)]
        self._gaps = [
            _ENDS_STATEMENT | _ENDS_ITEM | (_OPENS if any(c in text[:start] for c in "([{") else 0)
            if not place
            else _gap(text, self._tokens[place - 1].end, start)
            for place, (_, start, _) in enumerate(self._tokens)
        ]
        self._standing = [_CONTAINED] * len(self._tokens)
        self._claims: dict[int, set[Substance]] = {}
        self._sides: list[int] = []
        """Of each token, which part of the text a claim in it is about: an item, or one side of its "and"."""
        self._first_of_side: dict[int, int] = {}
        self._judge()

    def named(self, words: Lexicon) -> Iterator[tuple[int, int, Presence, tuple[Substance, ...]]]:
        for first, after, named, is_residue in self._hits(words):
            standing = max(self._standing[first], self._standing[after - 1])
            if standing == _NOT:
                continue
            claims = self._claims_about(first, after)
            substances = named
            traces: tuple[Substance, ...] = ()
            if claims:
                substances = tuple(s for s in named if s not in claims)
                if Substance.GLUTEN in claims and Substance.GLUTEN in named:
                    traces = (Substance.GLUTEN,)
            start, end = self._tokens[first].start, self._tokens[after - 1].end
            if is_residue and self._text[end : end + 1] == ")" and "(" in self._text[start:end]:
                end += 1
            is_trace = standing == _TRACE or is_residue or self._is_vegan(first, after, named)
            if substances:
                yield start, end, Presence.TRACE if is_trace else Presence.CONTAINED, with_implied(substances)
            if traces:
                yield start, end, Presence.TRACE, traces

    def _claims_about(self, first: int, after: int) -> Collection[Substance]:
        if not self._claims:
            return ()
        sides = range(self._sides[first], self._sides[after - 1] + 1)
        return {substance for side in sides for substance in self._claims.get(side, ())}

    def with_words(
        self, wanted: Sequence[str], *, has_compounds: bool
    ) -> Iterator[tuple[int, int, Presence]]:
        """Where these folded words stand one after the other: start, end and how."""
        places = self._places_of(wanted[0])
        if has_compounds and len(wanted) == 1:
            places |= self._compounds_with(wanted[0])
        end = 0
        for first in sorted(places):
            after = first + len(wanted)
            if first < end or after > len(self._tokens):
                continue
            if all(
                self._gaps[first + k] & _JOINS and first + k in self._places_of(word)
                for k, word in enumerate(wanted[1:], start=1)
            ):
                end = after
                standing = max(self._standing[first], self._standing[after - 1])
                if standing != _NOT:
                    yield (
                        self._tokens[first].start,
                        self._tokens[after - 1].end,
                        Presence.TRACE if standing == _TRACE else Presence.CONTAINED,
                    )

    def with_number(self, number: str) -> Iterator[tuple[int, int, Presence]]:
        """Where the text has this E number, in one word or more."""
        wanted = f"e{number}"
        for place, (word, start, end) in enumerate(self._tokens):
            after = place + 1
            while after < len(self._tokens) and len(word) < len(wanted) and wanted.startswith(word):
                if not self._gaps[after] & _JOINS:
                    break
                word, end = word + self._tokens[after].word, self._tokens[after].end
                after += 1
            standing = max(self._standing[place:after])
            if word == wanted and standing != _NOT:
                yield start, end, Presence.TRACE if standing == _TRACE else Presence.CONTAINED

    def in_oils(self, plant: str | None) -> Iterator[tuple[int, int, Presence]]:
        """Where a group of oils and fats names this plant: "vegetable oils (palm, rapeseed)"."""
        for place in sorted(self._places_of(plant)) if plant else ():
            standing = self._standing[place]
            if standing != _NOT and self._is_in_group(place, OILS):
                _, start, end = self._tokens[place]
                yield start, end, Presence.TRACE if standing == _TRACE else Presence.CONTAINED

    def _is_in_group(self, place: int, heads: frozenset[str]) -> bool:
        """Whether the bracket or the colon that the token stands behind has one of these words before it."""
        first = max(0, place - _LONGEST_GROUP)
        opening = next(
            (at for at in range(place, first, -1) if self._gaps[at] & (_OPENS | _CLOSES | _COLON)), None
        )
        if opening is None or self._gaps[opening] & _CLOSES:
            return False
        for at in range(opening - 1, max(-1, opening - 1 - _LONGEST_HEAD), -1):
            if self._tokens[at].word in heads:
                return True
            if self._gaps[at] & _ENDS_ITEM:
                break
        return False

    def _places_of(self, word: str) -> set[int]:
        """The tokens that are this word, its singular or its plural."""
        found = {*self._places.get(word, ()), *self._places_of_plurals.get(word, ())}
        for singular in singulars(word):
            found.update(self._places.get(singular, ()))
        return found

    def _compounds_with(self, word: str) -> set[int]:
        """The tokens that this word begins or ends, in singular or plural: "Pilz" ends "Steinpilze"."""
        ends = tuple(form for form in (word, *singulars(word)) if len(form) >= _SHORTEST_END)
        if not any(end in self.all_words for end in ends):
            return set()
        return {
            place
            for words in (self._places, self._places_of_plurals)
            for token, places in words.items()
            if token.startswith(ends) or token.endswith(ends)
            for place in places
        }

    @cached_property
    def all_words(self) -> str:
        """Each once."""
        return " ".join(self._places)

    @cached_property
    def _places(self) -> Mapping[str, Sequence[int]]:
        places: dict[str, list[int]] = {}
        for place, token in enumerate(self._tokens):
            places.setdefault(token.word, []).append(place)
        return places

    @cached_property
    def _places_of_plurals(self) -> Mapping[str, Sequence[int]]:
        """The tokens by what they may be the plural of."""
        places: dict[str, list[int]] = {}
        for word, where in self._places.items():
            for singular in singulars(word):
                places.setdefault(singular, []).extend(where)
        return places

    def _hits(self, words: Lexicon) -> Iterator[_Hit]:
        place = 0
        while place < len(self._tokens):
            if place + 1 < len(self._tokens) and self._gaps[place + 1] & _BREAKS:
                yield from self._over_the_line(place, words)
            word = self._tokens[place].word
            phrases = words.phrases(word)
            hit = self._phrase(place, phrases, words) if phrases else None
            if hit is None and (word[0] in "ei" or word[0].isdigit()):
                hit = self._additive(place)
            if hit is None:
                place += 1
                continue
            if hit[2]:
                yield hit
            place = hit[1]

    def _phrase(
        self, place: int, phrases: Sequence[Phrase], words: Lexicon, *, breaks: int = 0
    ) -> _Hit | None:
        following = self._tokens[place + 1].word if place + 1 < len(self._tokens) else ""
        for phrase in phrases:
            if phrase.rest and phrase.rest[0] != following:
                continue
            joins = (_WIDE if phrase.is_residue else _JOINS) | _JOINS | breaks
            after = place + 1 + len(phrase.rest)
            if (
                after <= len(self._tokens)
                and all(
                    self._tokens[place + k].word == word and self._gaps[place + k] & joins
                    for k, word in enumerate(phrase.rest, start=1)
                )
                and not (phrase.is_residue and self._goes_on(after, words))
            ):
                return place, after, phrase.substances, phrase.is_residue
        return None

    def _goes_on(self, after: int, words: Lexicon) -> bool:
        """Whether a word follows the cereal that ends a phrase, and so tells what is made of it: "glucose
        syrup wheat flour" has wheat flour."""
        if after >= len(self._tokens) or not self._gaps[after] & _JOINS or self._tokens[after].word in _AND:
            return False
        return any(
            phrase.substances and not phrase.rest for phrase in words.phrases(self._tokens[after - 1].word)
        )

    def _over_the_line(self, place: int, words: Lexicon) -> Iterator[_Hit]:
        """What the last word of a line and the first of the next name together: besides what each of them
        does, for a line's end may also be an item's."""
        word, following = self._tokens[place].word, self._tokens[place + 1].word
        if self._gaps[place + 1] & _BREAKS_WORD:
            joined = next((phrase for phrase in words.phrases(word + following) if not phrase.rest), None)
            if joined and joined.substances:
                yield place, place + 2, joined.substances, False
        longer = [
            phrase
            for phrase in words.phrases(word)
            if phrase.rest and phrase.substances and not phrase.is_residue
        ]
        hit = self._phrase(place, longer, words, breaks=_BREAKS)
        if hit:
            yield hit

    def _additive(self, place: int) -> _Hit | None:
        """An E number, in one word or in two: "E471", "E-471", "E 471", "INS 471"."""
        word = self._tokens[place].word
        after = place + 1
        if word in ("e", "ins") and after < len(self._tokens) and self._gaps[after] & _JOINS:
            number = self._tokens[after].word
            after += 1
            if after < len(self._tokens) and self._gaps[after] & _JOINS and self._tokens[after].word in UNITS:
                return None
        elif word[:1] == "e":
            number = word[1:]
        elif self._is_called_additive(place):
            number = word
            if after < len(self._tokens) and self._gaps[after] & _JOINS and self._tokens[after].word in UNITS:
                return None
        else:
            return None
        match = _NUMBER.fullmatch(number)
        substances = ADDITIVES.get(match[1]) if match else None
        return (place, after, substances, False) if substances else None

    def _is_called_additive(self, place: int) -> bool:
        """Whether a number stands for an additive: "preservative 220", "preservatives (220, 228)"."""
        if len(self._tokens[place].word) < _SHORTEST_NUMBER:
            return False
        return bool(
            place and self._gaps[place] & _JOINS and self._tokens[place - 1].word in FUNCTIONS
        ) or self._is_in_group(place, FUNCTIONS)

    def _is_vegan(self, first: int, after: int, named: tuple[Substance, ...]) -> bool:
        """Whether the words next to these say that they stand for something without animals."""
        before = self._tokens[first - 1].word if first and self._gaps[first] & _JOINS else ""
        if before == "based" and first >= 2 and self._tokens[first - 2].word == "plant":
            is_vegan = True
        else:
            following = (
                self._tokens[after].word if after < len(self._tokens) and self._gaps[after] & _JOINS else ""
            )
            is_vegan = bool(_VEGAN_BEFORE.fullmatch(before) or _VEGAN_AFTER.fullmatch(following))
        return is_vegan and Substance.ANIMAL in with_implied(named)

    def _judge(self) -> None:
        """Say of each token whether it stands for what is contained, a trace, or what is not there."""
        contains_ahead = self._with_enthalten_ahead()
        listed = self._with_and_ahead()
        scope = _Scope()
        side = after_statement = 0
        for place, (word, _, _) in enumerate(self._tokens):
            gap = self._gaps[place]
            if gap & _ENDS_ITEM:
                scope.next_item(gap, is_listed=listed[place])
            if gap & _ENDS_ITEM or (word in _CLAIM_ENDS and not gap & _HYPHEN_LEFT):
                side += 1
                self._first_of_side[side] = place
            self._sides.append(side)
            if place < after_statement:
                continue
            way, length = self._statement(place)
            if way is None and contains_ahead[place] and word in _CAN:
                way, length = Way.PERHAPS, 1
            if way in _DENYING and self._is_negated(place):
                way = Way.CONTAINS
            if way is not None:
                after_statement = place + length
                scope.begin(way, word=word)
                continue
            self._standing[place] = max(self._standing[place], scope.standing(word))
            if word in _FREE or (len(word) > 5 and word.endswith(_FREE_SUFFIXES)):
                self._deny_before(place)
        self._collect_claims()

    def _is_negated(self, place: int) -> bool:
        """Whether the words before this one undo what it denies: "not free from milk", "cannot guarantee that
        it is nut free"."""
        is_in_item, has_negator, has_guarantee = True, False, False
        for at in range(place - 1, max(-1, place - 1 - _LOOK_BACK), -1):
            gap, word = self._gaps[at + 1], self._tokens[at].word
            if gap & _ENDS_STATEMENT:
                break
            is_in_item = is_in_item and not gap & _ENDS_ITEM and word not in _AND
            if is_in_item and (word in _FAR_NEGATORS or (at == place - 1 and word in _NEGATORS)):
                return True
            has_negator = has_negator or word in _NEGATORS
            has_guarantee = has_guarantee or bool(_GUARANTEE.fullmatch(word))
        return has_negator and has_guarantee

    def _statement(self, place: int) -> tuple[Way | None, int]:
        """What kind of statement begins at this token, and with how many tokens."""
        for rest, way in statements(self._tokens[place].word):
            after = place + 1 + len(rest)
            if after <= len(self._tokens) and all(
                self._tokens[place + k].word == word and self._gaps[place + k] & _JOINS
                for k, word in enumerate(rest, start=1)
            ):
                return way, after - place
        return None, 0

    def _with_enthalten_ahead(self) -> list[bool]:
        """Of each token, whether its statement goes on to "enthalten": German puts the verb last."""
        ahead = [False] * len(self._tokens)
        is_ahead = False
        for place in range(len(self._tokens) - 1, -1, -1):
            ahead[place] = is_ahead
            if self._tokens[place].word in ("enthalten", "vorkommen", "aufweisen"):
                is_ahead = True
            if self._gaps[place] & _ENDS_STATEMENT:
                is_ahead = False
        return ahead

    def _with_and_ahead(self) -> list[bool]:
        """Of each token, whether an "and" stands in it or after it before its statement, its bracket or a
        dash ends."""
        ahead = [False] * len(self._tokens)
        is_ahead = False
        for place in range(len(self._tokens) - 1, -1, -1):
            is_ahead = is_ahead or self._tokens[place].word in _AND
            ahead[place] = is_ahead
            if self._gaps[place] & (_ENDS_STATEMENT | _OPENS | _CLOSES | _COLON | _DASH):
                is_ahead = False
        return ahead

    def _deny_before(self, place: int) -> None:
        """A word that ends in "free" denies itself or the one before it, and the halves of words before that:
        "milch-, ei- und laktosefrei"."""
        tokens, gaps = self._tokens, self._gaps
        following = tokens[place + 1].word if place + 1 < len(tokens) else ""
        if tokens[place].word in _FREE:
            if (
                following in _NOT_FREE_FROM
                or not place
                or not gaps[place] & _JOINS
                or self._is_negated(place - 1)
            ):
                return
            self._standing[place - 1] = _NOT
            first = place - 1
        elif self._is_negated(place):
            return
        else:
            self._standing[place] = _NOT
            first = place
        for before in range(first - 1, max(-1, first - 1 - _LOOK_BACK), -1):
            if tokens[before].word in ("und", "oder", "bzw"):
                continue
            if not gaps[before + 1] & _HYPHEN_LEFT or gaps[before + 1] & (_OPENS | _CLOSES | _ENDS_STATEMENT):
                return
            self._standing[before] = _NOT

    def _collect_claims(self) -> None:
        for place, (word, _, _) in enumerate(self._tokens):
            if word[0] not in _CLAIMS_BEGIN or len(word) > _LONGEST_CLAIM:
                continue
            if found := _claimed(word, is_denied=self._standing[place] == _NOT):
                side = self._sides[place]
                self._claims.setdefault(side, set()).update(found)
                if self._is_aside(place):
                    self._claims.setdefault(side - 1, set()).update(found)

    def _is_aside(self, place: int) -> bool:
        """Whether the token's side begins a bracket about what stands before it: "milk (lactose-free)"."""
        gap = self._gaps[self._first_of_side[self._sides[place]]]
        return bool(gap & _OPENS) and not gap & (_CLOSES | _ENDS_STATEMENT)


_NUMBER: Final = re.compile(r"([0-9]{3,4})(?:[a-i]|i{1,3}|iv|v)?")
_SHORTEST_NUMBER: Final = 3
_DENYING: Final = (Way.WITHOUT, Way.FREE_FROM)
#: What is "free" in another way, or begins a "free from".
_NOT_FREE_FROM: Final = frozenset(
    ["range", "roaming", "run", "grazing", "walking", "flowing", "choice", "lauf", "von", "from", "of"]
)
_CAN: Final = frozenset({"kann", "konnen", "konnte", "konnten"})
_BUT: Final = frozenset({"but", "aber", "jedoch", "mais", "ma", "pero", "with", "mit", "avec", "con"})


#: Longer texts are read anew each time.
_LONGEST_KEPT: Final = 4_000


@lru_cache(maxsize=1024)
def _kept(text: str) -> _Text:
    return _Text(text)


def _read(text: str) -> _Text:
    """The text, cut and judged. What is kept for the next time is a label's, nothing of a person."""
    return _kept(text) if len(text) <= _LONGEST_KEPT else _Text(text)
