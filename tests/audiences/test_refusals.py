"""Whatever an account would refuse of tags and personalised menus: found in the files, or in the plan, or explained."""

from __future__ import annotations

from typing import Any

import pytest
from audiences.runs import runs
from audiences.shop import DECLARED, IOS, TAGS, VIP, Document, Shop, live, menu, personal

from wxdeploy.model.report import AccountReport, Ending
from wxdeploy.sandbox.faults import parse, with_faults
from wxdeploy.wechat.errcodes import Code
from wxdeploy.wechat.errtable import lookup

FILE = """\
menu: {button: [{type: click, name: 全部, key: ALL}]}
"""
IN_THE_FILES: list[tuple[int, str, str, str]] = [
    (
        Code.NO_DEFAULT_MENU,
        "menu: absent\nconditional_menus:\n  - {matchrule: {client_platform_type: ios}, button: &b [{type: click, name: a, key: a}]}\n",
        "3:3 WX301",
        "give the account a default menu, or write `conditional_menus: []`",
    ),
    (
        Code.EMPTY_MATCHRULE,
        FILE + "conditional_menus:\n  - name: all\n    matchrule: {}\n    button: [{type: click, name: a, key: a}]\n",
        "4:16 WX302",
        "add a `tag` or a `client_platform_type` to its `matchrule`",
    ),
    (
        Code.EMPTY_MATCHRULE,
        FILE
        + 'conditional_menus:\n  - matchrule: {tag_id: "", sex: ""}\n    button: [{type: click, name: a, key: a}]\n',
        "3:16 WX302",
        "add a `tag` or a `client_platform_type` to its `matchrule`",
    ),
    (
        Code.TOO_MANY_DOMAINS,
        FILE
        + "conditional_menus:\n  - matchrule: {client_platform_type: ios}\n    button:\n"
        + "".join(f"      - {{type: view, name: {name}, url: https://{name}.example.com}}\n" for name in "abc")
        + "  - matchrule: {client_platform_type: android}\n    button:\n"
        + "      - {type: miniprogram, name: d, url: https://d.example.com, appid: wx286b93c14bbf93aa, pagepath: p}\n",
        "10:43 WX303",
        "let pages of one domain redirect to the others",
    ),
    (
        Code.PRIVATE_MATCHRULE,
        FILE
        + "conditional_menus:\n  - matchrule: {client_platform_type: ios, city: 广州}\n"
        + "    button: [{type: click, name: a, key: a}]\n",
        "3:44 WX306",
        "remove `city`, and ask for a tag that your system gives to these followers",
    ),
    (
        Code.TOO_MANY_TAGS,
        "tags:\n" + "".join(f"  - name: t{number}\n" for number in range(101)),
        "102:5 WX401",
        "let tags that are used alike be one",
    ),
    (Code.SYSTEM_TAG, "tags:\n  - {name: 重点, was: 星标组}\n", "2:21 WX405", "remove it from `was`; a new tag has to be given to its followers"),
    (Code.INVALID_TAG_NAME, 'tags:\n  - name: ""\n', "2:11 WX403", "add `name:` with the tag's name"),
    (Code.INVALID_TAG_NAME, "tags:\n  - name: VIP\n  - name: VIP\n", "3:11 WX404", "remove one of the two, or give it a name of its own"),
    (Code.INVALID_TAG_NAME, "tags:\n  - name: 星标组\n", "2:11 WX405", "remove it from `tags`: it is there in every account"),
    (Code.TAG_NAME_TOO_LONG, "tags:\n  - name: 北京市朝阳区旗舰店会员\n", "2:11 WX402", "shorten it"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "text", "place", "fix"), IN_THE_FILES)
def test_what_is_in_the_files_is_found_there_with_its_place_and_fix(
    shop: Shop, code: int, text: str, place: str, fix: str
) -> None:
    shop.want(text)
    ended = shop.run("validate")
    assert ended.exit == 3
    lines = ended.out.splitlines()
    at, rule = place.split()
    (index,) = [index for index, line in enumerate(lines) if f"answer {code}" in line]
    assert lines[index].startswith(f"shop.yaml:{at}: error {rule} ")
    assert lines[index + 1] == f"    fix: {fix}"


def test_the_count_of_domains_is_told_with_their_names(shop: Shop) -> None:
    shop.want(next(text for code, text, *_ in IN_THE_FILES if code == Code.TOO_MANY_DOMAINS))
    assert "there are 4: a.example.com, b.example.com, c.example.com, d.example.com; 3 are allowed" in (
        shop.run("validate").out
    )


def test_a_full_account_is_told_in_the_plan(shop: Shop) -> None:
    shop.live(tags=[f"t{number}" for number in range(100)])
    shop.want(tags=[{"name": "VIP"}])
    ended = shop.run("apply", "--yes")
    assert ended.exit == 4
    assert "the account has no room for VIP: 100 tags are allowed; it would answer 45056" in ended.out + ended.err
    assert "delete tags that nobody needs" in ended.out + ended.err
    assert shop.writes() == []


def test_a_tag_with_too_many_followers_is_told_in_the_plan(shop: Shop, sandbox_with: Any) -> None:
    shop.account("prune: [tags]")
    shop.want(tags=[])
    with sandbox_with(shop, {"tags": TAGS}, count=100_001):
        ended = shop.run("apply", "--yes", "--allow-delete")
        text = shop.run("plan").out
    assert ended.exit == 4
    assert "it would answer 45057" in text
    assert "take the tag from followers first (tags/members/batchuntagging)" in text


def test_no_default_menu_is_told_in_the_plan(shop: Shop) -> None:
    shop.live(tags=TAGS)
    shop.want(conditional_menus=[personal("vip", VIP)])
    text = shop.run("plan").out
    assert "it would answer 65303" in text
    assert "declare `menu` as well" in text


CHANGES: dict[str, tuple[Document, Document]] = {
    "tags/create": ({}, {"tags": [*DECLARED, {"name": "新客"}]}),
    "tags/update": ({}, {"tags": [{"name": "大客户", "was": "VIP"}, {"name": "北京"}]}),
    "tags/delete": ({}, {"tags": DECLARED[1:]}),
    "menu/addconditional": ({}, {"conditional_menus": [personal("vip", VIP)]}),
    "menu/delconditional": (
        {"conditional_menus": live(personal("vip", VIP), personal("ios", IOS))},
        {"conditional_menus": [personal("vip", VIP)]},
    ),
}
FROM_THE_ACCOUNT = [
    *(
        ("menu/addconditional", code)
        for code in (
            Code.NO_DEFAULT_MENU,
            Code.EMPTY_MATCHRULE,
            Code.TOO_MANY_DOMAINS,
            Code.PRIVATE_MATCHRULE,
            Code.INVALID_TAG_ID,
        )
    ),
    *(("tags/create", code) for code in (Code.TOO_MANY_TAGS, Code.INVALID_TAG_NAME, Code.TAG_NAME_TOO_LONG)),
    *(("tags/update", code) for code in (Code.SYSTEM_TAG, Code.INVALID_TAG_NAME, Code.TAG_NAME_TOO_LONG)),
    *(("tags/delete", code) for code in (Code.SYSTEM_TAG, Code.TAG_HAS_TOO_MANY_FOLLOWERS)),
]


def test_a_menu_said_to_be_gone_that_is_still_there_is_found_by_reading_again() -> None:
    before, wanted = CHANGES["menu/delconditional"]
    with runs("prune: [tags]") as shop:
        shop.live(menu=menu(), tags=TAGS, **before)
        shop.want(wanted)
        rule = f"menu/delconditional:before:errcode={Code.NO_SUCH_CONDITIONAL_MENU:d}*always"
        shop.app = with_faults(shop.app, [parse(rule)])
        report = shop.apply()
    assert (report.ending, report.converged) == (Ending.PARTIAL, False)


@pytest.mark.parametrize(("path", "code"), FROM_THE_ACCOUNT)
def test_what_only_the_account_knows_comes_back_explained_and_changes_nothing(path: str, code: int) -> None:
    before, wanted = CHANGES[path]
    known = lookup(code)
    assert known is not None
    with runs("prune: [tags]") as shop:
        shop.live(menu=menu(), tags=TAGS, **before)
        shop.want(wanted)
        shop.app = with_faults(shop.app, [parse(f"{path}:before:errcode={code:d}*always")])
        report = shop.apply()
        assert report.ending is Ending.FAILED
        failure = _failure(report)
        assert f"answered {code:d}" in failure.message
        assert known.meaning in failure.message
        assert failure.fix
        assert shop.writes() == []


def _failure(report: AccountReport) -> Any:
    (failure,) = [each.failure for each in report.results if each.failure]
    return failure
