"""What the files say is replied to a button: in the terminal, on the picture, on the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from preview import hostile
from preview.browser import Browser

from wxdeploy.model.phone import Answer
from wxdeploy.render.phone import phone_of
from wxdeploy.render.svg import preview_svg
from wxdeploy.render.taps import ANSWERS, FACTS, answer_of
from wxdeploy.render.terminal_phone import preview_text

REPLIES = """
replies:
  click:
    COUPON_TODAY: {text: "今日券码 8812\\n<b>到店出示</b>"}
    CONTACT_US: {news: [{title: 营业时间, description: 周一至周日, picurl: "https://e.com/p.png", url: "https://e.com/h"}]}
    SCAN_RECEIPT: {image: {media_id: M1}}
    NEARBY_STORES: {text: 附近有三家}
  default: {text: 稍后回复}
"""


@pytest.fixture
def answering(example: Callable[[str], Path]) -> Path:
    folder = example("first-menu")
    (folder / "base" / "replies.yaml").write_text(REPLIES, "utf-8")
    return folder


def test_every_type_of_a_reply_has_words() -> None:
    key = {"type": "click", "name": "n", "key": "K"}
    for kind, words in ANSWERS.items():
        held: Any = "x" if kind == "text" else {"media_id": "x"}
        (column,) = phone_of({"button": [key]}, replies={"K": {kind: held}}).columns
        assert answer_of(column) == words
        assert words.zh != words.en
    assert answer_of(phone_of({"button": [key]}).columns[0]) is None
    assert "text" not in FACTS


def test_a_list_is_answered_by_nobody_and_a_text_line_by_line() -> None:
    menu = {"button": [{"name": "l", "key": "K", "sub_button": [{"type": "click", "name": "n", "key": "K"}]}]}
    (column,) = phone_of(menu, replies={"K": {"text": "a\n\x1bb"}}).columns
    assert column.answer is None
    assert column.keys[0].answer == Answer("text", (("text", "a"), ("text", "\\u{1b}b")))


def test_the_terminal_and_the_picture_tell_it(answering: Path, program: Callable[..., Any]) -> None:
    out = program("-C", answering, "preview").out
    assert "Sends a key COUPON_TODAY, answered by a text: 今日券码 8812 <b>到店出示</b>" in out
    assert "answered by an article: 营业时间 周一至周日 https://e.com/p.png https://e.com/h" in out
    picture = program("-C", answering, "preview", "--format", "svg").out
    assert "回复文字 answered by a text 今日券码 8812 &lt;b&gt;到店出示&lt;/b&gt;</title>" in picture


def test_a_tap_shows_what_comes_back(answering: Path, browser: Browser, page: Callable[..., Path]) -> None:
    browser.open(page(answering, "preview"))
    browser.tap("document.querySelectorAll('.key')[1]")
    browser.tap("[...document.querySelectorAll('.sub')].filter((e) => e.offsetParent)[1]")
    assert browser.run("document.querySelector('.chat .bubble').textContent") == "今日券码 8812\n<b>到店出示</b>"
    assert browser.run("document.querySelector('.chat .bubble b')") is None
    browser.tap("document.querySelectorAll('.key')[2]")
    browser.tap("[...document.querySelectorAll('.sub')].filter((e) => e.offsetParent)[2]")
    told = browser.run("document.querySelector('.chat .answer').innerText")
    assert "回复图文" in told
    assert "营业时间" in told


def test_hostile_replies_do_nothing_anywhere() -> None:
    for text in (preview_text(hostile.configuration()), preview_svg(hostile.configuration())):
        assert not set(text) & set("\x1b\x00\x07\u202e")
    assert "<script>document" not in preview_svg(hostile.configuration())
