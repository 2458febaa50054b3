"""The export as a typed Python module: standard library only, Python 3.9 and newer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wxdeploy.render.export.names import apart, by_template, camel, constant, paths
from wxdeploy.render.export.names import python as quoted

_TAKEN = frozenset({"APPIDS", "MENU_KEYS"})

_HEAD = '''\
"""Template messages and menu keys of WeChat accounts, by logical name.

Made by `wxdeploy export --format python`: a change by hand is lost with the next one.
"""
# fmt: off

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Generic, Literal, TypedDict, TypeVar
from urllib.parse import quote

'''

_BODY = r'''

class Value(TypedDict):
    value: str


class _Page(TypedDict):
    appid: str


class MiniProgram(_Page, total=False):
    pagepath: str


class _Body(TypedDict):
    touser: str
    template_id: str
    data: dict[str, Value]


class Message(_Body, total=False):
    """The body of POST /cgi-bin/message/template/send."""

    url: str
    miniprogram: MiniProgram
    client_msg_id: str


@dataclass(frozen=True)
class Field:
    """One field: what followers see before it, what this account calls it, where its value comes from."""

    label: str
    placeholder: str
    source: str


@dataclass(frozen=True)
class AccountTemplate:
    """What one account has for a logical name; ``{order.no}`` in a link stands for the value of that source."""

    template_id: str
    title: str
    fields: tuple[Field, ...]
    url: str | None = None
    miniprogram: tuple[str, str | None] | None = None


_A = TypeVar("_A", bound=str)
_D = TypeVar("_D", bound=Mapping[str, object])


@dataclass(frozen=True)
class Template(Generic[_A, _D]):
    """A logical name: ``_A`` are the accounts that have it, ``_D`` is what the application supplies."""

    name: str
    accounts: Mapping[_A, AccountTemplate]

    def message(self, account: _A, openid: str, data: _D, client_msg_id: str | None = None) -> Message:
        """The body to send: within ten minutes, the same ``client_msg_id`` reaches a follower once."""
        here = self.accounts[account]
        body: Message = {
            "touser": openid,
            "template_id": here.template_id,
            "data": {each.placeholder: {"value": str(data[each.source])} for each in here.fields},
        }
        if here.url is not None:
            body["url"] = _filled(here.url, data)
        if here.miniprogram is not None:
            appid, pagepath = here.miniprogram
            body["miniprogram"] = {"appid": appid}
            if pagepath is not None:
                body["miniprogram"]["pagepath"] = _filled(pagepath, data)
        if client_msg_id is not None:
            body["client_msg_id"] = client_msg_id
        return body


_VARIABLE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*(?:\.(?:[A-Za-z_][A-Za-z0-9_]*|[0-9]+))*)\}")


def _filled(link: str, data: Mapping[str, object]) -> str:
    return _VARIABLE.sub(lambda found: quote(str(data[found[1]]), safe="!'()*"), link)


'''


def python(document: Mapping[str, Any]) -> str:
    """The module: ``ORDER_PAID.message("east", openid, {"order.no": …})`` is the body to send."""
    return _HEAD + "\n".join(_types(document)) + _BODY + "\n".join(_values(document))


def _types(document: Mapping[str, Any]) -> Iterator[str]:
    accounts = document["accounts"]
    keys = sorted({key for account in accounts.values() for key in account["menu_keys"]})
    yield f"Account = {_literal(accounts)}"
    if keys:
        yield f"MenuKey = {_literal(keys)}"
    yield ""


def _values(document: Mapping[str, Any]) -> Iterator[str]:
    accounts = document["accounts"]
    yield "APPIDS: Final[Mapping[Account, str | None]] = {"
    for name, account in accounts.items():
        yield f"    {quoted(name)}: {quoted(account['appid'])},"
    yield "}"
    if any(account["menu_keys"] for account in accounts.values()):
        yield "\nMENU_KEYS: Final[Mapping[Account, tuple[MenuKey, ...]]] = {"
        for name, account in accounts.items():
            keys = [quoted(key) for key in account["menu_keys"]]
            yield f"    {quoted(name)}: ({', '.join(keys)}{',' if len(keys) == 1 else ''}),"
        yield "}"
    templates = by_template(document)
    types, constants = apart(templates, camel), apart(templates, constant, _TAKEN)
    for name, by_account in templates.items():
        yield from _template(name, by_account, types[name] + "Data", constants[name])
    yield ""


def _template(name: str, by_account: Mapping[str, Mapping[str, Any]], kind: str, variable: str) -> Iterator[str]:
    yield f'\n{kind} = TypedDict("{kind}", {{'
    for path, labels in paths(by_account).items():
        yield f"    {quoted(path)}: str,{_comment(labels)}"
    yield "})"
    yield f"{variable}: Final = Template[{_literal(by_account)}, {kind}]({quoted(name)}, {{"
    for account, template in by_account.items():
        yield f"    {quoted(account)}: AccountTemplate("
        yield f"        template_id={quoted(template['template_id'])},"
        yield f"        title={quoted(template['title'])},"
        yield "        fields=("
        for each in template["fields"]:
            yield f"            Field({', '.join(quoted(each[key]) for key in ('label', 'placeholder', 'from'))}),"
        yield "        ),"
        if template["url"] is not None:
            yield f"        url={quoted(template['url'])},"
        if page := template["miniprogram"]:
            yield f"        miniprogram=({quoted(page['appid'])}, {quoted(page['pagepath'])}),"
        yield "    ),"
    yield "})"


def _comment(labels: str) -> str:
    return f"  # {quoted(labels)[1:-1]}" if labels else ""


def _literal(names: Mapping[str, Any] | list[str]) -> str:
    return f"Literal[{', '.join(map(quoted, names))}]"
