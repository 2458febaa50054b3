"""What a call costs in each HTTP client that was to choose from: ``python benchmarks/transports.py [--write]``.

Every client makes N GETs of a menu, 64 in flight, at a host (``canned.py``, another process) that answers after 100 ms.
Processor time is that of the client's process alone: for its import and setting up, and for a call. The bound is
N / 64 x 100 ms. Those that are not installed (``pip install httpx-aiohttp uvloop``) are left out.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import importlib.util
import ssl
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from measure import told, write  # noqa: E402 - beside this file

AT_ONCE, LATENCY = 64, 0.1
PATH = "/cgi-bin/menu/get?access_token=token-of-wx0000000000000001"

Get = Callable[[int], Awaitable[bytes]]
"""One call; given which of the 64 workers makes it."""

NEEDS = {
    "httpx client": "httpx",
    "httpx transport": "httpx",
    "httpx transports, one connection each": "httpx",
    "httpx-aiohttp transport": "httpx_aiohttp",
    "aiohttp client": "aiohttp",
    "wxdeploy: httptools": "wxdeploy",
    "wxdeploy: httptools, uvloop": "uvloop",
}


@contextlib.asynccontextmanager
async def client(kind: str, url: str) -> AsyncIterator[Get]:
    """The way to make calls in one of the clients; what it needs is imported here."""
    if kind == "aiohttp client":
        import aiohttp

        async with aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=AT_ONCE), cookie_jar=aiohttp.DummyCookieJar()
        ) as session:

            async def get(_: int) -> bytes:
                async with session.get(url + PATH, allow_redirects=False) as answer:
                    content: bytes = await answer.read()
                    return content

            yield get
        return
    if kind.startswith("wxdeploy"):
        from wxdeploy.client.carrier import Request
        from wxdeploy.client.connections import Connections
        from wxdeploy.model.url import parse

        origin = parse(url)
        assert origin is not None
        async with contextlib.aclosing(Connections(origin, tls=None, seconds=30.0)) as connections:

            async def carry(_: int) -> bytes:
                return (await connections.exchange(Request("GET", PATH, {}), largest=1 << 20, within=60.0)).content

            yield carry
        return
    import httpx

    if kind == "httpx client":
        async with httpx.AsyncClient(limits=limits(AT_ONCE), timeout=30) as whole:

            async def ask(_: int) -> bytes:
                return (await whole.get(url + PATH)).content

            yield ask
        return
    async with contextlib.AsyncExitStack() as stack:
        found = [await stack.enter_async_context(each) for each in transports(kind)]

        async def send(worker: int) -> bytes:
            request = httpx.Request("GET", url + PATH, extensions={"timeout": httpx.Timeout(30).as_dict()})
            answer = await found[worker % len(found)].handle_async_request(request)
            content = b"".join([part async for part in answer.aiter_bytes()])
            await answer.aclose()
            return content

        yield send


def limits(most: int) -> Any:
    import httpx

    return httpx.Limits(max_connections=most, max_keepalive_connections=most)


def transports(kind: str) -> list[Any]:
    """The transports that the 64 workers share."""
    import httpx

    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if kind == "httpx transport":
        return [httpx.AsyncHTTPTransport(verify=tls, limits=limits(AT_ONCE))]
    if kind == "httpx transports, one connection each":
        return [httpx.AsyncHTTPTransport(verify=tls, limits=limits(1)) for _ in range(AT_ONCE)]
    if kind == "httpx-aiohttp transport":
        import httpx_aiohttp

        return [httpx_aiohttp.AiohttpTransport(verify=tls, limits=limits(AT_ONCE))]
    raise ValueError(kind)


async def measure(kind: str, url: str, calls: int) -> None:
    """Make the calls, and print one line of the table."""
    begun = time.process_time()
    async with client(kind, url) as get:
        waiting = iter(range(calls))

        async def worker(number: int) -> None:
            for _ in waiting:
                assert len(await get(number)) > 1000

        ready, clock = time.process_time(), time.perf_counter()
        await asyncio.gather(*(worker(number) for number in range(AT_ONCE)))
        seconds, cpu = time.perf_counter() - clock, time.process_time() - ready
    bound = calls / AT_ONCE * LATENCY
    taken = [f"{(ready - begun) * 1000:.0f}", f"{cpu / calls * 1000:.2f}", f"{seconds:.2f}", f"{bound:.2f}"]
    print("\t".join((kind, *taken)))


def rows(url: str, calls: int) -> Iterator[list[str]]:
    """Each client that there is, in a process of its own."""
    for kind, module in NEEDS.items():
        if importlib.util.find_spec(module):
            command = [sys.executable, __file__, "--calls", str(calls), "--one", kind, url]
            yield subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip().split("\t")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=3000)
    parser.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    parser.add_argument("--one", nargs=2, metavar=("CLIENT", "URL"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        kind, url = options.one
        if kind.endswith("uvloop"):
            import uvloop

            uvloop.run(measure(kind, url, options.calls))
        else:
            asyncio.run(measure(kind, url, options.calls))
        return
    import shop

    with TemporaryDirectory() as folder:
        recording = Path(folder, "recording.json")
        shop.record(recording)
        command = [sys.executable, str(HERE / "canned.py"), str(recording), str(LATENCY)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as host:
            assert host.stdout is not None
            try:
                head = ["client", "import and setup, cpu ms", "cpu ms a call", "seconds", "bound, s"]
                found = told("Clients", head, rows(host.stdout.readline().strip(), options.calls))
            finally:
                host.kill()
    if options.write:
        write({"clients": found})


if __name__ == "__main__":
    main()
