"""Which template of an account each mapping stands for, for those who send messages by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from wxdeploy.kinds.template import TEMPLATE
from wxdeploy.kinds.template.findings import findings
from wxdeploy.kinds.template.matching import Match, State, bound, matches
from wxdeploy.kinds.template.spec import Field, Template
from wxdeploy.kinds.template.wire import id_of
from wxdeploy.model.diagnostic import Severity
from wxdeploy.model.resource import LiveObject, Resource

if TYPE_CHECKING:
    from wxdeploy.client.account import AccountClient
    from wxdeploy.workflow.load import Configured

_ADD = "add it with `wxdeploy apply`, which reads the account before and after"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A mapping and what one account has of it: its own id, and the fields under its own placeholders."""

    name: str
    mapping: Template
    template_id: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Unbound:
    """A mapping that one account has no usable template for: how it stands there, why, and what to do."""

    name: str
    state: State
    message: str
    fix: str


def declared(configured: Configured) -> tuple[Resource[Template], ...]:
    """The mappings of an account, by name."""
    resources = configured.desired.resources.get(TEMPLATE.name, ()) if configured.desired else ()
    return tuple(sorted(resources, key=lambda each: each.address.name))


async def look_up(client: AccountClient, resources: Sequence[Resource[Template]]) -> tuple[Bound | Unbound, ...]:
    """What the account has of these mappings, in their order; its templates are listed once."""
    from wxdeploy.execution.fetch import fetch

    live = await fetch(client.call, (TEMPLATE,))
    objects = cast("tuple[LiveObject[Template], ...]", live.readings[TEMPLATE.name].objects)
    return tuple(_found(match, objects) for match in matches(resources, objects))


def _found(match: Match, objects: Sequence[LiveObject[Template]]) -> Bound | Unbound:
    name, wanted = match.resource.address.name, match.wanted
    if match.state is State.FITTING and match.live is not None:
        return Bound(name=name, mapping=wanted, template_id=id_of(match.live), fields=bound(wanted, match.live.spec))
    errors = [each for each in findings(match, objects) if each.severity is Severity.ERROR]
    if not errors:
        return Unbound(name, match.state, f'the account has no template "{wanted.title}" with these fields', _ADD)
    return Unbound(name, match.state, "; ".join(each.detail for each in errors), errors[0].fix)
