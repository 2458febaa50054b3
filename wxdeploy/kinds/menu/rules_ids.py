"""Ids that one account alone has, in a file that several read; told while files are read, before variables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from wxdeploy.kinds.base import stated
from wxdeploy.kinds.buttons.walk import listed
from wxdeploy.model.diagnostic import Severity
from wxdeploy.model.jsonvalue import JsonValue, Path
from wxdeploy.wechat.buttons import FIELDS

_IDS = ("media_id", "article_id")
_BY_TYPE = MappingProxyType({name: fields[0] for name, fields in FIELDS.items() if fields[0] in _IDS})
_VARIABLE = "${"


@stated("WX270", severity=Severity.WARNING)
def shared_button_id() -> None:
    """The id of a material or an article stands in a file of several accounts.

    What: a button of a menu or a personalised menu has a literal ``media_id`` or ``article_id``, and the file is among
    the ``files`` of more than one account.
    Why: a material belongs to the account that it was uploaded to, an article to the one that published it. Every other
    account refuses the menu (40007, 53600).
    Bad:
        ```yaml title=base/menu.yaml
        menu:
          button:
            - {type: media_id, name: 门店照片, media_id: EwT2kJqVdEm2xKlYjDnNnA}
        ```
        ```yaml title=base/menu.yaml
        conditional_menus:
          - name: vip
            matchrule: {tag: VIP}
            button:
              - name: 会员
                sub_button:
                  - {type: article_id, name: 本周文章, article_id: 2247483650_1}
        ```
    Good:
        ```yaml title=base/menu.yaml
        menu:
          button:
            - {type: media_id, name: 门店照片, media_id: "${shop_photo}"}
        ```
    Source: doc/service/api/material/permanent/api_addmaterial (the id is of the account that uploads);
    doc/service/api/custommenu/api_createcustommenu (ids of permanent material, of published articles).
    """


def literal_ids(section: JsonValue) -> Iterator[tuple[Path, str]]:
    """Every id that a button is written with and sends or opens, with its path from the section."""
    menus = [((), section)] if isinstance(section, Mapping) else [((index,), menu) for index, menu in _objects(section)]
    for path, menu in menus:
        for index, column in _objects(menu.get("button")):
            children = [*_objects(column.get("sub_button"))]
            at: Path = (*path, "button", index)
            for place, button in [((*at, "sub_button", below), each) for below, each in children] or [(at, column)]:
                field = _BY_TYPE.get(str(button.get("type")))
                value = button.get(field) if field else None
                if field and isinstance(value, str) and value and _VARIABLE not in value:
                    yield (*place, field), value


def _objects(value: JsonValue) -> Iterator[tuple[int, Mapping[str, JsonValue]]]:
    """The parts of a list that are mappings, with their places."""
    return ((index, part) for index, part in enumerate(listed(value)) if isinstance(part, Mapping))


RULES = (shared_button_id,)
