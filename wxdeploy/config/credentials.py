"""What an account is called with, and its callback: what commands that call it need of its entry; pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from wxdeploy.config import project_rules, schema_rules
from wxdeploy.config.project import Account, unsafe_api
from wxdeploy.config.resolve import variables_of
from wxdeploy.config.tokens import Origins
from wxdeploy.model.credential import Authorizer, TokenOrigin
from wxdeploy.model.errors import ConfigurationError
from wxdeploy.model.secret import Secret
from wxdeploy.wechat.appids import APPID


class Credentials(NamedTuple):
    """What an account is called with; ``access_token`` is one that was handed in ready, or who hands it out."""

    appid: str
    secret: Secret | None = None
    access_token: TokenOrigin | None = None
    authorizer: Authorizer | None = None


class Callback(NamedTuple):
    """The account's callback, ready to be used; ``url`` and ``forward`` are empty where none is written."""

    appid: str
    url: str
    token: Secret | None
    encoding_aes_key: Secret | None
    mode: str
    forward: str = ""


def credentials(account: Account, environ: Mapping[str, str]) -> Credentials:
    """What the account is called with; raises where the environment lacks it."""
    variables = variables_of(account, environ)
    appid, secret = (
        variables.text(text, account.sources.find((key,)), ("accounts", account.name, key)) if text else None
        for key, text in (("appid", account.appid), ("secret", account.secret))
    )
    origins = Origins(account.name, variables, account.sources)
    token = origins.token(account.access_token, "access_token")
    authorizer = origins.authorizer(account.authorizer) if account.authorizer else None
    if authorizer and authorizer.refresh_token is None and (secret or token):
        authorizer = None  # credentials of the account's own leave the platform of the defaults aside
    findings = list(variables.diagnostics)
    if not findings and not APPID.fullmatch(appid or ""):
        findings.append(
            schema_rules.other_shape.found(
                "the appid is not `wx` and 16 digits or letters from a to f",
                "copy it from the account's console, under 设置与开发 / 开发接口管理",
                span=account.sources.find(("appid",)),
                path=("accounts", account.name, "appid"),
                account=account.name,
            )
        )
    if findings:
        raise ConfigurationError(tuple(findings))
    return Credentials(appid or "", Secret(secret) if secret else None, token, authorizer)


def api(account: Account, environ: Mapping[str, str]) -> str | None:
    """``sandbox``, the base address of the API, or None for the official host; raises where it can't be used."""
    if account.api is None:
        return None
    variables = variables_of(account, environ)
    place, path = account.sources.find(("api",)), ("accounts", account.name, "api")
    address = variables.text(account.api, place, path)
    findings = list(variables.diagnostics)
    if not findings and (why := unsafe_api(address)):
        fix = "write `sandbox`, or an address such as https://api2.weixin.qq.com"
        findings.append(project_rules.unsafe_api.found(why, fix, span=place, path=path, account=account.name))
    if findings:
        raise ConfigurationError(tuple(findings))
    return address


def callback(account: Account, environ: Mapping[str, str]) -> Callback:
    """The account's callback with its secrets; raises where the environment lacks one."""
    variables = variables_of(account, environ)
    words = {
        key: variables.text(text, account.sources.find(("callback", key)), ("accounts", account.name, "callback", key))
        for key, text in account.callback.items()
    }
    appid = variables.text(account.appid, account.sources.find(("appid",)), ("accounts", account.name, "appid"))
    if variables.diagnostics:
        raise ConfigurationError(tuple(variables.diagnostics))
    token, key = words.get("token"), words.get("encoding_aes_key")
    return Callback(
        appid=appid,
        url=words.get("url", ""),
        token=Secret(token) if token else None,
        encoding_aes_key=Secret(key) if key else None,
        mode=words.get("mode", "plain"),
        forward=words.get("forward", ""),
    )
