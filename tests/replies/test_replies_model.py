"""The ``replies`` section as a value: nothing is lost between it and the file, and which reply answers what."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from wxdeploy.model.replies import (
    Article,
    Image,
    Keyword,
    Mode,
    Music,
    News,
    Replies,
    Text,
    Video,
    Voice,
    document,
    parse,
)

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
FILLED = TEXTS.filter(bool)
REPLIES: st.SearchStrategy[Any] = st.one_of(
    st.builds(Text, FILLED),
    st.builds(Image, FILLED),
    st.builds(Voice, FILLED),
    st.builds(Video, FILLED, TEXTS, TEXTS),
    st.builds(
        Music, thumb_media_id=FILLED, title=TEXTS, description=TEXTS, musicurl=TEXTS, hqmusicurl=TEXTS
    ),
    st.builds(News, st.tuples(st.builds(Article, title=TEXTS, description=TEXTS, picurl=TEXTS, url=TEXTS))),
)  # fmt: skip
BY_NAME = st.dictionaries(FILLED, REPLIES, max_size=3)


@given(
    st.builds(
        Replies,
        subscribe=st.none() | REPLIES,
        click=BY_NAME,
        keywords=st.lists(st.builds(Keyword, FILLED, st.sampled_from(Mode), REPLIES), max_size=3).map(tuple),
        scan=BY_NAME,
        messages=BY_NAME,
        default=st.none() | REPLIES,
        handled_elsewhere=st.lists(FILLED, max_size=3).map(tuple),
    )
)
def test_parse_is_the_inverse_of_document(replies: Replies) -> None:
    assert parse(document(replies)) == replies


HELLO, PRICE, EXACT, OTHER = Text("hello"), Text("price"), Text("exact"), Text("other")


def test_the_first_keyword_that_matches_wins_and_a_text_without_one_gets_the_default() -> None:
    replies = Replies(
        keywords=(Keyword("价格表", Mode.EQUAL, EXACT), Keyword("价格", Mode.CONTAIN, PRICE)), default=OTHER
    )
    assert replies.to_text("价格表") == EXACT
    assert replies.to_text("有价格表吗") == PRICE
    assert replies.to_text("你好") == OTHER
    assert replies.to_message("image") == OTHER


def test_what_is_said_of_a_message_type_goes_before_the_default() -> None:
    replies = Replies(messages={"location": HELLO, "text": EXACT}, default=OTHER)
    assert replies.to_message("location") == HELLO
    assert replies.to_text("你好") == EXACT
    assert replies.to_message("voice") == OTHER


def test_events_never_get_the_default() -> None:
    replies = Replies(default=OTHER)
    assert (replies.to_key("V1001"), replies.to_scan("7"), replies.to_subscribe()) == (None, None, None)


def test_who_follows_by_a_qr_code_gets_the_reply_of_its_scene_else_the_welcome() -> None:
    replies = Replies(subscribe=HELLO, scan={"7": PRICE})
    assert replies.to_subscribe("7") == PRICE
    assert replies.to_subscribe("8") == HELLO
    assert replies.to_subscribe() == HELLO
