"""Plans of template mappings over recorded answers: what the account says is a list of rows, as on the vendor's page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wxdeploy.config.documents import load
from wxdeploy.config.places import below
from wxdeploy.execution.fetch import interpret
from wxdeploy.kinds.template import TEMPLATE
from wxdeploy.kinds.template.spec import Template
from wxdeploy.model.address import Address
from wxdeploy.model.plan import AccountPlan
from wxdeploy.model.resource import DesiredState, LiveObject, Resource
from wxdeploy.planning.planner import plan_account

Rows = Sequence[Mapping[str, Any]]
ID = "Doclyl5uP7Aciu-qZ7mJNPtWkbkYnWBWVja26EGbN"


def row(number: int, title: str, *fields: tuple[str, str], **others: str) -> dict[str, str]:
    """A row of the list; its id ends in two digits, its industry is that of the official sample."""
    return {
        "template_id": f"{ID}{number:02}",
        "title": title,
        "primary_industry": "IT科技",
        "deputy_industry": "互联网|电子商务",
        "content": "\n".join(f"{label}:{{{{{placeholder}.DATA}}}}" for label, placeholder in fields),
        "example": "\n".join(f"{label}:示例" for label, _ in fields),
        **others,
    }


def live(rows: Rows) -> tuple[LiveObject[Template], ...]:
    """The live templates that the rows tell of."""
    return TEMPLATE.read({"template.list": {"template_list": list(rows)}}, {}).objects


def resources(text: str) -> tuple[Resource[Template], ...]:
    """The mappings of a resource file, with their places."""
    document = load(text.encode(), "templates.yaml")
    assert document.diagnostics == ()
    assert isinstance(document.value, Mapping)
    sources = below(document.sources, ("templates",))
    return tuple(
        Resource(Address("template", each.name), each.spec, below(sources, each.path))
        for each in TEMPLATE.parse(document.value["templates"])
    )


def plan(text: str, rows: Rows, *, prune: Iterable[str] = (), protect: Iterable[str] = ()) -> AccountPlan:
    """What one account's plan is."""
    desired = DesiredState(
        account="prod",
        resources={"template": resources(text)},
        prune=frozenset(prune),
        protect=frozenset(protect),
    )
    state = interpret({"template.list": {"template_list": list(rows)}}, (TEMPLATE,))
    return plan_account(desired, state, (TEMPLATE,), appid="wx0000000000000001")
