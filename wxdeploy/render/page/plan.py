"""The page of ``wxdeploy plan``: each menu that changes, before and after, from the public JSON form alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wxdeploy.model.phone import Phone
from wxdeploy.render.audience import group, menu_name, seen_by
from wxdeploy.render.escape import terminal
from wxdeploy.render.findings import place_and_words
from wxdeploy.render.menu import named
from wxdeploy.render.page.frame import AccountPart, Shown, alert, ident, page
from wxdeploy.render.page.markup import grid, said, tell, text
from wxdeploy.render.page.phones import OPS, phone, table
from wxdeploy.render.phone import marks_of, phone_of
from wxdeploy.render.taps import FACTS, Words, tap_of
from wxdeploy.render.text import menu_goes, place_of, summary
from wxdeploy.wechat import limits

_MENUS = ("menu", "conditional_menu")
_ACTIONS = {
    "create": ("+", Words("新建", "created")),
    "update": ("~", Words("修改", "changed")),
    "delete": ("−", Words("删除", "deleted")),
    "rename": ("»", Words("改名", "renamed")),
}
_KINDS = {
    "menu": Words("默认菜单", "menu"),
    "conditional_menu": Words("个性化菜单", "personalised menu"),
    "tag": Words("标签", "tag"),
    "template": Words("消息模板", "template"),
    "replies": Words("自动回复", "replies"),
}
_ORIGINS = {
    "configuration": Words("来自这次配置改动", "from this configuration change"),
    "account": Words("账号上被改过，执行后会还原", "changed in the account, which this would undo"),
    "both": Words("配置和账号都改过", "changed in the configuration and in the account"),
}
_FIELDS = {"name": Words("名称", "name"), "type": Words("类型", "type"), **FACTS}
_SIGNS = {"changes": "●", "error": "✗"}
Document = Mapping[str, Any]


def plan_page(document: Document) -> str:
    """The whole plan."""
    accounts = [_account(index, each) for index, each in enumerate(document["accounts"])]
    failure = "".join(_failure(document["error"])) if document.get("error") else ""
    summed = Words(_summed(document), summary(document))
    return page(Words("菜单变更", "Menu changes"), summed, accounts, above=failure + _narrowed(document))


def _summed(document: Document) -> str:
    """The sum in Chinese."""
    counts = document["summary"]
    words = {"create": "新建", "update": "修改", "rename": "改名", "delete": "删除"}
    parts = [f"{word} {counts[key]} 项" for key, word in words.items() if counts[key]]
    calls = sum(len(account["operations"]) for account in document["accounts"])
    if counts["errors"]:
        parts.append(f"{counts['errors']} 个账号出错")
    if not parts:
        return "没有可执行的计划" if document.get("error") else f"{counts['accounts']} 个账号，没有变更"
    if against := document.get("against"):
        since = f"与 {terminal(against['name'])} 相比：{'，'.join(parts)}"
        return f"{since}。没有读取线上账号，实际会改什么请看 wxdeploy plan。"
    refresh = limits.MENU_REFRESH_SECONDS // 60
    seen = f"关注者打开公众号时，手机上的菜单超过 {refresh} 分钟未更新就会换成新的。"
    return f"{'，'.join(parts)}；{calls} 次接口调用。{seen}"


def _narrowed(document: Document) -> str:
    """That there may be more than what is told of."""
    if not (targets := document.get("targets")):
        return ""
    told = text("、".join(targets))
    words = tell("只看了 --target 指定的部分，可能还有别的变更：", "Only what --target names was looked at: ")
    return alert([f"{words}<code>{told}</code>"])


def _account(index: int, account: Document) -> AccountPart:
    menus = [at for at, each in enumerate(account["changes"]) if each["kind"] in _MENUS]
    above = "".join(_failure(account["error"])) if account["error"] else ""
    if account["status"] == "unchanged":
        above += f'<p class="soft">{tell("没有变更", "No changes")}</p>'
    return AccountPart(
        name=account["account"],
        sign=_SIGNS.get(account["status"], ""),
        appid=account["appid"],
        above=above,
        menus=[_menu(at, ident(index, number), account) for number, at in enumerate(menus)],
        below="".join((*_audiences(account), *_others(account), *_known(account))),
    )


def _menu(index: int, name: str, account: Document) -> Shown:
    change = account["changes"][index]
    before, after = change["before"], change["after"]
    olds, news = marks_of(change["edits"], before, after)
    screens = (
        None if before is None else phone_of(before),
        None if after is None else phone_of(after, _places(change["edits"])),
    )
    _, action = _ACTIONS[change["action"]]
    held = after if after is not None else before
    return Shown(
        name=menu_name(change["name"] if change["kind"] == "conditional_menu" else None),
        seen_by=seen_by(held.get("matchrule")),
        badge=f'<span class="badge {text(change["action"])}">{said(action)}</span>',
        html="".join(
            (
                _sides(),
                _phones(screens, (olds, news), name, account["account"]),
                *_hazards(change["hazards"]),
                _edits(change, _notes_of(index, account)),
                *_keys(screens, (olds, news), name),
            )
        ),
    )


def _notes_of(index: int, account: Document) -> list[str]:
    """What is to be known of the calls that serve a change."""
    return [each["note"] for each in account["operations"] if each["change"] == index]


def _sides() -> str:
    choices = (
        ("before", "", tell("变更前", "Before")),
        ("after", "", tell("变更后", "After")),
        ("both", ' class="wide"', tell("对比", "Both")),
    )
    buttons = "".join(
        f'<button type="button"{style} data-view="{view}" aria-pressed="false">{words}</button>'
        for view, style, words in choices
    )
    return f'<div class="sides js-only" role="group">{buttons}</div>'


def _phones(screens: Sequence[Phone | None], marks: Sequence[Mapping[str, str]], name: str, title: str) -> str:
    before = phone(screens[0], marks[0], f"{name}-b", title)
    after = phone(screens[1], marks[1], f"{name}-a", title)
    return (
        f'<div class="phones"><figure data-side="before"><figcaption>{tell("变更前", "Before")}</figcaption>{before}'
        f'</figure><figure data-side="after"><figcaption>{tell("变更后", "After")}</figcaption>{after}</figure></div>'
    )


def _hazards(hazards: Sequence[Document]) -> Iterator[str]:
    for each in hazards:
        permit = f" ({tell('需要', 'needs')} <code>{text(each['permit'])}</code>)" if each["permit"] else ""
        yield alert([f"<b>{text(each['code'])}</b> {text(each['message'])}{permit}", text(each["fix"])], stop=True)


def _edits(change: Document, notes: Sequence[str]) -> str:
    """The edits in words, with why and, of the calls, what else is to be known."""
    items = "".join(_edit(edit, change) for edit in change["edits"])
    return (
        f'<div class="block"><h3>{tell("改动", "Edits")}</h3><p class="soft">{_why(change)}</p>'
        f'<ul class="edits">{items}</ul>{_notes(notes)}</div>'
    )


def _why(change: Document) -> str:
    origin = _ORIGINS.get(change["origin"])
    reason = f'<span lang="en">{text(change["reason"])}</span>{_place(change.get("source"))}'
    return reason + (f" · {said(origin)}" if origin else "")


def _notes(notes: Sequence[str]) -> str:
    lines = "".join(f'<li class="soft" lang="en">· {text(note)}</li>' for note in notes if note)
    return f'<ul class="notes">{lines}</ul>' if lines else ""


def _edit(edit: Document, change: Document) -> str:
    sign, words = OPS[edit["op"]]
    within = change["before"] if edit["op"] == "remove" else change["after"]
    name = named(within, edit["path"])
    where = f'<span class="where">{text(name)}</span> ' if name else ""
    return f"<li>{_badge(edit['op'], sign, words)}<p>{where}{_what(edit, change)}{_place(edit['source'])}</p></li>"


def _badge(name: str, sign: str, words: Words) -> str:
    return f'<span class="badge {name}"><span aria-hidden="true">{sign}</span> {said(words)}</span>'


def _place(source: Document | None) -> str:
    place = place_of(source)
    return f' <code class="soft">{text(place)}</code>' if place else ""


def _what(edit: Document, change: Document) -> str:
    match edit["op"]:
        case "add":
            return _does(edit["after"])
        case "remove":
            return _does(edit["before"])
        case "move":
            return f"{_position(edit['before'], change['before'])} → {_position(edit['after'], change['after'])}"
    field = edit["field"]
    show = _value if field == "name" else _code
    return f"{said(_FIELDS.get(field) or Words(field, field))}: {show(edit['before'])} → {show(edit['after'])}"


def _does(button: Any) -> str:
    """What a tap on a button that comes or goes does."""
    keys = phone_of({"button": [button]}).columns
    if not keys:
        return f"<code>{text(button)}</code>"
    values = " ".join(f"<code>{text(value)}</code>" for _, value in keys[0].facts)
    names = text("、".join(key.name for key in keys[0].keys))
    return f"{said(tap_of(keys[0]).does)} {values or names}"


def _position(path: str, document: Any) -> str:
    """Where in its list a button stands, in words."""
    parent, _, index = path.rpartition("[")
    number = int(index.rstrip("]")) + 1
    within = f"{text(named(document, parent.rpartition('.')[0]))} " if "." in parent else ""
    return within + tell(f"第 {number} 个", f"no. {number}")


def _value(value: Any) -> str:
    return tell("（无）", "(none)") if value is None else text(value)


def _code(value: Any) -> str:
    return tell("（无）", "(none)") if value is None else f"<code>{text(value)}</code>"


def _places(edits: Sequence[Document]) -> dict[str, str]:
    """By path, where buttons that are edited are written."""
    return {
        edit["path"]: f"{edit['source']['file']}:{edit['source']['line']}"
        for edit in edits
        if edit["source"] and edit["op"] != "remove"
    }


def _keys(screens: Sequence[Phone | None], marks: Sequence[Mapping[str, str]], name: str) -> Iterator[str]:
    words = (tell("变更前的全部按钮", "All buttons before"), tell("变更后的全部按钮", "All buttons after"))
    for screen, marked, side, title in zip(screens, marks, "ba", words, strict=True):
        if screen is not None:
            rows = table(screen, marked, f"{name}-{side}")
            yield f'<details class="block"><summary>{title}</summary>{rows}</details>'


def _audiences(account: Document) -> Iterator[str]:
    audiences = account["audiences"]
    if not audiences:
        return
    last = Words("没有菜单", "no menu") if menu_goes(account) else menu_name(None)
    heads = [tell("关注者", "Followers"), tell("变更前", "Before"), tell("变更后", "After")]
    others = any(each["platform"] for each in audiences)
    rows = [
        [
            said(group(each["tag"], each["platform"], others=others)),
            _menu_of(each["before"]),
            (said(last) if each["after"] is None else _menu_of(each["after"])) + _changed(each),
        ]
        for each in audiences
    ]
    if any(each["between"] for each in audiences):
        heads.append(tell("执行中短暂看到", "For a moment"))
        for row, each in zip(rows, audiences, strict=True):
            row.append("、".join(map(_menu_of, each["between"])))
    head = "".join(f'<th scope="col">{each}</th>' for each in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    title = Words("看到不同菜单的关注者", "Followers who see another menu")
    yield f'<div class="block"><h3>{said(title)}</h3>{grid(head, body, title)}</div>'


def _menu_of(name: str | None) -> str:
    return said(menu_name(name))


def _changed(audience: Document) -> str:
    same = audience["before"] == audience["after"] and audience["buttons_change"]
    return f" ({tell('内容有变', 'changed')})" if same else ""


def _others(account: Document) -> Iterator[str]:
    """The changes that no phone shows: tags, templates; and what is not managed."""
    rest = [(index, each) for index, each in enumerate(account["changes"]) if each["kind"] not in _MENUS]
    if rest:
        items = "".join(_other(change, _notes_of(index, account)) for index, change in rest)
        yield f'<div class="block"><h3>{tell("其他变更", "Other changes")}</h3><ul class="edits">{items}</ul></div>'
    if account["unmanaged"]:
        items = "".join(
            f'<li>{_called(each)} <span class="soft" lang="en">{text(each["detail"])}</span></li>'
            for each in account["unmanaged"]
        )
        yield f'<div class="block"><h3>{tell("不归配置管理", "Not managed")}</h3><ul>{items}</ul></div>'


def _other(change: Document, notes: Sequence[str]) -> str:
    badge = _badge(change["action"], *_ACTIONS[change["action"]])
    edits = "".join(_edit(edit, change) for edit in change["edits"])
    told = f'<ul class="edits">{edits}</ul>' if edits else ""
    hazards = "".join(_hazards(change["hazards"]))
    title = f'<p>{_called(change)} <span class="soft">{_why(change)}</span></p>'
    return f"<li>{badge}<div>{title}{told}{_notes(notes)}{hazards}</div></li>"


def _called(thing: Document) -> str:
    """Its kind and its name."""
    kind = thing["kind"]
    return f"{said(_KINDS.get(kind) or Words(kind, kind))} <b>{text(thing['name'])}</b>"


def _known(account: Document) -> Iterator[str]:
    """What else is to be known."""
    for each in account["warnings"]:
        yield alert(
            [f"<b>{text(each['code'])}</b> {text(each['message'])}", text(each["fix"])],
            stop=each["severity"] == "error",
        )


def _failure(error: Document) -> Iterator[str]:
    rid = f" (rid {text(error['rid'])})" if error["rid"] else ""
    lines = [f"<b>{tell('出错', 'Error')}</b> {text(error['message'])}{rid}", text(error["fix"])]
    for finding in error["findings"]:
        place, told = place_and_words(finding)
        lines.append(f"<code>{text(place)}</code> {text(told)}")
        lines.append(text(finding["fix"]))
    yield alert(filter(None, lines), stop=True)
