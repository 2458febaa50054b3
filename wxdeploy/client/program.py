"""A program of the user's that hands out a token or takes one over: no shell, bounded, told of in safe words.

Nothing that it prints is trusted. What it writes to stderr is shown only where it failed, as one line, without anything
that was handed to it, that it printed, that stands in a variable of the environment named like a secret, or that looks
like a token.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from wxdeploy.client.redact import REDACTED, redact, veil
from wxdeploy.model.errors import CredentialError
from wxdeploy.model.secret import Secret

LARGEST_OUTPUT = 64 * 1024
"""Bytes that a program may print; a token has a few hundred."""

SECONDS = 60.0
"""Seconds that a program may take."""

_TAIL = 4096  # bytes of stderr that are kept
_SHOWN = 300  # characters of it that are told
_TO_END = 5.0  # seconds that a killed program has to be gone
_NAMED = re.compile(r"(?i)secret|token|key|pass|auth|credential|cookie")
_OPAQUE = re.compile(r"[A-Za-z0-9_+=-]{20,}")
_SHORTEST = 6  # characters of an environment variable's value that is worth hiding


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where programs are run: the project's folder, the environment that they get, and how long one may take."""

    folder: Path
    environ: Mapping[str, str] = field(repr=False)
    seconds: float = SECONDS

    def known(self, **names: str) -> Place:
        """The same with further variables in the environment."""
        return Place(folder=self.folder, environ={**self.environ, **names}, seconds=self.seconds)


async def run(
    argv: Sequence[str], place: Place, *, purpose: str, stdin: Secret | None = None, hidden: Sequence[Secret] = ()
) -> bytes:
    """Run a program and return what it printed; ``stdin`` is handed to it with a line feed behind it.

    It gets no terminal, and with it end all that it started. Raises ``CredentialError``, in which neither its arguments
    nor any of ``hidden`` stand, where it can't be started, fails, prints too much or takes too long.
    """
    name = PurePath(argv[0]).name if argv else ""
    who = f"the command for {purpose} (`{_line(name, ())}`)"
    loop = asyncio.get_running_loop()
    started, why = None, ""
    try:
        started = await loop.subprocess_exec(
            lambda: _Protocol(loop),
            *argv,
            cwd=place.folder,
            env=dict(place.environ),
            stdin=asyncio.subprocess.PIPE if stdin is not None else asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
    except (OSError, ValueError, TypeError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else "its words can't be passed on"
    if started is None:  # raised here and not above: the exception there holds the arguments
        raise CredentialError(
            f"{who} can't be started: {why}",
            fix="Give the program and its arguments as a list; it is run without a shell, in the project's folder.",
        )
    transport, protocol = started
    try:
        ended = await _watched(transport, protocol, place.seconds, stdin)
    finally:
        await _end(transport, protocol)
    return _judged(ended, protocol, who, _secrets(place, stdin, hidden, bytes(protocol.out)), place.seconds)


class _Protocol(asyncio.SubprocessProtocol):
    """Collects what comes out, within bounds, and notes when it is over."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.out = bytearray()
        self.err = bytearray()
        self.flooded = False
        self.exited: asyncio.Future[None] = loop.create_future()
        self.done: asyncio.Future[None] = loop.create_future()
        self._open = {1, 2}

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        if fd == 1:
            self.out += data[: LARGEST_OUTPUT + 1 - len(self.out)]
            if len(self.out) > LARGEST_OUTPUT:
                self.flooded = True
                self._finish()
        else:
            self.err += data
            del self.err[:-_TAIL]

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's
        self._open.discard(fd)
        self._settle()

    def process_exited(self) -> None:
        if not self.exited.done():
            self.exited.set_result(None)
        self._settle()

    def _settle(self) -> None:
        if self.exited.done() and not self._open:
            self._finish()

    def _finish(self) -> None:
        if not self.done.done():
            self.done.set_result(None)


async def _watched(
    transport: asyncio.SubprocessTransport, protocol: _Protocol, seconds: float, stdin: Secret | None
) -> int | None:
    """Hand over what is to be handed over and wait for the end: the exit code, or None where it was not waited for."""
    if stdin is not None:
        pipe = transport.get_pipe_transport(0)
        if isinstance(pipe, asyncio.WriteTransport):
            pipe.write(stdin.reveal().encode("utf-8", "surrogateescape") + b"\n")
            pipe.close()
    try:
        async with asyncio.timeout(seconds):
            await asyncio.shield(protocol.done)
    except TimeoutError:
        return None
    return transport.get_returncode()


async def _end(transport: asyncio.SubprocessTransport, protocol: _Protocol) -> None:
    """Let nothing of the program live on, whatever it was doing."""
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(transport.get_pid(), signal.SIGKILL)
        elif transport.get_returncode() is None:
            transport.kill()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_TO_END):
            await asyncio.shield(protocol.exited)
    with contextlib.suppress(OSError):
        transport.close()


def _judged(ended: int | None, protocol: _Protocol, who: str, hidden: Sequence[Secret], seconds: float) -> bytes:
    said = _line(protocol.err.decode("utf-8", "replace"), hidden)
    told = f": {said}" if said else ""
    if protocol.flooded:
        raise CredentialError(
            f"{who} printed more than {LARGEST_OUTPUT} bytes",
            fix="Let it print the bare token, or JSON with `access_token`, and nothing else.",
        )
    if ended is None:
        raise CredentialError(
            f"{who} was stopped after {seconds:g} s without an end{told}",
            fix="It gets no terminal, so it can't ask for anything. Run it by hand in the project's folder.",
        )
    if ended != 0:
        how = f"was ended by signal {-ended}" if ended < 0 else f"ended with {ended}"
        raise CredentialError(f"{who} {how}{told}", fix="Run it by hand in the project's folder, and mend it there.")
    return bytes(protocol.out)


def _secrets(place: Place, stdin: Secret | None, hidden: Sequence[Secret], out: bytes) -> tuple[Secret, ...]:
    named = (Secret(value) for key, value in place.environ.items() if _NAMED.search(key) and len(value) >= _SHORTEST)
    printed = (Secret(word) for word in out.decode("utf-8", "replace").split() if len(word) >= _SHORTEST)
    found = (*hidden, *((stdin,) if stdin is not None else ()), *named, *printed)
    return tuple(sorted(set(found), key=lambda each: -len(each.reveal())))


def _line(text: str, hidden: Sequence[Secret]) -> str:
    """The end of a text as one harmless line."""
    text = _OPAQUE.sub(REDACTED, redact(str(veil(text, hidden))))
    text = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    return "…" + text[-_SHOWN:] if len(text) > _SHOWN else text
