"""``access_token`` and ``authorizer`` of an account: what is wrong with them offline, and what they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from wxdeploy.config import project_rules, schema_rules
from wxdeploy.config.project import unsafe_url
from wxdeploy.config.variables import Variables
from wxdeploy.model.credential import Authorizer, TokenCommand, TokenFolder, TokenOrigin, TokenService
from wxdeploy.model.diagnostic import Diagnostic
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.jsonvalue import Path as DataPath
from wxdeploy.model.secret import Secret
from wxdeploy.model.source import SourceMap
from wxdeploy.wechat.appids import APPID

FIELD = "access_token"
"""Where a service's answer holds the token, unless the account's entry says otherwise."""

_WANTED = {
    "component_appid": "component_appid: wx0000000000000000",
    "component_access_token": "component_access_token: {command: [./component-token.sh]}",
    "on_refresh": "on_refresh: {command: [./keep-refresh-token.sh]}",
}
_SECRET_HEADER = re.compile(r"(?i)auth|token|key|secret|cookie|pass")


def faults(account: str, value: Mapping[str, Any], sources: SourceMap) -> Iterator[Diagnostic]:
    """What the schema can't say of an entry with the defaults merged in; ``value`` may be of any shape."""
    origins: list[tuple[DataPath, object]] = [(("access_token",), value.get("access_token"))]
    held = value.get("authorizer")
    if isinstance(held, Mapping):
        origins.append((("authorizer", "component_access_token"), held.get("component_access_token")))
        # An account with credentials of its own leaves the platform of the defaults aside.
        needed = {} if value.get("access_token") or value.get("secret") else _WANTED
        for key, example in needed.items():
            if held.get(key) is None:
                yield schema_rules.missing_key.found(
                    f"`authorizer` of `{account}` needs a key `{key}`, in the account or in the defaults",
                    f"add `{example}`",
                    span=sources.find(("authorizer",)),
                    path=("accounts", account, "authorizer"),
                    account=account,
                )
    for path, origin in origins:
        if isinstance(origin, Mapping):
            yield from _faults_of_service(account, path, origin, sources)


def _faults_of_service(
    account: str, path: DataPath, origin: Mapping[str, Any], sources: SourceMap
) -> Iterator[Diagnostic]:
    url, headers = origin.get("url"), origin.get("headers")
    if isinstance(url, str) and "${" not in url and (why := unsafe_url(url, "`url`")):
        yield project_rules.unsafe_api.found(
            why,
            "write an address such as https://tokens.example.com/wx",
            span=sources.find((*path, "url")),
            path=("accounts", account, *path, "url"),
            account=account,
        )
    for name, text in headers.items() if isinstance(headers, Mapping) else ():
        if isinstance(name, str) and isinstance(text, str) and _SECRET_HEADER.search(name) and "${env:" not in text:
            yield project_rules.literal_secret.found(
                f"the header `{name}` has to come from the environment, and something else is written here",
                "write ${env:NAME} for what is secret in it, as in `Bearer ${env:NAME}`, and set that variable",
                span=sources.find((*path, "headers", name)),
                path=("accounts", account, *path, "headers", name),
                account=account,
            )


class Origins:
    """Reads the tokens of one account with its variables filled in; what can't be is among their diagnostics."""

    def __init__(self, account: str, variables: Variables, sources: SourceMap) -> None:
        self._account = account
        self._variables = variables
        self._sources = sources

    def token(self, value: JsonValue, *path: str) -> TokenOrigin | None:
        """A token that is handed in, a program or a service; None where none of them is written."""
        if isinstance(value, str):
            text = self._text(value, *path)
            return Secret(text) if text else None
        if not isinstance(value, Mapping):
            return None
        if argv := self._argv(value, *path):
            life = value.get("expires_in")
            seconds = float(life) if isinstance(life, (int, float)) and not isinstance(life, bool) else None
            return TokenCommand(argv, seconds)
        url, headers, field = value.get("url"), value.get("headers"), value.get("field")
        if not isinstance(url, str):
            return None
        filled = self._text(url, *path, "url")
        if not self._variables.diagnostics and (why := unsafe_url(filled, "`url`")):
            self._report(why, "let the variables in it stand for an address that begins with https://", *path, "url")
        return TokenService(
            filled,
            {
                name: Secret(self._text(text, *path, "headers", name))
                for name, text in (headers.items() if isinstance(headers, Mapping) else ())
                if isinstance(text, str)
            },
            field if isinstance(field, str) else FIELD,
        )

    def authorizer(self, value: Mapping[str, JsonValue]) -> Authorizer | None:
        """A third-party platform's right to act; None where it is incomplete, which is reported offline."""
        here = "authorizer"
        component = self.token(value.get("component_access_token"), here, "component_access_token")
        appid, refresh, keeper = value.get("component_appid"), value.get("refresh_token"), value.get("on_refresh")
        on_refresh = self._keeper(keeper) if isinstance(keeper, Mapping) else None
        if component is None or not isinstance(appid, str) or on_refresh is None:
            return None
        component_appid = self._text(appid, here, "component_appid")
        if not self._variables.diagnostics and not APPID.fullmatch(component_appid):
            self._report("it is not `wx` and 16 digits or letters from a to f", "copy it from open.weixin.qq.com", here,
                         "component_appid")  # fmt: skip
        return Authorizer(
            component_appid=component_appid,
            component_access_token=component,
            refresh_token=Secret(self._text(refresh, here, "refresh_token")) if isinstance(refresh, str) else None,
            on_refresh=on_refresh,
        )

    def _keeper(self, value: Mapping[str, JsonValue]) -> tuple[str, ...] | TokenFolder | None:
        """Who is given a new refresh token: a program, or a folder."""
        if argv := self._argv(value, "authorizer", "on_refresh"):
            return argv
        folder = value.get("folder")
        if not isinstance(folder, str):
            return None
        return TokenFolder(Path(self._text(folder, "authorizer", "on_refresh", "folder")))

    def _argv(self, value: Mapping[str, JsonValue], *path: str) -> tuple[str, ...]:
        words = value.get("command")
        if not isinstance(words, list):
            return ()
        return tuple(
            self._text(word, *path, "command", index) for index, word in enumerate(words) if isinstance(word, str)
        )

    def _text(self, text: str, *path: str | int) -> str:
        return self._variables.text(text, self._sources.find(path), ("accounts", self._account, *path))

    def _report(self, detail: str, fix: str, *path: str) -> None:
        span, whole = self._sources.find(path), ("accounts", self._account, *path)
        self._variables.diagnostics.append(
            schema_rules.other_shape.found(f"`{path[-1]}`: {detail}", fix, span=span, path=whole, account=self._account)
        )
