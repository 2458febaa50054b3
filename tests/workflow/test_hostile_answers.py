"""Whatever an account answers is read sensibly or is a failure in words; it never ends the program."""

from __future__ import annotations

import json
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import searched
from workflow.drill import ALLOW, CREATE, MENU_GET, SELFMENU, TOKEN, Drill, Fault, Reply, menu

from wxdeploy.model import planjson, reportjson
from wxdeploy.model.plan import Plan
from wxdeploy.model.report import ApplyReport, Ending
from wxdeploy.render.report import report_text
from wxdeploy.render.text import plan_text

FOREVER = 999


def menus(body: Any) -> dict[str, Reply]:
    return {MENU_GET: {"menu": body}, SELFMENU: {"is_menu_open": 1, "selfmenu_info": body}}


def buttons(*values: Any) -> dict[str, Reply]:
    return menus({"button": list(values)})


DEEP: Any = "x"
for _ in range(40):
    DEEP = [DEEP]

ANSWERS: dict[str, dict[str, Reply]] = {
    "a list": {MENU_GET: b"[]", SELFMENU: b"[1]"},
    "a text": {MENU_GET: b'"menu"', SELFMENU: b'""'},
    "null": {MENU_GET: b"null", SELFMENU: b"null"},
    "an empty object": {MENU_GET: {}, SELFMENU: {}},
    "a menu that is a list": menus([]),
    "a menu that is a text": menus("button"),
    "a menu that is null": menus(None),
    "buttons that are a text": menus({"button": "abc"}),
    "buttons that are a number": menus({"button": 7}),
    "buttons in an object": menus({"button": {"list": [{"name": "A", "type": "click", "key": "K"}]}}),
    "buttons in an object of something else": menus({"button": {"list": {"list": []}}}),
    "buttons that are texts": buttons("abc", "", None, 5, [], True),
    "names that are numbers": buttons({"name": 5, "type": "click", "key": 7}),
    "names that are lists": buttons({"name": ["A"], "type": "click", "key": {"a": "b"}}),
    "types that are lists": buttons({"name": "A", "type": ["click"], "key": "K"}),
    "types that are objects": buttons({"name": "A", "type": {"click": 1}, "key": "K"}),
    "types that are null": buttons({"name": "A", "type": None, "key": None}),
    "types that are true": buttons({"name": "A", "type": True}),
    "buttons without anything": buttons({}, {}),
    "children that are a text": buttons({"name": "A", "sub_button": "abc"}),
    "children that are texts": buttons({"name": "A", "sub_button": ["abc", 1]}),
    "children in an object": buttons({"name": "A", "sub_button": {"list": "abc"}}),
    "three levels": buttons(
        {"name": "A", "sub_button": [{"name": "B", "sub_button": [{"name": "C", "type": "click", "key": "K"}]}]}
    ),
    "a field nested deep": buttons({"name": "A", "type": "click", "key": DEEP}),
    "fields beside the buttons": menus({"button": [{"name": "A", "type": "click", "key": "K"}], "x": {"a": [1, None]}}),
    "keys with dots and brackets": buttons({"name": "A", "type": "click", "key": "K", "a.b[0]": 1, "": 2, "[": "x"}),
    "an endless number": {MENU_GET: b'{"menu":{"button":[{"name":"A","type":"click","key":1e999}]}}'},
    "a number of a thousand digits": {
        MENU_GET: b'{"menu":{"button":[{"name":"A","type":"click","key":' + b"9" * 1000 + b"}]}}"
    },
    "not a number": {MENU_GET: b'{"menu":{"button":[{"name":"A","type":"click","key":NaN}]}}'},
    "half a character": {MENU_GET: b'{"menu":{"button":[{"name":"\\ud83d","type":"click","key":"K"}]}}'},
    "bytes that are no text": {MENU_GET: b'{"menu":{"button":[{"name":"\xff\xfe","type":"click","key":"K"}]}}'},
    "control characters": {MENU_GET: b'{"menu":{"button":[{"name":"\x00\x1b[2J\x07","type":"click","key":"K"}]}}'},
    "a thousand buttons": buttons(*({"name": f"{n}", "type": "click", "key": f"{n}"} for n in range(300))),
    "an open menu that is a text": {SELFMENU: {"is_menu_open": "no", "selfmenu_info": 3}},
    "a token that is a number": {TOKEN: {"access_token": 5, "expires_in": 7200}},
    "a token with a line break": {TOKEN: {"access_token": "a\r\nHost: evil", "expires_in": 7200}},
    "a token of a megabyte": {TOKEN: {"access_token": "a" * 1_000_000, "expires_in": 7200}},
    "a token without an end": {TOKEN: {"access_token": "abc", "expires_in": "soon"}},
    "no token": {TOKEN: {}},
    "a message that is a list": {MENU_GET: {"errcode": 40013, "errmsg": ["x"]}},
    "a code that is a text": {MENU_GET: {"errcode": "46003", "errmsg": "menu no exist"}},
    "a message of a megabyte": {MENU_GET: {"errcode": 40013, "errmsg": "x" * 1_000_000}},
    "a creation that answers a list": {CREATE: b"[0]"},
    "a creation that answers more": {CREATE: {"errcode": 0, "errmsg": None, "menuid": {"a": [1]}}},
}


def survive(drill: Drill) -> None:
    """Every command through, with what it would print."""
    plan = drill.plans()
    json.dumps(planjson.to_json(plan, version="0"), ensure_ascii=False).encode()
    plan_text(planjson.to_json(plan, version="0")).encode()
    pulled = drill.pull()
    if pulled.error is None and pulled.sections:
        (drill.root / "pulled.yaml").write_text("", "utf-8")
        before = (drill.root / "menu.yaml").read_text("utf-8")
        text = drill.keep(pulled)
        assert drill.findings() == [], text
        assert drill.plan().changes == (), text
        (drill.root / "menu.yaml").write_text(before, "utf-8")
    report = drill.apply(allow=ALLOW)
    if report.ending in (Ending.FAILED, Ending.PARTIAL):
        assert report.failure is not None or report.results[0].failure is not None
    json.dumps(reportjson.to_json(ApplyReport((report,)), version="0"), ensure_ascii=False).encode()
    report_text(reportjson.to_json(ApplyReport((report,)), version="0")).encode()
    assert Plan((report.plan,)).accounts


@pytest.mark.parametrize("wanted", [menu("新"), "menu: absent\n"], ids=["a menu", "none"])
@pytest.mark.parametrize("name", ANSWERS)
def test_a_hostile_answer_is_read_or_refused_in_words(drill: Drill, name: str, wanted: Any) -> None:
    drill.want(wanted)
    drill.line.faults.extend(Fault(path, reply, times=FOREVER) for path, reply in ANSWERS[name].items())
    survive(drill)
    drill.line.faults.clear()
    assert drill.apply(allow=ALLOW).ending in (Ending.APPLIED, Ending.UNCHANGED)


KEYS = st.sampled_from(["button", "list", "menu", "name", "sub_button", "type", "key", "value", "news_info", "errcode"])
ATOMS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(["click", "view", "img", "text", "absent", "${x}"]),
)
ANY = st.recursive(
    ATOMS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=3), inner, max_size=4),
    max_leaves=14,
)
LEAVES = st.fixed_dictionaries({"name": ANY}, optional={"type": ANY, "key": ANY, "value": ANY, "new": ANY})
BUTTONS = st.lists(
    st.one_of(
        ANY, LEAVES, st.fixed_dictionaries({"name": ANY, "sub_button": st.lists(st.one_of(ANY, LEAVES), max_size=3)})
    ),
    max_size=3,
)
SHAPED = st.builds(lambda some: {"menu": {"button": some}, "selfmenu_info": {"button": some}}, BUTTONS)


@pytest.mark.fuzz
@searched(20)
@given(published=st.one_of(SHAPED, SHAPED, ANY), shown=st.one_of(SHAPED, SHAPED, ANY))
def test_any_two_answers_are_read_or_refused_in_words(published: Any, shown: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        drill = Drill(Path(folder))
        with closing(drill.store):
            drill.want(menu("新"))
            for path, answer in ((MENU_GET, published), (SELFMENU, shown)):
                drill.line.faults.append(Fault(path, json.dumps(answer).encode(), times=FOREVER))
            survive(drill)
