"""Tokens of a third-party platform, on the sandbox: the new refresh token is handed over first, and kept nowhere here."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from workflow.drill import Fault, Line

from wxdeploy.client.account import AccountClient
from wxdeploy.client.cache import Kept, TokenCache
from wxdeploy.client.http import Http
from wxdeploy.client.platform import AuthorizerToken
from wxdeploy.client.program import Place
from wxdeploy.client.sources import Means
from wxdeploy.model.credential import Authorizer, TokenCommand, TokenOrigin
from wxdeploy.model.errors import ApiError, CredentialError, WxdeployError
from wxdeploy.model.secret import Secret
from wxdeploy.sandbox.app import create_app
from wxdeploy.sandbox.store import Store

PLATFORM = "wx1a2b3c4d5e6f7081"
APPID = "wx0000000000000001"
FIRST = "refreshtoken@@@the-first-one"
AUTHORIZER_TOKEN = "/cgi-bin/component/api_authorizer_token"
TAGS = "/cgi-bin/tags/get"


async def no_pause(_: float) -> None:
    return None


@dataclass
class Agency:
    """A platform with one account that authorised it, and the program that keeps its refresh token."""

    folder: Path
    store: Store = field(default_factory=Store)
    cached: bool = False

    def __post_init__(self) -> None:
        self.line = Line(create_app(self.store))
        self.program("keep.sh", 'cat >>kept; echo "$WX_APPID" >>whose')
        self.component = asyncio.run(self._component())

    async def _component(self) -> str:
        body = {"component_appid": PLATFORM, "component_appsecret": "s", "component_verify_ticket": "t"}
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=self.line), base_url="http://sandbox") as client:
            answer = await client.post("/cgi-bin/component/api_component_token", content=json.dumps(body))
        self.line.seen.clear()
        return str(answer.json()["component_access_token"])

    def program(self, name: str, text: str) -> None:
        (self.folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (self.folder / name).chmod(0o700)

    def kept(self) -> list[str]:
        place = self.folder / "kept"
        return place.read_text().splitlines() if place.exists() else []

    @contextlib.asynccontextmanager
    async def client(self, origin: TokenOrigin | None = None, refresh: str = FIRST) -> AsyncIterator[AccountClient]:
        authorizer = Authorizer(
            component_appid=PLATFORM,
            component_access_token=origin or Secret(self.component),
            refresh_token=Secret(refresh),
            on_refresh=("./keep.sh",),
        )
        environ = {"PATH": "/usr/bin:/bin", "WX_APPID": APPID}
        means = Means(place=Place(folder=self.folder, environ=environ), pause=no_pause)
        kept = Kept(TokenCache(self.folder / "cache"), APPID, f" for {PLATFORM}") if self.cached else None
        async with Http("http://127.0.0.1", read_only=True, app=self.line) as http:
            yield AccountClient(http, AuthorizerToken(APPID, authorizer, means, kept), pause=no_pause)

    def call(self, origin: TokenOrigin | None = None, refresh: str = FIRST, times: int = 1) -> None:
        async def calls() -> None:
            async with self.client(origin, refresh) as client:
                await asyncio.gather(*(client.call("tag.get") for _ in range(times)))

        asyncio.run(calls())

    def fails(self, origin: TokenOrigin | None = None, refresh: str = FIRST) -> Any:
        with pytest.raises(WxdeployError) as caught:
            self.call(origin, refresh)
        shown = f"{caught.value!r} {vars(caught.value)}"
        assert caught.value.__context__ is None
        assert not [each for each in (self.component, FIRST, *self.kept(), refresh) if each in shown]
        return caught.value

    def paths(self) -> list[str]:
        return [path for path, _, _ in self.line.seen]


@pytest.fixture
def agency(tmp_path: Path) -> Iterator[Agency]:
    made = Agency(tmp_path)
    yield made
    made.store.close()


def test_the_new_refresh_token_is_handed_over_and_the_account_called(agency: Agency) -> None:
    agency.call(times=5)
    assert agency.paths() == [AUTHORIZER_TOKEN] + [TAGS] * 5
    (kept,) = agency.kept()
    assert kept.startswith("refreshtoken@@@")
    assert kept != FIRST
    assert (agency.folder / "whose").read_text() == f"{APPID}\n"
    agency.call(refresh=kept)  # with what was handed over, the next run goes on
    assert len(agency.kept()) == 2


def test_an_unchanged_refresh_token_is_not_handed_over(agency: Agency) -> None:
    agency.line.faults.append(Fault(AUTHORIZER_TOKEN, lambda answer: {**answer, "authorizer_refresh_token": FIRST}))
    agency.call()
    assert agency.kept() == []


def test_where_it_cant_be_handed_over_nothing_else_is_done(agency: Agency) -> None:
    agency.program("keep.sh", "cat >&2; exit 4")
    error = agency.fails()
    assert isinstance(error, CredentialError)
    assert "ended with 4" in error.message
    assert "was not taken over" in error.message
    assert "api_get_authorizer_list" in error.fix
    assert agency.paths() == [AUTHORIZER_TOKEN]


def test_the_access_token_is_kept_between_runs_and_the_refresh_token_is_not(agency: Agency) -> None:
    agency.cached = True
    agency.call()
    agency.call()
    assert agency.paths() == [AUTHORIZER_TOKEN, TAGS, TAGS]
    (file,) = [path for path in (agency.folder / "cache").rglob("*") if path.is_file()]
    text = file.read_text()
    assert not [each for each in (FIRST, *agency.kept(), agency.component) if each in text]


def test_a_refused_access_token_is_renewed_once_with_the_newest_refresh_token(agency: Agency) -> None:
    agency.line.faults.append(Fault(TAGS, {"errcode": 42001, "errmsg": "expired"}))
    agency.call()
    assert agency.paths() == [AUTHORIZER_TOKEN, TAGS, AUTHORIZER_TOKEN, TAGS]
    first, second = agency.kept()
    assert json.loads(agency.line.seen[2][2])["authorizer_refresh_token"] == first
    assert second not in (first, FIRST)


@pytest.mark.parametrize("code", [40001, 40014, 42001, 42006])
def test_a_refused_component_token_is_asked_for_once_more(agency: Agency, code: int) -> None:
    agency.program("component.sh", f"echo x >>runs; [ $(wc -l <runs) = 1 ] && echo stale || echo {agency.component}")
    agency.line.faults.append(Fault(AUTHORIZER_TOKEN, {"errcode": code, "errmsg": "no"}))
    agency.call(TokenCommand(("./component.sh",)))
    assert (agency.folder / "runs").read_text().split() == ["x", "x"]
    assert agency.paths() == [AUTHORIZER_TOKEN, AUTHORIZER_TOKEN, TAGS]


def test_a_component_token_that_was_handed_in_is_not_renewed(agency: Agency) -> None:
    agency.component = "stale-component-token"
    error = agency.fails()
    assert isinstance(error, CredentialError)
    assert "the component_access_token that was handed in is refused" in error.message
    agency.program("component.sh", "echo stale-component-token")
    assert "handed out a second time" in agency.fails(TokenCommand(("./component.sh",))).message


@pytest.mark.parametrize(
    ("code", "errmsg", "message", "fix"),
    [
        (61023, "refresh_token is invalid", "answered 61023", "api_get_authorizer_list"),
        (61003, "component is not authorized by this account", "61003", "authorisation page"),
        (61004, "access clientip is not registered requestIP: 198.51.100.7", "198.51.100.7", "adds 198.51.100.7"),
        (89503, "needs confirmation", "89503", "administrator"),
    ],
)
def test_what_the_platform_is_refused(agency: Agency, code: int, errmsg: str, message: str, fix: str) -> None:
    agency.line.faults.append(Fault(AUTHORIZER_TOKEN, {"errcode": code, "errmsg": errmsg}, times=9))
    error = agency.fails()
    assert isinstance(error, ApiError)
    assert message in error.message
    assert fix in error.fix
    assert len(agency.paths()) == 1


@pytest.mark.parametrize("answer", [{}, {"authorizer_access_token": ""}, {"authorizer_access_token": "two words"}])
def test_an_answer_without_a_token(agency: Agency, answer: dict[str, Any]) -> None:
    agency.line.faults.append(Fault(AUTHORIZER_TOKEN, answer))
    assert "answered without an access token" in agency.fails().message


def test_a_refresh_token_that_can_be_none(agency: Agency) -> None:
    assert "the refresh token that was handed in" in agency.fails(refresh="two words").message
    assert agency.paths() == []


def test_nothing_shows_a_secret(agency: Agency) -> None:
    authorizer = Authorizer(
        component_appid=PLATFORM,
        component_access_token=Secret("hunter2"),
        refresh_token=Secret("hunter2"),
        on_refresh=("./keep.sh",),
    )
    assert "hunter2" not in f"{authorizer} {authorizer!r} {authorizer._replace()}"
