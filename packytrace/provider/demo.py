"""The people of the demonstration: one for each role and brand, with passwords that nobody else's have.

Plain Python: also read by who prints the passwords and by who assigns the brands.
"""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Final
from uuid import NAMESPACE_DNS, UUID, uuid5

_CONSONANTS: Final = "bdfghjkmnprstvz"
_VOWELS: Final = "aeiou"
_WORDS: Final = 4
_SYLLABLES: Final = 2


@dataclass(frozen=True, kw_only=True)
class DemoPerson:
    """Somebody who can sign in at the embedded provider from its first start."""

    email: str
    name: str
    role: str
    brand: str | None = None
    """Slug of the brand that a brand user works for."""

    @property
    def subject(self) -> UUID:
        """The subject of this person's tokens: the same in every installation."""
        return uuid5(NAMESPACE_DNS, f"{self.email}.person.packytrace.example")

    def password(self, *, secret: str) -> str:
        """Four short words that can be said and typed, drawn from this installation's secret: 50 bits."""
        number = int.from_bytes(hmac.digest(secret.encode(), f"demo:{self.email}".encode(), hashlib.sha256))
        words = []
        for _word in range(_WORDS):
            word = ""
            for _syllable in range(_SYLLABLES):
                number, consonant = divmod(number, len(_CONSONANTS))
                number, vowel = divmod(number, len(_VOWELS))
                word += _CONSONANTS[consonant] + _VOWELS[vowel]
            words.append(word)
        return "-".join(words)


DEMO_PEOPLE: Final = (
    DemoPerson(email="sara@demo.example", name="Sara Moretti", role="consumer"),
    DemoPerson(email="luca@demo.example", name="Luca Moretti", role="consumer"),
    DemoPerson(email="heidi@demo.example", name="Heidi Brunner", role="brand_user", brand="alpenhof"),
    DemoPerson(email="marco@demo.example", name="Marco Vidal", role="brand_user", brand="campo-vivo"),
    DemoPerson(email="jonas@demo.example", name="Jonas Petersen", role="brand_user", brand="nordkorn"),
    DemoPerson(email="olga@demo.example", name="Olga Weiss", role="operator"),
)
