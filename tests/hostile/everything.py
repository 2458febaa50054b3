"""A project with something of every kind in it, and a line for every command that there is."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from typing import Any

import click
from cli.shell import Host, Project, account
from faults.scenes import ORDER, buttons, personal, template

from wxdeploy.cli import group
from wxdeploy.cli.group import COMMANDS

OPENID = "o-somebody-who-follows-the-shop"
WANTED = {
    "tags": [{"name": "VIP"}, {"name": "新"}],
    "menu": buttons("甲", "乙"),
    "conditional_menus": [personal("贵", tag="VIP"), personal("果", client_platform_type="1")],
    "templates": {"order_paid": ORDER},
}
LIVE = {
    "tags": [{"name": "VIP", "id": 101}, {"name": "别人的", "id": 102}],
    "menu": buttons("旧"),
    "conditional_menus": [personal("北", tag="VIP")],
    "templates": [
        template("订单支付成功通知", "h", character_string1="订单编号", amount3="支付金额"),
        template("领取奖金提醒", "u", amount1="领奖金额"),
    ],
    "followers": {OPENID: {"tags": [101], "platform": "ios"}},
}

LINES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "init": (("init", "made"),),
    "validate": (("validate",),),
    "plan": (("plan",), ("plan", "--detailed-exitcode", "--out", "saved.json")),
    "apply": (("apply", "--yes", "--allow-delete"), ("apply", "saved.json", "--allow-delete")),
    "comment": (),  # these two speak to a platform and call no account: tests/pipelines
    "reviewed": (),
    "snapshot": (("snapshot",),),
    "rollback": (("rollback", "--yes", "--allow-delete"),),
    "preview": (("preview",), ("preview", "--at", "HEAD")),
    "diff": (("diff", "HEAD"),),
    "accounts": (),  # a platform's; held to the same with it
    "report": (
        ("plan", "--shard", "1/1", "--out", "shard.json"),
        *(("report", "merge", "shard.json", "--format", form) for form in ("text", "json", "markdown", "junit")),
    ),
    "match": (("match", "--tag", "VIP"), ("match", "--openid", OPENID)),
    "pull": (("pull", "--out", "-"), ("pull", "--out", "pulled", "--force")),
    "export": (("export",),),
    "send": (("send", "order_paid", "--openid", OPENID, "--sample", "--yes", "--again"),),
    "doctor": (("doctor",),),
    "user": (("user", OPENID),),
    "explain": (("explain", "40001"),),
    "schema": (("schema", "account"),),
    "probe": (),  # these two are for a callback and call no account: tests/callback
    "serve": (),
    "sandbox": (),  # a server; its options are held to their promises with the faults
}
"""Command -> lines that can be run one after the other in a project with everything in it."""


def formats(name: str) -> tuple[str, ...]:
    """The forms that a command can print, none where it has one only."""
    command = group.wxdeploy.get_command(click.Context(group.wxdeploy), name)
    assert command is not None
    for param in command.params:
        if "--format" in param.opts:
            assert isinstance(param.type, click.Choice)
            return tuple(map(str, param.type.choices))
    return ()


def lines() -> list[tuple[str, ...]]:
    """Every line in every form."""
    found = []
    for name in COMMANDS:
        for line in LINES.get(name, ()):
            found += [(*line, "--format", form) for form in formats(name)] or [line]
    return found


def remote(project: Project, host: Host, wanted: Any = None, live: Any = None) -> None:
    """The project's account on a real host, with something of everything; its one commit holds another menu."""
    project.accounts(account(api=host.url, secret="${env:SHOP_SECRET}"))
    project.write("menu.yaml", json.dumps({"menu": buttons("从前")}))
    for arguments in (("init", "-q"), ("add", "."), ("commit", "-q", "-m", "before")):
        git = ("git", "-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false", *arguments)
        subprocess.run(git, cwd=project.root, check=True, capture_output=True)
    project.write("menu.yaml", json.dumps(WANTED if wanted is None else wanted))
    host.live(**(LIVE if live is None else live))
