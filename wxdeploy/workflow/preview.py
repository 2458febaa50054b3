"""The menus that the files declare, each with who sees it and where its buttons are written; offline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from wxdeploy.kinds.buttons.spec import document as menu_document
from wxdeploy.kinds.menu.wire import DEFAULT
from wxdeploy.kinds.targeting.menus import KIND, rule_document
from wxdeploy.model.diagnostic import Severity
from wxdeploy.model.errors import ConfigurationError
from wxdeploy.model.jsonvalue import JsonValue, format_path
from wxdeploy.model.replies import reply_document
from wxdeploy.model.resource import Resource
from wxdeploy.workflow.load import Configuration, Configured
from wxdeploy.workflow.match import offline

Follower = tuple[Sequence[str], str | None]
"""A follower's tags, in the order in which they were given, and platform."""


def preview(configuration: Configuration, follower: Follower | None = None) -> dict[str, JsonValue]:
    """What the renderers of phones read: accounts, and of each the menus in order of priority, the default one last.

    With a ``follower``, of each account only the menu that they see. Raises ``ConfigurationError`` for what is wrong.
    """
    errors = [
        finding
        for each in configuration.accounts
        if each.desired is None
        for finding in each.findings
        if finding.severity is Severity.ERROR
    ]
    if errors:
        raise ConfigurationError(tuple(errors))
    return {"accounts": [_account(each, follower) for each in configuration.accounts]}


def _account(configured: Configured, follower: Follower | None) -> dict[str, JsonValue]:
    menus = list(_menus(configured))
    if follower is not None:
        winner = offline(configured, *follower).decision.winner
        menus = [each for each in menus if each["name"] == winner]
    return {"account": configured.account.name, "menus": menus, "replies": _replies(configured)}


def _menus(configured: Configured) -> Iterator[dict[str, JsonValue]]:
    resources = configured.desired.resources if configured.desired else {}
    for each in resources.get(KIND, ()):
        body = menu_document(each.spec.menu)
        yield {"name": each.address.name, "rule": rule_document(each.spec.rule), "menu": body, "places": _places(each)}
    for each in resources.get(DEFAULT.kind, ()):
        yield {"name": None, "rule": None, "menu": menu_document(each.spec), "places": _places(each)}


def _replies(configured: Configured) -> dict[str, JsonValue]:
    """What the callback answers, by the key of a button."""
    replies = configured.desired.replies if configured.desired else None
    return {key: reply_document(reply) for key, reply in replies.click.items()} if replies else {}


def _places(resource: Resource[Any]) -> dict[str, JsonValue]:
    """By path, the file and line of each button."""
    return {
        format_path(path): f"{span.file}:{span.line}"
        for path, span in resource.sources.values.items()
        if path and isinstance(path[-1], int)
    }
