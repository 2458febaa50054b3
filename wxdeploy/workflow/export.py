"""What applications need of every account: template ids and placeholders by logical name, and the keys of menus."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wxdeploy.kinds.buttons.spec import leaves
from wxdeploy.kinds.menu.wire import DEFAULT
from wxdeploy.kinds.targeting.menus import KIND as CONDITIONAL
from wxdeploy.kinds.template.links import variables
from wxdeploy.kinds.template.spec import Template
from wxdeploy.model.diagnostic import Severity
from wxdeploy.model.errors import ConfigurationError, WxdeployError
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.plan import Failure
from wxdeploy.workflow.load import Configuration, Configured
from wxdeploy.workflow.templates import Bound, Unbound, declared, look_up
from wxdeploy.workflow.world import World, each, hosts_of, remote_of

if TYPE_CHECKING:
    from wxdeploy.execution.hosts import Hosts


@dataclass(frozen=True, slots=True)
class KeyedButton:
    """A button whose tap sends a key: ``menu`` is the personalised menu that it is in, None for the default one."""

    key: str
    menu: str | None
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """One account as applications need it; ``missing`` and ``failure`` say what could not be told of it."""

    account: str
    appid: str | None
    templates: tuple[Bound, ...] = ()
    missing: tuple[Unbound, ...] = ()
    buttons: tuple[KeyedButton, ...] = ()
    failure: Failure | None = None

    @property
    def failed(self) -> bool:
        """Whether the account could not be read."""
        return self.failure is not None


async def export(configuration: Configuration, world: World) -> tuple[Exported, ...]:
    """Every account by name, each listed once; one without mappings is not called at all. Nothing is written."""
    accounts = sorted(configuration.accounts, key=lambda one: one.account.name)
    async with hosts_of(configuration.project.root, world, read_only=True) as hosts:
        return await each(accounts, world, lambda item: _exported(item, hosts, world))


async def _exported(configured: Configured, hosts: Hosts, world: World) -> Exported:
    account = configured.account
    appid = None if "${" in account.appid else account.appid
    if configured.desired is None:
        errors = tuple(found for found in configured.findings if found.severity is Severity.ERROR)
        return Exported(account=account.name, appid=appid, failure=Failure.of(ConfigurationError(errors)))
    buttons = tuple(_buttons(configured.desired.resources))
    mappings = declared(configured)
    if not mappings:
        return Exported(account=account.name, appid=appid, buttons=buttons)
    try:
        remote = remote_of(account, world.environ)
        appid = remote.appid
        found = await look_up(await hosts.client(remote), mappings)
    except WxdeployError as error:
        return Exported(account=account.name, appid=appid, buttons=buttons, failure=Failure.of(error))
    return Exported(
        account=account.name,
        appid=appid,
        templates=tuple(one for one in found if isinstance(one, Bound)),
        missing=tuple(one for one in found if isinstance(one, Unbound)),
        buttons=buttons,
    )


def _buttons(resources: Mapping[str, tuple[Any, ...]]) -> Iterable[KeyedButton]:
    """The buttons with a key of the default menu and of the personalised ones, in the order of the menus."""
    menus = [(None, one.spec) for one in resources.get(DEFAULT.kind, ())]
    menus += [(one.address.name, one.spec.menu) for one in resources.get(CONDITIONAL, ())]
    for menu, spec in menus:
        for button in leaves(spec.button):
            key = button.fields.get("key")
            if isinstance(key, str):
                yield KeyedButton(key, menu, button.name)


def to_json(exported: Iterable[Exported]) -> dict[str, JsonValue]:
    """The public JSON form (``schemas/v1/export.schema.json``), from which every other format is made."""
    return {"format": "wxdeploy.export/1", "accounts": {one.account: _account(one) for one in exported}}


def _account(exported: Exported) -> JsonValue:
    keys = sorted({button.key for button in exported.buttons})
    return {
        "appid": exported.appid,
        "templates": {one.name: _template(one) for one in exported.templates},
        "menu_keys": {
            key: [{"menu": one.menu, "name": one.name} for one in exported.buttons if one.key == key] for key in keys
        },
        "missing": {
            one.name: {"state": one.state.value, "message": one.message, "fix": one.fix} for one in exported.missing
        },
        "error": exported.failure.to_json() if exported.failure else None,
    }


def _variables(mapping: Template) -> Iterable[str]:
    """The source paths that the links name."""
    page = mapping.miniprogram
    for link in (mapping.url, page.pagepath if page else None):
        yield from variables(link or "")


def _template(found: Bound) -> JsonValue:
    page = found.mapping.miniprogram
    return {
        "template_id": found.template_id,
        "title": found.mapping.title,
        "data": list(dict.fromkeys((*(one.source or "" for one in found.fields), *_variables(found.mapping)))),
        "fields": [{"label": one.label, "placeholder": one.placeholder, "from": one.source} for one in found.fields],
        "url": found.mapping.url,
        "miniprogram": {"appid": page.appid, "pagepath": page.pagepath} if page else None,
    }
