"""The program as a user meets it: a folder, a command line, what comes out; and hosts that are not as they should be."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator
from referencing import Registry, Resource
from workflow.drill import APPID, Line

import wxdeploy
from wxdeploy.sandbox.seeding import seed
from wxdeploy.sandbox.store import Store

REPOSITORY = Path(wxdeploy.__file__).parents[1]
SECRET = "5ecret-that-nobody-may-see"

_SCHEMAS = {
    path.name: json.loads(path.read_text("utf-8")) for path in (REPOSITORY / "schemas" / "v1").glob("*.schema.json")
}
_KNOWN = Registry().with_resources([(each["$id"], Resource.from_contents(each)) for each in _SCHEMAS.values()])


@dataclass
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The document on stdout, which nothing may stand beside, held to the schema of its format."""
        document = json.loads(self.out)
        name = document["format"].removeprefix("wxdeploy.").partition("/")[0]
        Draft7Validator(_SCHEMAS[f"{name}.schema.json"], registry=_KNOWN).validate(document)
        return document


def account(name: str = "shop", *, appid: str = APPID, **settings: str) -> str:
    """One account's entry in wxdeploy.yaml; in the embedded sandbox unless ``api`` says otherwise, None for no line."""
    lines = {"appid": appid, "api": "sandbox", "files": "[menu.yaml]", **settings}
    return f"  {name}:\n" + "".join(f"    {key}: {value}\n" for key, value in lines.items() if value)


@dataclass
class Project:
    """A folder to run commands in."""

    root: Path
    _stores: list[Store] = field(default_factory=list)

    def write(self, path: str, text: str | bytes) -> Path:
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text)
        return place

    def accounts(self, *entries: str) -> None:
        self.write("wxdeploy.yaml", "version: 1\naccounts:\n" + "".join(entries or (account(),)))

    def want(self, menu: Any, path: str = "menu.yaml") -> None:
        self.write(path, menu if isinstance(menu, str) else json.dumps({"menu": menu}, ensure_ascii=False))

    @property
    def store(self) -> Store:
        """The embedded sandbox, seen from outside."""
        if not self._stores:
            self._stores.append(Store(self.root / ".wxdeploy" / "sandbox.sqlite3"))
        return self._stores[0]

    def live(self, appid: str = APPID, **state: Any) -> None:
        seed(self.store, {appid: state})

    def calls(self) -> list[str]:
        """Every call that reached the embedded sandbox; it is not made to exist by asking."""
        if not (self.root / ".wxdeploy" / "sandbox.sqlite3").exists():
            return []
        return [f"{each.mode} {each.path}" for each in self.store.calls()]

    def writes(self) -> list[str]:
        return [each for each in self.calls() if each.split()[0] not in ("read", "token")]

    def close(self) -> None:
        for each in self._stores:
            each.close()


@dataclass
class Host:
    """A server on this machine with one line to a sandbox of its own."""

    url: str
    store: Store
    line: Line

    def live(self, appid: str = APPID, **state: Any) -> None:
        seed(self.store, {appid: state})

    def writes(self) -> list[str]:
        return [each.path for each in self.store.calls() if each.mode not in ("read", "token")]


def environment(**more: str) -> dict[str, str]:
    """The environment of a process that is to run this checkout."""
    return {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONWARNINGS": "default", **more}


@contextmanager
def program(
    *arguments: str, cwd: Path, env: dict[str, str] | None = None, encoding: str | None = "utf-8"
) -> Iterator[subprocess.Popen[Any]]:
    """The program as a process of its own, which does not outlive the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "wxdeploy", *arguments],
        cwd=cwd,
        env=env or environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding=encoding,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def wait_for(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    """Until the condition holds; fails where it does not in time."""
    deadline = time.monotonic() + seconds
    waiting = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        waiting.wait(0.01)
