"""HTML as text: every word from outside goes through here, and comes out harmless."""

from __future__ import annotations

from html import escape

from wxdeploy.render.escape import terminal
from wxdeploy.render.taps import Words


def text(value: object) -> str:
    """A text from outside, for an element's content or a quoted attribute.

    What would reorder or hide text is written out as in a terminal.
    """
    return escape(terminal(str(value)), quote=True)


def said(words: Words) -> str:
    """A text in both languages, of which the page shows one."""
    if words.zh == words.en:
        return escape(words.zh)
    return (
        f'<span class="zh" lang="zh-CN">{escape(words.zh)}</span><span class="en" lang="en">{escape(words.en)}</span>'
    )


def grid(head: str, rows: str, name: Words) -> str:
    """A table, of HTML cells, that is scrolled within a narrow window, with the keyboard too."""
    label = escape(f"{name.zh} · {name.en}", quote=True)
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{label}"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def tell(zh: str, en: str) -> str:
    """As ``said``, of two texts of our own."""
    return said(Words(zh, en))
