"""Bodies that no endpoint of the API reads."""

from typing import Final

from packytrace.edge.api import DEEPEST


def nested(levels: int) -> str:
    """Lists in lists."""
    return "[" * levels + "]" * levels


#: Each with the code of its refusal.
BAD_BODIES: Final = (
    (b"{", "bad_body"),
    (b'{"a": NaN}', "bad_body"),
    (b'{"a": Infinity}', "bad_body"),
    (b"{'a': 1}", "bad_body"),
    (b'{"a": "\xff"}', "bad_body"),
    (b'{"a": "\xed\xa0\x80"}', "bad_body"),
    (b"\xef\xbb\xbf{}", "bad_body"),
    (b'{"a": "\\u0000"}', "bad_body"),
    (b'{"a\\u0000": 1}', "bad_body"),
    (b'[[{"a": ["\\u0000"]}]]', "bad_body"),
    (b'{"a": "\\ud800"}', "bad_body"),
    (nested(DEEPEST + 1).encode(), "too_deep"),
    (nested(1000).encode(), "too_deep"),
    (nested(30_000).encode(), "bad_body"),
    (b'{"a":' * 9000 + b"1" + b"}" * 9000, "bad_body"),
)
