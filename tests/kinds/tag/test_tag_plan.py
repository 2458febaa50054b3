"""What a reviewer is told of changes to tags."""

from __future__ import annotations

from typing import Any

import pytest

from wxdeploy.kinds.tag import TAG
from wxdeploy.model.address import Address
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.operation import Action
from wxdeploy.model.plan import AccountPlan, Unmanaged
from wxdeploy.model.resource import DesiredState, LiveState, Resource
from wxdeploy.planning.planner import plan_account
from wxdeploy.wechat import limits

STARRED: dict[str, JsonValue] = {"id": limits.STARRED_TAG_ID, "name": limits.STARRED_TAG_NAME, "count": 3}


def row(name: str, number: int, count: int = 0) -> dict[str, JsonValue]:
    return {"id": number, "name": name, "count": count}


def plan(
    section: JsonValue, *rows: dict[str, JsonValue], prune: str = "", menus: Any = (), **resources: Any
) -> AccountPlan:
    answers: dict[str, JsonValue] = {
        "tag.get": {"tags": [STARRED, *rows]},
        "menu.get": {"menu": {"button": []}, "conditionalmenu": list(menus)} if menus else {},
    }
    declared = tuple(Resource(Address("tag", each.name), each.spec) for each in TAG.parse(section))
    wanted = DesiredState(
        account="prod", resources={"tag": declared, **resources}, prune=frozenset({prune} if prune else ())
    )
    return plan_account(wanted, LiveState({"tag": TAG.read(answers, {})}, answers), [TAG], appid=None)


def told(made: AccountPlan) -> list[tuple[str, str, str]]:
    return [(change.address.name, change.action.value, change.reason) for change in made.changes]


def bodies(made: AccountPlan) -> list[tuple[str, JsonValue]]:
    return [(each.call.call.rpartition("/")[2], each.call.body) for each in made.operations]


def test_a_tag_is_created_and_its_id_kept_for_rules() -> None:
    made = plan([{"name": "VIP"}])
    assert told(made) == [("VIP", "create", "no live tag has this name")]
    (operation,) = made.operations
    assert operation.call.body == {"tag": {"name": "VIP"}}
    (capture,) = operation.call.captures
    assert (str(capture.deferred.address), capture.deferred.attribute, capture.pointer) == (
        "tag.VIP",
        "id",
        ("tag", "id"),
    )


def test_a_tag_that_is_there_is_left_alone() -> None:
    made = plan([{"name": "VIP", "was": ["old", "older"]}], row("VIP", 101, 5), row("old", 102, 7))
    assert made.changes == ()
    assert made.unmanaged == (Unmanaged("tag", "old", "7 followers"),)


@pytest.mark.parametrize("was", ["北京", ["上海", "北京"], ["北京", "深圳"]])
def test_a_rename_keeps_the_id(was: JsonValue) -> None:
    made = plan([{"name": "北京门店", "was": was}], row("北京", 102, 1), prune="tag")
    assert told(made) == [("北京门店", "rename", "it was called 北京; it keeps its id and its 1 follower")]
    assert bodies(made) == [("update", {"tag": {"id": 102, "name": "北京门店"}})]
    assert made.changes[0].before == {"name": "北京"}
    assert made.hazards == ()


def test_a_former_name_that_is_declared_is_not_taken_away() -> None:
    made = plan([{"name": "new", "was": "VIP"}, {"name": "VIP"}], row("VIP", 101))
    assert told(made) == [("new", "create", "no live tag has this name")]


def test_one_live_tag_becomes_one_declared_tag() -> None:
    made = plan([{"name": "a", "was": "x"}, {"name": "b", "was": "x"}], row("x", 101))
    assert [change.action for change in made.changes] == [Action.RENAME, Action.CREATE]


@pytest.mark.parametrize("prune", ["", "menu", "template"])
def test_without_prune_nothing_is_deleted(prune: str) -> None:
    made = plan([], row("VIP", 101, 12), row("x", 102, 1), row("y", 103), prune=prune)
    assert made.changes == ()
    assert [each.detail for each in made.unmanaged] == ["12 followers", "1 follower", "0 followers"]


def test_pruning_is_guarded_by_the_followers() -> None:
    made = plan([], row("VIP", 101, 12), row("x", 102), prune="tag")
    assert told(made) == [
        ("VIP", "delete", "nothing declares it, and prune names tags; its 12 followers lose it for good"),
        ("x", "delete", "nothing declares it, and prune names tags; no follower has it"),
    ]
    assert [[hazard.permit for hazard in change.hazards] for change in made.changes] == [["--allow-delete"], []]
    assert bodies(made) == [("delete", {"tag": {"id": 101}}), ("delete", {"tag": {"id": 102}})]


def test_what_wechat_reserves_is_never_touched_or_listed() -> None:
    reserved = [row(f"r{number}", number, 9) for number in sorted(limits.RESERVED_TAG_IDS - {limits.STARRED_TAG_ID})]
    made = plan([{"name": "重点", "was": limits.STARRED_TAG_NAME}], *reserved, prune="tag")
    assert [change.action for change in made.changes] == [Action.CREATE]
    assert made.unmanaged == ()


@pytest.mark.parametrize(("above", "codes"), [(0, ["WX901"]), (1, ["WX407", "WX901"])])
def test_a_tag_with_too_many_followers_can_not_be_deleted(above: int, codes: list[str]) -> None:
    made = plan([], row("VIP", 101, limits.TAG_DELETE_FOLLOWERS.value + above), prune="tag")
    assert sorted(hazard.code for hazard in made.hazards) == codes
    assert [hazard.permit for hazard in made.hazards if hazard.code == "WX407"] == [None] * above


MENU = {"button": [{"type": "click", "name": "a", "key": "a"}], "matchrule": {"group_id": "101"}, "menuid": 5}


def test_a_tag_that_a_live_menu_uses_stays() -> None:
    made = plan([], row("VIP", 101, 2), row("x", 102, 2), prune="tag", menus=[MENU, MENU])
    assert [change.address.name for change in made.changes] == ["x"]
    assert made.unmanaged == (
        Unmanaged("tag", "VIP", "2 followers; prune leaves it, since the personalised menus vip and vip-2 use it"),
    )


def test_a_tag_goes_with_all_menus() -> None:
    made = plan([], row("VIP", 101), prune="tag", menus=[MENU], menu=())
    assert [change.address.name for change in made.changes] == ["VIP"]


def test_a_probable_rename_is_suggested_and_not_done() -> None:
    made = plan([{"name": "北京门店"}], row("北京", 102, 40), prune="tag")
    assert [change.action for change in made.changes] == [Action.CREATE, Action.DELETE]
    (warning,) = made.warnings
    assert (warning.code, warning.fix) == (
        "WX408",
        "if it is the same tag under another name, write `was: 北京` beside `name: 北京门店`",
    )


@pytest.mark.parametrize(
    ("section", "rows"),
    [
        ([{"name": "a"}, {"name": "b"}], [row("x", 101)]),
        ([{"name": "a"}], [row("x", 101), row("y", 102)]),
        ([{"name": "a"}, {"name": "b", "was": "y"}], [row("x", 101), row("y", 102)]),
    ],
)
def test_nothing_is_suggested_where_more_changes(section: JsonValue, rows: list[dict[str, JsonValue]]) -> None:
    assert plan(section, *rows, prune="tag").warnings == ()


def test_there_is_room_for_so_many_tags_only() -> None:
    full = [row(f"t{number:03}", number) for number in range(100, 100 + limits.TAGS.value)]
    names: list[JsonValue] = [{"name": str(each["name"])} for each in full]
    assert plan([*names[:-1], {"name": "new"}], *full[:-1]).hazards == ()
    (hazard,) = plan([*names[:-1], {"name": "new"}], *full).hazards
    assert (hazard.code, hazard.permit) == ("WX401", None)


def test_pruned_tags_make_room() -> None:
    full = [row(f"t{number:03}", number) for number in range(100, 100 + limits.TAGS.value)]
    names: list[JsonValue] = [{"name": str(each["name"])} for each in full[:-2]]
    made = plan([*names, {"name": "new"}], *full, prune="tag")
    assert [call for call, _ in bodies(made)] == ["delete", "create", "delete"]
    assert [hazard for hazard in made.hazards if hazard.permit is None] == []


def test_the_number_of_followers_is_no_state_but_whether_there_are_any_is() -> None:
    digests = [plan([], row("VIP", 101, count)).live_digest for count in (0, 1, 2)]
    assert digests[0] != digests[1] == digests[2]


def test_the_ids_of_tags_are_no_state() -> None:
    assert plan([], row("a", 101), row("b", 102)).live_digest == plan([], row("b", 7), row("a", 8)).live_digest


def test_answers_of_another_shape_hold_no_tags() -> None:
    answers: list[JsonValue] = [{}, {"tags": None}, {"tags": "x"}, {"tags": [1, {"name": "x"}, {"id": 5}]}, []]
    for answer in answers:
        assert TAG.read({"tag.get": answer, "menu.get": {}}, {}).objects == ()


def test_parse_is_the_inverse_of_section_of() -> None:
    reading = TAG.read({"tag.get": {"tags": [STARRED, row("b", 102), row("a", 101)]}, "menu.get": {}}, {})
    section = TAG.section_of(reading.objects)
    assert section == [{"name": "a"}, {"name": "b"}]
    assert [each.name for each in TAG.parse(section)] == ["a", "b"]
    assert TAG.parse("absent") == ()
