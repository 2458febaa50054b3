"""Comments in Markdown as a platform shows them: GitHub Flavored Markdown to HTML, and what a person sees of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

import cmarkgfm
from cmarkgfm.cmark import Options
from markdown_it import MarkdownIt

TAGS = {
    "h3",
    "h4",
    "p",
    "strong",
    "code",
    "ul",
    "ol",
    "li",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "details",
    "summary",
}
"""Every tag that the renderer itself makes."""


RENDERERS: Mapping[str, Callable[[str], str]] = {
    "cmark-gfm": lambda text: cmarkgfm.github_flavored_markdown_to_html(text, options=Options.CMARK_OPT_UNSAFE),
    "markdown-it": lambda text: MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(text),
}
"""Both with tables, strikethrough and raw HTML; GitHub's own makes links of bare addresses besides."""


@dataclass
class Seen(HTMLParser):
    """What is in the HTML: its tags, the cells of its tables, its comments, and the text outside of code."""

    tags: list[str] = field(default_factory=list)
    attributes: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    tables: list[list[list[str]]] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    prose: str = ""
    _cell: bool = False
    _code: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [f"{name}={value}" for name, value in attrs]
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
            self._cell = True
        elif tag == "code":
            self.code.append("")
            self._code = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._cell = False
        elif tag == "code":
            self._code = False

    def handle_data(self, data: str) -> None:
        if self._cell:
            self.tables[-1][-1][-1] += data
        if self._code:
            self.code[-1] += data
        else:
            self.prose += data

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def seen(markdown: str, renderer: str = "cmark-gfm") -> Seen:
    found = Seen()
    found.feed(RENDERERS[renderer](markdown))
    found.close()
    return found


_AUTOLINK = re.compile(r"://|www\.|[\w.+-]@\w|mailto:", re.IGNORECASE)
_REFERENCE = re.compile(
    r"""(?<!\w)@\w|(?<!\w)#\d|!\d|[~%][\w"']|\$\w|&\d|\bGH-\d|:[\w+-]+:|\[\w+:|://|www\.\w""", re.IGNORECASE
)
_ORDER = re.compile(r"^\s*/\w", re.MULTILINE)
"""A line that GitLab obeys as it is written, before it is Markdown: ``/close``."""


def is_harmless(markdown: str) -> bool:
    """Whether nothing but the renderer's own tags comes of it, and no mention, reference or link.

    Links are made of what stands in the Markdown, mentions and references of the text outside of code.
    """
    return all(_is_harmless(markdown, seen(markdown, renderer)) for renderer in RENDERERS)


def _is_harmless(markdown: str, found: Seen) -> bool:
    return (
        set(found.tags) <= TAGS
        and not set(found.attributes) - {"align=center", "style=text-align:center"}
        and not _AUTOLINK.search(re.sub(r"<!--.*?-->", "<!-- -->", markdown))
        and not _REFERENCE.search(found.prose)
        and not _ORDER.search(markdown)
        and all(each.strip().startswith("wxdeploy:") or not each.strip() for each in found.comments)
    )
