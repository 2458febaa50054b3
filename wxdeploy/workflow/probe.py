"""From the menus and replies of an account to a test of its callback."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from wxdeploy.callback.encryption import Cipher
from wxdeploy.callback.outbound import Outbound
from wxdeploy.callback.probe import AT_ONCE, PROBE_ACCOUNT, Case, Prober
from wxdeploy.callback.stimulus import Seal, Stimulus
from wxdeploy.kinds.buttons.spec import Menu, leaves
from wxdeploy.kinds.menu.wire import DEFAULT
from wxdeploy.model.diagnostic import Severity
from wxdeploy.model.errors import ConfigurationError, UsageError, WxdeployError
from wxdeploy.model.plan import Failure
from wxdeploy.model.probed import Probed
from wxdeploy.model.replies import Mode, Replies
from wxdeploy.model.resource import DesiredState
from wxdeploy.wechat.callback import AWAITED_EVENTS, KEYED_EVENTS, MESSAGES, SCENE_PREFIX, TAP_EVENTS, TIMEOUT_SECONDS
from wxdeploy.workflow.load import Configuration, Configured
from wxdeploy.workflow.serve import credentials_of
from wxdeploy.workflow.world import World

CONDITIONAL = "conditional_menu"
NO_KEYWORD = "wxdeploy probe"
"""A text that is not meant to be a keyword."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What is told on the command line of a test: the address in place of the declared one, and as whom."""

    url: str | None = None
    openid: str | None = None
    original_id: str | None = None


async def probe(configuration: Configuration, world: World, aim: Aim) -> tuple[Probed, ...]:
    """Test the callback of every chosen account that has one, one account after the other.

    Raises ``UsageError`` where none has, or several have and one address is given; ``ConfigurationError`` where the
    files or the environment are wrong.
    """
    chosen = [each for each in configuration.accounts if each.account.callback]
    if not chosen:
        raise UsageError(
            "no account has a callback",
            fix="write `callback: {url: …, token: ${env:WX_CB_TOKEN}}` into the entry of the account in wxdeploy.yaml",
        )
    if aim.url and len(chosen) > 1:
        names = ", ".join(each.account.name for each in chosen[:10])
        raise UsageError("one address is the callback of one account", fix=f"choose one with --account: {names}")
    broken = [found for each in chosen for found in each.findings if found.severity is Severity.ERROR]
    if broken:
        raise ConfigurationError(tuple(broken))
    return tuple([await _probed(each, world, aim) for each in chosen])


async def _probed(configured: Configured, world: World, aim: Aim) -> Probed:
    account = configured.account
    known = credentials_of(account, world.environ)
    url = aim.url or known.url
    blank = Probed(account=account.name, url=_shown(url), mode=known.mode)
    if not url:
        error = UsageError(f"the callback of {account.name} has no `url`", fix="add it, or give the address")
        return replace(blank, failure=Failure.of(error))
    assert known.token is not None  # noqa: S101 - it was looked at
    key = known.encoding_aes_key if known.mode != "plain" else None
    seal = Seal(token=known.token, mode=known.mode, cipher=Cipher(key, known.appid) if key else None)
    desired = configured.desired or DesiredState(account=account.name, resources={})
    try:
        concurrency = min(world.concurrency, AT_ONCE)
        async with Outbound(url, connections=concurrency, seconds=TIMEOUT_SECONDS) as outbound:
            prober = Prober(
                outbound=outbound,
                seal=seal,
                **({"openid": aim.openid} if aim.openid else {}),
                account=aim.original_id or PROBE_ACCOUNT,
                concurrency=concurrency,
                clock=lambda: world.now().timestamp(),
            )
            trials, findings = await prober.run(tuple(cases(desired)))
    except WxdeployError as error:
        return replace(blank, failure=Failure.of(error))
    return replace(blank, trials=trials, findings=findings)


def cases(desired: DesiredState) -> Iterator[Case]:
    """Everything that a follower of the account can do and the files know of; each once, a follower's life in order."""
    replies = desired.replies or Replies()
    yield Case(
        name="a new follower",
        stimulus=Stimulus.of_event("subscribe", EventKey=""),
        is_awaited=replies.subscribe is not None,
    )
    yield from _taps(desired.resources, replies)
    yield from _scenes(replies)
    yield from _texts(replies)
    for kind in MESSAGES:
        if kind != "text":
            yield Case(
                name=f"a message: {kind}",
                stimulus=Stimulus.of_message(kind),
                is_awaited=replies.to_message(kind) is not None,
            )
    yield Case(name="a follower goes", stimulus=Stimulus.of_event("unsubscribe", EventKey=""))


def _taps(resources: Mapping[str, tuple[Any, ...]], replies: Replies) -> Iterator[Case]:
    """The taps on all buttons of all menus, those that push the same event together."""
    buttons: dict[tuple[str, str], list[str]] = {}
    for where, menu in _menus(resources):
        for button in leaves(menu.button):
            event = TAP_EVENTS.get(button.type or "")
            if event is not None:
                name = "key" if event in KEYED_EVENTS else "pagepath" if event == TAP_EVENTS["miniprogram"] else "url"
                buttons.setdefault((event, str(button.fields.get(name, ""))), []).append(where + button.name)
    for (event, key), names in buttons.items():
        fields = {"EventKey": key} if event in KEYED_EVENTS else {"EventKey": key, "MenuId": "410418124"}
        yield Case(
            name=f"a tap on {', '.join(names)}",
            stimulus=Stimulus.of_event(event, **fields),
            buttons=tuple(names),
            is_awaited=event in AWAITED_EVENTS or (event in KEYED_EVENTS and replies.to_key(key) is not None),
        )
    sent = {key for event, key in buttons if event in KEYED_EVENTS}
    for key in replies.click:
        if key not in sent:
            yield Case(name=f"the key {key}", stimulus=Stimulus.of_event("CLICK", EventKey=key), is_awaited=True)


def _menus(resources: Mapping[str, tuple[Any, ...]]) -> Iterator[tuple[str, Menu]]:
    """The menus, each with what its buttons are called by in front of their names."""
    for each in resources.get(DEFAULT.kind, ()):
        yield "", each.spec
    for each in resources.get(CONDITIONAL, ()):
        yield f"{each.address.name}: ", each.spec.menu


def _scenes(replies: Replies) -> Iterator[Case]:
    for scene in replies.scan:
        for event, key in (("SCAN", scene), ("subscribe", SCENE_PREFIX + scene)):
            yield Case(
                name=f"the QR code {scene}, {'scanned' if event == 'SCAN' else 'followed by'}",
                stimulus=Stimulus.of_event(event, EventKey=key, Ticket="wxdeploy-probe"),
                is_awaited=True,
            )


def _texts(replies: Replies) -> Iterator[Case]:
    for keyword in replies.keywords:
        how = "a text that is" if keyword.mode is Mode.EQUAL else "a text with"
        stimulus = Stimulus.of_message("text", Content=keyword.match)
        yield Case(name=f"{how} {keyword.match}", stimulus=stimulus, is_awaited=True)
    yield Case(
        name="any other text",
        stimulus=Stimulus.of_message("text", Content=NO_KEYWORD),
        is_awaited=replies.to_text(NO_KEYWORD) is not None,
    )


def _shown(url: str) -> str:
    """The address without a password and its query, which may hold what is nobody else's business."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return ""
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
