"""How passwords are kept: Argon2id, as RFC 9106 and OWASP recommend it."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PasswordHasher(Argon2PasswordHasher):
    """19 MiB and two passes in one lane: the second of OWASP's equal choices, kind to a small machine."""

    time_cost = 2
    memory_cost = 19456
    parallelism = 1
