"""The sandbox as a process of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from wxdeploy.sandbox.app import create_app
from wxdeploy.sandbox.faults import ABORT, Fault, with_faults
from wxdeploy.sandbox.receivers import Receiver
from wxdeploy.sandbox.seeding import seed as put_seed
from wxdeploy.sandbox.store import Store

_STOPPING = (signal.SIGINT, signal.SIGTERM)
_SECONDS_TO_FINISH = 5
# Do not linger: what closes such a socket tells the other side that the connection was reset.
_NO_LINGER = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)


def serve(
    host: str,
    port: int,
    db: str | Path = ":memory:",
    seed: Mapping[str, Any] | None = None,
    credentials: Mapping[str, str] | None = None,
    on_ready: Callable[[str], object] = str,
    faults: Sequence[Fault] = (),
    receivers: Mapping[str, Receiver] = MappingProxyType({}),
) -> None:
    """Serve the API until SIGINT or SIGTERM, then return.

    ``port`` 0 takes a free one. ``on_ready`` is called with the address once it answers. Nothing is written to the
    standard streams; an address that can't be had raises OSError, a seed that can't be taken ValueError.
    """
    with closing(Store(db)) as store:
        if seed is not None:
            put_seed(store, seed)
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.create_server((host, port), family=family, backlog=2048) as listener:
            # Inherited by every connection; asyncio itself does so only where a socket names its protocol, and without
            # it the body of an answer waits 40 ms for the other side to acknowledge the headers.
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            name = f"[{host}]" if family is socket.AF_INET6 else host
            url = f"http://{name}:{listener.getsockname()[1]}"
            config = uvicorn.Config(
                with_faults(create_app(store, credentials=credentials, receivers=receivers), faults),
                http=_Connection,
                log_config=None,
                log_level="critical",
                access_log=False,
                lifespan="off",
                timeout_graceful_shutdown=_SECONDS_TO_FINISH,
            )
            _Server(config, on_ready, url).run(sockets=[listener])


class _Connection(H11Protocol):
    """A connection that the application can break."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)

        def abort() -> None:
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            transport.abort()

        self.app_state = {**self.app_state, ABORT: abort}


class _Server(uvicorn.Server):
    """uvicorn's server, which says when it listens, and returns on a signal rather than raising it once more."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[str], object], url: str) -> None:
        super().__init__(config)
        self._on_ready = on_ready
        self._url = url

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._on_ready(self._url)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            # Only the main thread may set handlers; elsewhere stopping is the caller's affair.
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in _STOPPING}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
