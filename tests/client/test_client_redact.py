"""No token and no secret in any log, exception or repr, whatever goes wrong and however much is logged."""

from __future__ import annotations

import asyncio
import io
import logging
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from wxdeploy.client import redact
from wxdeploy.client.account import AccountClient
from wxdeploy.client.http import Http
from wxdeploy.client.token import FixedToken, StableToken
from wxdeploy.model.errors import RemoteError
from wxdeploy.model.secret import Secret

TOKEN, SECRET, OPENID = "ToKeN0123456789abcdef", "5eCrEt0123456789abcdef", "oP3n1D0123456789"
HIDDEN = (TOKEN, SECRET, OPENID)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that is logged by anyone at any level, with tracebacks."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.setLevel(level)
    root.removeHandler(handler)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (
            f"GET https://a/b?access_token={TOKEN}&openid={OPENID}&lang=zh",
            "GET https://a/b?access_token=[redacted]&openid=[redacted]&lang=zh",
        ),
        (f"access_token={TOKEN} HTTP/1.1", "access_token=[redacted] HTTP/1.1"),
        (f"https%3A%2F%2Fa%3Faccess_token%3D{TOKEN}%26x", "https%3A%2F%2Fa%3Faccess_token%3D[redacted]%26x"),
        (f"u%253Faccess_token%253D{TOKEN}%2526x", "u%253Faccess_token%253D[redacted]%2526x"),
        (f"?component_access_token={TOKEN}", "?component_access_token=[redacted]"),
        (f"?appsecret={SECRET}&client_secret={SECRET}", "?appsecret=[redacted]&client_secret=[redacted]"),
        (f'{{"secret": "{SECRET}", "appid": "wx1"}}', '{"secret": "[redacted]", "appid": "wx1"}'),
        (f"{{'secret': '{SECRET}', 'appid': 'wx1'}}", "{'secret': '[redacted]', 'appid': 'wx1'}"),
        (f'{{"access_token":"{TOKEN[:5]}\\"{TOKEN[5:]}"}}', '{"access_token":"[redacted]"}'),
        (f'b\'{{"secret":"{SECRET}"}}\'', 'b\'{"secret":"[redacted]"}\''),
        (f"(b'access_token', b'{TOKEN}')", "(b'access_token', b'[redacted]')"),
        (f"ACCESS_TOKEN={TOKEN}", "ACCESS_TOKEN=[redacted]"),
        ("invalid credential, access_token is invalid", "invalid credential, access_token is invalid"),
        ("nothing here", "nothing here"),
    ],
)
def test_values_are_replaced_by_the_name_they_stand_under(text: str, clean: str) -> None:
    assert redact.redact(text) == clean
    assert redact.redact(clean) == clean


def test_text_that_looks_like_very_many_secrets_takes_no_longer() -> None:
    assert redact.redact("secret" * 20_000 + '\\"' * 20_000)
    assert redact.redact("access_token=" + "%2" * 50_000).endswith("[redacted]")
    assert redact.redact('"secret":"' + "\\" * 50_000)


def test_installing_twice_is_installing_once() -> None:
    redact.install()
    before = {name: list(logging.getLogger(name).filters) for name in ("httpx", "httpcore.http11", "wxdeploy")}
    redact.install()
    assert before == {name: logging.getLogger(name).filters for name in before}
    assert all(before.values())


@pytest.mark.parametrize(
    "name", ["httpx", "httpcore", "httpcore.connection", "httpcore.http11", "httpcore.proxy", "wxdeploy"]
)
def test_records_of_the_http_library_are_redacted(log: io.StringIO, name: str) -> None:
    redact.install()
    logger = logging.getLogger(name)
    url = httpx.URL(f"https://a/b?access_token={TOKEN}")
    logger.info('HTTP Request: %s %s "%s"', "GET", url, "200 OK")
    logger.debug("send_request_headers.started request=%r", {"secret": SECRET})
    logger.warning("too few arguments %s %s", url)
    try:
        int(f"GET {url}")
    except ValueError:
        logger.exception("failed: %s", url, stack_info=True)
    logged = log.getvalue()
    assert not [hidden for hidden in HIDDEN if hidden in logged]
    assert logged.count("[redacted]") >= 5
    assert "ValueError" in logged


def test_a_record_that_was_redacted_holds_no_original_for_another_handler() -> None:
    try:
        int(f"?secret={SECRET}")
    except ValueError as error:
        fault = error
    record = logging.LogRecord("httpx", logging.INFO, "f", 1, "%s", (f"?secret={SECRET}",), (ValueError, fault, None))
    record.stack_info = f"Stack: access_token={TOKEN}"
    assert redact.RedactingFilter().filter(record)
    assert not [hidden for hidden in HIDDEN if hidden in repr(vars(record))]
    assert "ValueError" in (record.exc_text or "")

    again = logging.LogRecord("httpx", logging.INFO, "f", 1, "x", None, None)
    again.exc_text = f"formatted before: secret={SECRET}"
    assert redact.RedactingFilter().filter(again)
    assert SECRET not in repr(vars(again))


def test_the_ordinary_client_of_httpx_is_redacted_too(log: io.StringIO) -> None:
    async def run() -> None:
        redact.install()
        async with httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(200))) as client:
            await client.get("https://a/b", params={"access_token": TOKEN, "openid": OPENID})

    asyncio.run(run())
    assert "HTTP Request" in log.getvalue()
    assert not [hidden for hidden in HIDDEN if hidden in log.getvalue()]


async def _refuse(request: bytes, writer: asyncio.StreamWriter) -> None:
    echo = request.decode("utf-8", "replace").replace("\r\n", " ").replace('"', "'")
    body = f'{{"errcode":40013,"errmsg":"you sent {echo} and {TOKEN} and {SECRET}"}}'.encode()
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(body) + body)


async def _redirect(request: bytes, writer: asyncio.StreamWriter) -> None:
    target = f"https://elsewhere/?access_token={TOKEN}&back=https%3A%2F%2Fa%3Faccess_token%3D{TOKEN}"
    writer.write(f"HTTP/1.1 302 Found\r\nlocation: {target}\r\ncontent-length: 0\r\n\r\n".encode())


async def _nonsense(request: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(f"?access_token={TOKEN}\r\n\r\n".encode())


async def _hang_up(request: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n" + request[:100])


@pytest.mark.parametrize("handler", [_refuse, _redirect, _nonsense, _hang_up])
@pytest.mark.parametrize("source", ["fixed", "stable"])
@pytest.mark.parametrize("endpoint", ["user.info", "menu.create", "conditional.add"])
def test_the_worst_faults_over_a_socket_show_nothing(
    log: io.StringIO, serve: Callable[..., Any], handler: Any, source: str, endpoint: str
) -> None:
    async def pause(_: float) -> None:
        return None

    async def run() -> list[str]:
        tokens = FixedToken(Secret(TOKEN)) if source == "fixed" else StableToken("wx1", Secret(SECRET), pause=pause)
        async with serve(handler) as port, Http(f"http://127.0.0.1:{port}", read_only=False) as http:
            client = AccountClient(http, tokens, pause=pause)
            shown = [repr(http), repr(client), repr(tokens), str(tokens)]
            with pytest.raises(RemoteError) as caught:
                await client.call(endpoint, {"button": []}, {"openid": OPENID})
            error = caught.value
            assert error.__context__ is None
            assert error.__cause__ is None
            return [*shown, str(error), repr(error), repr(vars(error)), *traceback.format_exception(error)]

    shown = "\n".join([*asyncio.run(run()), log.getvalue()])
    assert not [hidden for hidden in HIDDEN if hidden in shown]
    assert "wxdeploy INFO" in shown
    assert "wxdeploy DEBUG connecting to" in shown


def test_a_call_is_one_line_at_info_and_attempts_are_lines_at_debug(
    account: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    one = account({"errcode": -1, "errmsg": "busy"}, {"errcode": 0})
    with caplog.at_level(logging.DEBUG, logger="wxdeploy"):
        one.call("menu.create", {"button": []})
    lines = [(record.levelname, record.getMessage()) for record in caplog.records if record.name == "wxdeploy"]
    assert [level for level, _ in lines] == ["INFO", "DEBUG", "INFO", "INFO"]
    assert lines[0][1].startswith("POST /cgi-bin/stable_token: ok, ")
    assert "attempt 1" in lines[1][1]
    assert lines[2][1] == "POST /cgi-bin/menu/create: -1, again in 1 s"
    assert lines[3][1].startswith("POST /cgi-bin/menu/create: ok, ")


def test_what_a_host_makes_up_is_in_no_log_of_a_connection() -> None:
    """httpcore logs the status line and the headers of an answer, and any of them can repeat a secret."""
    logged = (
        "receive_response_headers.complete return_value=(b'HTTP/1.1', 200, b'OK s3cret-of-the-shop', "
        "[(b'date', b'Sun, 22 Nov 2026'), (b'X-Echo', b\"it's s3cret-of-the-shop\"), (b'content-type', b'text/html')])"
    )
    told = redact.redact(logged)
    assert "s3cret-of-the-shop" not in told
    assert "b'HTTP/1.1', 200" in told
    assert "(b'date', b'Sun, 22 Nov 2026')" in told
    assert "b'X-Echo'" in told
