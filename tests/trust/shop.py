"""A project with tags and menus, and the command line to drive it by."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.shell import Project, Ran
from workflow.drill import APPID, button, menu

Run = Callable[..., Ran]

BEFORE = {"menu": menu("旧一", "旧二"), "tags": ["普通"]}


def files(*, tags: list[Any] | None = None, default: Any = None, personalised: list[Any] | None = None) -> str:
    """The text of a resource file: JSON is YAML."""
    sections = {"tags": tags, "menu": default, "conditional_menus": personalised}
    return json.dumps({key: value for key, value in sections.items() if value is not None}, ensure_ascii=False)


def vip(name: str = "贵宾") -> dict[str, Any]:
    """A personalised menu for whoever has the tag VIP."""
    return {"name": "vip", "matchrule": {"tag": "VIP"}, "button": [button(name)]}


ALL = files(tags=[{"name": "VIP"}, {"name": "北京"}], default=menu("首页"), personalised=[vip()])
"""What takes four calls: two tags, the menu, a personalised one that needs the id of a tag made before it."""

TAG, CREATE, ADD = "/cgi-bin/tags/create", "/cgi-bin/menu/create", "/cgi-bin/menu/addconditional"


def wants(project: Project, text: str = ALL) -> None:
    project.write("menu.yaml", text)


def plan_of(project: Project, name: str = "plan.json") -> dict[str, Any]:
    found = json.loads((project.root / name).read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def account_of(report: Ran) -> dict[str, Any]:
    """The only account of a report."""
    (account,) = report.json["accounts"]
    assert isinstance(account, dict)
    return account


@dataclass(frozen=True)
class Sealed:
    """A saved plan that is changed and sealed again, as somebody would who knows how."""

    path: Path

    def change(self, edit: Callable[[dict[str, Any]], None], *, seal: bool = True) -> None:
        from wxdeploy.model.jsonvalue import digest

        document = json.loads(self.path.read_text("utf-8"))
        edit(document)
        if seal:
            document.pop("digest")
            document["digest"] = digest(document)
        self.path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")


__all__ = ["ADD", "ALL", "APPID", "BEFORE", "CREATE", "TAG", "Sealed", "account_of", "files", "plan_of", "vip", "wants"]
