"""The ``wxdeploy`` command itself: finds the command asked for, and turns what it raises into an exit code.

Loads click and the options and nothing else: whatever only some commands or only a failure needs is imported there.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from io import TextIOWrapper
from types import MappingProxyType
from typing import TYPE_CHECKING

import click

from wxdeploy import __version__
from wxdeploy.cli.options import Common, account_options

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from wxdeploy.model.errors import WxdeployError

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "init": "Write a working project: sandbox account, schemas, CI example.",
        "validate": "Find every mistake in the files, offline.",
        "plan": "Show what would change in the accounts.",
        "diff": "Show what differs from a git revision, offline.",
        "apply": "Push the changes and prove that they took.",
        "comment": "Put a plan into comments on its pull request.",
        "reviewed": "Refuse a plan that is not the reviewed one.",
        "accounts": "List who has authorised the third-party platform.",
        "report": "Put the reports of shards together.",
        "snapshot": "Keep a live account in a file.",
        "rollback": "Bring an account back to a snapshot of it.",
        "preview": "Show the phone: the menus as followers see them.",
        "pull": "Bring a live account into YAML.",
        "match": "Say which menu a follower sees, and why.",
        "export": "Export template ids and menu keys for applications.",
        "send": "Send one template message to one follower.",
        "doctor": "Say what is wrong with the accounts, and how to mend it.",
        "user": "Show a follower: tags, last message, and the menu they see.",
        "explain": "Explain a return code or a rule.",
        "schema": "Print or write the schemas of this version.",
        "serve": "Answer the messages and taps of followers.",
        "probe": "Test a callback: every button, every keyword, a wrong signature.",
        "sandbox": "Run the simulator of the API as a server.",
    }
)
"""Command -> its line in ``--help``, so that help needs none of their modules (a test looks for a module of each)."""


class Commands(click.Group):
    """A group whose commands are modules of this package, imported by name when needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"wxdeploy.cli.{cmd_name}").command
        assert isinstance(command, click.Command)  # noqa: S101 - for the type checker
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise click.UsageError(f"No such command {args[0]!r}.{hint}", ctx)
        name, command, rest = super().resolve_command(ctx, args)
        if command is not None and not ctx.resilient_parsing:
            self._check_taken(ctx, name, command)
        return name, command, rest

    def _check_taken(self, ctx: click.Context, name: str | None, command: click.Command) -> None:
        """Refuse an option before the command's name that the command would not take after it: it would do nothing."""
        parts = command.commands.values() if isinstance(command, click.Group) else (command,)
        taken = {param.name for part in parts for param in part.params}
        for param in self.params:
            given = ctx.get_parameter_source(param.name or "") is click.core.ParameterSource.COMMANDLINE
            if given and param.name not in taken:
                raise click.UsageError(f"{name} has no option {param.opts[0]!r}.", ctx)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        found = [CompletionItem(name, help=does) for name, does in COMMANDS.items() if name.startswith(incomplete)]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Begin with:
  wxdeploy init shop && cd shop
  wxdeploy plan
  wxdeploy apply""",
)
@click.version_option(__version__, message="wxdeploy %(version)s")
@account_options
@click.pass_context
def wxdeploy(ctx: click.Context) -> None:
    """Menus, audiences, templates and replies of WeChat Official Accounts, kept in YAML.

    \b
    Exit codes: 0 done or nothing to do, 1 failed and nothing changed, 2 there are changes (--detailed-exitcode),
    3 invalid configuration, 4 refused for safety, 5 applied in part, 64 wrong usage.
    """
    ctx.ensure_object(Common)


def run(args: Sequence[str] | None = None) -> None:
    """Run a command line and exit with its code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A pipe of another encoding than UTF-8 shows what it can; it must not end the program.
            stream.reconfigure(errors="backslashreplace")
    sys.exit(_told(_closed(), Common()) if sys.stdout is None else call(args))


def _closed() -> WxdeployError:
    """Said before anything is done: a result that nobody can be told of is no result."""
    from wxdeploy.model.errors import WxdeployError

    return WxdeployError("stdout is closed: the result could not be shown", fix="send it away instead: >/dev/null")


def call(args: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code; whatever goes wrong is told, never raised."""
    common = Common()
    try:
        result = wxdeploy.main(args, prog_name="wxdeploy", standalone_mode=False, obj=common)
    except (click.ClickException, click.Abort, KeyboardInterrupt) as error:
        return _interrupted(error, common)
    except _ours() as error:
        return _told(error, common)
    except BrokenPipeError:
        # The reader has gone (``wxdeploy plan | head``); Python would complain once more when it closes stdout.
        sys.stdout = None
        return 1
    except UnicodeEncodeError as error:
        return _told(_of_the_locale(error), common)
    except OSError as error:
        return _told(_of_the_system(error), common)
    return result if isinstance(result, int) else 0


def _of_the_system(error: OSError) -> WxdeployError:
    """A file or a folder that could not be read or written, in words."""
    from wxdeploy.model.errors import WxdeployError

    place = f"{error.filename}: " if error.filename else ""
    return WxdeployError(f"{place}{error.strerror or error}", fix="mend that, and run it again")


def _of_the_locale(error: UnicodeEncodeError) -> WxdeployError:
    """A name that the system can't be asked for as the environment is."""
    from wxdeploy.model.errors import WxdeployError

    part = error.object[error.start : error.end]
    return WxdeployError(
        f"`{part}` can't be written in the encoding of this environment, {error.encoding}",
        fix="set a locale of UTF-8, as in LC_ALL=C.UTF-8, and run it again",
    )


def _ours() -> type[WxdeployError]:
    from wxdeploy.model.errors import WxdeployError

    return WxdeployError


def _interrupted(error: BaseException, common: Common) -> int:
    """What ended the command line before or outside of the command."""
    from wxdeploy.cli.exits import Exit
    from wxdeploy.cli.output import say

    match error:
        case click.exceptions.NoArgsIsHelpError():
            click.echo(error.format_message(), err=True)
            return Exit.USAGE
        case click.UsageError():
            error.show()
            return Exit.USAGE
        case click.ClickException():
            error.show()
        case _:
            say("Stopped.", common, err=True)
    return Exit.FAILED


def _told(error: WxdeployError, common: Common) -> int:
    from wxdeploy.cli.exits import exit_of
    from wxdeploy.cli.output import tell

    tell(error, common)
    return exit_of(error)


__all__ = ["COMMANDS", "call", "run", "wxdeploy"]
