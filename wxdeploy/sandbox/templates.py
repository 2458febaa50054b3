"""The rules of an account's templates and industries.

Sources: the pages under doc/service/api/notify/template, doc/service/guide/product/template_message, and the reports
quoted where they decide.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wxdeploy.sandbox import library
from wxdeploy.sandbox.request import Json, Refusal, number
from wxdeploy.sandbox.state import State
from wxdeploy.sandbox.template_rows import Industries, Kind, Template
from wxdeploy.wechat import limits
from wxdeploy.wechat.errcodes import Code
from wxdeploy.wechat.templates import is_historical

_PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\.DATA\s*\}\}")
PLACEHOLDER_NAME = re.compile(r"\w+")
# So many bytes are written as the characters of an id.
_ID_BYTES = limits.TEMPLATE_ID_CHARACTERS * 6 // 8


def new_template_id() -> str:
    """An id in the form of real ones."""
    return secrets.token_urlsafe(_ID_BYTES)


def placeholders(content: str) -> tuple[str, ...]:
    """The names of the placeholders of a template, in order."""
    return tuple(_PLACEHOLDER.findall(content))


def content_of(fields: Iterable[tuple[str, str]], colon: str) -> str:
    """The content of a template with these (label, placeholder): one line each, the last one ended too."""
    return "".join(f"{label}{colon}{{{{{key}.DATA}}}}\n" for label, key in fields)


@dataclass(frozen=True, slots=True)
class Templates:
    """The templates and industries of one account within one transaction."""

    state: State
    appid: str

    def list(self) -> Json:
        """get_all_private_template: all of them, of either library, with nothing that tells them apart.

        Neither the library's number nor the keywords are in it. In a test account the industries and the example are
        empty texts.
        """
        return {"template_list": [_shown(template) for template in self.state.templates.all(self.appid)]}

    def add(self, short_id: object, keyword_names: object) -> str:
        """api_add_template: the id of a new template, also where an equal one is there already.

        A live account lists one library template four times under four ids. A test account has no library.
        """
        if not isinstance(short_id, str) or self.state.templates.is_test_account(self.appid):
            raise Refusal(Code.INVALID_TEMPLATE_ID)
        if is_historical(short_id):
            raise Refusal(Code.HISTORICAL_LIBRARY_CLOSED)
        found = library.templates().get(short_id)
        if found is None:
            raise Refusal(Code.INVALID_TEMPLATE_ID)
        keywords = _chosen(found, keyword_names)
        if self.state.templates.total(self.appid) >= limits.TEMPLATES.value:
            raise Refusal(Code.TOO_MANY_TEMPLATES)
        kept = [keyword for keyword in keywords if not keyword.dropped]
        template = Template(
            template_id=new_template_id(),
            kind=Kind.CATEGORY,
            title=found.title,
            content=content_of(((keyword.name, keyword.key) for keyword in kept), found.colon),
            primary_industry=found.category[0],
            deputy_industry=found.category[1],
            example="".join(f"{keyword.name}{found.colon}{keyword.example}\n" for keyword in kept),
            listed={keyword.key: keyword.values for keyword in kept if keyword.values},
        )
        self.state.templates.add(self.appid, template)
        return template.template_id

    def delete(self, template_id: object) -> None:
        """del_private_template: of either library; the row of one-time subscriptions is none of the templates."""
        found = self.state.templates.find(self.appid, template_id) if isinstance(template_id, str) else None
        if found is None or found.kind is Kind.ONE_TIME:
            raise Refusal(Code.INVALID_TEMPLATE_ID)
        self.state.templates.remove(self.appid, found.template_id)

    # Industries

    def industries(self) -> Json:
        """get_industry; empty texts where none were ever set."""
        found = self.state.templates.industries(self.appid)
        names = library.industries()
        first, second = (("", ""), ("", "")) if found is None else (names[found.first], names[found.second])
        return {"primary_industry": _classes(first), "secondary_industry": _classes(second)}

    def set_industries(self, first: object, second: object, now: float) -> None:
        """api_set_industry: once a month; the templates of an industry that is left are taken away."""
        numbers = [number(industry) for industry in (first, second)]
        chosen = [industry for industry in numbers if industry is not None and industry in library.industries()]
        if len(set(chosen)) < len(numbers):
            raise Refusal(Code.INVALID_INDUSTRY_ID)
        before = self.state.templates.industries(self.appid)
        if before is not None and now - before.changed < limits.INDUSTRY_CHANGE_SECONDS:
            raise Refusal(Code.INDUSTRY_CHANGED_TOO_OFTEN)
        self.state.templates.put_industries(self.appid, Industries(first=chosen[0], second=chosen[1], changed=now))
        if before is not None:
            self._leave({before.first, before.second} - set(chosen))

    def _leave(self, industries: set[int]) -> None:
        left = {library.industries()[industry] for industry in industries}
        for template in self.state.templates.all(self.appid):
            # The pages write a slash where live answers have a bar.
            names = (template.primary_industry, template.deputy_industry.replace("/", "|"))
            if template.kind is Kind.HISTORICAL and names in left:
                self.state.templates.remove(self.appid, template.template_id)


def _chosen(template: library.LibraryTemplate, names: object) -> Sequence[library.Keyword]:
    """The keywords in the order asked for; 40246 for a list written as a text, none, a foreign or a repeated one."""
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise Refusal(Code.INVALID_KEYWORD_NAMES)
    if len(set(names)) < len(names) or not template.keywords.keys() >= set(names):
        raise Refusal(Code.INVALID_KEYWORD_NAMES)
    return [template.keywords[name] for name in names]


def _shown(template: Template) -> Json:
    return {
        "template_id": template.template_id,
        "title": template.title,
        "primary_industry": template.primary_industry,
        "deputy_industry": template.deputy_industry,
        "content": template.content,
        "example": template.example,
    }


def _classes(names: tuple[str, str]) -> Json:
    return {"first_class": names[0], "second_class": names[1]}
