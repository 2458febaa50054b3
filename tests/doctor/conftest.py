from __future__ import annotations

from cli.conftest import _server, host, hurry, nobody, project, run

__all__ = ["_server", "host", "hurry", "nobody", "project", "run"]
