"""Bytes to values and back."""

from __future__ import annotations

import json
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxdeploy.client.answer import DEEPEST_ANSWER, Answer, Silence, decode, encode, errcode_of
from wxdeploy.client.errors import judge
from wxdeploy.model.errors import TransportError
from wxdeploy.model.secret import Secret
from wxdeploy.wechat.endpoints import ENDPOINTS
from wxdeploy.wechat.errcodes import Code


@pytest.mark.parametrize(
    ("body", "content"),
    [
        (
            {"name": "菜单", "url": "https://a.example/?a=1&b=<2>"},
            '{"name":"菜单","url":"https://a.example/?a=1&b=<2>"}',
        ),
        ({"name": "🎉"}, '{"name":"🎉"}'),
        ({"button": ({"a": 1}, None, True, 1.5)}, '{"button":[{"a":1},null,true,1.5]}'),
        (MappingProxyType({"a": MappingProxyType({})}), '{"a":{}}'),
        ({}, "{}"),
    ],
)
def test_bodies_are_utf8_without_escapes(body: object, content: str) -> None:
    assert encode(body) == content.encode()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"button": [{"name": "ok"}, {"name": "half \ud83d"}]}, "button[1].name"),
        ({"button": [{"\udc00": 1}]}, "button[0]"),
        ({"a": float("inf")}, "at a "),
        ({"a": float("nan")}, "at a "),
        ("\ud800", "something that"),
    ],
)
def test_what_utf8_or_json_cannot_carry_is_refused_with_its_place(body: object, place: str) -> None:
    with pytest.raises(TransportError) as caught:
        encode(body)  # type: ignore[arg-type]
    assert place in caught.value.message
    assert caught.value.fix
    assert caught.value.__context__ is None


def test_a_body_that_holds_itself_is_refused() -> None:
    ring: list[object] = []
    ring.append(ring)
    with pytest.raises(TransportError):
        encode({"a": ring})  # type: ignore[dict-item]


@pytest.mark.parametrize("code", [0, "0", None, "absent"])
def test_success_is_an_absent_code_or_zero(code: object) -> None:
    value = {"menuid": "1"} if code == "absent" else {"errcode": code, "menuid": "1"}
    answer = decode(200, json.dumps(value).encode())
    assert isinstance(answer, Answer)
    assert (answer.errcode, answer.value["menuid"]) == (0, "1")


@pytest.mark.parametrize(
    ("code", "number"),
    [("-1", -1), (-1, -1), ("46003", 46003), (True, None), ([], None), ("x", None), (0.5, None), ("9" * 99, None)],
)
def test_the_code_is_a_number_or_the_text_of_one(code: object, number: int | None) -> None:
    assert errcode_of({"errcode": code}) == number  # type: ignore[dict-item]


@pytest.mark.parametrize("status", [200, 400, 412, 502])
def test_a_code_counts_whatever_the_status(status: int) -> None:
    answer = decode(status, b'{"errcode":45009,"errmsg":"x"}')
    assert isinstance(answer, Answer)
    assert answer.errcode == Code.QUOTA_REACHED


def test_answers_are_utf8_with_or_without_bom_and_with_control_characters() -> None:
    answer = decode(200, b"\xef\xbb\xbf" + '{"name":"a\tb\x01菜"}'.encode())
    assert isinstance(answer, Answer)
    assert answer.value == {"name": "a\tb\x01菜"}


def test_text_of_an_answer_is_always_unicode() -> None:
    answer = decode(200, rb'{"a":"\ud83d","\udc00":["\ud83c\udf89"],"b":"' + b'\xc4\xe3"}')
    assert isinstance(answer, Answer)
    assert answer.value == {"a": "�", "�": ["🎉"], "b": "��"}
    json.dumps(answer.value, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("status", "content", "passing", "word"),
    [
        (200, b"", True, "empty"),
        (200, b"  <html>login</html>", True, "web page"),
        (200, b'{"errcode":0', True, "not the JSON object"),
        (200, b"[]", True, "not the JSON object"),
        (200, b"null", True, "not the JSON object"),
        (200, b'{"a":NaN}', True, "not the JSON object"),
        (200, b'{"a":' + b"9" * 5000 + b"}", True, "not the JSON object"),
        (200, b'{"errcode":"none"}', True, "not the JSON object"),
        (200, b'{"a":' * 100_000, True, "not the JSON object"),
        (200, b'{"a":' + b"[" * 200 + b"]" * 200 + b"}", True, "not the JSON object"),
        (200, b"\xff\xfe\x00", True, "not the JSON object"),
        (302, b"", False, "redirect"),
        (404, b"<html>", False, "HTTP 404"),
        (404, b'{"detail":"no"}', False, "HTTP 404"),
        (429, b"slow down", True, "HTTP 429"),
        (502, b"<html>bad gateway</html>", True, "HTTP 502"),
        (502, b'{"errcode":0}', True, "HTTP 502"),
        (500, b"", True, "HTTP 500"),
    ],
)
def test_everything_else_is_silence_with_a_reason(status: int, content: bytes, passing: bool, word: str) -> None:
    silence = decode(status, content)
    assert isinstance(silence, Silence)
    assert silence.reached
    assert silence.passing is passing
    assert word in silence.reason


def test_the_bound_on_depth_is_the_stated_one() -> None:
    def nested(levels: int) -> bytes:
        return b'{"a":' + b"[" * (levels - 1) + b"1" + b"]" * (levels - 1) + b"}"

    assert isinstance(decode(200, nested(DEEPEST_ANSWER)), Answer)
    assert isinstance(decode(200, nested(DEEPEST_ANSWER + 1)), Silence)


def test_an_answer_does_not_show_what_it_holds() -> None:
    assert "TOKEN" not in repr(decode(200, b'{"access_token":"TOKEN"}'))


@given(
    st.text(alphabet='ab/"\\\n\u83dc\U0001f600', min_size=1, max_size=6),
    st.text(alphabet='ab/"\\\n\u83dc\U0001f600', max_size=12),
    st.booleans(),
    st.booleans(),
)
def test_a_word_is_never_overlooked_in_an_answer_however_it_is_escaped(
    word: str, around: str, ascii_only: bool, slashes: bool
) -> None:
    held = around[:5] + word + around[5:]
    for value in ({"key": held}, {held: 1}, {"list": [{"a": [held]}]}):
        text = json.dumps(value, ensure_ascii=ascii_only)
        answer = decode(200, (text.replace("/", "\\/") if slashes else text).encode())
        assert isinstance(answer, Answer)
        assert answer.may_hold([word])
        assert answer.value == value


@pytest.mark.parametrize("text", ['{"errmsg":"\\u0054OKEN-1"}', '{"errmsg":"TOKEN\\u002d1"}', '{"TO\\u004bEN-1":1}'])
def test_a_token_in_escapes_is_veiled_too(text: str) -> None:
    answer = decode(200, text.encode())
    assert isinstance(answer, Answer)
    told = judge(ENDPOINTS["menu.get"], answer, host="h", hidden=[Secret("TOKEN-1")])
    assert "TOKEN-1" not in str(told)
    assert "redacted" in str(told)


def test_an_answer_that_holds_no_secret_is_kept_as_it_is() -> None:
    answer = decode(200, b'{"errmsg":"line\\nline"}')
    assert isinstance(answer, Answer)
    assert judge(ENDPOINTS["menu.get"], answer, host="h", hidden=[Secret("TOKEN-1")]) is answer.value
