"""Whatever is live and whatever is wanted, by the whole program: one apply is enough, and followers see what the files say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from audiences.runs import Runs, crowd, runs
from audiences.shop import TAGS, Document, live, menu, personal
from hypothesis import given
from hypothesis import strategies as st
from laws import searched

from wxdeploy.kinds.buttons.spec import Menu, buttons_of, document
from wxdeploy.model.plan import Status
from wxdeploy.model.report import Ending

RULES: list[Document] = [
    {**tag, **platform}
    for tag in ({}, {"tag": "VIP"}, {"tag": "北京"}, {"tag": "新客"}, {"tag": "星标组"})
    for platform in ({}, {"client_platform_type": "ios"}, {"client_platform_type": "android"})
    if tag or platform
]
NAMES = st.sampled_from(["甲", "乙", "丙"])
HOSTS = st.sampled_from(["", "", "a", "b", "c", "d"])
DEAD: list[Document] = [{"sex": "1"}, {"tag": "VIP", "city": "广州"}, {"country": "中国", "client_platform_type": "1"}]


def within_limits(menus: Sequence[Mapping[str, Any]]) -> bool:
    return len({each["button"][0]["url"] for each in menus if "url" in each["button"][0]}) <= 3


def of(rules: Sequence[Document]) -> st.SearchStrategy[Document]:
    return st.builds(lambda name, rule, host: personal(name, rule, host=host), NAMES, st.sampled_from(rules), HOSTS)


LIVE_RULES = [rule for rule in RULES if rule.get("tag") != "新客"]
LIVE = st.lists(of(LIVE_RULES) | of(LIVE_RULES) | of(DEAD) | of([{"tag_id": "999"}]), max_size=6).filter(within_limits)
TAG_LISTS: list[list[Document]] = [
    [{"name": "VIP"}, {"name": "北京"}, {"name": "新客"}],
    [{"name": "VIP"}, {"name": "新客", "was": "北京"}],
    [{"name": "新客", "was": ["北京", "VIP"]}],
    [{"name": "VIP", "was": "新客"}, {"name": "北京"}],
]


@st.composite
def wanted(draw: st.DrawFn) -> Document:
    tags = draw(st.sampled_from(TAG_LISTS))
    names = {None, "星标组", *(tag["name"] for tag in tags)}
    fitting = [rule for rule in RULES if rule.get("tag") in names]
    menus = draw(
        st.lists(of(fitting), max_size=5, unique_by=lambda each: str(each["matchrule"])).filter(
            lambda menus: within_limits(menus) and not _covered(menus)
        )
    )
    return {
        "tags": tags,
        "menu": menu(draw(NAMES), "联系"),
        "conditional_menus": [{**each, "name": f"m{index}"} for index, each in enumerate(menus)],
    }


def _covered(menus: Sequence[Document]) -> bool:
    """Whether a rule above another matches all that it matches: validate says so, and no file may ask for it."""
    rules = [each["matchrule"] for each in menus]
    return any(rules[at].items() <= rule.items() for index, rule in enumerate(rules) for at in range(index))


FOLLOWERS = crowd(("VIP", "北京", "星标组"))


def agree(shop: Runs) -> None:
    """Every follower is shown what the files give them."""
    followers = shop.followers(FOLLOWERS)
    for (openid, *_), match, shown in zip(followers, shop.offline(followers), shop.shown(list(FOLLOWERS)), strict=True):
        assert match.button == document(Menu(buttons_of(shown)))["button"], openid


@searched(15)
@given(LIVE, st.lists(wanted(), min_size=1, max_size=3), st.booleans())
def test_apply_then_plan_is_empty_and_trymatch_agrees_with_the_files(
    before: list[Document], steps: list[Document], prune: bool
) -> None:
    with runs(*(["prune: [tags]"] if prune else [])) as shop:
        shop.live(menu=menu("旧"), tags=TAGS, conditional_menus=live(*before), followers=FOLLOWERS)
        for sections in steps:
            shop.want(sections)
            planned = shop.plan()
            report = shop.apply()
            assert report.ending is (Ending.APPLIED if planned.operations else Ending.UNCHANGED), report.failure
            assert report.converged is True
            again = shop.plan()
            assert (again.status, again.changes, again.operations) == (Status.UNCHANGED, (), ())
            assert [name for _, name in shop.menus()] == [
                each["button"][0]["name"] for each in sections["conditional_menus"]
            ]
            agree(shop)


@searched(8)
@given(LIVE, wanted(), st.sampled_from(sorted(FOLLOWERS)))
def test_asking_the_account_agrees_once_it_is_applied(before: list[Document], sections: Document, openid: str) -> None:
    with runs() as shop:
        shop.live(menu=menu("旧"), tags=TAGS, conditional_menus=live(*before), followers=FOLLOWERS)
        shop.want(sections)
        shop.apply()
        answer = shop.ask(openid, FOLLOWERS[openid].get("platform"))
        assert answer.parting is None
        assert answer.declared.button == answer.live.button == answer.button


@searched(15)
@given(LIVE, st.booleans())
def test_a_pulled_account_has_nothing_to_do_but_to_lose_its_dead_rules(before: list[Document], reversed_: bool) -> None:
    with runs() as shop:
        tags = TAGS[::-1] if reversed_ else TAGS
        shop.live(menu=menu("旧"), tags=tags, conditional_menus=live(*before), followers=FOLLOWERS)
        shop.want({})
        text, pulled = shop.pull()
        dead = [each for each in before if each["matchrule"].keys() & {"sex", "city", "country"}]
        assert [each.code for each in pulled.warnings] == ["WX310"] * len(dead)
        assert all(word not in text for word in ("sex", "city", "country"))
        shop.want(text)
        planned = shop.plan()
        assert [(str(each.address.kind), each.action.value) for each in planned.changes] == [
            ("conditional_menu", "delete")
        ] * len(dead)
        assert not planned.hazards
        assert planned.unmanaged == ()
        assert shop.pull()[0] == text
        assert shop.apply().ending is (Ending.APPLIED if dead else Ending.UNCHANGED)
        assert shop.plan().changes == ()
        # Where there is none at all, there is no section to manage.
        assert shop.pull()[0] == text.removesuffix("conditional_menus: []\n")


@searched(8)
@given(st.lists(of(LIVE_RULES), min_size=1, max_size=4).filter(within_limits), wanted())
def test_names_of_pulled_menus_outlive_their_publication(before: list[Document], other: Document) -> None:
    """The ids that WeChat gives are others each time; the names are made of the rules."""
    with runs() as shop:
        shop.live(menu=menu("旧"), tags=TAGS, conditional_menus=live(*before), followers=FOLLOWERS)
        shop.want({})
        text, pulled = shop.pull()
        menus = {key: value for key, value in other.items() if key == "conditional_menus"}
        shop.want({"conditional_menus": []} if _names(other) - {"VIP", "北京", "星标组"} else menus)
        shop.apply()
        shop.want(text)
        assert shop.apply().converged
        again, repulled = shop.pull()
        assert again == text
        assert repulled.sections == pulled.sections


def _names(sections: Document) -> set[str]:
    rules = (each["matchrule"] for each in sections["conditional_menus"])
    return {rule["tag"] for rule in rules if "tag" in rule}
