"""Descriptions as comments."""

import textwrap

WIDTH = 100

NOTICE = "Generated from contracts/jsonschema by `python -m contracts.generate`. Do not edit."


def wrapped(text: str, *, prefix: str) -> list[str]:
    """The text in lines that start with a prefix and stay within the width of our code."""
    return textwrap.wrap(
        text,
        width=WIDTH,
        initial_indent=prefix,
        subsequent_indent=prefix,
        break_long_words=False,
        break_on_hyphens=False,
    )
