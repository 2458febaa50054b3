"""Every example is tapped through without a phone: plan, apply, tap, reply; each button of each audience.

The sandbox pushes, signed and encrypted, to the callback that is served from the same project. An example without
``replies`` is given one to every key of its live menus.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest
import yaml
from examples.test_examples import EXAMPLES, NAMES, accounts, take_what_was_pulled

from wxdeploy.callback import app_from
from wxdeploy.model.replies import Replies, reply_document
from wxdeploy.sandbox.app import create_app
from wxdeploy.sandbox.receivers import Receiver
from wxdeploy.sandbox.store import Store
from wxdeploy.wechat.callback import KEYED_EVENTS, TAP_EVENTS
from wxdeploy.workflow.serve import sites

TOKEN, KEY = "tOken123", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
CALLBACK = {
    "url": "https://cb.example.com",
    "token": "${env:WX_TAPS_TOKEN}",
    "encoding_aes_key": "${env:WX_TAPS_KEY}",
    "mode": "secure",
}
Program = Callable[..., Any]
Say = Callable[..., Mapping[str, Any]]


@pytest.fixture(params=NAMES)
def example(request: pytest.FixtureRequest, tmp_path: Path, program: Program, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of an example, applied to the sandbox in it, with replies and a callback."""
    folder = tmp_path / request.param
    shutil.copytree(EXAMPLES / request.param, folder, ignore=shutil.ignore_patterns(".wxdeploy"))
    monkeypatch.setenv("WX_TAPS_TOKEN", TOKEN)
    monkeypatch.setenv("WX_TAPS_KEY", KEY)
    applied = program("-C", folder, "apply", "--yes")
    assert applied.exit == 0, applied.err
    if not any("\nreplies:" in path.read_text("utf-8") for path in folder.rglob("*.yaml")):
        assert program("-C", folder, "pull").exit == 0
        take_what_was_pulled(folder)
        with closing(Store(folder / ".wxdeploy" / "sandbox.sqlite3")) as store:
            for name, account in accounts(folder).items():
                click = {key: {"text": f"answers {key}"} for key in keys(store, account["appid"])}
                if click:
                    text = yaml.safe_dump({"replies": {"click": click}}, allow_unicode=True)
                    (folder / name / "replies.yaml").write_text(text, "utf-8")
    with_callback(folder)
    validated = program("-C", folder, "validate")
    assert validated.exit == 0, validated.out
    return folder


def with_callback(folder: Path) -> None:
    path = folder / "wxdeploy.yaml"
    project = yaml.safe_load(path.read_text("utf-8"))
    project["defaults"] = {**(project.get("defaults") or {}), "callback": CALLBACK}
    path.write_text(yaml.safe_dump(project, allow_unicode=True), "utf-8")


def menus(store: Store, appid: str) -> list[tuple[dict[str, Any], list[Any]]]:
    """Each live menu of the account: a rule that gives it to a follower, and its buttons."""
    with store.transaction() as state:
        default = state.menu(appid)
        conditional = [(menu.matchrule, menu.buttons) for menu in state.conditional_menus(appid)]
    return [*conditional, *([({}, default.buttons)] if default else [])]


def leaves(buttons: list[Any]) -> Iterator[tuple[list[int], dict[str, Any]]]:
    for first, button in enumerate(buttons):
        children = button.get("sub_button") or []
        if not children:
            yield [first], button
        for second, child in enumerate(children):
            yield [first, second], child


def keys(store: Store, appid: str) -> set[str]:
    found = [button for _, buttons in menus(store, appid) for _, button in leaves(buttons)]
    return {each["key"] for each in found if TAP_EVENTS.get(each["type"]) in KEYED_EVENTS}


def follow(store: Store, appid: str, openid: str, rule: Mapping[str, Any]) -> None:
    with store.transaction() as state:
        state.add_follower(appid, openid, rule.get("client_platform_type"), 1_700_000_000)
        if "group_id" in rule:
            state.give_tag(appid, openid, int(rule["group_id"]))


def test_every_button_of_every_audience_is_answered(example: Path) -> None:
    """Each tap is on the button that it was meant for, and brings the reply that is declared for its key."""
    named = {name: account["appid"] for name, account in accounts(example).items()}
    declared = {site.account: site.replies for site in sites(example, os.environ)}
    with closing(Store(example / ".wxdeploy" / "sandbox.sqlite3")) as store, asyncio.Runner() as runner:
        told = runner.run(tapped(example, store, named))
    assert told
    wrong = [
        (name, place, button["name"], each)
        for name, place, button, each in told
        if found(each) != expected(button, declared[name])
    ]
    assert wrong == []


Answer: TypeAlias = tuple[str, str | None, dict[str, Any] | None]
"""What became of a tap, the ``EventKey`` that was pushed, and the reply as it is written in files."""


def found(told: Mapping[str, Any]) -> Answer:
    pushed, reply = told["pushed"], told["reply"]
    return told["outcome"], pushed and pushed["EventKey"], reply and written(reply)


def written(reply: Mapping[str, Any]) -> dict[str, Any]:
    kind = reply["MsgType"]
    if kind == "text":
        return {kind: reply["Content"]}
    if kind == "news":
        item = reply["Articles"]["item"]
        return {
            kind: [{name.lower(): item[name] for name in ("Title", "Description", "PicUrl", "Url") if name in item}]
        }
    return {kind: {"media_id": reply[kind.capitalize()]["MediaId"]}}


def expected(button: Mapping[str, Any], declared: Replies) -> Answer:
    event = TAP_EVENTS.get(button["type"])
    if event is None:
        return "nothing pushed", None, None
    key = button["key" if event in KEYED_EVENTS else "pagepath" if event == TAP_EVENTS["miniprogram"] else "url"]
    reply = declared.to_key(key) if event in KEYED_EVENTS else None
    if reply is None:
        assert event not in KEYED_EVENTS or key in declared.handled_elsewhere, f"{key} is answered by nothing"
        return "silent", key, None
    return "replied", key, reply_document(reply)


async def tapped(
    example: Path, store: Store, named: Mapping[str, str]
) -> list[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    """What became of a tap on every button of every menu: account, place, button, answer of the phone."""
    callback = app_from(example)
    receivers = {
        appid: Receiver(url=f"https://cb.example.com/{name}", token=TOKEN, encoding_aes_key=KEY, mode="secure")
        for name, appid in named.items()
    }
    phones = create_app(store, receivers=receivers, transport=httpx.ASGITransport(callback))
    told = []
    async with (
        callback.router.lifespan_context(callback),
        httpx.AsyncClient(transport=httpx.ASGITransport(phones), base_url="http://127.0.0.1") as client,
    ):
        for name, appid in named.items():
            for number, (rule, buttons) in enumerate(menus(store, appid)):
                openid = f"oTaps{number}"
                follow(store, appid, openid, rule)
                for place, button in leaves(buttons):
                    body = {"appid": appid, "openid": openid, "button": place}
                    response = await client.post("/sandbox/tap", content=json.dumps(body))
                    assert response.status_code == 200, response.text
                    told.append((name, f"{rule} {place}", button, response.json()))
    return told
