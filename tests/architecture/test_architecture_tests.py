"""The tests themselves are kept from the network, from this machine's environment and from each other."""

from __future__ import annotations

import logging
import os
import socket
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from laws import LONG, ORDINARY, searched

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("host", ["192.0.2.1", "api.weixin.qq.com", "2001:db8::1"])
def test_no_other_machine_can_be_looked_up(host: str) -> None:
    with pytest.raises(PermissionError, match="nothing but loopback"):
        socket.getaddrinfo(host, 443)


def test_no_other_machine_can_be_called() -> None:
    with socket.socket() as stream, pytest.raises(PermissionError, match="nothing but loopback"):
        stream.connect(("192.0.2.1", 443))
    with (
        socket.socket(type=socket.SOCK_DGRAM) as datagrams,
        pytest.raises(PermissionError, match="nothing but loopback"),
    ):
        datagrams.sendto(b"x", ("192.0.2.1", 53))


def test_this_machine_can_be_called() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(("localhost", server.getsockname()[1])).close()


def test_the_environment_is_the_test_s_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    assert [name for name in os.environ if name.startswith("WX")] == ["WXDEPLOY_CACHE"]
    assert Path(os.environ["WXDEPLOY_CACHE"]).parent == tmp_path_factory.getbasetemp()


@pytest.mark.parametrize("verbose", [(), ("-vv",)])
def test_a_command_leaves_no_logging_behind(verbose: tuple[str, ...], program: Callable[..., Any]) -> None:
    loggers = [logging.getLogger(name) for name in (None, "wxdeploy", "httpx")]
    before = [(each.level, list(each.handlers), list(each.filters)) for each in loggers]
    assert program("-C", ROOT / "examples" / "first-menu", "validate", *verbose).exit == 0
    assert [(each.level, each.handlers, each.filters) for each in loggers] == before


def test_examples_of_hypothesis_are_random_and_have_no_deadline() -> None:
    assert settings().deadline is None
    assert settings().derandomize is False


def test_a_long_run_looks_at_more_examples_of_every_law() -> None:
    assert settings.get_profile("long").max_examples == LONG * settings.get_profile("gate").max_examples
    assert searched(30).max_examples == 30 * settings().max_examples // ORDINARY
    fixed = [path.name for path in (ROOT / "tests").rglob("*.py") if "max_examples" in path.read_text("utf-8")]
    assert sorted(fixed) == ["conftest.py", "laws.py", Path(__file__).name], "say how many by searched(...)"


def test_the_suite_is_run_as_the_gate_asks() -> None:
    options = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]["ini_options"]
    assert options["filterwarnings"][0] == "error"
    assert options["xfail_strict"] is True
    assert "-n 2" in options["addopts"]
    assert "--import-mode=importlib" in options["addopts"], "files of different folders may have one name"
    assert "no:randomly" not in options["addopts"]
