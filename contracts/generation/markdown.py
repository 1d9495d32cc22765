"""The reference of all facts, field by field, as a page of the documentation includes it."""

from collections.abc import Iterator

from contracts.generation.prose import NOTICE
from contracts.registry import Contract, Document, contracts

PATH = "markdown/facts.md"

_FORMATS = {"uuid": "UUID", "date-time": "date and time", "date": "date"}


def render() -> str:
    """One section a fact: what it tells, where it travels, and its fields."""
    lines = [f"<!-- {NOTICE} -->"]
    for contract in contracts().values():
        lines += _section(contract)
    return "\n".join(lines) + "\n"


def _section(contract: Contract) -> Iterator[str]:
    topics = ", ".join(f"`{topic}`" for topic in contract.topics)
    yield from ("", f"### {contract.name}", "", contract.document["description"], "")
    yield f"On {topics} ({contract.side}), keyed by `{contract.subject_field}`."
    yield from ("", "| field | value | meaning |", "|---|---|---|")
    yield from _rows(contract.document, within="")


def _rows(schema: Document, *, within: str) -> Iterator[str]:
    for name, field in schema["properties"].items():
        optional = "" if name in schema["required"] else ", optional"
        yield f"| `{within}{name}` | {_value(field)}{optional} | {field['description']} |"
        inner = field.get("items", field)
        if "properties" in inner:
            yield from _rows(inner, within=f"{within}{name}[].")


def _value(field: Document) -> str:
    """What a field holds, in words."""
    kinds = field["type"] if isinstance(field["type"], list) else [field["type"]]
    if "array" in kinds:
        return (
            f"list of: {_value(field['items'])}" if "properties" not in field["items"] else "list of objects"
        )
    if values := field.get("enum"):
        said = " or ".join(f"`{value}`" for value in values)
    elif values := field.get("x-extensible-enum"):
        said = " or ".join(f"`{value}`" for value in values) + ", more to come"
    elif "format" in field:
        said = _FORMATS[field["format"]]
    else:
        said = "text" if "string" in kinds else next(kind for kind in kinds if kind != "null")
    return said + _limits(field) + (" or null" if "null" in kinds else "")


def _limits(field: Document) -> str:
    match field.get("minimum"), field.get("maximum"):
        case None, None:
            return ""
        case lowest, None:
            return f", {lowest} or more"
        case lowest, highest:
            return f", {lowest} to {highest}"
