"""What is wrong, where, why, and what to do."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from wxdeploy.model.jsonvalue import JsonValue, Path, format_path
from wxdeploy.model.source import Span

if TYPE_CHECKING:
    from wxdeploy.model.address import Address


class Severity(StrEnum):
    """How much a diagnostic weighs: an error stops the command, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class Diagnostic(NamedTuple):
    """One finding.

    ``summary`` names the rule in words that hold for every case of it; ``detail`` says what exactly and why it matters
    here, ``fix`` what to do. ``account`` is None where the finding holds whichever account reads the file, or for
    several of those that do, which are the ``accounts``. ``path`` is the place in the section's data, for programs.
    """

    code: str
    severity: Severity
    summary: str
    detail: str
    fix: str
    span: Span | None = None
    address: Address | None = None
    account: str | None = None
    path: Path = ()
    accounts: tuple[str, ...] = ()

    def to_json(self) -> dict[str, JsonValue]:
        """The public form of one finding (``schemas/v1/findings.schema.json``)."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "message": f"{self.summary}: {self.detail}" if self.detail else self.summary,
            "fix": self.fix,
            "file": self.span.file if self.span else None,
            "line": self.span.line if self.span else None,
            "column": self.span.column if self.span else None,
            "account": self.account,
            "path": format_path(self.path),
            **({"accounts": list(self.accounts)} if self.accounts else {}),
        }


def order_of(diagnostic: Diagnostic) -> tuple[str, int, int, str, str]:
    """Sort key: by place, then by code; those without a place last."""
    span = diagnostic.span or Span("\U0010ffff", 0, 0)
    return (span.file, span.line, span.column, diagnostic.code, diagnostic.detail)
