"""Which menu a follower sees: decided offline from the files, and compared with what the account answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wxdeploy.kinds import KINDS
from wxdeploy.kinds.buttons.spec import Menu, buttons_of
from wxdeploy.kinds.buttons.spec import document as menu_document
from wxdeploy.kinds.conditional_menu.draft import renamed, with_name
from wxdeploy.kinds.menu.wire import DEFAULT
from wxdeploy.kinds.reconciliation import Setting
from wxdeploy.kinds.targeting.audience import Decision, Group, decide
from wxdeploy.kinds.targeting.menus import KIND, Personalised
from wxdeploy.kinds.targeting.tags import KIND as TAG
from wxdeploy.kinds.targeting.tags import names_by_id, settle, tag_id
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.resource import LiveState
from wxdeploy.wechat.matchrules import PLATFORMS
from wxdeploy.workflow.load import Configuration, Configured
from wxdeploy.workflow.plan import with_required
from wxdeploy.workflow.world import World, hosts_of, remote_of

if TYPE_CHECKING:
    from wxdeploy.client.account import AccountClient

_PLATFORMS = (None, *PLATFORMS)
_KINDS = with_required(kind for kind in KINDS if kind.name == KIND)


@dataclass(frozen=True, slots=True)
class Match:
    """The menu that wins and what it holds (None: a default menu that is not known here)."""

    decision: Decision
    button: JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the account says of one follower, beside what the files and the live menus would give them.

    ``tags`` are the follower's by name, in the account's own order, which need not be the one in which they were given;
    ``button`` is what ``menu/trymatch`` answers. ``declared`` decides by what the files make of the account, ``live``
    by the menus that it has now. ``fitting`` are the followers, by last tag and platform, whom the live menus give that
    answer.
    """

    tags: tuple[str, ...]
    button: JsonValue
    declared: Match
    live: Match
    fitting: tuple[Group, ...]

    @property
    def parting(self) -> str | None:
        """Where the answers part, in words; None where they agree."""
        if self.button == self.declared.button:
            return None
        if self.button == self.live.button:
            return "the account is not as the files say: wxdeploy plan shows what differs"
        if self.fitting:
            who = " or ".join(sorted({_words(group) for group in self.fitting}))
            return f"the account takes the follower for one with {who}"
        return "no tag of this follower and no platform explains what the account answers"


def offline(configured: Configured, tags: Sequence[str], platform: str | None) -> Match:
    """What the files of one account give a follower, ``tags`` in the order in which they were given."""
    resources = configured.desired.resources if configured.desired else {}
    menus = [(each.address.name, each.spec) for each in resources.get(KIND, ())]
    default = next((each.spec for each in resources.get(DEFAULT.kind, ())), None)
    return _match(menus, default, tags, platform)


def known_tags(configured: Configured) -> frozenset[str]:
    """The tags that the files of one account declare, or ask for in a rule."""
    resources = configured.desired.resources if configured.desired else {}
    rules = (each.spec.rule for each in resources.get(KIND, ()))
    named = {name for rule in rules for name in (rule.tag, rule.tag_id) if name is not None}
    return frozenset(named | {each.spec.name for each in resources.get("tag", ())})


async def ask(
    configuration: Configuration, configured: Configured, world: World, *, openid: str, platform: str | None
) -> Answer:
    """What the account shows one follower; reads only. Raises a ``RemoteError`` where the account says no."""
    async with hosts_of(configuration.project.root, world, read_only=True) as hosts:
        client = await hosts.client(remote_of(configured.account, world.environ))
        return await asked(client, configured, openid=openid, platform=platform)


async def asked(client: AccountClient, configured: Configured, *, openid: str, platform: str | None) -> Answer:
    """``ask`` of an account that there is a client of."""
    from wxdeploy.execution.fetch import fetch

    live = await fetch(client.call, _KINDS)
    held = await client.call("tag.of_follower", {"openid": openid})
    shown = await client.call("conditional.match", {"user_id": openid})
    readings = live.readings
    tags = _tag_names(held.get("tagid_list"), names_by_id(readings[TAG].objects))
    menus = [(each.address.name, each.spec) for each in readings[KIND].objects]
    default = next((each.spec for each in readings[DEFAULT.kind].objects), None)
    button = menu_document(Menu(buttons_of(shown.get("button"))))["button"]
    followers = (Group(tag, each) for tag in (tags or (None,)) for each in ((platform,) if platform else _PLATFORMS))
    return Answer(
        tags=tags,
        button=button,
        declared=_declared(configured, live, held.get("tagid_list"), platform),
        live=_match(menus, default, tags, platform),
        fitting=tuple(
            group
            for group in followers
            if _match(menus, default, [group.tag] if group.tag else [], group.platform).button == button
        ),
    )


def _declared(configured: Configured, live: LiveState, held: JsonValue, platform: str | None) -> Match:
    """What a follower with these tags, by id, sees once the files are applied; what those don't manage stays."""
    resources = configured.desired.resources if configured.desired else {}
    tags = settle(Setting(desired=resources, live=live.readings))
    if KIND in resources:
        menus = [(each.address.name, with_name(each.spec, tags)) for each in resources[KIND]]
    else:
        menus = [(each.address.name, each.spec) for each in renamed(live.readings[KIND].objects, tags)]
    known: Sequence[Any] = resources.get(DEFAULT.kind, live.readings[DEFAULT.kind].objects)
    names = _tag_names(held, {tag_id(each): name for name, each in tags.found.items()})
    return _match(menus, next((each.spec for each in known), None), names, platform)


def _match(
    menus: Sequence[tuple[str, Personalised]], default: Menu | None, tags: Sequence[str], platform: str | None
) -> Match:
    decision = decide([(name, spec.rule) for name, spec in menus], tags, platform)
    seen = next((spec.menu for name, spec in menus if name == decision.winner), default)
    return Match(decision, menu_document(seen)["button"] if seen else None)


def _words(group: Group) -> str:
    tag = f"the last tag {group.tag}" if group.tag else "no tag"
    return f"{tag} on {group.platform}" if group.platform else tag


def _tag_names(ids: JsonValue, names: Mapping[str, str]) -> tuple[str, ...]:
    listed = ids if isinstance(ids, Sequence) and not isinstance(ids, str) else ()
    return tuple(names.get(str(number), str(number)) for number in listed)


def considered_json(decision: Decision) -> JsonValue:
    """Every personalised menu in order, whether its rule matches, and why."""
    return [{"menu": each.menu, "matched": each.matched, "why": each.why} for each in decision.considered]


def to_json(match: Match, answer: Answer | None = None) -> Mapping[str, JsonValue]:
    """The public JSON form (``schemas/v1/match.schema.json``)."""
    document: dict[str, JsonValue] = {
        "format": "wxdeploy.match/1",
        "menu": match.decision.winner,
        "button": match.button,
        "considered": considered_json(match.decision),
    }
    if answer:
        document["account"] = {
            "tags": list(answer.tags),
            "button": answer.button,
            "live_menu": answer.live.decision.winner,
            "fitting": [{"tag": each.tag, "platform": each.platform} for each in answer.fitting],
            "parting": answer.parting,
        }
    return document
