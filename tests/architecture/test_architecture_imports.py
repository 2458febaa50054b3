"""Who may import whom, and what starting costs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from wxdeploy.cli.group import COMMANDS
from wxdeploy.kinds import KINDS

ROOT = Path(__file__).parents[2]

HEAVY = {
    "asyncio", "deepdiff", "httpx", "jsonschema", "jsonschema_rs", "referencing", "rich", "sqlite3", "ssl", "starlette", "uvicorn", "yaml",
}  # fmt: skip
OF_OTHERS = HEAVY - {"asyncio", "sqlite3", "ssl"}

LOADED = """
import sys
from wxdeploy.cli.group import call
ended = call(sys.argv[1:])
sys.stdout.flush()
print("LOADED", ended, *sys.modules, file=sys.stderr)
"""


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Holds the package in ``folder`` to the contracts of its ``pyproject.toml``."""
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", program, "--no-cache", "--no-logo"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_contracts_are_kept() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


PLANTED = {
    ("model/address.py", "wxdeploy.kinds"): "The pipeline flows one way",
    ("planning/diff.py", "wxdeploy.render.text"): "The pipeline flows one way",
    ("wechat/limits.py", "wxdeploy.model.address"): "The pipeline flows one way",
    ("sandbox/state.py", "wxdeploy.model.address"): "The sandbox knows the vendor and not us",
    ("workflow/load.py", "wxdeploy.sandbox"): "Only the command line starts the sandbox",
    ("kinds/base.py", "yaml"): "yaml and jsonschema only in config",
    ("config/files.py", "httpx"): "httpx only in the client and at the edges of the sandbox",
    ("lint/engine.py", "jsonschema_rs"): "yaml and jsonschema only in config",
    ("render/text.py", "rich"): "click and rich only in the command line",
    ("render/text.py", "deepdiff"): "deepdiff only in planning",
}
"""An import that may not be -> the contract that it breaks."""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "wxdeploy", tmp_path / "wxdeploy", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def plant(copy: Path, module: str, imported: str) -> str:
    """Add the import; how a contract that it breaks tells it."""
    path = copy / "wxdeploy" / module
    path.write_text(f"{path.read_text('utf-8')}\nimport {imported}\n", "utf-8")
    line = path.read_text("utf-8").count("\n")
    return f"wxdeploy.{module.removesuffix('.py').replace('/', '.')} -> {imported} (l.{line})"


def test_every_import_that_may_not_be_is_seen(copy: Path) -> None:
    told = {plant(copy, *place): contract for place, contract in PLANTED.items()}
    done = lint_imports(copy)
    assert done.returncode == 1
    broken = done.stdout.partition("Broken contracts")[2]
    for place, contract in told.items():
        assert f"{contract} BROKEN" in done.stdout
        assert place in broken, f"{place} is not seen:\n{broken}"


def test_an_import_from_below_is_allowed(copy: Path) -> None:
    """Planning stands above the client."""
    plant(copy, "planning/diff.py", "wxdeploy.client.answer")
    done = lint_imports(copy)
    assert done.returncode == 0, done.stdout


def test_every_kind_is_kept_from_its_siblings() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    (listed,) = [each["modules"] for each in contracts if each["type"] == "independence"]
    assert set(listed) >= {f"wxdeploy.kinds.{kind.name}" for kind in KINDS}


def loaded(*args: str, folder: Path = ROOT / "examples" / "first-menu", **environment: str) -> set[str]:
    """The modules in memory once a command line has run."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *args],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    ended, *modules = done.stderr.rpartition("LOADED ")[2].split()
    assert ended == "0", done.stderr
    return set(modules)


def source_of(name: str) -> str:
    """The text of one of our modules, of a package that of its ``__init__``."""
    path = ROOT / "wxdeploy" / name.replace(".", "/")
    return (path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text("utf-8")


@pytest.mark.parametrize(
    "args", [("--version",), ("--help",), ("explain", "40018"), ("explain", "WX201")], ids=" ".join
)
def test_a_quick_answer_loads_nothing_heavy(args: tuple[str, ...]) -> None:
    assert loaded(*args) & HEAVY == set()


@pytest.mark.parametrize("args", [("--version",), ("--help",)], ids=" ".join)
def test_a_short_answer_loads_no_command(args: tuple[str, ...]) -> None:
    modules = loaded(*args)
    ours = {name for name in modules if name.partition(".")[0] == "wxdeploy"}
    assert ours == {"wxdeploy", "wxdeploy.cli", "wxdeploy.cli.group", "wxdeploy.cli.options"}
    assert modules & {"difflib", "json", "logging", "csv", "importlib.resources"} == set()


HELPED = """
import sys
from wxdeploy.cli.group import call
for command in sys.argv[1:]:
    ended = call([command, "--help"])
    sys.stdout.flush()
    print("LOADED", command, ended, *sys.modules, file=sys.stderr)
"""


def test_the_help_of_a_command_loads_no_library_but_click() -> None:
    done = subprocess.run([sys.executable, "-c", HELPED, *COMMANDS], capture_output=True, text=True, check=True)
    helped = [line.split()[1:] for line in done.stderr.splitlines() if line.startswith("LOADED ")]
    assert [(command, ended) for command, ended, *_ in helped] == [(command, "0") for command in COMMANDS]
    for command, _, *modules in helped:
        assert OF_OTHERS & set(modules) == set(), f"by {command} --help, or by one before it"


def test_validate_and_schema_need_no_network_and_no_diff() -> None:
    assert loaded("validate") & (HEAVY | {"attr"}) == {"jsonschema_rs", "yaml"}
    assert loaded("schema", "menu") & HEAVY == set()


def test_validate_knows_nothing_of_what_it_does_not_look_at() -> None:
    """The example is valid and has a menu alone: no other kind's rules, nothing that plans, asks, words or answers."""
    modules = loaded("validate")
    ours = {name.removeprefix("wxdeploy.") for name in modules if name.startswith("wxdeploy.")}
    packages = {name.partition(".")[0] for name in ours}
    assert packages == {"cli", "config", "kinds", "lint", "model", "render", "wechat", "workflow"}
    assert {name for name in ours if name.startswith("workflow.")} == {"workflow.load"}
    allowed = ("kinds.base", "kinds.names", "kinds.buttons", "kinds.menu")
    of_kinds = {name for name in ours if name.startswith("kinds.") and not name.startswith(allowed)}
    assert of_kinds == {"kinds.conditional_menu", "kinds.tag", "kinds.template"}
    assert not ours & {
        "kinds.menu.reconcile",
        "kinds.menu.wire",
        "kinds.buttons.spec",
        "model.operation",
        "model.plan",
        "model.phone",
        "model.silence",
    }
    assert not ours & {"config.refusals", "config.wording", "config.syntax", "config.silences", "config.accounts_file"}
    assert not ours & {"config.credentials", "config.tokens", "lint.registry", "wechat.errtable"}
    assert not modules & {"csv", "difflib", "hashlib", "logging", "shutil", "tempfile"}
    assert {name for name in ours if re.search(r"(?m)^\w+ = re\.compile\(", source_of(name))} == {
        "config.verdict",
        "wechat.appids",
    }
    assert "dataclasses" not in modules  # to define one takes as long as five named tuples


WATCHED = """
import gc, sys
opened, collected = [], []
from wxdeploy.cli import main
sys.addaudithook(lambda event, of: event == "open" and opened.append(str(of[0])))
gc.callbacks.append(lambda phase, _: collected.append(phase))
try:
    main()
finally:
    print("OPENED", *opened, file=sys.stderr)
    print("COLLECTED", *collected, file=sys.stderr)
"""


def test_validate_reads_the_schemas_of_the_sections_that_there_are_and_collects_no_cycles() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, "validate"],
        cwd=ROOT / "examples" / "first-menu",
        capture_output=True,
        text=True,
        check=True,
    )
    opened, collected = (line.split()[1:] for line in done.stderr.splitlines()[-2:])
    schemas = {Path(name).name.removesuffix(".schema.json") for name in opened if name.endswith(".schema.json")}
    assert schemas == {"account", "menu", "project"}
    assert collected == []


ANSWERS = {
    "/cgi-bin/stable_token": b'{"access_token": "a-token", "expires_in": 7200}',
    "/cgi-bin/menu/get": b'{"errcode": 46003}',
    "/cgi-bin/get_current_selfmenu_info": b'{"is_menu_open": 0}',
}


class Wechat(BaseHTTPRequestHandler):
    """A host whose accounts have no menu."""

    def do_GET(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n" + ANSWERS[self.path.partition("?")[0]])

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def distant(tmp_path: Path) -> Iterator[Path]:
    """The example, whose account is one at a host that is spoken to over connections."""
    folder = tmp_path / "distant"
    shutil.copytree(ROOT / "examples" / "first-menu", folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), Wechat) as host:
        Thread(target=host.serve_forever, daemon=True).start()
        path = folder / "wxdeploy.yaml"
        address = f"http://127.0.0.1:{host.server_port}\n    secret: ${{env:SECRET}}"
        path.write_text(path.read_text("utf-8").replace("api: sandbox", f"api: {address}"), "utf-8")
        yield folder
        host.shutdown()


def test_a_run_over_the_network_needs_no_other_http_library(distant: Path, tmp_path: Path) -> None:
    """They and what they bring along take longer to import than all the rest of a plan of one account."""
    modules = loaded("plan", folder=distant, SECRET="secret", WXDEPLOY_CACHE=str(tmp_path / "cache"))
    assert {"asyncio", "httptools"} <= modules
    assert modules & {"anyio", "h11", "httpcore", "httpx", "rich", "certifi", "urllib.request"} == set()
    assert modules & {f"wxdeploy.client.{name}" for name in ("desk", "grant", "platform", "sources")} == set()


def test_a_run_in_the_embedded_sandbox_needs_no_http_library(tmp_path: Path) -> None:
    folder = tmp_path / "embedded"
    shutil.copytree(ROOT / "examples" / "first-menu", folder, ignore=shutil.ignore_patterns(".wxdeploy"))
    modules = loaded("plan", folder=folder)
    assert "wxdeploy.client.embedded" in modules
    assert modules & {"h11", "httpcore", "httpx", "rich", "uvicorn"} == set()


@pytest.mark.parametrize("words", ["wxdeploy ", "wxdeploy --", "wxdeploy validate --"])
def test_completion_loads_nothing_heavy(words: str) -> None:
    program = "import atexit, sys; atexit.register(lambda: print('LOADED', *sys.modules, file=sys.stderr))"
    done = subprocess.run(
        [sys.executable, "-c", f"{program}\nfrom wxdeploy.cli import main\nmain()"],
        env={
            **os.environ,
            "_WXDEPLOY_COMPLETE": "bash_complete",
            "COMP_WORDS": words,
            "COMP_CWORD": str(words.count(" ")),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith("plain,")
    modules = set(done.stderr.rpartition("LOADED ")[2].split())
    assert modules & HEAVY == set()
    asked = {word for word in words.split() if word in COMMANDS}
    assert {name for name in COMMANDS if f"wxdeploy.cli.{name}" in modules} == asked
