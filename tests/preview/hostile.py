"""Names that would do something where they are not shown as what they are."""

from __future__ import annotations

from typing import Any

NAMES = (
    "<script>document.title='taken'</script>",
    '"><img src=x onerror="document.title=\'taken\'">',
    "' autofocus onfocus='document.title=1",
    "</style><style>*{display:none}</style>",
    "</title></desc></text><svg onload=\"document.title='taken'\">",
    "]]><!--",
    "&lt;b&gt;&amp;&#60;",
    "\x00\x1b[31m\x07\x0c\ud800\ufffe",
    "\u202egnp.exe\u2066",
    "${site}{{7*7}}`id`",
    "javascript:document.title='taken'",
    "👩‍👩‍👧‍👦 e\u0301\u200b" * 9,
)


def menu(shift: int = 0) -> dict[str, Any]:
    """A menu of nothing but those names, in every field."""
    names = [NAMES[(index + shift) % len(NAMES)] for index in range(len(NAMES))]
    leaves = [
        {"type": "view", "name": names[0], "url": names[10]},
        {"type": "miniprogram", "name": names[1], "url": names[2], "appid": names[3], "pagepath": names[4]},
        {"type": "click", "name": names[5], "key": names[6]},
        {"type": names[7], "name": names[8]},
        {"type": "text", "name": names[9], "value": names[11]},
    ]
    return {
        "button": [{"name": names[7], "sub_button": leaves}, {"name": names[8], "sub_button": leaves[:1]}, leaves[4]]
    }


def configuration() -> dict[str, Any]:
    """What the renderers of ``preview`` read, of two accounts."""
    menus = [
        {"name": NAMES[0], "rule": {"tag": NAMES[1], "client_platform_type": NAMES[2]}, "menu": menu(), "places": {}},
        {"name": None, "rule": None, "menu": menu(1), "places": {"button[0]": NAMES[3]}},
    ]
    replies = {
        NAMES[5]: {"text": "\n".join(NAMES)},
        NAMES[6]: {"news": [{"title": NAMES[0], "description": NAMES[1], NAMES[2]: NAMES[3]}]},
        NAMES[7]: {NAMES[0]: {NAMES[1]: NAMES[2]}},
    }
    return {
        "accounts": [
            {"account": NAMES[4], "menus": menus, "replies": replies},
            {"account": NAMES[8], "menus": [], "replies": {}},
        ]
    }


def plan() -> dict[str, Any]:
    """What ``plan --format json`` prints, of an account in which everything is hostile."""
    source = {"file": NAMES[0], "line": 1, "column": 1}
    edits = [
        {
            "op": "change",
            "path": "button[0]",
            "field": NAMES[0],
            "before": NAMES[1],
            "after": NAMES[2],
            "source": source,
        },
        {"op": "add", "path": "button[1]", "field": None, "before": None, "after": menu()["button"][2], "source": None},
        {"op": "remove", "path": "button[1]", "field": None, "before": NAMES[4], "after": None, "source": None},
        {
            "op": "move",
            "path": "button[2]",
            "field": None,
            "before": "button[0]",
            "after": "button[2]",
            "source": source,
        },
    ]
    finding = dict.fromkeys(("code", "severity", "message", "fix", "file", "line", "column"), NAMES[1])
    failure = {"message": NAMES[0], "fix": NAMES[1], "rid": NAMES[2], "errcode": 1, "findings": [finding]}
    hazard = {"code": NAMES[0], "message": NAMES[1], "fix": NAMES[2], "permit": NAMES[3]}
    change = {
        "kind": "conditional_menu",
        "name": NAMES[5],
        "action": "update",
        "reason": NAMES[3],
        "origin": None,
        "before": {"matchrule": {"tag": NAMES[1]}, **menu()},
        "after": {"matchrule": {"tag": NAMES[2]}, **menu(3)},
        "edits": edits,
        "hazards": [hazard],
        "harmless": False,
    }
    tag = {**change, "kind": "tag", "action": "create", "before": None, "after": {"name": NAMES[1]}, "edits": []}
    account = {
        "account": NAMES[0],
        "appid": NAMES[1],
        "status": "changes",
        "changes": [change, tag],
        "operations": [{"note": NAMES[2], "change": 0}],
        "unmanaged": [{"kind": NAMES[0], "name": NAMES[1], "detail": NAMES[2]}],
        "audiences": [
            {
                "tag": NAMES[0],
                "platform": NAMES[1],
                "before": NAMES[2],
                "after": NAMES[3],
                "buttons_change": True,
                "between": [None, NAMES[4]],
            }
        ],
        "warnings": [finding],
        "error": failure,
    }
    summary = {"accounts": 1, "create": 1, "update": 1, "delete": 0, "rename": 0, "errors": 1}
    return {"accounts": [account], "summary": summary, "error": failure}
