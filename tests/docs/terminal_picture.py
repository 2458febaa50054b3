"""What a terminal shows, as an SVG picture that needs nothing but itself.

rich can write such a picture, but loads its font from the network, which GitHub forbids, and gives a Chinese character the room
of a Latin one. Here each run of signs of one width and one colour has a place and a length of its own, so that columns stay
columns in whatever font the reader has.
"""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.style import Style
from rich.text import Text

from wxdeploy.model.cells import cells

CELL, LINE, SIZE, WIDE = 8.4, 21, 14, 16
MARGIN, BAR = 20, 38
NO_BREAK = "&#160;"
INK, GROUND, FAINT = "#e6edf3", "#0d1117", "#8b949e"
COLOURS = {1: "#ff7b72", 2: "#56d364", 3: "#e3b341", 4: "#79c0ff", 5: "#d2a8ff", 6: "#76e3ea"}
"""By the number that ANSI has for each."""
_CONSOLE = Console(color_system="standard")
FONT = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Noto Sans Mono CJK SC','PingFang SC','Microsoft YaHei',monospace"


def in_terminal(arguments: Sequence[str], folder: Path, columns: int) -> str:
    """What the program prints in a terminal of this width, colours included."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "wxdeploy", *arguments],
        cwd=folder,
        env={**os.environ, "TERM": "xterm", "COLUMNS": str(columns), "PYTHONPATH": str(Path(__file__).parents[2])},
        stdin=subprocess.DEVNULL,
        stdout=slave,
        stderr=slave,
    )
    os.close(slave)
    printed = b""
    try:
        while part := os.read(master, 65536):
            printed += part
    except OSError:  # so a terminal ends on Linux
        pass
    os.close(master)
    assert process.wait() == 0, printed
    return printed.decode().replace("\r\n", "\n")


def picture(command: str, printed: str, columns: int) -> str:
    """The terminal in which the command was typed and this was printed."""
    lines = [Text.assemble(("$ ", "dim"), command), *Text.from_ansi(printed.rstrip("\n")).split("\n")]
    width, height = MARGIN * 2 + CELL * columns, BAR + MARGIN + LINE * len(lines)
    plain = escape("\n".join(line.plain for line in lines[1:]))
    body = "\n".join(part for number, line in enumerate(lines) for part in _line(line, BAR + LINE * number + SIZE))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}"'
        ' role="img" aria-labelledby="title desc">\n'
        f'<title id="title">{escape(command)}</title>\n<desc id="desc">{plain}</desc>\n'
        f'<rect width="{width:g}" height="{height:g}" rx="10" fill="{GROUND}" stroke="#30363d"/>\n'
        f'<circle cx="22" cy="18" r="5.5" fill="#ff5f57"/><circle cx="41" cy="18" r="5.5" fill="#febc2e"/>'
        f'<circle cx="60" cy="18" r="5.5" fill="#28c840"/>\n'
        f'<g font-family="{FONT}" font-size="{SIZE}" fill="{INK}">\n{body}\n</g>\n</svg>\n'
    )


def _line(line: Text, down: float) -> Iterator[str]:
    signs = [(sign, line.get_style_at_offset(_CONSOLE, index)) for index, sign in enumerate(line.plain)]
    at = 0
    for (wide, look), run in groupby(signs, key=lambda each: (cells(each[0]), _look(each[1]))):
        text = "".join(sign for sign, _ in run)
        room = wide * len(text)
        if text.strip():
            size = f' font-size="{WIDE}"' if wide == 2 else ""
            yield (
                f'<text x="{MARGIN + CELL * at:g}" y="{down:g}" textLength="{CELL * room:g}"{size}{look}>'
                f"{escape(text).replace(' ', NO_BREAK)}</text>"
            )
        at += room


def _look(style: Style) -> str:
    colour = FAINT if style.dim else COLOURS.get(style.color.number or 0, "") if style.color else ""
    return (f' fill="{colour}"' if colour else "") + (' font-weight="bold"' if style.bold else "")
