"""Errors of the contracts. None carries a value of a payload: payloads hold references to people."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Violation:
    """One rule of a schema that a message breaks."""

    path: str
    """Where, as a JSONPath (RFC 9535) such as `$.cells[2].people`."""
    rule: str
    """The rule, in the schema's own words: `required: gtin`, `minimum: 5`."""

    def __str__(self) -> str:
        return f"{self.path}: {self.rule}"


class ContractError(Exception):
    """A message and the contracts do not fit together."""


class UnknownFact(ContractError):
    """There is no schema for a fact of this name and version."""

    def __init__(self, *, fact: str, version: int) -> None:
        self.fact = fact
        self.version = version
        super().__init__(
            f"No contract is called {fact} v{version}: add its schema under contracts/jsonschema/events/."
        )


class MessageRefused(ContractError):
    """A message breaks its schema: says which rules and where, never which values."""

    def __init__(self, *, schema: str, violations: tuple[Violation, ...]) -> None:
        self.schema = schema
        self.violations = violations
        super().__init__(
            f"{schema} refuses the message: " + "; ".join(str(violation) for violation in violations)
        )
