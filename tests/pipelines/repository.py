"""A repository with one project in it, as a pipeline finds it checked out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.repository import git
from cli.shell import APPID, SECRET, Host, Project, account

SECOND = "wx0000000000000002"
SECRETS = {"WX_PROD_SECRET": SECRET}


@dataclass
class Repository:
    """A checkout on the branch ``change``; ``origin/main`` is where it left the main branch."""

    project: Project
    host: Host

    @classmethod
    def at(cls, project: Project, host: Host, menu: Any) -> Repository:
        """A repository whose main branch asks for that menu, of an account that has it."""
        made = cls(project, host)
        project.accounts(account(api=host.url, secret="${env:WX_PROD_SECRET}"))
        project.write(".gitignore", ".wxdeploy/\n")
        host.live(menu=menu)
        made.git("init", "-q", "-b", "main")
        made.commit(menu)
        made.git("update-ref", "refs/remotes/origin/main", "HEAD")
        made.git("checkout", "-q", "-b", "change")
        return made

    def second(self) -> None:
        """A second account of the same menu."""
        host, secret = self.host.url, "${env:WX_PROD_SECRET}"
        both = (
            account(name, appid=appid, api=host, secret=secret) for name, appid in (("shop", APPID), ("second", SECOND))
        )
        self.project.accounts(*both)

    @property
    def root(self) -> Path:
        return self.project.root

    def git(self, *arguments: str) -> str:
        return git(self.root, *arguments)

    def commit(self, menu: Any) -> str:
        """Commit a menu; gives the hash."""
        self.project.write("menu.yaml", menu if isinstance(menu, str) else json.dumps({"menu": menu}))
        self.git("add", ".")
        self.git("commit", "-q", "-m", "change the menu")
        return self.git("rev-parse", "HEAD")

    def merge(self) -> str:
        """Squash what the branch holds onto main, as a platform does; gives the hash."""
        self.git("checkout", "-q", "main")
        self.git("merge", "--squash", "-q", "change")
        self.git("commit", "-q", "-m", "change the menu (!5)")
        self.git("update-ref", "refs/remotes/origin/main", "HEAD")
        return self.git("rev-parse", "HEAD")
