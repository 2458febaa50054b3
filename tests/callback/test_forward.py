"""What no reply is declared for goes to another program, as it came, and its answer comes back."""

from __future__ import annotations

import asyncio

import pytest
from callback.pushed import EVENTS, FOLLOWER, MESSAGES, body, encrypted, plain
from callback.test_app import APPID, REPLIES, said
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from wxdeploy.callback import app as application
from wxdeploy.callback.followers import LastSeen, last_seen
from wxdeploy.callback.outbound import checked
from wxdeploy.model.errors import UsageError

UNANSWERED = {"Event": "CLICK", "EventKey": "OTHER"}


class Other:
    """The program behind: keeps what came, answers as it is told."""

    def __init__(self, *answers: Response | None) -> None:
        self.answers = list(answers)
        self.came = []
        self.app = Starlette(routes=[Route("/wx", self.answer, methods=["POST"])])
        self.release = asyncio.Event()

    async def answer(self, request):
        self.came.append((request.scope["query_string"], await request.body(), request.headers))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer is None:
            await self.release.wait()
        return answer or Response("late")


def test_it_goes_as_it_came_and_the_answer_passes_through(server, upstream):
    other = Other(Response("<xml>sealed</xml>", media_type="text/xml"))
    server.start(REPLIES, mode="secure", forward=upstream(other.app))
    push = encrypted(body(UNANSWERED))
    response = server.send(push)
    assert (response.status_code, response.text) == (200, "<xml>sealed</xml>")
    assert response.headers["content-type"] == "text/xml; charset=utf-8"
    ((query, content, headers),) = other.came
    assert query.decode() == push.path.partition("?")[2]
    assert content == push.body
    assert headers["via"] == "1.1 wxdeploy"
    assert headers["content-type"] == "text/xml"
    assert server.figure("messages_total", account="shop", kind="CLICK", outcome="forwarded") == 1


def test_what_is_declared_is_not_forwarded(server, upstream):
    other = Other(Response("x"))
    server.start(REPLIES, forward=upstream(other.app))
    for fields in (EVENTS["click"], MESSAGES["text"]):
        server.send(plain(body(fields)))
    assert other.came == []
    assert server.send(plain(body(EVENTS["template"]))).text == "x"


def test_repeats_are_forwarded_once_and_wait_for_the_answer(server, upstream):
    other = Other(Response("once"))
    server.start(REPLIES, forward=upstream(other.app))
    pushes = [plain(body(UNANSWERED), nonce=str(number)) for number in range(3)]
    assert [response.text for response in server.together(*pushes)] == ["once"] * 3
    assert server.send(pushes[0]).text == "once"
    assert len(other.came) == 1


@pytest.mark.parametrize("failure", [Response("", 500), Response("", 302, {"location": "http://127.0.0.1:1/"})])
def test_a_failure_is_one_for_wechat_too_so_that_it_tries_again(server, upstream, failure, caplog):
    other = Other(failure, Response("better"))
    server.start(REPLIES, forward=upstream(other.app))
    first = server.send(plain(body(UNANSWERED)))
    assert (first.status_code, first.text) == (502, "")
    assert server.send(plain(body(UNANSWERED))).text == "better"
    assert len(other.came) == 2
    assert f"HTTP {failure.status_code}" in caplog.text
    server.stop()
    assert last_seen(server.record, APPID, FOLLOWER) == LastSeen(event=1714037059)


def test_nobody_there(server, caplog):
    server.start(REPLIES, forward="http://127.0.0.1:1/wx")
    assert server.send(plain(body(UNANSWERED))).status_code == 502
    assert "the connection was refused" in caplog.text
    assert "signature" not in caplog.text


def test_an_answer_that_does_not_come_is_not_waited_for(server, upstream, monkeypatch, caplog):
    monkeypatch.setattr(application, "FORWARD_SECONDS", 0.05)
    server.start(REPLIES, forward=upstream(Other(None).app))
    assert server.send(plain(body(UNANSWERED))).status_code == 502
    assert "no answer in time" in caplog.text


def test_a_media_type_that_is_none_is_not_passed_on(server, upstream):
    answer = Response("<xml/>")
    answer.raw_headers = [(b"content-type", "text/xml; charset=中".encode()), (b"content-length", b"6")]
    server.start(REPLIES, forward=upstream(Other(answer).app))
    response = server.send(plain(body(UNANSWERED)))
    assert (response.status_code, response.text) == (200, "<xml/>")
    assert response.headers["content-type"] == "text/plain; charset=utf-8"


def test_an_answer_without_end_is_cut(server, upstream):
    server.start(REPLIES, forward=upstream(Other(Response(b"x" * 1_000_000)).app))
    assert server.send(plain(body(UNANSWERED))).status_code == 502


def test_it_does_not_go_round_in_a_circle(server, upstream):
    other = Other(Response("x"))
    server.start(REPLIES, forward=upstream(other.app))
    assert server.send(plain(body(UNANSWERED)), via="1.1 wxdeploy").text == "success"
    assert other.came == []


def test_a_forged_message_is_not_forwarded(server, upstream):
    other = Other(Response("x"))
    server.start(REPLIES, forward=upstream(other.app))
    assert server.send(plain(body(UNANSWERED), token="BBBBB")).status_code == 403
    assert other.came == []


@pytest.mark.parametrize(
    "url",
    ["http://cb.example.com/", "ftp://x/", "nonsense", "https://u:p@x/", "https://", "https://x/#f", "http://[::1"],
)
def test_an_address_that_can_t_be(url):
    with pytest.raises(UsageError):
        checked(url)


@pytest.mark.parametrize(
    "url", ["https://cb.example.com/wx?a=1", "http://127.0.0.1:8080/", "http://[::1]/", "http://localhost/"]
)
def test_an_address_that_can(url):
    assert str(checked(url)) == url


def test_a_declared_answer_waits_for_no_forward(server, upstream):
    """A slow program behind keeps no other message waiting."""
    other = Other(None)
    server.start(REPLIES, forward=upstream(other.app))

    async def both():
        slow = asyncio.ensure_future(server._client.post(plain(body(UNANSWERED)).path, content=body(UNANSWERED)))
        quick = await server._client.post(plain(body(EVENTS["click"])).path, content=body(EVENTS["click"]))
        assert not slow.done()
        slow.cancel()
        return quick

    assert said(server._runner.run(both())) == "晴天"
