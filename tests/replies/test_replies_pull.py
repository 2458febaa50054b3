"""``pull`` and the auto-replies of the console: what comes, what is said not to come, and that what comes is valid."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from cli.conftest import _server, host, project, run
from cli.shell import SECRET, Project, Ran, account
from contract.test_autoreplies import SAMPLE
from hypothesis import given
from hypothesis import strategies as st
from workflow.drill import Fault

from wxdeploy.config import schemas
from wxdeploy.config.documents import load
from wxdeploy.kinds.replies.console import read
from wxdeploy.model.diagnostic import Severity
from wxdeploy.model.replies import Article, Keyword, Mode, News, Replies, Text, document
from wxdeploy.workflow.pull import yaml_of

__all__ = ["_server", "host", "project", "run"]

Run = Callable[..., Ran]
ON = {"is_add_friend_reply_open": 1, "is_autoreply_open": 1}
ARTICLE = {
    "title": "歌",
    "digest": "听",
    "cover_url": "http://a.cn/1.jpg",
    "content_url": "http://mp.weixin.qq.com/s?a=1",
}
CARD = News((Article(title="歌", description="听", picurl="http://a.cn/1.jpg", url="http://mp.weixin.qq.com/s?a=1"),))
MENU = {
    "button": [{"type": "click", "name": "歌", "key": "SONG"}, {"type": "view", "name": "官网", "url": "https://a.cn"}]
}


def text(content: str) -> dict[str, Any]:
    return {"type": "text", "content": content}


def rule(*answers: Any, words: Any = (("contain", "价格"),), mode: str = "reply_all") -> dict[str, Any]:
    listed = [{"type": "text", "match_mode": match, "content": word} for match, word in words]
    return {
        "rule_name": "价目",
        "create_time": 1,
        "reply_mode": mode,
        "keyword_list_info": listed,
        "reply_list_info": list(answers),
    }


def keywords(*rules: Any) -> dict[str, Any]:
    return {**ON, "keyword_autoreply_info": {"list": list(rules)}}


def news(*articles: Any) -> dict[str, Any]:
    return {"type": "news", "content": "MEDIA_ID", "news_info": {"list": list(articles)}}


def test_texts_are_brought() -> None:
    answer = {**ON, "add_friend_autoreply_info": text("欢迎"), "message_default_autoreply_info": text("请点菜单")}
    assert read(answer) == (Replies(subscribe=Text("欢迎"), default=Text("请点菜单")), ())


def test_a_rule_of_several_keywords_becomes_a_keyword_each() -> None:
    found, left_out = read(keywords(rule(text("88 元"), words=[("contain", "价格"), ("equal", "多少钱")])))
    assert found.keywords == (
        Keyword("价格", Mode.CONTAIN, Text("88 元")),
        Keyword("多少钱", Mode.EQUAL, Text("88 元")),
    )
    assert left_out == ()


def test_one_article_is_brought() -> None:
    found, left_out = read(keywords(rule(news(ARTICLE))))
    assert (found.keywords[0].reply, left_out) == (CARD, ())


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            {**ON, "add_friend_autoreply_info": {"type": "img", "content": "ID"}},
            "to new followers is left out: a picture",
        ),
        (
            {**ON, "message_default_autoreply_info": {"type": "voice", "content": "ID"}},
            "to messages is left out: a voice",
        ),
        ({**ON, "add_friend_autoreply_info": {"type": "video", "content": "http://a.cn"}}, "a video whose id is gone"),
        ({**ON, "add_friend_autoreply_info": {"type": "card", "content": "x"}}, "its type card has no form here"),
        ({**ON, "add_friend_autoreply_info": text(" ")}, "its text is empty"),
        (keywords(rule(text("一"), text("二"))), '"价目" is left out: it has 2 answers, all at once'),
        (keywords(rule(text("一"), text("二"), mode="random_one")), "one of them at random"),
        (keywords(rule(text("一"), words=())), "it has no keyword"),
        (keywords(rule()), "it has no answer"),
        (keywords(rule(news(ARTICLE, ARTICLE))), "it has 2 articles"),
        (keywords(rule({"type": "news", "content": "ID"})), "it has no articles"),
        (keywords(rule(news({"title": "", "content_url": "http://a.cn"}))), "no title or no address"),
        ({**keywords(rule(text("一"))), "is_autoreply_open": 0}, "1 keyword rule of the console is left out"),
    ],
)
def test_what_has_no_form_is_said(answer: Any, said: str) -> None:
    found, (left_out,) = read(answer)
    assert found == Replies()
    assert said in left_out.detail
    assert left_out.fix


def test_what_is_switched_off_is_not_brought() -> None:
    answer = {"add_friend_autoreply_info": text("欢迎"), "message_default_autoreply_info": text("请点菜单")}
    assert read(answer) == (Replies(), ())
    assert read({**answer, "is_add_friend_reply_open": 1})[0] == Replies(subscribe=Text("欢迎"))


@pytest.mark.parametrize("out", ["-", "folder"])
def test_what_is_pulled_is_valid_and_the_plan_after_it_is_empty(project: Project, run: Run, out: str) -> None:
    first = SAMPLE["keyword_autoreply_info"]["list"][0]  # type: ignore[index]
    rules = [first, rule(text("好"), words=[("equal", "12:30"), ("contain", "${a}")]), rule(news(ARTICLE))]
    project.live(menu=MENU, autoreplies={**SAMPLE, "keyword_autoreply_info": {"list": rules}})
    ran = run("pull", "--out", out)
    assert ran.code == 0
    assert '"autoreply-news" is left out: it has 2 answers, all at once' in ran.err
    if out == "-":
        project.write("menu.yaml", ran.out)
    else:
        project.write(
            "wxdeploy.yaml", (project.root / "wxdeploy.yaml").read_text().replace("menu.yaml", "folder/*.yaml")
        )
    assert run("validate").code == 0
    pulled = yaml.safe_load(ran.out if out == "-" else (project.root / "folder" / "replies.yaml").read_text("utf-8"))
    assert pulled["replies"]["subscribe"] == {"text": "Thanks for your attention!"}
    assert pulled["replies"]["handled_elsewhere"] == ["SONG"]
    assert [each["match"] for each in pulled["replies"]["keywords"]] == ["12:30", "$${a}", "价格"]
    assert run("plan", "--detailed-exitcode").code == 0


def test_an_account_without_auto_replies_has_no_such_section(project: Project, run: Run) -> None:
    project.live(menu=MENU)
    ran = run("pull", "--out", "-")
    assert (ran.code, list(yaml.safe_load(ran.out)), ran.err) == (0, ["menu"], "")


def test_only_what_is_aimed_at_is_read(project: Project, run: Run) -> None:
    project.live(menu=MENU, autoreplies=SAMPLE)
    assert list(yaml.safe_load(run("pull", "--out", "-", "--target", "menu").out)) == ["menu"]
    assert not any("autoreply" in each for each in project.calls())


def test_an_account_without_the_permission_still_pulls(
    host: Any, project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_OF_SHOP", SECRET)
    host.live(menu=MENU, autoreplies=SAMPLE)
    project.accounts(account(api=host.url, secret="${env:SECRET_OF_SHOP}"))
    host.line.faults.append(
        Fault("/cgi-bin/get_current_autoreply_info", {"errcode": 48001, "errmsg": "api unauthorized"})
    )
    ran = run("pull", "--out", "-")
    assert (ran.code, list(yaml.safe_load(ran.out))) == (0, ["menu"])
    assert "replies are left out" in ran.err


JUNK = st.recursive(
    st.none() | st.integers(0, 1) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from([*ON, "type", "content", "list"]), inner)
    ),
    max_leaves=5,
)
ANSWERS = st.one_of(
    st.builds(text, st.text(max_size=4)),
    st.builds(news, st.just(ARTICLE)),
    st.fixed_dictionaries({"type": st.sampled_from(["img", "voice", "video", "news", "card"]), "content": JUNK}),
    JUNK,
)
WORDS = st.lists(st.tuples(st.sampled_from(["contain", "equal", "other"]), st.text(max_size=3)), max_size=2)
INFO = st.fixed_dictionaries(
    {name: st.integers(0, 1) for name in ON},
    optional={
        "add_friend_autoreply_info": ANSWERS,
        "message_default_autoreply_info": ANSWERS,
        "keyword_autoreply_info": st.fixed_dictionaries(
            {"list": st.lists(st.one_of(st.builds(lambda a, w: rule(a, words=w), ANSWERS, WORDS), JUNK), max_size=3)}
        ),
    },
)


@given(INFO | JUNK)
def test_whatever_the_answer_what_is_pulled_can_be_read_and_is_valid(answer: Any) -> None:
    found, left_out = read(answer)
    assert all(each.detail and each.fix for each in left_out)
    section = document(found)
    assert schemas.check(load(json.dumps({"replies": section}).encode(), "a.yaml"), "account") == ()
    if section:
        loaded = load(yaml_of({"replies": section}, schema=None).encode(), "a.yaml")
        assert [each for each in loaded.diagnostics if each.severity is Severity.ERROR] == []
