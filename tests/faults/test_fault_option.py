"""``wxdeploy sandbox --fault``: calls of a real server fail as they were told to."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cli.shell import environment, program
from workflow.drill import APPID

Program = Callable[..., Any]


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("menu/crate:after:reset", "there is no call 'menu/crate'"),
        ("menu/create:later:reset", "expected before or after, not 'later'"),
        ("menu/create:after:explode", "errcode=N, html502, truncated, empty, reset or hang"),
        ("menu/create", "expected CALL:WHEN:WHAT, as in menu/create:after:reset"),
        ("menu/create:after:reset*0", "it would never happen"),
        ("", "expected CALL:WHEN:WHAT"),
    ],
)
def test_a_rule_that_is_none_is_wrong_usage_with_the_reason(
    run_in: Path, invoke: Program, rule: str, reason: str
) -> None:
    ran = invoke("sandbox", "--db", "kept.sqlite3", "--fault", "menu/get:before:empty", "--fault", rule)
    assert ran.exit == 64
    assert reason in ran.err
    assert ran.out == ""
    assert not (run_in / "kept.sqlite3").exists()


def test_the_help_explains_the_grammar_with_an_example(invoke: Program) -> None:
    ran = invoke("sandbox", "--help")
    assert "CALL:WHEN:WHAT[*TIMES][+SKIP]" in ran.out
    assert "wxdeploy sandbox --fault" in ran.out


def test_a_server_fails_as_often_as_it_was_told_to(tmp_path: Path) -> None:
    with program(
        "sandbox", "--fault", "stable_token:before:errcode=-1*2", "--fault", "menu/get:after:html502",
        cwd=tmp_path, env=environment(),
    ) as server:  # fmt: skip
        url = server.stdout.readline().strip()
        body = json.dumps({"grant_type": "client_credential", "appid": APPID, "secret": "s"}).encode()

        def ask() -> Any:
            with urllib.request.urlopen(f"{url}/cgi-bin/stable_token", body, timeout=20) as answer:
                return json.load(answer)

        assert [ask().get("errcode") for _ in range(3)] == [-1, -1, None]
        with pytest.raises(urllib.error.HTTPError) as failure:
            urllib.request.urlopen(f"{url}/cgi-bin/menu/get?access_token={ask()['access_token']}", timeout=20)
        assert failure.value.code == 502
        failure.value.close()
