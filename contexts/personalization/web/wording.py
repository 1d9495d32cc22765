"""The words of a verdict for pages and API; commands have the same."""

from contexts.personalization.application.wording import (
    evidence_lines,
    evidence_text,
    missing_text,
    name,
    reason_text,
)

__all__ = ["evidence_lines", "evidence_text", "missing_text", "name", "reason_text"]
