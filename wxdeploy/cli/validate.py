"""``wxdeploy validate``: every mistake in the files, offline."""

from __future__ import annotations

import click

from wxdeploy.cli.exits import Exit
from wxdeploy.cli.options import Common, account_options
from wxdeploy.cli.output import say, say_json
from wxdeploy.model.diagnostic import Diagnostic
from wxdeploy.model.errors import ConfigurationError

FORMAT = "wxdeploy.findings/1"


@click.command(
    epilog="""\b
Examples:
  wxdeploy validate
  wxdeploy validate --account 'shop-*' --format json"""
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people or programs.",
)
@account_options
@click.pass_obj
def command(common: Common, form: str) -> int:
    """Find every mistake in the files, offline: no account is called and no secret is needed.

    Exits with 3 where there is an error; warnings alone leave it 0.
    """
    from wxdeploy.cli.world import configure
    from wxdeploy.render.findings import findings_text

    looked, alone = "", False
    try:
        configuration = configure(common)
    except ConfigurationError as error:
        findings, valid = error.diagnostics, False
    else:
        findings, valid = configuration.findings, configuration.is_valid
        accounts, files = len(configuration.accounts), 1 + len(configuration.project.documents)
        alone = len(configuration.project.accounts) == 1
        looked = f"{accounts} account{'' if accounts == 1 else 's'}, {files} file{'' if files == 1 else 's'}"
    document = findings_document(findings)
    if form == "json":
        say_json(document)
    elif findings or not common.quiet:
        say(findings_text(document, looked=looked, alone=alone), common)
    return Exit.DONE if valid else Exit.INVALID


def findings_document(findings: tuple[Diagnostic, ...]) -> dict[str, object]:
    """The public JSON form of findings (``schemas/v1/findings.schema.json``)."""
    return {"format": FORMAT, "findings": [finding.to_json() for finding in findings]}
