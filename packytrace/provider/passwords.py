"""How passwords are kept: Argon2id, as RFC 9106 and OWASP recommend it."""

from django.contrib.auth.hashers import Argon2PasswordHasher

from packytrace.openid.passwords import normalized


class PasswordHasher(Argon2PasswordHasher):
    """19 MiB and two passes in one lane: the second of OWASP's equal choices, kind to a small machine.

    The same password is the same on every keyboard: it is normalized first (NIST SP 800-63B-4, 3.1.1.2).
    """

    time_cost = 2
    memory_cost = 19456
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        encoded: str = super().encode(normalized(password), salt)
        return encoded

    def verify(self, password: str, encoded: str) -> bool:
        return bool(super().verify(normalized(password), encoded))
