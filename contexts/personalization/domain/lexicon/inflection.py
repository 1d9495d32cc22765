"""Singulars and plurals, simply: enough to know a word again, not to write it well."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

_VOWELS: Final = frozenset("aeiou")


def _english(word: str) -> set[str]:
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return {word[:-1] + "ies"}
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return {word + "es"}
    return {word + "s", word + "es"} if word.endswith("o") else {word + "s"}


def _german(word: str) -> set[str]:
    return {word + ending for ending in ("n", "en", "e", "s", "es")} if len(word) >= 4 else set()


def _french(word: str) -> set[str]:
    return {word + "x"} if word.endswith(("eau", "eu")) else {word + "s"}


def _italian(word: str) -> set[str]:
    if word.endswith(("co", "go")):
        return {word[:-1] + "hi", word[:-1] + "i"}
    if word.endswith(("ca", "ga")):
        return {word[:-1] + "he"}
    if word.endswith(("cia", "gia")):
        return {word[:-2] + "e", word[:-1] + "e"}
    if word.endswith("io"):
        return {word[:-1]}
    if word.endswith("a"):
        return {word[:-1] + "e"}
    return {word[:-1] + "i"} if word.endswith(("o", "e")) else set()


def _spanish(word: str) -> set[str]:
    if word.endswith("z"):
        return {word[:-1] + "ces"}
    return {word + "s"} if word[-1:] in _VOWELS else {word + "es"}


PLURALS: Final[Mapping[str, Callable[[str], set[str]]]] = {
    "de": _german,
    "en": _english,
    "es": _spanish,
    "fr": _french,
    "it": _italian,
}
"""The plurals that a word in lower case and without accents may have, by language. Total."""


#: Endings of plurals and what singulars have instead, by the last letter.
_ENDINGS: Final[Mapping[str, Sequence[tuple[str, str]]]] = {
    "s": (("ies", "y"), ("ces", "z"), ("es", ""), ("s", "")),
    "n": (("en", ""), ("n", "")),
    "x": (("x", ""),),
    "e": (("che", "ca"), ("ghe", "ga"), ("e", ""), ("e", "a")),
    "i": (("chi", "co"), ("ghi", "go"), ("i", "o"), ("i", "e"), ("i", "io")),
}


_IRREGULAR: Final[Mapping[str, str]] = {
    "uova": "uovo",
    "eier": "ei",
    "eiern": "ei",
    "huhner": "huhn",
    "rinder": "rind",
    "kalber": "kalb",
    "lammer": "lamm",
    "krauter": "kraut",
    "geese": "goose",
    "leaves": "leaf",
    "loaves": "loaf",
}


def singulars(word: str) -> set[str]:
    """What a word in lower case and without accents may be the plural of, in any of the languages. Total."""
    irregular = {_IRREGULAR[word]} if word in _IRREGULAR else set()
    return irregular | {
        word.removesuffix(ending) + instead
        for ending, instead in _ENDINGS.get(word[-1:], ())
        if word.endswith(ending) and len(word) - len(ending) >= 3
    }
