"""A shop with audiences as its owner meets it: files, the command line, and an account in the embedded sandbox."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator

from wxdeploy.sandbox.seeding import seed
from wxdeploy.sandbox.store import Store

APPID = "wx0000000000000001"
SCHEMAS = Path(__file__).parents[2] / "schemas" / "v1"

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command line ended."""

    exit: int
    out: str
    err: str

    @property
    def match(self) -> Any:
        """The JSON of ``match``, held to its schema."""
        document = json.loads(self.out)
        schema = json.loads((SCHEMAS / "match.schema.json").read_text("utf-8"))
        Draft7Validator(schema).validate(document)
        return document

    @property
    def plan(self) -> Any:
        """The one account of a plan's JSON."""
        (account,) = json.loads(self.out)["accounts"]
        return account


@dataclass(frozen=True, slots=True)
class Shop:
    """One project with one account, ``shop``."""

    root: Path
    program: Callable[..., Any]

    def account(self, *settings: str) -> None:
        """Write wxdeploy.yaml, with more lines for the account."""
        lines = [f"appid: {APPID}", "api: sandbox", "files: [shop.yaml]", *settings]
        text = "version: 1\naccounts:\n  shop:\n" + "".join(f"    {line}\n" for line in lines)
        (self.root / "wxdeploy.yaml").write_text(text, "utf-8")

    def want(self, text: str = "", /, **sections: Any) -> None:
        """Write what the account is to hold: as text, or as sections."""
        (self.root / "shop.yaml").write_text(text or json.dumps(sections, ensure_ascii=False, indent=1), "utf-8")

    def run(self, *args: str) -> Ended:
        ran = self.program("-C", self.root, *args)
        assert "Traceback" not in ran.out + ran.err
        return Ended(ran.exit, ran.out, ran.err)

    def done(self, *args: str) -> Ended:
        """Run what has to end well."""
        ended = self.run(*args)
        assert ended.exit == 0, ended.out + ended.err
        return ended

    def plan(self, *args: str) -> Any:
        return self.run("plan", "--format", "json", *args).plan

    @contextmanager
    def store(self) -> Iterator[Store]:
        with closing(Store(self.root / ".wxdeploy" / "sandbox.sqlite3")) as store:
            yield store

    def live(self, **account: Any) -> None:
        """Put the account into a state, whatever it held."""
        with self.store() as store:
            seed(store, {APPID: account})

    def writes(self) -> list[str]:
        """The calls so far that changed something."""
        with self.store() as store:
            calls = [each for each in store.calls() if each.mode not in ("token", "read")]
        return [each.path.removeprefix("/cgi-bin/") for each in calls if not each.errcode]

    def tags(self) -> dict[str, tuple[int, int]]:
        """The account's own tags: name -> id and number of followers."""
        with self.store() as store, store.transaction() as state:
            return {each.name: (each.id, each.count) for each in state.tags(APPID)}

    def menus(self) -> list[str]:
        """The first button of every live personalised menu, the one that is matched first at the front."""
        with self.store() as store, store.transaction() as state:
            return [each.buttons[0]["name"] for each in state.conditional_menus(APPID)]


def button(name: str, host: str = "") -> Document:
    if host:
        return {"type": "view", "name": name, "url": f"https://{host}.example.com/"}
    return {"type": "click", "name": name, "key": name}


def menu(*names: str) -> Document:
    """A default menu."""
    return {"button": [button(name) for name in names or ("全部",)]}


def personal(name: str, rule: Mapping[str, Any], *buttons: str, host: str = "") -> Document:
    """A personalised menu; its first button is called after it."""
    shown = [button(name, host), *map(button, buttons)]
    return {"name": name, "matchrule": dict(rule), "button": shown}


def live(*menus: Mapping[str, Any]) -> list[Document]:
    """Personalised menus as an account holds them."""
    return [{key: value for key, value in each.items() if key != "name"} for each in menus]


VIP: Document = {"tag": "VIP"}
IOS: Document = {"client_platform_type": "ios"}
ANDROID: Document = {"client_platform_type": "android"}
VIP_IOS: Document = {**VIP, **IOS}
BEIJING: Document = {"tag": "北京"}
TAGS: list[Document] = [{"name": "VIP", "id": 101}, {"name": "北京", "id": 102}]
DECLARED: list[Document] = [{"name": "VIP"}, {"name": "北京"}]
