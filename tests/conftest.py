"""What every test may use, and what every test is kept from: this machine's environment and any network but loopback."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from laws import LONG, ORDINARY

# Randomised everywhere: the seed is in pytest's header, and a failing example is printed so that it can be replayed.
# No deadline, and no complaint about slowness: the machine may be busy.
settings.register_profile(
    "local", max_examples=ORDINARY, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("gate", settings.get_profile("local"), derandomize=False, database=None)
settings.register_profile("long", settings.get_profile("local"), max_examples=ORDINARY * LONG)
settings.load_profile("gate" if os.environ.get("CI") else "local")

_NUMBER = count()
_VARIABLES = ("COLUMNS", "FORCE_COLOR", "NO_COLOR")
_LOGGERS = ("wxdeploy", "httpx", "httpcore")
_PROXIES = ("ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files instead of comparing them")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In the gate, which installs whatever a test asks for, a test that is skipped has failed."""
    report = yield
    if report.skipped and os.environ.get("GATE"):
        report.outcome = "failed"
    return report


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compares a text with a golden file, or rewrites the file under ``--update-golden``."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        assert path.is_file(), f"{path} is missing: run pytest --update-golden and review the difference"
        assert path.read_text(encoding="utf-8") == text

    return compare


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No variable of the person's who runs the tests is seen by one, and no test writes to their cache."""
    for name in os.environ:
        if name.startswith(("WX", "_WXDEPLOY")) or name in _VARIABLES or name.upper() in _PROXIES:
            monkeypatch.delenv(name)
    monkeypatch.setenv("WXDEPLOY_CACHE", str(tmp_path_factory.getbasetemp() / f"cache-{next(_NUMBER)}"))


@pytest.fixture(autouse=True)
def _no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A loss of power is nothing that a test can see, and the journal waits for the disk at every call."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture(autouse=True)
def _own_logging() -> Iterator[None]:
    """What a command line sets up for a process ends with the test that ran it in this one."""
    with _logging_kept():
        yield


@contextmanager
def _logging_kept() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in (None, *_LOGGERS)]
    kept = [(logger, logger.level, list(logger.handlers), list(logger.filters)) for logger in loggers]
    try:
        yield
    finally:
        for logger, level, handlers, filters in kept:
            logger.setLevel(level)
            logger.handlers, logger.filters = handlers, filters


@dataclass(frozen=True, slots=True)
class Ran:
    """How one command line ended."""

    exit: int
    out: str
    err: str


@pytest.fixture
def program(capfd: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Runs a ``wxdeploy`` command line in this process."""
    from wxdeploy.cli.group import call

    def run(*args: str | Path) -> Ran:
        capfd.readouterr()
        with _logging_kept():
            ended = call([str(arg) for arg in args])
        return Ran(int(ended), *capfd.readouterr())

    return run


def _only_loopback(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse to look up or to call any other machine; seen by the interpreter itself, so that no library gets past it."""
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in {"socket.connect", "socket.sendto"} and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if not _is_here(host):
        raise PermissionError(f"a test tried to reach {host}: nothing but loopback may be called")


def _is_here(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host in {None, "", "localhost", "testserver"}:
        return True
    try:
        return ip_address(str(host)).is_loopback or ip_address(str(host)).is_unspecified
    except ValueError:
        return False


sys.addaudithook(_only_loopback)
