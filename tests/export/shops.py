"""The example with its two accounts in the state of its seed, and projects of many accounts in one sandbox."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator
from workflow.drill import Line

from wxdeploy.sandbox.app import create_app
from wxdeploy.sandbox.seeding import seed
from wxdeploy.sandbox.store import Store
from wxdeploy.workflow.export import Exported, export, to_json
from wxdeploy.workflow.load import load
from wxdeploy.workflow.world import World

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "templates"
LIST = "/cgi-bin/template/get_all_private_template"


def held_to_schema(document: Any, name: str = "export") -> Any:
    """The document itself, if the schema of its format takes it."""
    Draft7Validator(json.loads((ROOT / "schemas" / "v1" / f"{name}.schema.json").read_text("utf-8"))).validate(document)
    return document


def example(folder: Path) -> Path:
    """A copy of the example whose embedded sandbox is in the state of ``seed.json``."""
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(".wxdeploy", "build", "__pycache__", ".mypy_cache"))
    store = Store(folder / ".wxdeploy" / "sandbox.sqlite3")
    seed(store, json.loads((folder / "seed.json").read_text("utf-8")))
    store.close()
    return folder


def appid(number: int) -> str:
    return f"wx{number:016x}"


@dataclass
class Chain:
    """Accounts ``a00``, ``a01`` …, all of one resource file (or each of its own), in one sandbox."""

    root: Path
    sections: Sequence[dict[str, Any]]
    store: Store = field(default_factory=Store)

    def __post_init__(self) -> None:
        self.line = Line(create_app(self.store))
        lines = ["version: 1", "accounts:"]
        for number, section in enumerate(self.sections):
            lines.append(f"  a{number:02}: {{appid: {appid(number)}, api: sandbox, files: [a{number:02}.yaml]}}")
            (self.root / f"a{number:02}.yaml").write_text(yaml_of(section), "utf-8")
        (self.root / "wxdeploy.yaml").write_text("\n".join(lines) + "\n", "utf-8")

    def hold(self, number: int, **account: Any) -> None:
        seed(self.store, {appid(number): account})

    def export(self, *targets: str) -> tuple[Exported, ...]:
        async def pause(_: float) -> None:
            await asyncio.sleep(0)

        world = World(environ={}, sandbox=lambda _: self.line, pause=pause)
        return asyncio.run(export(load(self.root, {}, targets=targets), world))

    def document(self, *targets: str) -> Any:
        return held_to_schema(to_json(self.export(*targets)))


def yaml_of(section: Any) -> str:
    """JSON is YAML, but for the invisible line separators that YAML wants escaped."""
    return json.dumps(section, ensure_ascii=False).replace("\u2028", "\\u2028")


def mapping(title: str, **fields: str) -> dict[str, Any]:
    """A mapping whose placeholders are labelled so, each filled from a source of its own."""
    return {
        "title": title,
        "data": {key: {"label": label, "from": f"d.{key}", "sample": "1"} for key, label in fields.items()},
    }


def live(title: str, template_id: str = "", **fields: str) -> dict[str, Any]:
    """A live template of the seed."""
    known = {"template_id": template_id} if template_id else {}
    return {"title": title, "placeholders": fields, "primary_industry": "IT科技", **known}
