"""The options that every command has, before the command's name or after it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from wxdeploy.model.progress import Progress

F = TypeVar("F", bound=Callable[..., Any])


class Common:
    """What the common options were set to; ``observe`` is told how far a run has got, while something watches it."""

    directory: Path = Path()
    accounts: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    shard: str | None = None
    targets: tuple[str, ...] = ()
    concurrency: int = 64
    verbose: int = 0
    quiet: bool = False
    no_color: bool = False
    observe: Callable[[Progress], None] | None = None

    def but(self, **changes: Any) -> Common:
        """The same with some of it set to something else."""
        changed = Common()
        vars(changed).update(vars(self), **changes)
        return changed


def _keep(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    common = ctx.ensure_object(Common)
    if param.name and ctx.get_parameter_source(param.name) is not click.core.ParameterSource.DEFAULT:
        current = getattr(common, param.name)
        setattr(common, param.name, current + value if isinstance(current, tuple) else value)


_DIRECTORY = click.Path(exists=True, file_okay=False, path_type=Path)
_OPTIONS = (
    click.option("-C", "directory", type=_DIRECTORY, metavar="DIR", help="Start in DIR instead of the current folder."),
    click.option("--no-color", is_flag=True, help="No colour (NO_COLOR does the same)."),
    click.option("-q", "--quiet", is_flag=True, help="Results and errors only."),
    click.option("-v", "--verbose", count=True, help="Show each API call; twice for everything. Never shows a token."),
)
_CALLS = (
    click.option("--concurrency", type=click.IntRange(1, 256), metavar="N", help="Requests at once (default 64)."),
)
_OBJECTS = (
    click.option("--target", "targets", multiple=True, metavar="KIND[.NAME]", help="Only this kind or object."),
)
_SELECTION = (
    click.option("--shard", metavar="I/N", help="Only the I-th of N shares of these accounts, decided by the appid."),
    click.option(
        "--select",
        "labels",
        multiple=True,
        metavar="LABEL=VALUE",
        help="Only accounts with this label; repeatable (and); VALUE,VALUE: either; LABEL!=VALUE: others.",
    ),
    click.option(
        "--account", "accounts", multiple=True, metavar="NAME", help="Only this account; repeatable, may be a glob."
    ),
)


_ROLLOUT = (
    click.option(
        "--max-failures",
        type=click.IntRange(min=1),
        metavar="N",
        help="Begin no further account once N have failed.",
    ),
    click.option(
        "--on-error",
        type=click.Choice(["continue", "stop"]),
        default="continue",
        show_default=True,
        help="Whether an account that fails keeps others from being begun.",
    ),
    click.option(
        "--canary", metavar="NAME", help="Apply to this account and verify it before any other; if it fails, stop."
    ),
)
text_or_json = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people or programs.",
)
"""The option of a command that prints for people, or one JSON document."""


def rollout_options(command: F) -> F:
    """Add the options that say whether an account that fails stops others."""
    for option in _ROLLOUT:
        command = option(command)
    return command


def common_options(command: F) -> F:
    """Add the options that say where, how loud and how coloured."""
    for option in _OPTIONS:
        command = _kept(option)(command)
    return command


def selection_options(command: F) -> F:
    """Add the options that choose accounts, and the common ones."""
    command = common_options(command)
    for option in _SELECTION:
        command = _kept(option)(command)
    return command


def object_options(command: F) -> F:
    """Add the options that choose accounts and objects, and the common ones."""
    command = common_options(command)
    for option in (*_OBJECTS, *_SELECTION):
        command = _kept(option)(command)
    return command


def account_options(command: F) -> F:
    """Add the options that choose accounts and objects and say how many calls at once, and the common ones."""
    command = common_options(command)
    for option in (*_CALLS, *_OBJECTS, *_SELECTION):
        command = _kept(option)(command)
    return command


def _kept(option: Callable[[F], F]) -> Callable[[F], F]:
    def add(command: F) -> F:
        command = option(command)
        params: list[click.Option] = getattr(command, "__click_params__", None) or getattr(command, "params", [])
        params[-1].callback = _keep
        params[-1].expose_value = False
        return command

    return add
