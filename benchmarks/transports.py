"""What a call costs in each HTTP client that was to choose from: ``python benchmarks/transports.py [--calls N]``.

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
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

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
    "wxdeploy: h11 over streams": "wxdeploy",
    "wxdeploy: h11 over streams, uvloop": "uvloop",
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
    import httpx

    if kind == "httpx client":
        async with httpx.AsyncClient(limits=limits(AT_ONCE), timeout=30) as whole:

            async def ask(_: int) -> bytes:
                return (await whole.get(url + PATH)).content

            yield ask
        return
    async with contextlib.AsyncExitStack() as stack:
        found = [await stack.enter_async_context(each) for each in transports(kind, url)]

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


def transports(kind: str, url: str) -> list[Any]:
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
    from wxdeploy.client.connections import Connections

    return [Connections(httpx.URL(url), tls=None)]


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
    print(f"| {kind} | {(ready - begun) * 1000:.0f} | {cpu / calls * 1000:.2f} | {seconds:.2f} | {bound:.2f} |")


def table(url: str, calls: int) -> None:
    """Each client that there is, in a process of its own."""
    print("| client | import and setup, cpu ms | cpu ms a call | seconds | bound, s |")
    print("| --- | ---: | ---: | ---: | ---: |", flush=True)
    for kind, module in NEEDS.items():
        if importlib.util.find_spec(module):
            subprocess.run([sys.executable, __file__, "--calls", str(calls), "--one", kind, url], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=3000)
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
                table(host.stdout.readline().strip(), options.calls)
            finally:
                host.kill()


if __name__ == "__main__":
    main()
