"""The live templates, as ``get_all_private_template`` lists them.

A row says neither the number in the library nor the keywords, neither the generation nor the state of a template: all
that tells one from another is its title and its content.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from wxdeploy.kinds.template.spec import KIND, Field, Template, document
from wxdeploy.model.address import Address
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.resource import LiveObject, Reading
from wxdeploy.wechat.templates import ONE_TIME_CONTENT, ONE_TIME_TITLE

# The documentation prints blanks between the braces, live content has none.
_PLACEHOLDER = re.compile(r"\{\s*\{\s*(\w+)\s*\.\s*DATA\s*\}\s*\}")
_COLONS = ":："
_EMPTY_IN_TEST_ACCOUNTS = ("primary_industry", "deputy_industry", "example")


def read(answers: Mapping[str, JsonValue], _known: Mapping[str, Reading[Any]]) -> Reading[Template]:
    """The live templates by title; ``remote`` has the ``template_id``, ``raw`` the row.

    They are known by their titles: the logical names stand in the files alone. The row of one-time subscription
    messages is left out, so that nothing ever lists, adopts or deletes it.
    """
    return Reading(objects=in_order(_live(row) for row in _rows(answers["template.list"]) if not _is_one_time(row)))


def in_order(templates: Iterable[LiveObject[Template]]) -> tuple[LiveObject[Template], ...]:
    """The templates by title and fields: the order of the list is not documented."""
    listed = sorted(templates, key=lambda each: each.spec.title)
    if len({each.spec.title for each in listed}) < len(listed):
        listed.sort(key=_order)
    return tuple(listed)


def made(template: Template) -> LiveObject[Template]:
    """A template as reading it shows it, but for the id that it will have."""
    return LiveObject(address=Address(KIND, template.title), spec=template)


@lru_cache(maxsize=4096)  # a template reads alike in many accounts
def fields_of(content: str) -> tuple[Field, ...]:
    """The ordered fields of a live content: each placeholder with the label before it on its line.

    A label ends in a colon of half or full width; a placeholder without one goes by its own name.
    """
    found: dict[str, Field] = {}
    for line in content.splitlines():
        end = 0
        for match in _PLACEHOLDER.finditer(line):
            before = line[end : match.start()].strip()
            label = before.rstrip(_COLONS).strip() if before.endswith(tuple(_COLONS)) else ""
            found.setdefault(match[1], Field(match[1], label or match[1]))
            end = match.end()
    return tuple(found.values())


def id_of(live: LiveObject[Template]) -> str:
    """The account's own id of a live template."""
    return str(live.remote.get("template_id", ""))


def text_of(live: LiveObject[Template], key: str) -> str:
    """One of the texts of the row that a live template was read from."""
    value = live.raw.get(key) if isinstance(live.raw, Mapping) else None
    return value if isinstance(value, str) else ""


def samples_of(live: LiveObject[Template]) -> Mapping[str, str]:
    """Placeholder -> the value that WeChat's own example shows for it; nothing where the example has another form."""
    pattern, names, end, content = "", [], 0, text_of(live, "content").strip()
    for match in _PLACEHOLDER.finditer(content):
        pattern += _loosely(content[end : match.start()]) + "(.*?)"
        names.append(match[1])
        end = match.end()
    found = re.fullmatch(pattern + _loosely(content[end:]), text_of(live, "example").strip(), re.DOTALL)
    return {name: value.strip() for name, value in zip(names, found.groups(), strict=True)} if found else {}


def is_test_account(templates: Sequence[LiveObject[Template]]) -> bool:
    """Whether the rows look as in a test account, where templates are typed in by hand: no industries, no examples."""
    return bool(templates) and not any(text_of(each, key) for each in templates for key in _EMPTY_IN_TEST_ACCOUNTS)


def industry_of(live: LiveObject[Template]) -> str:
    """The industry that a template is listed under, or nothing; a bar and a slash in it mean the same."""
    parts = [text_of(live, key).replace("|", "/") for key in ("primary_industry", "deputy_industry")]
    return " / ".join(filter(None, parts))


def _loosely(text: str) -> str:
    return "".join(
        f"[{_COLONS}]" if sign in _COLONS else r"\s+" if sign.isspace() else re.escape(sign) for sign in text
    )


def _rows(answer: JsonValue) -> Iterator[Mapping[str, JsonValue]]:
    rows = answer.get("template_list") if isinstance(answer, Mapping) else None
    if isinstance(rows, Sequence) and not isinstance(rows, str):
        yield from (row for row in rows if isinstance(row, Mapping) and isinstance(row.get("template_id"), str))


def _live(row: Mapping[str, JsonValue]) -> LiveObject[Template]:
    title = str(row.get("title", "")).strip()
    return LiveObject(
        address=Address(KIND, title),
        spec=Template(title=title, fields=fields_of(str(row.get("content", "")))),
        remote={"template_id": row["template_id"]},
        raw=dict(row),
    )


def _is_one_time(row: Mapping[str, JsonValue]) -> bool:
    return row.get("title") == ONE_TIME_TITLE and fields_of(str(row.get("content", ""))) == fields_of(ONE_TIME_CONTENT)


def _order(live: LiveObject[Template]) -> tuple[str, str]:
    return live.spec.title, json.dumps(document(live.spec), ensure_ascii=False, sort_keys=True)
