"""The example's application: it type-checks, fails to when a field is missing, and makes the bodies that arrive."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from contract.conftest import Api, Clock
from export.shops import example
from export.toolchain import mypy, node, tsc

from wxdeploy.sandbox.store import Store

SOURCES = ("order.no", "order.amount", "order.paid_at", "parcel.carrier", "parcel.no")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return example(tmp_path_factory.mktemp("application") / "shop") / "app"


def without(text: str, source: str) -> str:
    """The application that forgets one field of one message."""
    key = re.escape(f'"{source}"')
    short = re.sub(rf"^ +{key}: .*,$", "", text, count=1, flags=re.MULTILINE)
    if short == text:
        short = re.sub(rf"{key}: \w+", "", text, count=1).replace(", ,", ",").replace("{, ", "{")
    assert short != text
    return short


def bodies(app: Path, account: str) -> list[dict[str, object]]:
    done = subprocess.run(
        [sys.executable, "-B", "notify.py", account, f"o-{account}-0001"], cwd=app, capture_output=True, check=True
    )
    found = json.loads(done.stdout)["messages"]
    assert isinstance(found, list)
    return found


def test_the_python_application_type_checks_and_fails_to_when_a_field_is_missing(app: Path) -> None:
    text = (app / "notify.py").read_text("utf-8")
    broken = {f"without_{number}.py": source for number, source in enumerate(SOURCES)}
    for name, source in broken.items():
        (app / name).write_text(without(text, source), "utf-8")
    (app / "foreign.py").write_text(text.replace("shop: Account", "shop: str"), "utf-8")
    (app / "misspelt.py").write_text(text.replace('key == "MY_ORDERS"', 'key == "MY_ORDER"'), "utf-8")
    said = mypy(app, "notify.py", *broken, "foreign.py", "misspelt.py")
    for name, source in broken.items():
        assert re.search(rf'^{name}:\d+: error: Missing key "{re.escape(source)}"', said.said, re.MULTILINE), said.said
    assert re.search(r"^foreign.py:\d+: error: .*Literal\['east', 'west'\]", said.said, re.MULTILINE)
    assert re.search(r"^misspelt.py:\d+: error: Non-overlapping equality", said.said, re.MULTILINE)
    assert not re.search(r"^(notify|wx_templates)\.py", said.said, re.MULTILINE), said.said


def test_the_typescript_application_compiles_and_fails_to_when_a_field_is_missing(app: Path) -> None:
    said = tsc(app, "--project", ".")
    assert said.code == 0, said.said
    text = (app / "notify.ts").read_text("utf-8")
    broken = {f"without_{number}.ts": source for number, source in enumerate(SOURCES)}
    for name, source in broken.items():
        (app / name).write_text(without(text, source), "utf-8")
    (app / "forgotten.ts").write_text(text.replace('case "CONTACT":', 'case "CONTACTS":'), "utf-8")
    settings = json.loads((app / "tsconfig.json").read_text("utf-8"))
    settings["files"] = [*broken, "forgotten.ts"]
    (app / "broken.json").write_text(json.dumps(settings), "utf-8")
    said = tsc(app, "--project", "broken.json", "--noEmit", "--pretty", "false")
    assert said.code != 0
    for name, source in broken.items():
        assert re.search(rf"^{name}\(\d.*\n.*'\"{re.escape(source)}\"' is missing", said.said, re.MULTILINE), said.said
    assert re.search(r"^forgotten.ts\(\d", said.said, re.MULTILINE)


def test_both_applications_make_the_same_bodies(app: Path) -> None:
    assert tsc(app, "--project", ".").code == 0
    calls = (
        "paid(shop, openid, {no: '2024112200001', cents: 8800, paidAt: '2024-11-22 15:01'}),"
        "shipped(shop, openid, {no: '2024112200001', cents: 0, paidAt: ''}, '顺丰速运', 'SF1234567890')"
    )
    for account in ("east", "west"):
        said = node(
            app,
            f"import {{paid, shipped}} from './build/notify.js'; const shop = '{account}', openid = 'o-{account}-0001';"
            f"console.log(JSON.stringify([{calls}]))",
        )
        assert said.code == 0, said.said
        assert json.loads(said.said) == bodies(app, account)


def test_what_the_application_makes_arrives(app: Path, tmp_path: Path) -> None:
    shutil.copy(app.parent / ".wxdeploy" / "sandbox.sqlite3", tmp_path / "db")
    store = Store(tmp_path / "db")
    with asyncio.Runner() as runner:
        for account, appid in (("east", "wx00000000000000e1"), ("west", "wx00000000000000e2")):
            api = Api(store, Clock(), runner, appid=appid)
            assert [api.post("message/template/send", body)["errcode"] for body in bodies(app, account)] == [0, 0]
            assert [len(each.data) for each in store.messages(appid)] == [3, 3]
    store.close()
