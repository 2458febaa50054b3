"""The command line: one module per command, imported when that command runs."""

from __future__ import annotations

import gc


def main() -> None:
    """Run the ``wxdeploy`` command and exit with its code."""
    # What a start makes stays, modules for the most part: after each 700 objects, as Python has it, is far too often.
    gc.set_threshold(50_000)

    from wxdeploy.cli.group import run

    try:
        run()
    finally:
        # The memory goes with the process: Python would walk over all of it once more to find cycles.
        gc.freeze()
