"""A menu from the file to the account and back, for every menu that the documentation shows or an account holds."""

from __future__ import annotations

import json
from typing import Any

import pytest
from workflow.drill import ALLOW, CREATE, Drill, button, menu, official

from wxdeploy.model.plan import Status
from wxdeploy.model.report import Ending

OFFICIAL = official()
CONSOLE = {
    "button": [
        {"name": "看", "sub_button": {"list": [
            {"type": "view", "name": "官网", "url": "https://www.example.com/"},
            {"type": "news", "name": "图文", "value": "MEDIA_ID_OF_NEWS", "news_info": {"list": [
                {"title": "标题", "author": "作者", "digest": "摘要", "show_cover": 1, "cover_url": "http://mmbiz.qpic.cn/1",
                 "content_url": "http://mp.weixin.qq.com/s?__biz=1", "source_url": ""}]}},
            {"type": "video", "name": "视频", "value": "http://example.com/v.mp4?vkey=1"},
            {"type": "voice", "name": "语音", "value": "TEMPORARY_1"},
        ]}},
        {"type": "text", "name": "文字", "value": "你好: # ${name} \n第二行"},
        {"type": "img", "name": "图", "value": "TEMPORARY_2"},
    ]
}  # fmt: skip
"""The response sample of api_getcurrentselfmenuinfo, in short."""

SEEDS: dict[str, dict[str, Any]] = {
    "names longer than documented": {"menu": menu("一个很长的按钮名", "八个汉字长度名称")},
    "a withdrawn type": {"menu": {"button": [{"type": "view_limited", "name": "图文", "media_id": "M"}]}},
    "fields that nobody knows": {"menu": {"button": [{**button(), "new_field": {"a": [1, None]}, "flag": True}]}},
    "an action beside a list": {
        "menu": {"button": [{"type": "click", "name": "看", "key": "K", "sub_button": [button()]}]}
    },
    "a foreign field on a leaf": {"menu": {"button": [{**button(), "url": "https://www.example.com/"}]}},
    "numbers for texts": {"menu": {"button": [{**button(), "key": 123}]}},
    "control characters": {"menu": menu("\x1b[31m红\u202e\n", "零\u200b宽")},
    "more buttons than allowed": {"menu": menu("一", "二", "三", "四")},
    "a scheme of its own": {"menu": {"button": [{"type": "view", "name": "看", "url": "weixin://dl/business"}]}},
    "a console menu": {"console_menu": CONSOLE},
    "an old menu of the API under a console menu": {"menu": menu("旧"), "console_menu": CONSOLE},
    "a console menu that the API could make": {"console_menu": menu("手工")},
    "a variable in a value": {"menu": {"button": [{**button(), "key": "${name} $${x} ${"}]}},
}


@pytest.mark.parametrize("body", OFFICIAL, ids=range(len(OFFICIAL)))
@pytest.mark.parametrize("form", ["pasted", "indented", "one line"])
def test_an_official_body_is_valid_applies_and_leaves_nothing_to_do(drill: Drill, body: Any, form: str) -> None:
    indent = {"pasted": 4, "indented": 1, "one line": None}[form]
    text = json.dumps(body if form == "pasted" else {"menu": body}, ensure_ascii=form == "one line", indent=indent)
    drill.want(f"menu:\n{'    ' + text}".replace("\n", "\n    ") if form == "pasted" else text)
    assert drill.findings() == []
    first = drill.plan()
    assert [change.action for change in first.changes] == ["create"]
    report = drill.apply()
    assert (report.ending, report.converged) == (Ending.APPLIED, True)
    assert drill.plan().status is Status.UNCHANGED
    assert drill.writes() == [CREATE]
    again = drill.apply()
    assert again.ending is Ending.UNCHANGED
    drill.keep()
    assert drill.findings() == []
    assert drill.plan().status is Status.UNCHANGED
    assert drill.writes() == [CREATE]


@pytest.mark.parametrize("account", SEEDS.values(), ids=SEEDS)
def test_what_an_account_holds_is_pulled_without_an_error_and_planned_empty(
    drill: Drill, account: dict[str, Any]
) -> None:
    drill.live(**account)
    text = drill.keep()
    assert drill.findings() == [], text
    plan = drill.plan()
    assert plan.error is None
    assert plan.changes == (), text
    assert drill.apply().ending is Ending.UNCHANGED
    assert drill.keep() == text
    assert drill.writes() == []


def test_what_breaks_a_documented_limit_is_kept_with_the_comment_that_silences_the_rule(drill: Drill) -> None:
    drill.live(menu=menu("一个很长的按钮名"))
    text = drill.keep()
    (line,) = [each for each in text.splitlines() if "一个很长的按钮名" in each]
    assert "# wxdeploy: ignore[WX" in line
    assert drill.findings("warning") == []


@pytest.mark.parametrize("account", [SEEDS["a console menu"], SEEDS["an old menu of the API under a console menu"]])
def test_a_button_changed_in_a_pulled_console_menu_is_refused_before_any_call_that_writes(
    drill: Drill, account: dict[str, Any]
) -> None:
    drill.live(**account)
    text = drill.keep()
    (drill.root / "menu.yaml").write_text(text.replace("官网", "主页"), "utf-8")
    plan = drill.plan()
    assert [(edit.op, edit.field, edit.before, edit.after) for edit in plan.changes[0].edits] == [
        ("change", "name", "官网", "主页")
    ]
    assert {hazard.permit for hazard in plan.hazards} == {"--allow-delete", None}
    for allow in (frozenset(), ALLOW):
        report = drill.apply(allow=allow)
        assert report.ending is Ending.REFUSED
        assert report.failure is not None
        assert "文字" in report.failure.message
        assert "can't create" in report.failure.message
    assert drill.writes() == []
    assert not (drill.root / ".wxdeploy" / "snapshots").exists()


@pytest.mark.parametrize("name", ["a console menu", "an old menu of the API under a console menu"])
def test_a_console_menu_is_replaced_only_where_that_is_allowed(drill: Drill, name: str) -> None:
    drill.live(**SEEDS[name])
    drill.want(menu("新"))
    assert drill.apply().ending is Ending.REFUSED
    assert drill.writes() == []
    assert drill.apply(allow=ALLOW).ending is Ending.APPLIED
    assert drill.writes() == [CREATE]
    assert drill.plan().status is Status.UNCHANGED


def test_a_console_menu_like_the_wanted_one_is_left_alone(drill: Drill) -> None:
    drill.live(console_menu=menu("手工"))
    drill.want(menu("手工"))
    assert drill.plan().status is Status.UNCHANGED


def test_a_menu_that_is_switched_off_is_told_and_changes_nothing_by_itself(drill: Drill) -> None:
    from workflow.drill import SELFMENU, Fault

    drill.live(menu=menu("一"))
    drill.want(menu("一"))
    drill.line.faults.append(Fault(SELFMENU, {"is_menu_open": 0}, times=9))
    plan = drill.plan()
    assert plan.status is Status.UNCHANGED
    assert [warning.code for warning in plan.warnings] == ["WX905"]
    assert [warning.code for warning in drill.pull().warnings] == ["WX905"]
    drill.want(menu("二"))
    report = drill.apply()
    assert (report.ending, report.converged) == (Ending.APPLIED, True)


ABSENT = "menu: absent\n"


def test_an_absent_menu_where_there_is_none_is_nothing_to_do(drill: Drill) -> None:
    drill.want(ABSENT)
    assert drill.plan().status is Status.UNCHANGED
    assert drill.apply().ending is Ending.UNCHANGED
    assert drill.writes() == []


@pytest.mark.parametrize(
    "account", [{"menu": menu("一")}, {"console_menu": CONSOLE}, {"menu": menu("一"), "console_menu": CONSOLE}]
)
def test_an_absent_menu_is_deleted_only_where_that_is_allowed(drill: Drill, account: dict[str, Any]) -> None:
    drill.live(**account)
    drill.want(ABSENT)
    report = drill.apply()
    assert report.ending is Ending.REFUSED
    assert drill.writes() == []
    assert drill.apply(allow=ALLOW).ending is Ending.APPLIED
    assert drill.plan().status is Status.UNCHANGED
    assert drill.keep() == "{}\n"


@pytest.mark.parametrize("entry", ["menu", "menu.default"])
@pytest.mark.parametrize("wanted", [ABSENT, menu("新")])
def test_a_protected_menu_is_neither_deleted_nor_replaced_for_good_whatever_is_allowed(
    make_drill: Any, entry: str, wanted: Any
) -> None:
    drill = make_drill(settings=f"    protect: [{entry}]\n")
    drill.live(console_menu=CONSOLE)
    drill.want(wanted)
    report = drill.apply(allow=ALLOW)
    assert report.ending is Ending.REFUSED
    assert report.failure is not None
    assert "protected" in report.failure.message
    assert drill.writes() == []


def test_a_protected_menu_may_still_be_changed(make_drill: Any) -> None:
    drill = make_drill(settings="    protect: [menu]\n")
    drill.live(menu=menu("旧"))
    drill.want(menu("新"))
    assert drill.apply().ending is Ending.APPLIED


def test_a_section_that_is_not_there_is_not_managed(drill: Drill) -> None:
    drill.live(menu=menu("一"))
    drill.want("# nothing yet\n{}\n")
    plan = drill.plan()
    assert (plan.status, plan.changes) == (Status.UNCHANGED, ())
    assert drill.apply(allow=ALLOW).ending is Ending.UNCHANGED
    assert drill.store.calls() == []
