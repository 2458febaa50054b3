"""The command line: one module per command, imported when that command runs."""

from __future__ import annotations


def main() -> None:
    """Run the ``wxdeploy`` command and exit with its code."""
    from wxdeploy.cli.group import run

    run()
