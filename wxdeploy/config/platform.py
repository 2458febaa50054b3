"""The third-party platform that the defaults of a project name: who it is, and who hands out its token."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wxdeploy.config import schema_rules
from wxdeploy.config.credentials import api
from wxdeploy.config.places import below
from wxdeploy.config.project import Account, Project
from wxdeploy.config.tokens import Origins
from wxdeploy.config.variables import Variables
from wxdeploy.model.credential import TokenOrigin
from wxdeploy.model.errors import ConfigurationError
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.secret import Secret

_EXAMPLE = (
    "add to `defaults`: `authorizer: {component_appid: wx0000000000000000, "
    "component_access_token: {command: [./component-token.sh]}, on_refresh: {command: [./keep-refresh-token.sh]}}`"
)


@dataclass(frozen=True, slots=True)
class PlatformEntry:
    """A platform as ``defaults`` have it; ``api`` as of an account."""

    appid: str
    token: TokenOrigin
    api: str | None


def platform(project: Project, environ: Mapping[str, str]) -> PlatformEntry:
    """The platform of the defaults; raises ``ConfigurationError`` where they name none, or the environment lacks it."""
    defaults = project.file.value.get("defaults") if isinstance(project.file.value, Mapping) else None
    held: Any = defaults if isinstance(defaults, Mapping) else {}
    sources = below(project.file.sources, ("defaults",))
    entry = held.get("authorizer")
    entry = entry if isinstance(entry, Mapping) else {}
    words = held.get("vars")
    texts = {key: text for key, text in words.items() if isinstance(text, str)} if isinstance(words, Mapping) else {}
    variables = Variables("defaults", texts, sources, environ)
    origins = Origins("defaults", variables, sources)
    token = origins.token(entry.get("component_access_token"), "authorizer", "component_access_token")
    appid = _appid(entry.get("component_appid"), variables, sources.find(("authorizer", "component_appid")))
    broken = [found for found in project.file.diagnostics if found.path[:1] == ("defaults",)]
    if found := (*broken, *variables.diagnostics):
        raise ConfigurationError(tuple(found))
    if not appid or token is None or token == Secret(""):
        detail = "no platform is named whose accounts could be listed"
        place = project.file.sources.find(("defaults",))
        raise ConfigurationError((schema_rules.missing_key.found(detail, _EXAMPLE, span=place),))
    account = Account(name="defaults", api=_text(held.get("api")), vars=texts, sources=sources)
    return PlatformEntry(appid, token, api(account, environ))


def _appid(value: JsonValue, variables: Variables, span: Any) -> str:
    return variables.text(value, span, ("defaults", "authorizer", "component_appid")) if isinstance(value, str) else ""


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
