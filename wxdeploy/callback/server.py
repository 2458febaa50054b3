"""The callback as a process: listens, says where, and goes when it is told to."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from wxdeploy.wechat.callback import TIMEOUT_SECONDS

CONNECTIONS = 2048
"""More requests at once than this are told to come again (503)."""


def run(app: ASGIApp, host: str, port: int, on_ready: Callable[[str], object]) -> None:
    """Serve until SIGINT or SIGTERM; requests under way are finished first.

    ``port`` 0 takes a free one; ``on_ready`` is called with the address once it answers. Raises ``OSError`` where the
    address can't be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family, backlog=CONNECTIONS) as listener:
        # Inherited by every connection; asyncio itself does so only where a socket names its protocol, and without it
        # the body of an answer waits 40 ms for the other side to acknowledge the headers.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        name = f"[{host}]" if family is socket.AF_INET6 else host
        url = f"http://{name}:{listener.getsockname()[1]}"
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,  # its lines hold signatures and openids
            lifespan="on",
            server_header=False,
            limit_concurrency=CONNECTIONS,
            timeout_graceful_shutdown=TIMEOUT_SECONDS,
        )
        with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
            runner.run(_serve(_Server(config), listener, lambda: on_ready(url)))


async def _serve(server: _Server, listener: socket.socket, ready: Callable[[], object]) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, server.stop)
    server.ready = ready
    await server.serve([listener])


class _Server(uvicorn.Server):
    """uvicorn's server without its own handling of signals, which would end the process by the signal afterwards."""

    ready: Callable[[], object]

    def stop(self) -> None:
        """Finish what is under way, and end; the second time at once."""
        self.force_exit = self.should_exit
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self.ready()

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield
