"""The command line: one module per command, imported when that command runs."""

from __future__ import annotations

import gc


def main() -> None:
    """Run the ``wxdeploy`` command and exit with its code."""
    from wxdeploy.cli.group import run

    try:
        run()
    finally:
        # The memory goes with the process: Python would walk over all of it once more to find cycles.
        gc.freeze()
