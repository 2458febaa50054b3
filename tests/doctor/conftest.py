from __future__ import annotations

import pytest
from cli.conftest import _server, host, hurry, nobody, project, run
from cli.shell import SECRET, Host, Project, account
from workflow.drill import menu

__all__ = ["_server", "host", "hurry", "nobody", "project", "run"]


@pytest.fixture
def remote(project: Project, host: Host, monkeypatch: pytest.MonkeyPatch) -> Host:
    """A shop on a host, whose menu is to become another."""
    project.accounts(account(api=host.url, secret="${env:SHOP_SECRET}"))
    project.want(menu("新"))
    host.live(menu=menu("旧"))
    monkeypatch.setenv("SHOP_SECRET", SECRET)
    return host
