"""The formats: the same text for the same document, whole whatever the names hold, read back by those who read them."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from export.shops import example, held_to_schema
from export.toolchain import mypy, node, tsc
from hypothesis import given
from hypothesis import strategies as st

from wxdeploy.kinds.template.links import fill
from wxdeploy.render.export.formats import FORMATS, format_of
from wxdeploy.render.export.names import apart, camel, constant
from wxdeploy.workflow.send import _quoted

EXPECTED = Path(__file__).parent / "expected"

# Whatever ends a literal, a comment or a line somewhere, hides something, or is obeyed.
EVIL = [
    *(
        "a'b",
        'a"b',
        "a\\",
        "a`b",
        "$HOME ${HOME} $(id)",
        "a\nb",
        "a\r\nb",
        "*/ alert(1) /*",
        "'''",
        '"""',
        "#{x}",
        "%s {x}",
    ),
    *(
        "\u2028\u2029",
        "\u202eabc",
        "\ufeff",
        "\x00\x1b[31m",
        "😀\U000e0041",
        "</script>",
        "\\u0041\\n",
        "\ud800",
        "=;#",
        "",
    ),
]


def template(text: str, **fields: str) -> dict[str, Any]:
    return {
        "template_id": text,
        "title": text,
        "data": list(fields.values()),
        "fields": [{"label": text, "placeholder": key, "from": path} for key, path in fields.items()],
        "url": f"https://x.cn/{text}",
        "miniprogram": {"appid": text, "pagepath": text},
    }


def account(templates: dict[str, Any], *keys: str) -> dict[str, Any]:
    buttons = [{"menu": None, "name": "x"}]
    return {
        "appid": None,
        "templates": templates,
        "menu_keys": dict.fromkeys(keys, buttons),
        "missing": {},
        "error": None,
    }


def document(**accounts: Any) -> dict[str, Any]:
    return {"format": "wxdeploy.export/1", "accounts": accounts}


def hostile() -> dict[str, Any]:
    """Every evil text everywhere: names of accounts and templates too, though the schemas would not take those."""
    accounts = {}
    for text in EVIL:
        accounts[f"x{text}"] = account(
            {f"t{text}": template(text, thing1="a.b"), "plain": template(text, **{text: "a.b"})}, text
        )
    return document(**accounts)


def module(text: str) -> dict[str, Any]:
    made = ModuleType("exported")
    sys.modules["exported"] = made  # dataclasses look their module up
    try:
        exec(compile(text, "exported.py", "exec"), vars(made))
    finally:
        del sys.modules["exported"]
    return vars(made)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return example(tmp_path_factory.mktemp("export") / "shop")


@pytest.mark.parametrize(("form", "file"), [("json", "templates.json"), ("dotenv", "templates.env")])
def test_the_example_s_export_is_as_committed(
    shop: Path, program: Callable[..., Any], golden: Callable[[Path, str], None], form: str, file: str
) -> None:
    ran = program("-C", shop, "export", "--format", form)
    assert (ran.exit, ran.err) == (0, "")
    golden(EXPECTED / file, ran.out)


@pytest.mark.parametrize("file", ["wx_templates.py", "wxTemplates.ts"])
def test_the_example_s_modules_are_as_committed(
    shop: Path, program: Callable[..., Any], golden: Callable[[Path, str], None], file: str
) -> None:
    ran = program("-C", shop, "export", "--format", format_of(file))
    golden(Path(__file__).parents[2] / "examples" / "templates" / "app" / file, ran.out)


@pytest.mark.parametrize("form", FORMATS)
def test_the_order_of_files_and_accounts_does_not_show(shop: Path, program: Callable[..., Any], form: str) -> None:
    before = program("-C", shop, "export", "--format", form).out
    path = shop / "wxdeploy.yaml"
    kept = path.read_text("utf-8")
    head, _, accounts = kept.partition("accounts:\n")
    east, _, west = accounts.partition("  west:\n")
    path.write_text(
        f"{head}accounts:\n  west:\n{west}{east}".replace("[templates.yaml, menu.yaml]", "[menu.yaml, templates.yaml]"),
        "utf-8",
    )
    try:
        assert program("-C", shop, "export", "--format", form).out == before
    finally:
        path.write_text(kept, "utf-8")


def test_a_file_s_name_says_the_format() -> None:
    assert [format_of(name) for name in ("a.py", "a.ts", "a.mts", ".env", "a.env", "a.json", "a")] == [
        *("python", "typescript", "typescript", "dotenv", "dotenv", "json", None),
    ]


def test_hostile_texts_stay_in_their_quotes_in_python() -> None:
    given = hostile()
    names = module(FORMATS["python"](given))
    plain = names["PLAIN"].accounts
    assert set(plain) == set(given["accounts"])
    for text in EVIL:
        found = plain[f"x{text}"]
        assert (found.template_id, found.title, found.url) == (text, text, f"https://x.cn/{text}")
        assert found.miniprogram == (text, text)
        assert (found.fields[0].label, found.fields[0].placeholder) == (text, text)
        assert names["MENU_KEYS"][f"x{text}"] == (text,)


def test_hostile_texts_stay_in_their_quotes_in_json() -> None:
    text = FORMATS["json"](hostile())
    assert json.loads(text) == hostile()
    text.encode("utf-8")


@given(st.text(), st.text())
def test_any_text_is_read_back_from_python(one: str, other: str) -> None:
    made = document(**{one: account({other: template(other, thing1="a.b")}, one)})
    names = module(FORMATS["python"](made))
    (found,) = [each for each in names.values() if type(each).__name__ == "Template"]
    assert (found.name, found.accounts[one].title) == (other, other)
    assert names["MENU_KEYS"][one] == (one,)


@pytest.mark.parametrize("form", FORMATS)
def test_no_format_holds_a_raw_control_or_reordering_character(form: str) -> None:
    text = FORMATS[form](hostile())
    text.encode("utf-8")
    if form != "json":
        assert not {"\r", "\x00", "\x1b", "\u2028", "\u202e", "\ufeff"} & set(text)


def test_a_shell_reads_the_dotenv_file_as_it_is_meant(tmp_path: Path) -> None:
    shell = shutil.which("sh")
    assert shell
    made = hostile()
    (tmp_path / "x.env").write_text(FORMATS["dotenv"](made), "utf-8")
    done = subprocess.run(
        [shell, "-c", "set -a; . ./x.env; env -0"],
        cwd=tmp_path,
        capture_output=True,
        env={"PATH": os.environ["PATH"]},
        check=True,
    )
    values = dict(line.split("=", 1) for line in done.stdout.decode().split("\0") if line)
    values = {name: value for name, value in values.items() if name.startswith("WX_")}
    assert len(values) == sum(
        1 for line in (tmp_path / "x.env").read_text("utf-8").splitlines() if line.startswith("WX_")
    )
    read = [json.loads(value) for name, value in values.items() if "_FIELDS" in name]
    asked = [each["fields"] for one in made["accounts"].values() for each in one["templates"].values()]
    assert sorted(map(repr, read)) == sorted(map(repr, asked))


def test_names_that_would_be_one_are_told_apart() -> None:
    names = ["order_paid", "orderPaid", "ORDER_PAID", "x", "menu_keys"]
    constants = apart(names, constant, frozenset({"MENU_KEYS"}))
    assert len(set(constants.values())) == len(names)
    assert constants["x"] == "X"
    assert all(each.isidentifier() for each in constants.values())
    assert "MENU_KEYS" not in constants.values()
    types = apart(names, camel)
    assert len(set(types.values())) == len(names)
    shuffled = names[:]
    random.Random(1).shuffle(shuffled)
    assert apart(shuffled, constant, frozenset({"MENU_KEYS"})) == constants


@pytest.mark.parametrize(
    "link", ["https://x.cn/{a.b}?q={a}", "p?n={a.b}&{ }{b..c}{0}", "{{a}}", "{a.0.b}{a._c}", "${a}", "{a", "}{"]
)
@pytest.mark.parametrize("value", ["1", "a b&c=d/e?f#g%", "订单", "!'()*~-_.", "😀"])
def test_the_module_fills_links_as_the_program_does(link: str, value: str) -> None:
    names = module(FORMATS["python"](document(a=account({}))))
    asked: list[str] = []

    def value_of(path: str) -> str:
        asked.append(path)
        return _quoted(value)

    want = fill(link, value_of)
    assert names["_filled"](link, dict.fromkeys(asked, value)) == want


def test_accounts_that_ask_for_different_fields_have_one_type_of_data_for_all() -> None:
    made = document(
        a=account({"t": template("x", thing1="d.a")}), b=account({"t": template("x", thing1="d.a", thing2="d.b")})
    )
    text = FORMATS["python"](held_to_schema(made))
    assert '"d.a": str,' in text
    assert '"d.b": str,' in text
    message = module(text)["T"].message("a", "o", {"d.a": "1", "d.b": "2"})
    assert message["data"] == {"thing1": {"value": "1"}}


def test_hostile_names_type_check(tmp_path: Path) -> None:
    (tmp_path / "hostile.py").write_text(FORMATS["python"](hostile()), "utf-8")
    said = mypy(tmp_path, "hostile.py")
    assert said.code == 0, said.said


def test_hostile_names_compile(tmp_path: Path) -> None:
    (tmp_path / "hostile.ts").write_text(FORMATS["typescript"](hostile()), "utf-8")
    said = tsc(
        tmp_path,
        "--strict",
        "--target",
        "ES2022",
        "--lib",
        "ES2022",
        "--module",
        "ES2022",
        "--outDir",
        ".",
        "hostile.ts",
    )
    assert said.code == 0, said.said
    (tmp_path / "hostile.mjs").write_text((tmp_path / "hostile.js").read_text("utf-8"), "utf-8")
    said = node(
        tmp_path,
        "import { PLAIN } from './hostile.mjs';"
        "console.log(JSON.stringify(Object.entries(PLAIN.accounts).map(([k, v]) => [k, v.title, v.fields[0].label])))",
    )
    assert said.code == 0, said.said
    assert sorted(map(repr, json.loads(said.said))) == sorted(repr([f"x{text}", text, text]) for text in EVIL)
