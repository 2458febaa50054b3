"""The published schema of replies: it is one, and agrees with what is read, with the table of limits and with rules."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from lint.section_schemas import schema, snippet

from wxdeploy.config import schemas
from wxdeploy.config.documents import load
from wxdeploy.model.replies import Article, Image, Keyword, Mode, Music, Replies, Video, Voice, document, parse
from wxdeploy.wechat import limits
from wxdeploy.wechat.callback import MESSAGES

SCHEMA = schema("replies")
DEFINITIONS = SCHEMA["definitions"]
REPLY = DEFINITIONS["reply"]["properties"]


def problems(section: Any) -> list[str]:
    text = json.dumps({"replies": section}, ensure_ascii=False)
    return [each.detail for each in schemas.check(load(text.encode("utf-8"), "replies.yaml"), "account")]


def names(kind: Any) -> set[str]:
    return {each.name for each in dataclasses.fields(kind)}


def test_keys_are_the_fields_that_are_read() -> None:
    assert set(SCHEMA["properties"]) == names(Replies)
    assert set(DEFINITIONS["keyword"]["properties"]) == names(Keyword)
    assert DEFINITIONS["keyword"]["properties"]["mode"]["enum"] == list(Mode)
    assert set(DEFINITIONS["article"]["properties"]) == names(Article)
    for name, kind in {"image": Image, "voice": Voice, "video": Video, "music": Music}.items():
        assert set(REPLY[name]["properties"]) == names(kind)
    assert set(REPLY) == {"text", "image", "voice", "video", "music", "news"}


def test_types_of_messages_are_those_of_the_table() -> None:
    assert list(SCHEMA["properties"]["messages"]["properties"]) == list(MESSAGES)


def test_figures_are_those_of_the_table() -> None:
    assert REPLY["text"]["allOf"][1]["else"]["maxLength"] == limits.REPLY_TEXT.value
    assert str(limits.REPLY_TEXT.value) in REPLY["text"]["description"]
    assert REPLY["news"]["allOf"][0]["maxItems"] == limits.REPLY_ARTICLES_TO_MESSAGE
    assert SCHEMA["properties"]["scan"]["propertyNames"]["maxLength"] == limits.SCENE.value


def test_snippets_lose_nothing() -> None:
    def snippets(schema: Any) -> list[Any]:
        return [snippet(each["body"]) for each in schema["defaultSnippets"]]

    for section in snippets(SCHEMA):
        assert document(parse(section)) == section
    replies = snippets(DEFINITIONS["reply"])
    assert {name for reply in replies for name in reply} == set(REPLY)
    for reply in replies:
        assert document(parse({"default": reply})) == {"default": reply}


@pytest.mark.parametrize(
    ("section", "word"),
    [
        ({"default": "好"}, "a mapping"),
        ({"default": {}}, "at least 1"),
        ({"default": {"text": "a", "image": {"media_id": "b"}}}, "at most 1"),
        ({"default": {"txt": "a"}}, "has no key `txt`"),
        ({"default": {"text": " "}}, "the text is empty"),
        ({"default": {"image": {}}}, "needs a key `media_id`"),
        ({"default": {"news": []}}, "at least 1 entry"),
        ({"keywords": [{"match": "a", "reply": {"text": "b"}}]}, "needs a key `mode`"),
        ({"keywords": [{"match": "a", "mode": "contains", "reply": {"text": "b"}}]}, "`contain` or `equal`"),
        ({"scan": {"s" * 65: {"text": "b"}}}, "64 characters at most"),
        ({"messages": {"music": {"text": "b"}}}, "has no key `music`"),
        ({"handled_elsewhere": ["a", "a"]}, "given twice"),
    ],
)
def test_the_words(section: Any, word: str) -> None:
    (problem,) = problems(section)
    assert word in problem
