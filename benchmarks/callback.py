"""How many messages a second ``wxdeploy serve`` answers, and how fast, next to a bare Starlette application.

    python benchmarks/callback.py [--rounds 5] [--seconds 3] [--connections 32] [--write]

Each server is a process of its own on loopback with the same uvicorn. In each round every server is sent new messages
for so many seconds over connections that are kept open, by an asyncio client in this process that signed and encrypted
them beforehand; the servers take turns, so that a busy moment of the machine touches all of them. ``--write`` puts the
table into docs/performance.md.
Every answer is looked at. Each connection waits for its answer before it sends again, so that the times are those of a
server that is always busy.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from measure import write

from wxdeploy.callback.encryption import Cipher
from wxdeploy.callback.signature import sign
from wxdeploy.model.secret import Secret

TOKEN, KEY, APPID = "benchmark", base64.b64encode(bytes(range(32))).decode().rstrip("="), "wx0000000000000001"
REPLY = "请点下方菜单"

BARE = """
import asyncio, socket, sys
import uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

async def answer(request):
    await request.body()
    return Response("<xml><Content><![CDATA[请点下方菜单]]></Content></xml>", media_type="text/xml")

class Server(uvicorn.Server):
    async def startup(self, sockets=None):
        await super().startup(sockets)
        print(f"http://127.0.0.1:{sockets[0].getsockname()[1]}/shop", flush=True)

app = Starlette(routes=[Route("/shop", answer, methods=["POST"])])
config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="on", server_header=False)
listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
Server(config).run(sockets=[listener])
"""
WXDEPLOY = "from wxdeploy.cli import main; main()"

PROJECT = """
version: 1
accounts:
  shop:
    appid: wx0000000000000001
    api: sandbox
    files: [replies.yaml]
    callback: {{token: "${{env:WX_CB_TOKEN}}", encoding_aes_key: "${{env:WX_CB_AES}}", mode: {mode}}}
"""
REPLIES = (
    f"replies: {{keywords: [{{match: 价格, mode: contain, reply: {{text: 见菜单}}}}], default: {{text: {REPLY}}}}}\n"
)

MOST_A_SECOND = 20_000

_NUMBERS = count(1)
Message = Callable[[str], bytes]


def _xml() -> bytes:
    return (
        "<xml><ToUserName><![CDATA[gh_97417a04a28d]]></ToUserName><FromUserName><![CDATA[o9AgO5Kd5ggOC-bXrbNODIiE3bGY]]>"
        f"</FromUserName><CreateTime>{int(time.time())}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content><![CDATA[你好]]></Content><MsgId>{next(_NUMBERS)}</MsgId></xml>"
    ).encode()


def _request(path: str, query: dict[str, str], body: bytes) -> bytes:
    head = f"POST {path}?{urlencode(query)} HTTP/1.1\r\nhost: localhost\r\ncontent-type: text/xml\r\n"
    return f"{head}content-length: {len(body)}\r\n\r\n".encode() + body


def plain(path: str) -> bytes:
    """One new text message, signed."""
    now = str(int(time.time()))
    return _request(path, {"signature": sign(Secret(TOKEN), now, "1"), "timestamp": now, "nonce": "1"}, _xml())


def secure(path: str) -> bytes:
    """One new text message, encrypted and signed."""
    now = str(int(time.time()))
    encrypted = Cipher(Secret(KEY), APPID).encrypt(_xml())
    query = {"timestamp": now, "nonce": "1", "encrypt_type": "aes"}
    query["msg_signature"] = sign(Secret(TOKEN), now, "1", encrypted)
    return _request(path, query, f"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>".encode())


@dataclass
class Server:
    """A server under measurement, and what was measured: replies a second and seconds to each answer, by round."""

    url: str
    message: Message
    holds: bytes
    rates: list[float] = field(default_factory=list)
    times: list[list[float]] = field(default_factory=list)


@contextmanager
def _running(arguments: list[str], folder: str) -> Iterator[str]:
    environ = {**os.environ, "WX_CB_TOKEN": TOKEN, "WX_CB_AES": KEY}
    process = subprocess.Popen([sys.executable, "-c", *arguments], cwd=folder, env=environ, stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().decode().strip()
    finally:
        process.terminate()
        process.wait(20)


async def _client(server: Server, messages: Iterator[bytes], until: float, times: list[float]) -> None:
    parts = urlsplit(server.url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        while (began := time.perf_counter()) < until:
            request = next(messages)
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            body = await reader.readexactly(length)
            times.append(time.perf_counter() - began)
            if not head.startswith(b"HTTP/1.1 200") or server.holds not in body:
                sys.exit(f"{server.url} answered {head.decode()}{body.decode()}")
    finally:
        writer.close()


async def _measure(server: Server, seconds: float, connections: int) -> None:
    times: list[float] = []
    path = urlsplit(server.url).path
    messages = iter([server.message(path) for _ in range(int(seconds * MOST_A_SECOND))])
    began = time.perf_counter()
    await asyncio.gather(*(_client(server, messages, began + seconds, times) for _ in range(connections)))
    server.rates.append(len(times) / (time.perf_counter() - began))
    server.times.append(times)


def main() -> None:
    """Measure, and print one table."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    for name, default in (("--rounds", 5), ("--seconds", 3), ("--connections", 32)):
        parser.add_argument(name, type=int, default=default)
    parser.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    chosen = parser.parse_args()
    rounds, seconds, connections = chosen.rounds, chosen.seconds, chosen.connections
    with ExitStack() as stack:
        folders = {mode: stack.enter_context(tempfile.TemporaryDirectory()) for mode in ("plain", "secure")}
        for mode, folder in folders.items():
            (Path(folder) / "wxdeploy.yaml").write_text(PROJECT.format(mode=mode), "utf-8")
            (Path(folder) / "replies.yaml").write_text(REPLIES, "utf-8")
        serve = [WXDEPLOY, "serve", "--port", "0"]
        servers = {
            "bare Starlette": Server(stack.enter_context(_running([BARE], ".")), plain, REPLY.encode()),
            "wxdeploy serve, plain": Server(
                stack.enter_context(_running(serve, folders["plain"])), plain, REPLY.encode()
            ),
            "wxdeploy serve, secure": Server(
                stack.enter_context(_running(serve, folders["secure"])), secure, b"<Encrypt>"
            ),
        }
        for round_ in range(rounds + 1):  # the first is to warm up
            for server in servers.values():
                asyncio.run(_measure(server, seconds if round_ else 0.5, connections))
        for server in servers.values():
            del server.rates[0], server.times[0]
    table = _table(servers)
    how = f"{rounds} rounds of {seconds} s, {connections} connections, {os.cpu_count()} cores, Python"
    print(f"{how} {platform.python_version()}\n\n{table}")
    if chosen.write:
        write({"callback": f"{how} {platform.python_version()}:\n\n{table}".rstrip("\n")})


def _table(servers: dict[str, Server]) -> str:
    """As Markdown: medians over the rounds, and the slowest answer of all."""
    bare = statistics.median(servers["bare Starlette"].rates)
    lines = [
        "| | replies a second | of bare | p50, ms | p99, ms | slowest, ms |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, server in servers.items():
        rate = statistics.median(server.rates)
        cuts = [statistics.quantiles(times, n=100) for times in server.times]
        p50, p99 = (statistics.median(cut[at] for cut in cuts) * 1000 for at in (49, 98))
        slowest = max(max(times) for times in server.times) * 1000
        lines.append(f"| {name} | {rate:.0f} | {rate / bare:.2f} | {p50:.1f} | {p99:.1f} | {slowest:.1f} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
