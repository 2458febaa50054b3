"""Who is to see what, written down and held to by ``validate``."""

from __future__ import annotations

from typing import Any

import pytest
from audiences.shop import Shop
from hypothesis import given
from hypothesis import strategies as st
from laws import searched

from wxdeploy.kinds.base import Account
from wxdeploy.lint.cross import expectation_fails

FILES = """\
tags: [{name: VIP}, {name: 北京}]
menu: {button: [{type: click, name: 全部, key: ALL}]}
conditional_menus:
  - name: vip-ios
    matchrule: {tag: VIP, client_platform_type: ios}
    button:
      - {type: click, name: 苹果, key: IOS}
      - {name: 会员, sub_button: [{type: click, name: 积分, key: POINTS}]}
  - matchrule: {tag: 北京}
    button: [{type: click, name: 门店, key: STORE}]
expectations:
"""
LINES = FILES.count("\n")
FIX = "mend the personalised menus or their order, or the expectation if this is what followers are to see now"


def validated(shop: Shop, *cases: str) -> tuple[int, list[str]]:
    """The exit code of ``validate`` and its findings, each with its fix, without the sum."""
    shop.want(FILES + "".join(f"  - {case}\n" for case in cases))
    ended = shop.run("validate")
    assert ended.err == ""
    return ended.exit, ended.out.splitlines()[:-1]


def test_expectations_that_hold_are_no_finding(shop: Shop) -> None:
    assert validated(
        shop,
        "{given: {}, expect: {menu: default, 'button[0]': 全部}}",
        "{given: {platform: ios}, expect: {menu: default}}",
        "{given: {tags: [VIP], platform: ios}, expect: {menu: vip-ios, 'button[1].sub_button[0]': 积分}}",
        "{given: {tags: [VIP, 北京], platform: ios}, expect: {'button[0]': 门店}}",
        "{given: {tags: [北京, VIP]}, expect: {menu: default}}",
    ) == (0, [])


def test_a_menu_without_a_name_is_known_by_its_rule(shop: Shop) -> None:
    assert validated(shop, "{given: {tags: [北京]}, expect: {menu: 北京}}") == (0, [])


@pytest.mark.parametrize(
    ("case", "value", "said"),
    [
        (
            "{given: {tags: [VIP, 北京], platform: ios}, expect: {menu: vip-ios}}",
            "vip-ios",
            (
                "expected menu to be 'vip-ios', but they see the menu '北京' (vip-ios: it asks for the tag VIP, but 北京 was "
                "given later, and only the last tag counts; 北京: the tag 北京 is the last one given)"
            ),
        ),
        (
            "{given: {tags: [VIP]}, expect: {menu: vip-ios}}",
            "vip-ios",
            (
                "expected menu to be 'vip-ios', but they see the default menu (vip-ios: it asks for the platform ios, not an "
                "unknown one; 北京: it asks for the tag 北京, not VIP)"
            ),
        ),
        (
            "{given: {tags: [北京]}, expect: {'button[0]': 商城}}",
            "商城",
            (
                "expected button[0] to be '商城', but they see the menu '北京', where button[0] is '门店' (vip-ios: it asks "
                "for the tag VIP, not 北京; it asks for the platform ios, not an unknown one; 北京: the tag 北京 is the "
                "follower's)"
            ),
        ),
        (
            "{given: {tags: [北京]}, expect: {'button[0].sub_button[0]': 商城}}",
            "商城",
            (
                "expected button[0].sub_button[0] to be '商城', but they see the menu '北京', which has no "
                "button[0].sub_button[0] (vip-ios: it asks for the tag VIP, not 北京; it asks for the platform ios, not an "
                "unknown one; 北京: the tag 北京 is the follower's)"
            ),
        ),
    ],
)
def test_one_that_fails_is_told_at_its_place_with_the_reason(shop: Shop, case: str, value: str, said: str) -> None:
    code, found = validated(shop, "{given: {}, expect: {menu: default}}", case)
    assert code == 3
    place = f"shop.yaml:{LINES + 2}:{len('  - ') + case.rindex(value) + 1}"
    assert found == [
        f"{place}: error WX801 A follower would not see what an expectation says: {said}",
        f"    fix: {FIX}",
    ]


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("vip-oss", "no menu is called 'vip-oss'; did you mean 'vip-ios'?"),
        ("北京门店", "no menu is called '北京门店'; did you mean '北京'?"),
        ("?", "no menu is called '?'; there are 'default', 'vip-ios', '北京'"),
    ],
)
def test_a_menu_that_there_is_not_is_told_the_names_there_are(shop: Shop, name: str, fix: str) -> None:
    code, found = validated(shop, f"{{given: {{}}, expect: {{menu: '{name}'}}}}")
    assert (code, found[1:]) == (3, [f"    fix: {fix}"])


def test_every_key_of_a_case_is_checked_and_told_by_itself(shop: Shop) -> None:
    _, found = validated(shop, "{given: {tags: [北京]}, expect: {menu: default, 'button[0]': 全部, 'button[1]': 二}}")
    assert [each.split("expected ")[1].split(" to be")[0] for each in found[::2]] == ["menu", "button[0]", "button[1]"]


@pytest.mark.parametrize(
    "case",
    [
        "{given: {}, expect: {'button[x]': 全部}}",
        "{given: {}, expect: {'button[-1]': 全部}}",
        "{given: {}, expect: {'button[': 全部}}",
        "{given: {}, expect: {'button[0].name': 全部}}",
        "{given: {}, expect: {menu: [default]}}",
        "{given: {}, expect: {}}",
        "{given: {}}",
        "{expect: {menu: default}}",
        "{given: {tags: VIP}, expect: {menu: default}}",
        "{given: {platform: symbian}, expect: {menu: default}}",
        "{given: {tag: VIP}, expect: {menu: default}}",
        "default",
    ],
)
def test_another_shape_is_one_finding_at_its_place(shop: Shop, case: str) -> None:
    code, found = validated(shop, case)
    assert code == 3
    assert all(each.startswith(f"shop.yaml:{LINES + 1}:") for each in found[::2])
    assert "error WX1" in found[0]


def test_a_failing_expectation_can_be_weighed_per_account(shop: Shop) -> None:
    shop.account("rules: {WX801: warning}")
    code, found = validated(shop, "{given: {}, expect: {menu: vip-ios}}")
    assert code == 0
    assert "warning WX801" in found[0]


WORDS = st.sampled_from(
    ["menu", "button[0]", "button[0].sub_button[0]", "button[x]", "button[", "given", "expect", "tags", "platform", "ios",
     "VIP", "default", "", "button", "sub_button", "name", "matchrule", "tag", "client_platform_type"]
)  # fmt: skip
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS | st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)
CASES = st.lists(st.fixed_dictionaries({"given": VALUES, "expect": st.dictionaries(WORDS, VALUES, max_size=3)}))


@searched(80)
@given(
    st.fixed_dictionaries(
        {"expectations": CASES | VALUES},
        optional={"conditional_menus": VALUES | st.lists(VALUES, max_size=2), "menu": VALUES, "tags": VALUES},
    )
)
def test_no_value_raises_anything(sections: Any) -> None:
    list(expectation_fails.check(Account(sections)) if expectation_fails.check else ())
