"""``wxdeploy validate``: every mistake in the files, offline."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wxdeploy import __version__
from wxdeploy.cli.exits import Exit
from wxdeploy.cli.options import Common, object_options
from wxdeploy.cli.output import say, say_json
from wxdeploy.model.diagnostic import Diagnostic
from wxdeploy.model.errors import ConfigurationError
from wxdeploy.model.record import Record

if TYPE_CHECKING:
    from wxdeploy.render.sarif import RuleHelp

FORMAT = "wxdeploy.findings/1"
_STEP_SUMMARY = "GITHUB_STEP_SUMMARY"


@click.command(
    epilog="""\b
Examples:
  wxdeploy validate
  wxdeploy validate shop/base/menu.yaml other-shop/wxdeploy.yaml
  wxdeploy validate --account 'shop-*' --format json
  wxdeploy validate --format github
  wxdeploy validate --format sarif > wxdeploy.sarif
  wxdeploy validate --format gitlab > gl-code-quality-report.json"""
)
@click.argument("files", nargs=-1, metavar="[FILE]...", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github", "sarif", "gitlab"]),
    default="text",
    show_default=True,
    help="For people, programs, or what a platform shows beside the lines of a change.",
)
@object_options
@click.pass_obj
def command(common: Common, files: tuple[Path, ...], form: str) -> int:
    """Find every mistake in the files, offline: no account is called and no secret is needed.

    Exits with 3 where there is an error, in every format; warnings alone leave it 0.

    With FILE, whole projects are looked at all the same, but those that the files are in; files outside of any are
    passed over, and paths are counted from the current folder. So an editor or a hook can hand in what has changed.

    --format github makes annotations, ten of a kind, and adds the full list to the summary of the step
    (GITHUB_STEP_SUMMARY); sarif is for code scanning, gitlab for Code Quality. Their paths are counted from the top of
    the repository, all others from the project.
    """
    if files:
        roots = _roots(common.directory, files)
        looks = [_look(common.but(directory=root)).counted_from(root, common.directory) for root in roots]
        folder = _place(common.directory)
    else:
        looks, folder = [_look(common)], _folder(common)
    found = _Look.sum(looks)
    _show(found.findings, form, common, looked=found.looked, alone=found.alone, folder=folder)
    return Exit.DONE if found.valid else Exit.INVALID


class _Look(Record):
    """What was found: ``looked`` counts accounts and files, ``alone`` says that the project has one account."""

    findings: tuple[Diagnostic, ...] = ()
    valid: bool = True
    looked: str = ""
    alone: bool = False

    def counted_from(self, root: Path, start: Path) -> _Look:
        """The same with the files' paths, which are the project's, counted from another folder."""
        way = os.path.relpath(root, start).replace(os.sep, "/")
        if way == ".":
            return self
        moved = (
            found._replace(span=found.span._replace(file=f"{way}/{found.span.file}")) if found.span else found
            for found in self.findings
        )
        return _Look(findings=tuple(moved), valid=self.valid, looked=self.looked, alone=self.alone)

    @classmethod
    def sum(cls, looks: Sequence[_Look]) -> _Look:
        """Several projects together."""
        if len(looks) == 1:
            return looks[0]
        return cls(
            findings=tuple(found for look in looks for found in look.findings),
            valid=all(look.valid for look in looks),
            looked=f"{len(looks)} projects",
        )


def _look(common: Common) -> _Look:
    from wxdeploy.cli.world import configure

    try:
        configuration = configure(common)
    except ConfigurationError as error:
        return _Look(findings=error.diagnostics, valid=False)
    accounts, files = len(configuration.accounts), 1 + len(configuration.project.documents)
    files += configuration.project.listed is not None
    return _Look(
        findings=configuration.findings,
        valid=configuration.is_valid,
        looked=f"{accounts} account{'' if accounts == 1 else 's'}, {files} file{'' if files == 1 else 's'}",
        alone=len(configuration.project.accounts) == 1,
    )


def _roots(start: Path, files: Sequence[Path]) -> list[Path]:
    """The projects that the files are in, each once."""
    from wxdeploy.config.project import find_root

    roots: dict[Path, None] = {}
    for folder in dict.fromkeys((start / file).parent for file in files):
        with suppress(ConfigurationError):
            roots[find_root(folder)] = None
    return list(roots)


def _show(
    findings: tuple[Diagnostic, ...], form: str, common: Common, *, looked: str, alone: bool, folder: str
) -> None:
    document = findings_document(findings)
    match form:
        case "json":
            say_json(document)
        case "sarif":
            from wxdeploy.render.sarif import sarif_log

            say_json(sarif_log(document, _pages(findings), version=__version__, folder=folder))
        case "gitlab":
            from wxdeploy.render.gitlab import code_quality

            say_json(code_quality(document, folder=folder))
        case "github":
            _annotate(document, common, folder=folder, looked=looked)
        case _:
            from wxdeploy.render.findings import findings_text

            if findings or not common.quiet:
                say(findings_text(document, looked=looked, alone=alone), common)


def _annotate(document: dict[str, object], common: Common, *, folder: str, looked: str) -> None:
    from wxdeploy.render.github import annotated

    kept = _summarise(document, common, looked)
    text = annotated(document, folder=folder, looked=looked, summarised=kept)
    click.echo(text.encode("utf-8", "backslashreplace"), nl=False)


def _summarise(document: dict[str, object], common: Common, looked: str) -> bool:
    """Add all findings to the step's summary, where there is one; says whether they are there."""
    from wxdeploy.render.github import SUMMARY_BYTES, step_summary

    name = os.environ.get(_STEP_SUMMARY)
    if not name:
        return False
    path = Path(name)
    try:
        room = SUMMARY_BYTES - (path.stat().st_size if path.exists() else 0)
        text = step_summary(document, looked=looked, room=room)
        with path.open("a", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.write(text)
    except OSError as error:
        say(f"! the summary of the step can't be written: {error.strerror}\n", common, err=True)
        return False
    return bool(text)


def _folder(common: Common) -> str:
    """Where the project is in its repository; empty at the top or outside of one."""
    from wxdeploy.config.project import find_root

    try:
        return _place(find_root(common.directory))
    except ConfigurationError:
        return _place(common.directory)


def _place(folder: Path) -> str:
    """A folder counted from the top of its repository, with forward slashes."""
    here = folder.resolve()
    top = next((each for each in (here, *here.parents) if (each / ".git").exists()), here)
    found = here.relative_to(top).as_posix()
    return "" if found == "." else found


def _pages(findings: tuple[Diagnostic, ...]) -> list[RuleHelp]:
    """The pages of the rules that found something, by code."""
    from wxdeploy.lint.pages import page
    from wxdeploy.render.sarif import RuleHelp
    from wxdeploy.workflow.load import rulebook

    rules = rulebook().rules
    return [
        RuleHelp(
            code=rule.code,
            name=rule.name,
            severity=rule.severity.value,
            summary=rule.summary,
            text=rule.doc,
            markdown=page(rule),
        )
        for rule in (rules[code] for code in sorted({finding.code for finding in findings}) if code in rules)
    ]


def findings_document(findings: tuple[Diagnostic, ...]) -> dict[str, object]:
    """The public JSON form of findings (``schemas/v1/findings.schema.json``)."""
    return {"format": FORMAT, "findings": [finding.to_json() for finding in findings]}
