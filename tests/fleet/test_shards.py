"""Four processes share a fleet out against one sandbox: each account is done once, and the union is one run's report."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from listening import listening

from wxdeploy.sandbox.app import create_app
from wxdeploy.sandbox.store import Store

EXAMPLE = Path(__file__).parents[2] / "examples" / "fleet"
SHARDS = 4


def share_out(folder: Path, url: str, *command: str) -> list[Path]:
    """Run a command once for each shard, all at a time, and give the files with what they printed."""
    paths = [folder / f"{command[0]}-{index}.json" for index in range(1, SHARDS + 1)]
    running = []
    for index, path in enumerate(paths, 1):
        environ = {**os.environ, "WXDEPLOY_API": url, "WXDEPLOY_CACHE": str(folder / "cache")}
        line = (sys.executable, "-m", "wxdeploy", *command, "--shard", f"{index}/{SHARDS}", "--format", "json")
        with path.open("wb") as out:
            running.append(subprocess.Popen(line, cwd=folder / "fleet", env=environ, stdout=out))
    assert [each.wait(60) for each in running] == [0] * SHARDS
    return paths


def test_the_union_of_four_processes_is_the_whole_fleet(
    program: Callable[..., Any], tmp_path: Path, monkeypatch: Any
) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "fleet", ignore=shutil.ignore_patterns(".wxdeploy"))
    with closing(Store()) as store, listening(create_app(store)) as url:
        plans = share_out(tmp_path, url, "plan")
        monkeypatch.setenv("WXDEPLOY_API", url)
        whole = program("-C", tmp_path / "fleet", "plan", "--format", "json")
        merged = program("report", "merge", *plans, "--format", "json", "--detailed-exitcode")
        assert (merged.exit, merged.out) == (2, whole.out)
        applied = program("report", "merge", *share_out(tmp_path, url, "apply", "--yes"), "--format", "json")
        assert applied.exit == 0
        made = Counter(
            (call.appid, call.path) for call in store.calls() if call.path.endswith(("create", "tags/update"))
        )
        again = program("-C", tmp_path / "fleet", "plan", "--detailed-exitcode")
        assert again.exit == 0
    report = json.loads(applied.out)
    appids = [each["appid"] for each in report["accounts"]]
    assert len(set(appids)) == len(appids) == report["summary"]["applied"] == 30
    assert {appid for appid, _ in made} == set(appids)
    assert set(made.values()) == {1}
