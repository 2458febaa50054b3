"""A host that answers at once, or after a latency, what the sandbox answered: ``python canned.py RECORDING LATENCY``.

It stands in for the API where the client is measured: one process, one loop, nothing parsed that is not needed. The
recording (``shop.py`` makes it) holds the answers to every read in every state that an account goes through, one more
with each write. Each account is one of its own, in state ``START`` (or, where it is ``drift``, one of ten is in state 0
and the others in the last); what the recording says of shop-0000 is said of each.

It prints its address, and answers ``GET /counted`` with what it counted since it was asked last: calls by path, how
many were under way at once, and over how many connections they came.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from collections import Counter
from pathlib import Path
from typing import Any

RECORDED = b"shop-0000"
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: %d\r\n\r\n"


class Host:
    """What there is to answer, and what came."""

    def __init__(self, recording: dict[str, Any], latency: float, start: str, spread: float, seed: int) -> None:
        self.states = [{path: text.encode() for path, text in state.items()} for state in recording["states"]]
        self.writes = [(path, text.encode()) for path, text in recording["writes"]]
        self.latency, self.spread = latency, spread
        self.random = random.Random(seed)
        self.start = start
        self.state: dict[int, int] = {}
        self.forget()

    def forget(self) -> None:
        self.calls: Counter[str] = Counter()
        self.under_way = self.most = self.connections = 0

    def first(self, account: int) -> int:
        last = len(self.writes)
        if self.start == "drift":
            return last if account % 10 else 0
        return last if self.start == "last" else 0

    def answer(self, path: str, account: int) -> bytes:
        state = self.state.get(account, self.first(account))
        if (read := self.states[state].get(path)) is not None:
            return read.replace(RECORDED, b"shop-%04d" % account)
        if state < len(self.writes) and self.writes[state][0] == path:
            self.state[account] = state + 1
            return self.writes[state][1]
        return b'{"errcode":-1,"errmsg":"the recording has no such call here"}'

    def wait(self) -> float:
        return self.latency + self.spread * self.random.random()


class Connection(asyncio.Protocol):
    """One connection; requests are as our clients write them: a head, and a body as long as it says."""

    def __init__(self, host: Host, loop: asyncio.AbstractEventLoop) -> None:
        self.host, self.loop = host, loop
        self.waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        self.host.connections += 1

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        while True:
            head, found, rest = self.waiting.partition(b"\r\n\r\n")
            if not found:
                return
            lower = head.lower()
            length = 0
            if (at := lower.find(b"content-length:")) >= 0:
                length = int(lower[at + 15 :].split(b"\r\n", 1)[0])
            if len(rest) < length:
                return
            self.waiting = rest[length:]
            self.came(head.split(b" ", 2)[1].decode(), rest[:length])

    def came(self, target: str, body: bytes) -> None:
        host = self.host
        path, _, query = target.partition("?")
        if path == "/counted":
            self.send(json.dumps({"calls": host.calls, "at once": host.most, "connections": host.connections}).encode())
            host.forget()
            return
        host.calls[path] += 1
        if path in ("/cgi-bin/stable_token", "/cgi-bin/token"):
            text = body.decode() if body else query
            appid = text[text.index("wx") :][:18]
            content = b'{"access_token":"token-of-%s","expires_in":7200}' % appid.encode()
        else:
            appid = query[query.index("token-of-") + 9 :][:18]
            content = host.answer(path, int(f"0x{appid[2:]}", base=0))
        host.under_way += 1
        host.most = max(host.most, host.under_way)
        wait = host.wait()
        if wait:
            self.loop.call_later(wait, self.done, content)
        else:
            self.done(content)

    def done(self, content: bytes) -> None:
        self.host.under_way -= 1
        self.send(content)

    def send(self, content: bytes) -> None:
        self.transport.write(HEAD % len(content) + content)


async def serve(host: Host) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(host, loop), "127.0.0.1", 0, backlog=4096)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    recording, latency, start, spread, seed = (*sys.argv[1:], *("drift", "0", "0")[len(sys.argv) - 3 :])
    recorded = json.loads(Path(recording).read_text("utf-8"))
    asyncio.run(serve(Host(recorded, float(latency), start, float(spread), int(seed))))
