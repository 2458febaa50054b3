"""Names that would be obeyed by a terminal, a page or a pipeline are text in whatever form a command prints."""

from __future__ import annotations

import ast
import json
import re
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from cli.shell import Host, Project, Ran
from faults.scenes import click, template
from hostile.everything import OPENID, WANTED, formats, lines, remote

from wxdeploy.cli.group import COMMANDS

Run = Callable[..., Ran]
pytestmark = pytest.mark.usefixtures("hurry")

NAMES = {
    "what a terminal or a pipeline obeys": "\x1b[2J\x1b]0;pwned\x07\x9b31m\r\n::error::pwned\n##vso[task]\na\x00b",
    "marks of pages": "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&](https://evil.example) **b** `c` | "
    "@everyone #1 ~~~ --></style></title>]]></script>*/ {{x}} ${env:HOME}",
    "what has no shape or another direction": "\u202egnp.exe\u2066\u2067\u2069\u200fa\u200bb\u2060c\ufeffd\u00ade",
    "half a character": "\ud83d",
    "code": '"""); __import__("os").system("x") #=cmd|\'/c calc\'!A0',
}
JOINERS = frozenset("\u200d\ufe0f")


def check(form: str, text: str, line: Any) -> None:
    allowed = frozenset("\n") if form not in ("html", "svg") else frozenset("\n\t")
    raw = {sign for sign in text if unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") and sign not in allowed}
    assert not raw, f"{line}: {raw!r}"
    if form in ("json", "sarif", "gitlab"):
        json.loads(text or "{}")
    if form not in ("python", "typescript", "dotenv", "markdown"):
        hidden = {sign for sign in text if unicodedata.category(sign) == "Cf" and sign not in JOINERS}
        assert not hidden, f"{line}: {hidden!r}"
    if form in ("html", "svg", "markdown"):
        assert not re.search(r"<script>alert|<img src=x", text), line
    if form == "markdown":
        prose = re.sub(r"<code>[^<]*</code>", "", text)  # in code nobody is called and nothing is a link
        assert not re.search(r"\]\(https://evil|@everyone", prose), line
    assert not re.search(r"^\s*(::error::pwned|##vso)", text, re.MULTILINE), line
    if form == "python":
        calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
        assert not any(isinstance(each.func, ast.Name) and each.func.id == "__import__" for each in calls)


def form_of(line: tuple[str, ...]) -> str:
    if "--format" in line:
        return line[line.index("--format") + 1]
    return "text"


def run_all(run: Run, *, codes: frozenset[int]) -> None:
    for line in lines():
        ran = run(*line)
        assert ran.code in codes, f"{line}: {ran.code} {ran.out} {ran.err}"
        check(form_of(line), ran.out, line)
        check("text", ran.err, line)


@pytest.mark.parametrize("name", NAMES)
def test_names_that_an_account_holds_are_shown_and_not_obeyed(
    project: Project, host: Host, run: Run, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = NAMES[name]
    stored = text.encode("utf-8", "replace").decode() if name == "half a character" else text
    live = {
        "tags": [{"name": "VIP", "id": 101}, {"name": f"t{stored}", "id": 102}],
        "menu": {"button": [click(stored), {"name": f"m{stored}", "sub_button": [click(f"s{stored}")]}]},
        "conditional_menus": [{"matchrule": {"tag": f"t{stored}"}, "button": [click(f"c{stored}")]}],
        "templates": [
            template("订单支付成功通知", "h", character_string1="订单编号", amount3="支付金额"),
            template(f"x{stored}".replace("{{", "").replace("\n", " "), "u", amount1="领奖金额"),
        ],
        "followers": {OPENID: {"tags": [102, 101], "platform": "ios"}},
    }
    monkeypatch.setenv("SHOP_SECRET", "a secret of some length")
    remote(project, host, live=live)
    host.line.app = _loose(host)
    run_all(run, codes=frozenset({0, 1, 2, 4, 5}))


def _loose(host: Host) -> Any:
    """The host takes any secret, and follows its account's names whatever they are."""
    from wxdeploy.sandbox.app import create_app

    return create_app(host.store)


@pytest.mark.parametrize("name", NAMES)
def test_names_in_the_files_are_shown_and_not_obeyed(
    project: Project, host: Host, run: Run, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = NAMES[name]
    wanted = json.loads(json.dumps(WANTED))
    wanted["tags"].append({"name": f"t{text}"})
    wanted["menu"]["button"][0]["name"] = text
    wanted["conditional_menus"][0]["name"] = f"c{text}"
    wanted["templates"]["order_paid"]["title"] = f"x{text}"
    wanted["templates"][f"n{text}"] = dict(wanted["templates"]["order_paid"])
    wanted[f"k{text}"] = 1
    monkeypatch.setenv("SHOP_SECRET", "a secret of some length")
    remote(project, host, wanted=wanted)
    host.line.app = _loose(host)
    run_all(run, codes=frozenset({0, 1, 3, 4, 64}))
    # and where the names are all that is odd about the files
    del wanted[f"k{text}"], wanted["templates"][f"n{text}"], wanted["conditional_menus"][0]["name"]
    project.write("menu.yaml", json.dumps(wanted))
    run_all(run, codes=frozenset({0, 1, 2, 3, 4, 5, 64}))


def test_every_form_of_every_command_is_among_the_lines() -> None:
    shown = {(line[0], form_of(line)) for line in lines()}
    for name in COMMANDS:
        if name in {line[0] for line in lines()}:
            assert {(name, form) for form in formats(name)} <= shown
