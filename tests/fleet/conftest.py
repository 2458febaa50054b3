from __future__ import annotations

from cli.conftest import _server, host, hurry, project, run

__all__ = ["_server", "host", "hurry", "project", "run"]
