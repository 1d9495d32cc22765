"""What a password must be, wherever somebody chooses one: NIST SP 800-63B-4, 3.1.1.2.

At least 15 characters, for a password may be somebody's only factor; each code point counts as one; spaces
and all of Unicode are welcome; nothing is asked for but length, and nothing expires. Refused is what is on
the list of common passwords, what repeats itself, and what anybody would try first for this person.
"""

import unicodedata
from types import SimpleNamespace
from typing import Any, Final

from django.contrib.auth.password_validation import (
    MinimumLengthValidator,
    get_password_validators,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from packytrace.openid.errors import PasswordRefused

LEAST_CHARACTERS: Final = 15

#: Django's AUTH_PASSWORD_VALIDATORS. The list of 20,000 common passwords is Django's own.
VALIDATORS: Final[list[dict[str, Any]]] = [
    {
        "NAME": "packytrace.openid.passwords.LongEnoughValidator",
        "OPTIONS": {"min_length": LEAST_CHARACTERS},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "packytrace.openid.passwords.NotARepetitionValidator"},
    {"NAME": "packytrace.openid.passwords.NotThePersonValidator"},
]


class LongEnoughValidator(MinimumLengthValidator):
    """Django's, in words of our own: Django's have no translation in some of our languages."""

    def get_error_message(self) -> str:
        """Why a password is refused."""
        return _("This password is too short. It must contain at least %(number)s characters.") % {
            "number": self.min_length
        }

    def get_help_text(self) -> str:
        """What to choose."""
        return _("Your password contains at least %(number)s characters.") % {"number": self.min_length}


class NotARepetitionValidator:
    """What is repeated counts once: fifteen times the same letter is one letter."""

    def validate(self, password: str, _user: Any = None) -> None:
        """Raises ValidationError."""
        # A text that is a piece several times over is found inside its own double, a piece further on.
        piece = (password + password).find(password, 1)
        if 0 < piece < min(len(password), LEAST_CHARACTERS):
            raise ValidationError(
                _("The password repeats the same few characters."), code="password_is_a_repetition"
            )

    def get_help_text(self) -> str:
        """What to choose."""
        return _("Your password does not repeat the same few characters.")


class NotThePersonValidator:
    """Refuses the person's own address or name, also written several times over."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError."""
        typed = normalized(password).casefold()
        for known in (getattr(user, "email", ""), getattr(user, "name", "")):
            own = normalized(known or "").casefold()
            if own and typed.replace(own, "").strip() == "":
                raise ValidationError(
                    _("The password is your own address or name: anybody would try that first."),
                    code="password_is_the_person",
                )

    def get_help_text(self) -> str:
        """What to choose."""
        return _("Your password is neither your address nor your name.")


def normalized(password: str) -> str:
    """The same text however a keyboard composes it (NFKC, as NIST SP 800-63B-4 recommends)."""
    return unicodedata.normalize("NFKC", password)


def check_password(*, password: str, email: str, name: str) -> None:
    """Raises PasswordRefused, which says what to change. Knows nothing of who has an account."""
    person: Any = SimpleNamespace(email=email, name=name)
    try:
        validate_password(password, user=person, password_validators=get_password_validators(VALIDATORS))
    except ValidationError as error:
        raise PasswordRefused(" ".join(error.messages)) from error
