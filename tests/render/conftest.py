from __future__ import annotations

from cli.conftest import project, run

__all__ = ["project", "run"]
