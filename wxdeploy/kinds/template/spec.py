"""A template mapping as a value, and its canonical document.

What lives in the account is the title and the ordered fields: which placeholder stands behind which label. The rest of
a mapping (where the application finds a value, samples, links, how the template is added) is known to the files alone
and can't be read back, so that it is in the document of a declared mapping and never in that of a live template.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from wxdeploy.kinds.base import Declared
from wxdeploy.kinds.names import TEMPLATE, TEMPLATES
from wxdeploy.wechat.templates import RETIRED

if TYPE_CHECKING:
    from wxdeploy.model.jsonvalue import JsonValue

KIND, SECTION = TEMPLATE, TEMPLATES


class Field(NamedTuple):
    """One placeholder: ``label`` is what the field is called, ``source`` where the application finds its value."""

    placeholder: str
    label: str
    source: str | None = None
    sample: str | None = None


class MiniProgram(NamedTuple):
    """The page of a mini program that a tap on the message opens."""

    appid: str
    pagepath: str | None = None


class Template(NamedTuple):
    """One mapping; of a live template only ``title`` and ``fields`` are known, and of a field no source or sample."""

    title: str
    fields: tuple[Field, ...] = ()
    template_id: str | None = None
    template_id_short: str | None = None
    keyword_name_list: tuple[str, ...] = ()
    url: str | None = None
    miniprogram: MiniProgram | None = None

    @property
    def shown(self) -> tuple[Field, ...]:
        """The fields that a follower sees."""
        return tuple(each for each in self.fields if each.placeholder not in RETIRED)


def parse(section: JsonValue) -> tuple[Declared[Template], ...]:
    """The mappings of a section that passed validation."""
    if not isinstance(section, Mapping):
        return ()
    return tuple(
        Declared(name, template_of(body), (name,)) for name, body in section.items() if isinstance(body, Mapping)
    )


def template_of(body: Mapping[str, JsonValue]) -> Template:
    """One mapping as it is written."""
    data, program, keywords = body.get("data"), body.get("miniprogram"), body.get("keyword_name_list")
    listed = keywords if isinstance(keywords, Sequence) and not isinstance(keywords, str) else ()
    return Template(
        title=str(body.get("title", "")).strip(),
        fields=tuple(
            Field(placeholder, (_text(field, "label") or "").strip(), _text(field, "from"), _text(field, "sample"))
            for placeholder, field in (data.items() if isinstance(data, Mapping) else ())
            if isinstance(field, Mapping)
        ),
        template_id=_text(body, "template_id"),
        template_id_short=_text(body, "template_id_short"),
        keyword_name_list=tuple(map(str, listed)),
        url=_text(body, "url"),
        miniprogram=_program(program) if isinstance(program, Mapping) else None,
    )


def document(template: Template) -> dict[str, JsonValue]:
    """The canonical document: what is written, in the order in which it is written by hand."""
    keywords = list(template.keyword_name_list) or None
    known: dict[str, JsonValue] = {
        "title": template.title,
        "template_id": template.template_id,
        "template_id_short": template.template_id_short,
        "keyword_name_list": keywords,
        "data": {each.placeholder: _field(each) for each in template.fields},
        "url": template.url,
        "miniprogram": _miniprogram(template.miniprogram) if template.miniprogram else None,
    }
    return {key: value for key, value in known.items() if value is not None}


def as_added(template: Template) -> Template:
    """The live template that adding this mapping makes: its keywords in the order in which they are asked for."""
    place = {label: index for index, label in enumerate(template.keyword_name_list)}
    ordered = sorted(template.shown, key=lambda each: place.get(each.label, len(place)))
    return Template(title=template.title, fields=tuple(Field(each.placeholder, each.label) for each in ordered))


def console_text(template: Template) -> str:
    """The content to type into a test account's page, a line for each field."""
    return "\n".join(f"{each.label}:{{{{{each.placeholder}.DATA}}}}" for each in template.fields)


def _field(field: Field) -> dict[str, JsonValue]:
    known = {"label": field.label, "from": field.source, "sample": field.sample}
    return {key: value for key, value in known.items() if value is not None}


def _program(body: Mapping[str, JsonValue]) -> MiniProgram:
    return MiniProgram(_text(body, "appid") or "", _text(body, "pagepath"))


def _miniprogram(program: MiniProgram) -> dict[str, JsonValue]:
    known = {"appid": program.appid, "pagepath": program.pagepath}
    return {key: value for key, value in known.items() if value is not None}


def _text(body: Mapping[str, JsonValue], key: str) -> str | None:
    value = body.get(key)
    return value if isinstance(value, str) else None
