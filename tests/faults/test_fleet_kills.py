"""Two hundred accounts brought up by runs that are killed at random: the last one finishes, nothing is made twice."""

from __future__ import annotations

import json
import random
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli.shell import SECRET, environment, program, wait_for
from faults.test_kills import Server
from workflow.drill import CREATE, menu

ACCOUNTS = 200
ADD = "/cgi-bin/tags/create"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path)
    made.start()
    yield made
    made.kill()


def appid(number: int) -> str:
    return f"wx{number + 1:016x}"


def made(server: Server) -> Counter[tuple[str | None, str]]:
    """How often each account was written to, call by call, with effect."""
    with server.store() as store:
        return Counter(
            (call.appid, call.path) for call in store.calls() if call.path in (CREATE, ADD) and call.errcode == 0
        )


@pytest.mark.fuzz
def test_a_fleet_that_is_killed_again_and_again_converges_and_makes_nothing_twice(
    server: Server, tmp_path: Path
) -> None:
    root = tmp_path / "project"
    root.mkdir()
    entries = "".join(f"  shop-{number:03d}: {{appid: {appid(number)}}}\n" for number in range(ACCOUNTS))
    defaults = f"defaults: {{secret: '${{env:SHOP_SECRET}}', api: '{server.url}', files: [all.yaml]}}\n"
    (root / "wxdeploy.yaml").write_text(f"version: 1\n{defaults}accounts:\n{entries}", "utf-8")
    wanted = {"menu": menu("新"), "tags": [{"name": "VIP"}]}
    (root / "all.yaml").write_text(json.dumps(wanted, ensure_ascii=False), "utf-8")
    env = environment(SHOP_SECRET=SECRET)
    for point in sorted(random.Random(20261122).sample(range(1, ACCOUNTS * 2), 2)):
        with program("apply", "--yes", cwd=root, env=env) as process:
            wait_for(lambda: made(server).total() >= point or process.poll() is not None, 60)  # noqa: B023
            process.send_signal(signal.SIGKILL)
            process.communicate()
    with program("apply", "--yes", "--format", "json", cwd=root, env=env) as process:
        out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    report = json.loads(out)
    assert {each["status"] for each in report["accounts"]} <= {"applied", "unchanged"}
    assert all(each["converged"] for each in report["accounts"])
    expected = {(appid(number), path) for number in range(ACCOUNTS) for path in (CREATE, ADD)}
    assert made(server) == Counter(expected)
