"""Real processes and a real server: killed at any point, restarted, two at once. What is left is finished by the next."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cli.shell import SECRET, environment, program, wait_for
from faults.bench import Account
from faults.scenes import SCENES, Scene

from wxdeploy.sandbox.store import Store

APPIDS = [f"wx00000000000000a{number}" for number in range(9)]
ROUNDS = [(seed, name) for seed, name in enumerate([*SCENES, "everything made from nothing"])]


@dataclass
class Server:
    """``wxdeploy sandbox`` as a process of its own, on a file."""

    folder: Path
    port: int = 0
    process: subprocess.Popen[str] | None = None

    @property
    def database(self) -> Path:
        return self.folder / "accounts.sqlite3"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "wxdeploy", "sandbox", "--db", str(self.database), "--port", str(self.port), *arguments],
            cwd=self.folder, env=environment(), stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline().strip().rpartition(":")[2])

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.communicate()

    @contextmanager
    def store(self) -> Iterator[Store]:
        with closing(Store(self.database)) as store:
            yield store


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path)
    yield made
    made.kill()


def account_of(server: Server, scene: Scene, appid: str) -> Account:
    with server.store() as store, store.transaction() as state:
        return Account.of(state, scene, appid)


def calls(server: Server, appid: str) -> list[str]:
    with server.store() as store:
        return [each.path for each in store.calls() if each.appid == appid and each.errcode == 0]


def project(folder: Path, scene: Scene, appid: str, server: Server) -> Path:
    folder.mkdir()
    text = f"version: 1\naccounts:\n  shop:\n    appid: {appid}\n    secret: {'${env:SHOP_SECRET}'}\n    api: {server.url}\n"
    (folder / "wxdeploy.yaml").write_text(f"{text}    files: [all.yaml]\n{scene.settings}", "utf-8")
    (folder / "all.yaml").write_text(scene.text, "utf-8")
    return folder


APPLY = ("apply", "--yes", "--allow-delete", "--format", "json")


def finish(folder: Path, invoke: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """The next run, which nothing disturbs."""
    monkeypatch.setenv("SHOP_SECRET", SECRET)
    ran = invoke(*APPLY, "-C", folder)
    assert ran.exit == 0, ran.out + ran.err
    assert json.loads(ran.out)["accounts"][0]["converged"] is True


def seed_file(tmp_path: Path, scenes: dict[str, Scene]) -> str:
    path = tmp_path / "seed.json"
    path.write_text(json.dumps({appid: scene.live for appid, scene in scenes.items()}, ensure_ascii=False), "utf-8")
    return str(path)


def test_an_apply_killed_at_any_point_is_finished_by_the_next(
    server: Server, tmp_path: Path, invoke: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    scenes = {APPIDS[seed]: SCENES[name] for seed, name in ROUNDS}
    server.start("--seed", seed_file(tmp_path, scenes))
    for seed, (appid, scene) in enumerate(scenes.items()):
        folder = project(tmp_path / appid, scene, appid, server)
        point = random.Random(seed).randint(2, 9)
        with program(*APPLY, cwd=folder, env=environment(SHOP_SECRET=SECRET)) as process:
            wait_for(lambda: len(calls(server, appid)) >= point or process.poll() is not None)  # noqa: B023
            process.kill()
        finish(folder, invoke, monkeypatch)
        account = account_of(server, scene, appid)
        assert account.is_as_wanted(scene), f"{appid} killed after call {point}: {account}"


@pytest.mark.parametrize("point", [3, 6])
def test_a_server_killed_and_started_again_on_its_file_has_forgotten_nothing(
    server: Server, tmp_path: Path, invoke: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, point: int
) -> None:
    appid, scene = APPIDS[0], SCENES["menus replaced and put in another order"]
    server.start("--seed", seed_file(tmp_path, {appid: scene}))
    folder = project(tmp_path / "project", scene, appid, server)
    with program(*APPLY, cwd=folder, env=environment(SHOP_SECRET=SECRET)) as process:
        wait_for(lambda: len(calls(server, appid)) >= point)
        server.kill()
        server.start()
        out, err = process.communicate(timeout=60)
    assert "Traceback" not in err
    assert process.returncode in (0, 1, 5)
    report = json.loads(out)["accounts"][0]
    done = account_of(server, scene, appid).is_as_wanted(scene)
    assert process.returncode != 0 or (done and report["converged"] is True)
    finish(folder, invoke, monkeypatch)
    assert account_of(server, scene, appid).is_as_wanted(scene)


def test_two_applies_at_once_in_one_project_make_nothing_twice(server: Server, tmp_path: Path) -> None:
    appid, scene = APPIDS[0], SCENES["everything made from nothing"]
    server.start("--seed", seed_file(tmp_path, {appid: scene}))
    folder = project(tmp_path / "project", scene, appid, server)
    env = environment(SHOP_SECRET=SECRET)
    with program(*APPLY, cwd=folder, env=env) as one, program(*APPLY, cwd=folder, env=env) as two:
        ended = [(each.communicate(timeout=60), each.returncode) for each in (one, two)]
    assert 0 in [code for _, code in ended]
    for (out, err), code in ended:
        assert code in (0, 4), err
        assert json.loads(out)["accounts"][0]["status"] in ("applied", "unchanged", "refused")
    assert account_of(server, scene, appid).is_as_wanted(scene)
    made = [path for path in calls(server, appid) if path.endswith(("create", "addconditional", "api_add_template"))]
    assert len(made) == 5


def test_two_applies_at_once_from_two_machines_are_put_right_by_the_next(
    server: Server, tmp_path: Path, invoke: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No lock reaches from one machine to another: what the two leave is mended by whoever comes next."""
    appid, scene = APPIDS[0], SCENES["menus replaced and put in another order"]
    server.start("--seed", seed_file(tmp_path, {appid: scene}))
    folders = [project(tmp_path / name, scene, appid, server) for name in ("one", "two")]
    envs = [environment(SHOP_SECRET=SECRET, WXDEPLOY_CACHE=str(tmp_path / name)) for name in ("first", "second")]
    with program(*APPLY, cwd=folders[0], env=envs[0]) as one, program(*APPLY, cwd=folders[1], env=envs[1]) as two:
        for each in (one, two):
            out, err = each.communicate(timeout=60)
            assert "Traceback" not in err
            assert each.returncode in (0, 1, 4, 5), out
    finish(folders[0], invoke, monkeypatch)
    assert account_of(server, scene, appid).is_as_wanted(scene)


def test_a_server_stops_on_a_signal_in_the_middle_of_a_hanging_call(server: Server, tmp_path: Path) -> None:
    appid, scene = APPIDS[0], SCENES["all menus removed"]
    server.start("--seed", seed_file(tmp_path, {appid: scene}), "--fault", "menu/delete:after:hang")
    folder = project(tmp_path / "project", scene, appid, server)
    with program(*APPLY, cwd=folder, env=environment(SHOP_SECRET=SECRET)):
        wait_for(lambda: "/cgi-bin/menu/delete" in calls(server, appid))
    assert server.process is not None
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(20) == 0
    assert account_of(server, scene, appid).is_as_wanted(scene)
