"""The page of a rule, made of its docstring: what ``wxdeploy explain`` prints and ``docs/rules`` holds."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wxdeploy.kinds.base import Rule

HEADINGS = ("What", "Why", "Bad", "Good", "Source")
"""The parts of a page, in this order, each begun in the docstring by its name and a colon."""

_HEADING = re.compile(rf"^({'|'.join(HEADINGS)}):[ \t]*", re.MULTILINE)
_BLOCK = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)

_GROUPS = {
    "WX0": "Files and YAML",
    "WX1": "Project and schema",
    "WX2": "Menu",
    "WX3": "Personalised menus",
    "WX4": "Tags",
    "WX5": "Templates",
    "WX6": "Replies",
    "WX8": "Across kinds",
    "WX9": "Safety of a plan",
}

_INDEX = """\
# Rules

Each finding of `wxdeploy validate` and `wxdeploy plan` names the rule that made it. `wxdeploy explain WX201` prints a
rule's page.

A comment silences one rule on one line, with the reason:

```yaml
menu:
  button:
    - {type: click, name: 今日歌曲推荐, key: SONG}  # wxdeploy: ignore[WX220] in use since 2019
```

A project gives a rule, or a group of them, another severity for one account:

```yaml
accounts:
  prod:
    rules: {WX26x: "off", WX262: error}
```
"""


def parts(rule: Rule) -> dict[str, str]:
    """The docstring's parts by heading, as Markdown."""
    _, *rest = _HEADING.split(rule.doc)
    texts = {heading: _dedented(text).strip() for heading, text in zip(rest[::2], rest[1::2], strict=True)}
    return {heading: text if heading == "Source" else text[:1].upper() + text[1:] for heading, text in texts.items()}


def examples(rule: Rule, heading: str) -> tuple[str, ...]:
    """The YAML blocks under a heading (``Bad`` or ``Good``)."""
    return tuple(_BLOCK.findall(parts(rule).get(heading, "")))


def page(rule: Rule) -> str:
    """The page of one rule, in Markdown."""
    about = f"`{rule.name}` · {rule.severity.value} · since {rule.since}"
    sections = "\n\n".join(f"## {heading}\n\n{text}" for heading, text in parts(rule).items())
    return f"# {rule.code}: {rule.summary}\n\n{about}\n\n{sections}\n"


def index(rules: Iterable[Rule]) -> str:
    """The list of all pages, in Markdown, by group."""
    groups: dict[str, list[Rule]] = {}
    for rule in sorted(rules, key=lambda rule: rule.code):
        groups.setdefault(rule.code[:3], []).append(rule)
    return _INDEX + "".join(_table(_GROUPS[prefix], group) for prefix, group in groups.items())


def file_name(rule: Rule) -> str:
    """The name of a rule's page in ``docs/rules``."""
    return f"{rule.code}.md"


def _table(title: str, rules: Iterable[Rule]) -> str:
    rows = "".join(f"| [{rule.code}]({file_name(rule)}) | {rule.severity.value} | {rule.summary} |\n" for rule in rules)
    return f"\n## {title}\n\n| Code | Severity | Finds |\n| --- | --- | --- |\n{rows}"


def _dedented(text: str) -> str:
    """``text`` at the margin; its first line may stand right behind the heading, and is left out of the count."""
    first, _, below = text.partition("\n")
    return f"{first}\n{textwrap.dedent(below)}"
