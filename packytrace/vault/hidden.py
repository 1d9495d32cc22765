"""What must not be shown by accident: in a log, in a traceback, in a debugger's list, in a pickle."""

from typing import NoReturn


class Hidden:
    """Says its type and nothing else; cannot be pickled or copied, and so gets into no cache and no queue."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: not shown>"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError(f"A {type(self).__name__} stays in the process that opened it.")


class Plain(Hidden):
    """A value as it was before it was sealed."""

    __slots__ = ("_value",)

    def __init__(self, value: bytes) -> None:
        self._value = value

    def reveal(self) -> bytes:
        """The value itself. From here on it is the caller who keeps it out of logs and messages."""
        return self._value


class DataKey(Hidden):
    """The key of one person: 256 random bits for AES, and a random id that tells one key from another.

    The id is no secret: it stands in everything that the key has sealed.
    """

    __slots__ = ("_secret", "id")

    def __init__(self, *, key_id: bytes, secret: bytes) -> None:
        self.id = key_id
        self._secret = secret

    def reveal(self) -> bytes:
        """The 32 bytes for the cipher."""
        return self._secret
