"""One template message to one follower: filled in, held to the rules of its fields, and sent at most once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import StrEnum
from types import MappingProxyType
from urllib.parse import quote

from wxdeploy.kinds.template.links import fill, variables
from wxdeploy.kinds.template.spec import Field, Template
from wxdeploy.model.diagnostic import Severity
from wxdeploy.model.errors import ApiError, ConfigurationError, LostAnswerError, RemoteError, UsageError, WxdeployError
from wxdeploy.model.jsonvalue import JsonValue, digest
from wxdeploy.model.plan import Failure
from wxdeploy.model.resource import Resource
from wxdeploy.wechat import limits
from wxdeploy.wechat.errcodes import Code
from wxdeploy.wechat.template_fields import check, doubt, type_of
from wxdeploy.workflow.load import Configuration, Configured
from wxdeploy.workflow.outbox import is_repeat
from wxdeploy.workflow.templates import Bound, Unbound, declared, look_up
from wxdeploy.workflow.world import World, hosts_of, remote_of

_MINUTES = limits.CLIENT_MSG_ID_SECONDS // 60
_ID_CHARACTERS = 23

_UNKNOWN = (
    f"Run the same command again within {_MINUTES} minutes: a client_msg_id that this follower got already is not sent "
    "a second time, so that they have the message once, whichever it was."
)
_UNKNOWN_AGAIN = "Ask the follower before you run it again: under --again, every run is a message of its own."

_ADVICE: Mapping[int, str] = MappingProxyType(
    {
        Code.REQUIRE_SUBSCRIBE: "This follower does not follow the account (any more): only who does can be sent to.",
        Code.INVALID_OPENID: "An openid belongs to one account: take it from this very account's events or follower "
        "list, not from another account's, and no unionid.",
        Code.INVALID_TEMPLATE_ID: "The template was deleted since it was looked up a moment ago, or is of another sort "
        "(subscription notifications have ids of their own): see `wxdeploy plan`.",
        Code.INVALID_TEMPLATE_ID_SIZE: "The account lists an id that it does not take: see `wxdeploy plan`.",
        Code.INVALID_TEMPLATE_ARGUMENT: "The official tables take these values, this template does not: a `const` or "
        "an `enum` takes only the values that were approved with it, and their list stands in the web console alone.",
        Code.MESSAGE_REFUSED_BY_USER: "The follower refused or cancelled these messages; only they can allow them "
        "again, in the account's settings on their phone.",
        Code.MESSAGE_REPEATED: "The same message went to this follower within the last minute: it has arrived. Wait a "
        "minute where it is wanted twice.",
        Code.ILLEGAL_CONTENT: "WeChat took the content for illegal, or for advertising, which template messages may "
        "not hold: change the values.",
        Code.TEMPLATE_BANNED: "WeChat has banned this template in this account: see the notice in the web console, and "
        "take another one.",
        Code.TOO_MANY_MESSAGES_TO_ONE: "This follower was sent too many messages: wait before the next one to them.",
        Code.INVALID_PAGEPATH: "The released version of the mini program has no such page: mend `pagepath`.",
        Code.INVALID_APPID: "The mini program's appid is none: mend `miniprogram`.",
        Code.INVALID_WEAPP_APPID: "The mini program has to be linked to this account, in the web console.",
    }
)


class Status(StrEnum):
    """What became of a message."""

    SENT = "sent"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a message would be refused, or (a doubt) may be: the field or link that it is about."""

    about: str
    detail: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message that is ready but for its ``problems``: ``body`` is what is sent, ``fields`` names what is in it."""

    account: str
    appid: str
    template: Bound
    body: Mapping[str, JsonValue]
    problems: tuple[Problem, ...] = ()
    doubts: tuple[Problem, ...] = ()
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What became of one letter; ``repeated`` says that it is one which the follower got a moment ago."""

    letter: Letter
    status: Status
    msgid: str | None = None
    repeated: bool = False
    failure: Failure | None = None


def chosen(configuration: Configuration, name: str) -> tuple[Configured, Resource[Template]]:
    """The one account and its mapping of this name; raises where there are several accounts, or no such mapping."""
    if len(configuration.accounts) != 1:
        names = ", ".join(one.account.name for one in configuration.accounts[:10])
        raise UsageError("a message is sent from one account", fix=f"choose one with --account: {names}")
    (configured,) = configuration.accounts
    if configured.desired is None:
        raise ConfigurationError(tuple(one for one in configured.findings if one.severity is Severity.ERROR))
    mappings = {one.address.name: one for one in declared(configured)}
    if name not in mappings:
        near = get_close_matches(name, mappings, n=1)
        known = f"there are: {', '.join(mappings)}" if mappings else "declare it under `templates`"
        raise UsageError(
            f"{configured.account.name} declares no template {name!r}",
            fix=f"did you mean {near[0]}?" if near else known,
        )
    return configured, mappings[name]


async def prepare(
    configuration: Configuration, world: World, *, name: str, openid: str, data: JsonValue, again: bool = False
) -> Letter:
    """The letter to one follower, filled with ``data`` or (None) with the samples; reads only.

    What is missing in the data is found before the account is called. Raises where the account has no usable template.
    """
    configured, resource = chosen(configuration, name)
    offline = _filled(resource.spec, resource.spec.shown, data)
    remote = remote_of(configured.account, world.environ)
    if offline.problems:
        unseen = Bound(name=name, mapping=resource.spec, template_id="", fields=resource.spec.shown)
        return _letter(configured.account.name, remote.appid, unseen, {"touser": openid}, offline)
    async with hosts_of(configuration.project.root, world, read_only=True) as hosts:
        found = await look_up(await hosts.client(remote), declared(configured))
    template = next(one for one in found if one.name == name)
    if isinstance(template, Unbound):
        place = configured.account.name
        raise WxdeployError(f"{name} is {template.state} in {place}: {template.message}", fix=template.fix)
    filled = _filled(template.mapping, template.fields, data)
    body: dict[str, JsonValue] = {"touser": openid, "template_id": template.template_id, **filled.body}
    once = world.now().isoformat() if again else ""
    body["client_msg_id"] = "wxdeploy-" + digest([body, once]).partition(":")[2][:_ID_CHARACTERS]
    letter = _letter(configured.account.name, remote.appid, template, body, filled)
    problems, doubts = _judged(template.fields, filled.values)
    return replace(letter, again=again, problems=problems, doubts=doubts)


async def deliver(configuration: Configuration, world: World, letter: Letter) -> Delivery:
    """Send it; a lost answer is no failure but unknown."""
    configured = next(one for one in configuration.accounts if one.account.name == letter.account)
    try:
        async with hosts_of(configuration.project.root, world, read_only=False) as hosts:
            client = await hosts.client(remote_of(configured.account, world.environ))
            answer = await client.call("template.send", letter.body)
    except LostAnswerError as error:
        failure = Failure.of(error)._replace(fix=_UNKNOWN_AGAIN if letter.again else _UNKNOWN)
        return Delivery(letter=letter, status=Status.UNKNOWN, failure=failure)
    except RemoteError as error:
        failure = Failure.of(error)
        if isinstance(error, ApiError):
            failure = failure._replace(fix=_ADVICE.get(error.errcode, failure.fix))
        return Delivery(letter=letter, status=Status.NOT_SENT, failure=failure)
    msgid = str(answer.get("msgid", ""))
    repeated = is_repeat(configuration.project.root, world, str(letter.body["client_msg_id"]), msgid)
    return Delivery(letter=letter, status=Status.SENT, msgid=msgid, repeated=repeated)


def to_json(delivery: Delivery) -> dict[str, JsonValue]:
    """The public JSON form (``schemas/v1/send.schema.json``); ids are texts, for they pass what a double can hold."""
    letter = delivery.letter
    return {
        "format": "wxdeploy.send/1",
        "account": letter.account,
        "appid": letter.appid,
        "template": letter.template.name,
        "title": letter.template.mapping.title,
        "labels": {one.placeholder: one.label for one in letter.template.fields},
        "status": delivery.status.value,
        "msgid": delivery.msgid,
        **({"repeated": True} if delivery.repeated else {}),
        "request": letter.body,
        "problems": [_problem(one) for one in letter.problems],
        "warnings": [_problem(one) for one in letter.doubts],
        "error": delivery.failure.to_json() if delivery.failure else None,
    }


def unready_json(configuration: Configuration | None, name: str, error: WxdeployError) -> dict[str, JsonValue]:
    """The same form for a message that could not be made ready, or that nobody agreed to; None: there is no project."""
    return {
        "format": "wxdeploy.send/1",
        "account": configuration.accounts[0].account.name if configuration else None,
        "appid": None,
        "template": name,
        "title": None,
        "labels": {},
        "status": Status.NOT_SENT.value,
        "msgid": None,
        "request": None,
        "problems": [],
        "warnings": [],
        "error": Failure.of(error).to_json(),
    }


@dataclass(frozen=True, slots=True)
class _Filled:
    values: Mapping[str, str]
    body: Mapping[str, JsonValue]
    problems: tuple[Problem, ...]


def _filled(mapping: Template, fields: Sequence[Field], data: JsonValue) -> _Filled:
    """The values by placeholder, the parts of the body that hold them, and what there is no value for."""
    values: dict[str, str] = {}
    known: dict[str, str] = {}
    problems: dict[str, Problem] = {}
    samples = {one.source: one.sample for one in reversed(mapping.shown) if one.sample is not None}
    for field in fields:
        path = field.source or ""
        about = f"{field.label} ({field.placeholder})"
        value = field.sample if data is None else _value_at(data, path)
        if isinstance(value, str):
            values[field.placeholder] = known[path] = value
        else:
            problems[path] = _absent(about, path, data)
    page = mapping.miniprogram
    links = {"url": mapping.url, "pagepath": page.pagepath if page else None}
    for where, link in links.items():
        for path in variables(link or ""):
            value = samples.get(path) if data is None else _value_at(data, path)
            if isinstance(value, str):
                known[path] = value
            else:
                problems.setdefault(path, _absent(where, path, data))
    body: dict[str, JsonValue] = {"data": {name: {"value": value} for name, value in values.items()}}
    whole = {where: fill(link, lambda path: _quoted(known.get(path, ""))) for where, link in links.items() if link}
    if "url" in whole:
        body["url"] = whole["url"]
    if page:
        opened = {"pagepath": whole["pagepath"]} if "pagepath" in whole else {}
        body["miniprogram"] = {"appid": page.appid, **opened}
    return _Filled(values, body, tuple(problems.values()))


def _value_at(data: JsonValue, path: str) -> JsonValue:
    """The value at a path: step by step, or under the whole path as a key, as the exported modules take it."""
    if isinstance(data, Mapping) and path in data:
        return data[path]
    for step in path.split("."):
        if isinstance(data, Mapping):
            data = data.get(step)
        elif isinstance(data, Sequence) and not isinstance(data, str) and step.isdigit():
            data = data[int(step)] if int(step) < len(data) else None
        else:
            return None
    return data


def _absent(about: str, path: str, data: JsonValue) -> Problem:
    if data is None:
        return Problem(
            about=about, detail=f"there is no sample for {path}", fix="add `sample` to its field, or use --data"
        )
    found = _value_at(data, path)
    if found is None:
        return Problem(about=about, detail=f"the data has no {path}", fix=f"add {path}")
    return Problem(about=about, detail=f"{path} is no text", fix=f"write {path} as it is to be read, in quotes")


def _judged(fields: Sequence[Field], values: Mapping[str, str]) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
    """What breaks the rules of the typed fields, by the account's own placeholders, and what one table is against."""
    problems, doubts = [], []
    for field in fields:
        kind, value = type_of(field.placeholder) or "", values[field.placeholder]
        about = f"{field.label} ({field.placeholder})"
        if why := check(kind, value):
            fix = f"mend {field.source}; the account would answer {Code.INVALID_TEMPLATE_ARGUMENT:d}"
            problems.append(Problem(about=about, detail=why, fix=fix))
        elif why := doubt(kind, value):
            doubts.append(Problem(about=about, detail=why, fix=f"a shorter {field.source} is safe"))
    return tuple(problems), tuple(doubts)


def _letter(account: str, appid: str, template: Bound, body: Mapping[str, JsonValue], filled: _Filled) -> Letter:
    return Letter(account=account, appid=appid, template=template, body=body, problems=filled.problems)


def _quoted(value: str) -> str:
    """As ``encodeURIComponent`` of JavaScript does, and the exported modules do."""
    return quote(value, safe="!'()*", errors="replace")


def _problem(problem: Problem) -> JsonValue:
    return {"about": problem.about, "detail": problem.detail, "fix": problem.fix}
