"""What the rules about replies find beyond the examples of their pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from replies.conftest import Find

from wxdeploy.kinds.base import Account
from wxdeploy.kinds.replies.rules import RULES
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.replies import Keyword, Mode, Text
from wxdeploy.wechat import limits
from wxdeploy.wechat.buttons import KEY_TYPES
from wxdeploy.workflow.load import load as load_project

CHECKED = [rule for rule in RULES if rule.check]


@pytest.mark.parametrize("kind", KEY_TYPES)
@pytest.mark.parametrize("section", ["menu", "conditional_menus"])
def test_every_type_that_sends_a_key_needs_a_reply_in_every_menu(kind: str, section: str, find: Find) -> None:
    button = f"{{name: 菜单, sub_button: [{{type: {kind}, name: 扫一扫, key: SCAN}}]}}"
    menu = {
        "menu": f"menu: {{button: [{button}]}}",
        "conditional_menus": f"conditional_menus: [{{name: vip, matchrule: {{tag: VIP}}, button: [{button}]}}]",
    }[section]
    (found,) = find(f"{menu}\nreplies: {{}}\n")
    assert found.code == "WX601"
    assert '"菜单 › 扫一扫"' in found.detail
    assert ('in the menu "vip"' in found.detail) == (section == "conditional_menus")
    assert find(f"{menu}\nreplies: {{click: {{SCAN: {{text: 好}}}}}}\n") == ()
    assert find(f"{menu}\nreplies: {{handled_elsewhere: [SCAN]}}\n") == ()


def test_an_account_without_replies_is_asked_for_none(find: Find) -> None:
    assert find("menu: {button: [{type: click, name: 今日歌曲, key: V1001}]}\n") == ()


def test_types_that_send_no_key_need_no_reply(find: Find) -> None:
    assert (
        find("menu: {button: [{type: view, name: 官网, url: 'https://www.example.com', key: V1}]}\nreplies: {}") == ()
    )


def test_a_key_that_was_renamed_on_one_side_is_told_so(find: Find) -> None:
    found = find(
        "menu: {button: [{type: click, name: 歌, key: V1001_SONGS}]}\nreplies: {click: {V1001_SONG: {text: 歌}}}"
    )
    assert [each.code for each in found] == ["WX601", "WX602"]
    assert 'is "V1001_SONG" under replies.click meant for it?' in found[0].fix


def test_whose_menus_are_not_managed_may_have_a_button_for_every_reply(find: Find) -> None:
    assert find("replies: {click: {V1001: {text: 歌}}, handled_elsewhere: [V2001]}") == ()
    assert [each.code for each in find("menu: absent\nreplies: {click: {V1001: {text: 歌}}}")] == ["WX602"]


WORDS = st.text("ab", min_size=1, max_size=3)
KEYWORDS = st.lists(st.tuples(WORDS, st.sampled_from(Mode)), max_size=4)


@given(KEYWORDS)
def test_a_keyword_is_shadowed_by_another_where_no_text_reaches_it(listed: list[tuple[str, Mode]]) -> None:
    """Against every text that two letters make: a keyword behind one that matches all its texts is never the first."""
    keywords = [Keyword(word, mode, Text(f"{index}")) for index, (word, mode) in enumerate(listed)]
    section = {
        "keywords": [{"match": each.match, "mode": each.mode.value, "reply": {"text": "好"}} for each in keywords]
    }
    (rule,) = [rule for rule in RULES if rule.code == "WX604"]
    assert rule.check is not None
    told = {violation.path[1] for violation in rule.check(Account({"replies": section}))}
    texts = [""]
    for _ in range(5):
        texts += [text + letter for text in texts for letter in "ab"]
    covered = {
        index
        for index, each in enumerate(keywords)
        if any(all(one.matches(text) for text in texts if each.matches(text)) for one in keywords[:index])
    }
    assert told == covered


@pytest.mark.parametrize("text", ["好" * 682 + "ab", "a" * 2048])
def test_a_text_may_have_2048_bytes_and_no_more(text: str, find: Find) -> None:
    assert limits.REPLY_TEXT.measure(text) == limits.REPLY_TEXT.value
    assert find(f"replies: {{default: {{text: {text}}}}}") == ()
    assert [each.code for each in find(f"replies: {{default: {{text: {text}a}}}}")] == ["WX610"]


ANY: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["text", "news", "image", "media_id", "url", "match", "mode", "reply", "title"]), inner
        )
    ),
    max_leaves=6,
)


@given(
    st.dictionaries(
        st.sampled_from(["subscribe", "click", "keywords", "scan", "messages", "default", "handled_elsewhere"]), ANY
    )
    | ANY,
    ANY,
)
def test_no_rule_raises_whatever_the_shape(section: JsonValue, menu: JsonValue) -> None:
    for rule in CHECKED:
        assert rule.check is not None
        for violation in rule.check(Account({"replies": section, "menu": menu, "conditional_menus": menu})):
            assert violation.detail
            assert violation.fix


def project(folder: Path, replies: str, variables: str = "{}") -> Path:
    entry = "appid: wx000000000000000{}, files: [base.yaml], vars: {}"
    accounts = "".join(f"  {name}: {{{entry.format(name[-1], variables)}}}\n" for name in ("shop1", "shop2"))
    (folder / "wxdeploy.yaml").write_text(f"version: 1\naccounts:\n{accounts}", "utf-8")
    (folder / "base.yaml").write_text(replies, "utf-8")
    return folder


def test_the_id_of_a_material_in_a_file_of_several_accounts_is_told_once(tmp_path: Path) -> None:
    text = "replies:\n  subscribe: {image: {media_id: MEDIA_ID}}\n  default: {music: {thumb_media_id: ID, musicurl: 'https://a.cn'}}\n"
    found = load_project(project(tmp_path, text), {}).findings
    assert [(each.code, each.span and each.span.line, each.account) for each in found] == [
        ("WX620", 2, None),
        ("WX620", 3, None),
    ]


def test_a_variable_stands_for_the_id_of_each_account(tmp_path: Path) -> None:
    text = 'replies: {subscribe: {image: {media_id: "${picture}"}}}\n'
    assert load_project(project(tmp_path, text, "{picture: MEDIA_ID}"), {}).findings == ()


def test_the_id_of_a_material_in_a_file_of_one_account_is_as_it_should_be(tmp_path: Path) -> None:
    folder = project(tmp_path, "replies: {subscribe: {image: {media_id: MEDIA_ID}}}\n")
    text = (folder / "wxdeploy.yaml").read_text("utf-8")
    (folder / "wxdeploy.yaml").write_text("\n".join(line for line in text.splitlines() if "shop2" not in line), "utf-8")
    assert load_project(folder, {}).findings == ()


def test_replies_are_part_of_what_an_account_asks_for(tmp_path: Path) -> None:
    (account, _) = load_project(project(tmp_path, "replies: {default: {text: 好}}\n"), {}).accounts
    assert account.desired is not None
    assert account.desired.replies is not None
    assert account.desired.replies.default == Text("好")


def test_an_account_without_the_section_has_none(tmp_path: Path) -> None:
    (account, _) = load_project(project(tmp_path, "menu: absent\n"), {}).accounts
    assert account.desired is not None
    assert account.desired.replies is None
