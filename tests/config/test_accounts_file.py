"""Accounts from a table or a YAML file of their own: each finding at its cell, and nothing hostile ends in a traceback."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxdeploy.config.accounts_file import COLUMNS, LISTS, OPEN, table
from wxdeploy.config.project import Project, load_project
from wxdeploy.config.table import Broken, rows
from wxdeploy.model.source import Span

Write = Callable[[Mapping[str, str]], Path]

HEAD = "version: 1\naccounts_file: accounts.csv\n"
MENU = "menu: {button: [{type: click, name: 歌, key: SONG}]}\n"
SCHEMA = json.loads((Path(__file__).parents[2] / "schemas" / "v1" / "project.schema.json").read_text("utf-8"))


def found(project: Project) -> list[tuple[str, str]]:
    return [(each.code, str(each.span)) for each in project.diagnostics]


def of(write: Write, table: str, head: str = HEAD) -> Project:
    return load_project(
        write({"wxdeploy.yaml": head, "accounts.csv": table, "menu.yaml": MENU, "b.yaml": "tags: []\n"})
    )


def test_a_row_is_an_account(write: Write) -> None:
    project = of(
        write,
        "name,appid,secret,files,labels.region,vars.site,vars.a.b,rules.WX220,protect,callback.token\n"
        'beijing,wx0000000000000001,${env:S1},menu.yaml;b.yaml,north,https://a.example,"x, ""y""",off,menu;tag.VIP,${env:T}\n'
        "shanghai , wx0000000000000002,,menu.yaml,,,,,,\n",
    )
    assert project.diagnostics == ()
    beijing, shanghai = project.accounts.values()
    assert (beijing.name, beijing.appid, beijing.secret) == ("beijing", "wx0000000000000001", "${env:S1}")
    assert [document.file for document in beijing.documents] == ["menu.yaml", "b.yaml"]
    assert beijing.labels == {"region": "north"}
    assert beijing.vars == {"site": "https://a.example", "a.b": 'x, "y"'}
    assert (beijing.rules, beijing.protect) == ({"WX220": "off"}, ("menu", "tag.VIP"))
    assert beijing.callback == {"token": "${env:T}"}
    assert (shanghai.name, shanghai.appid, shanghai.secret, shanghai.vars) == (
        "shanghai", "wx0000000000000002", None, {},
    )  # fmt: skip
    assert beijing.sources.find(("vars", "site")) == Span("accounts.csv", 2, 61)
    assert shanghai.sources.find(("appid",)) == Span("accounts.csv", 3, 12)


def test_defaults_lie_under_the_rows_and_keep_their_places(write: Write) -> None:
    head = HEAD + "defaults:\n  api: sandbox\n  vars: {site: https://d.example, shop: s}\n  files: [nowhere.yaml]\n"
    project = of(
        write,
        "name,appid,vars.site,files\na,wx0000000000000001,https://a.example,menu.yaml\nb,wx0000000000000002,,\n",
        head,
    )
    first, second = project.accounts.values()
    assert (first.vars, second.vars) == (
        {"site": "https://a.example", "shop": "s"}, {"site": "https://d.example", "shop": "s"},
    )  # fmt: skip
    assert first.api == second.api == "sandbox"
    assert first.sources.find(("vars", "site")) == Span("accounts.csv", 2, 22)
    assert first.sources.find(("vars", "shop")) == Span("wxdeploy.yaml", 5, 41)
    assert second.sources.find(("secret",)) == Span("accounts.csv", 3, 1)
    assert found(project) == [("WX006", "wxdeploy.yaml:6:11")]


def test_yaml_holds_the_same(write: Write) -> None:
    root = write(
        {
            "wxdeploy.yaml": "version: 1\naccounts_file: more.yaml\naccounts:\n  a: {appid: wx0000000000000001}\n",
            "more.yaml": "accounts:\n  b: {appid: wx0000000000000002, labels: {region: north}, colour: red}\n"
            "  c: {appid: wx0000000000000002}  # wxdeploy: ignore[WX061] the same for now\n  a: {appid: wx0000000000000004}\n",
        }
    )
    project = load_project(root)
    assert list(project.accounts) == ["a", "b", "c"]
    assert found(project) == [("WX100", "more.yaml:2:59"), ("WX061", "more.yaml:3:14"), ("WX063", "more.yaml:4:6")]
    assert [each.account for each in project.diagnostics] == ["b", "c", "a"]
    assert [each.reason for each in project.silences(())] == ["the same for now"]


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("name,appid,secret\na,wx0000000000000001,0123456789abcdef\n", "WX034", "2:22"),
        ("name,appid\na,wx1\n", "WX104", "2:3"),
        ("name,appid\na b,wx0000000000000001\n", "WX104", "2:1"),
        ("name,appid\n,wx0000000000000001\n", "WX104", "2:1"),
        ("appid,name\nwx0000000000000001,\n", "WX104", "2:1"),
        ("name,appid\na,\n", "WX102", "2:1"),
        ("name,appid\na,wx0000000000000001\na,wx0000000000000002\n", "WX063", "3:1"),
        ("name,appid\na,wx0000000000000001\nb,wx0000000000000001\n", "WX061", "3:3"),
        ("name,appid,apid\na,wx0000000000000001,\n", "WX065", "1:12"),
        ("name,appid,appid\na,wx0000000000000001,\n", "WX065", "1:12"),
        ("name,appid,vars.\na,wx0000000000000001,\n", "WX065", "1:12"),
        ("name,appid,region\na,wx0000000000000001,north\n", "WX065", "1:12"),
        ("appid\nwx0000000000000001\n", "WX065", "1:1"),
        ("name;appid\na;wx0000000000000001\n", "WX065", "1:1"),
        ("", "WX064", "1:1"),
        ("\n\n", "WX064", "1:1"),
        ("name,appid\na\n", "WX064", "2:1"),
        ("name,appid\na,wx0000000000000001,b\n", "WX064", "2:1"),
        ('name,appid\na,"wx0000000000000001\nb,c\n', "WX064", "2:3"),
        ('name,appid\na,"wx0000000000000001"x\n', "WX064", "2:3"),
        ('name,appid\na,wx"0000000000000001\n', "WX064", "2:3"),
        ("name,appid,vars.x\na,wx0000000000000001,=1+1\n", "WX066", "2:22"),
        ("name,appid,vars.x\na,wx0000000000000001,@SUM(A1)\n", "WX066", "2:22"),
        ("name,appid,labels.x\na,wx0000000000000001,\"a,b\"\n", "WX104", "2:22"),
        ("name,appid,files\na,wx0000000000000001,menu.yaml;none.yaml\n", "WX006", "2:22"),
        ("name,appid,files\na,wx0000000000000001,../menu.yaml\n", "WX007", "2:22"),
        ("name,appid,api\na,wx0000000000000001,http://api.example.com\n", "WX060", "2:22"),
        ("name,appid,access_token\na,wx0000000000000001,./token.sh\n", "WX034", "2:22"),
        ("name,appid,vars.x\na,wx0000000000000001,\"1\n2\"\nb,wx1,\n", "WX104", "4:3"),
        ("name,appid\na,wx0000000000000001\x00\n", "WX005", "2:21"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_cell(write: Write, text: str, code: str, place: str) -> None:
    assert found(of(write, text)) == [(code, f"accounts.csv:{place}")]


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("line", [b"\n", b"\r\n", b"\r"])
def test_any_export_of_a_spreadsheet_in_utf_8_is_read(write: Write, bom: bytes, line: bytes) -> None:
    root = write({"wxdeploy.yaml": HEAD})
    (root / "accounts.csv").write_bytes(bom + line.join([b"name,appid,", b"a,wx0000000000000001,", b",,", b""]))
    project = load_project(root)
    assert (list(project.accounts), found(project)) == (["a"], [])


@pytest.mark.parametrize("encoding", ["gbk", "utf-16"])
def test_another_encoding_is_named(write: Write, encoding: str) -> None:
    root = write({"wxdeploy.yaml": HEAD})
    (root / "accounts.csv").write_bytes("name,appid,vars.shop\na,wx0000000000000001,北京\n".encode(encoding))
    (finding,) = load_project(root).diagnostics
    assert finding.code == "WX004"
    assert "UTF-8" in finding.fix


@pytest.mark.parametrize(
    ("name", "code"),
    [("none.csv", "WX006"), ("/etc/passwd", "WX007"), ("../x.csv", "WX007"), ("*.yaml", "WX006"), ("sub", "WX002")],
)
def test_a_file_that_can_not_be_it(write: Write, name: str, code: str) -> None:
    root = write({"wxdeploy.yaml": f"version: 1\naccounts_file: '{name}'\n", "a.yaml": "", "b.yaml": "", "sub/c": ""})
    assert [each.code for each in load_project(root).diagnostics] == [code]


def test_a_project_names_accounts_somewhere(write: Write) -> None:
    assert found(load_project(write({"wxdeploy.yaml": "version: 1\n"}))) == [("WX102", "wxdeploy.yaml:1:1")]


def test_the_columns_are_the_keys_of_an_account() -> None:
    settings = SCHEMA["definitions"]["settings"]["properties"]
    keys = {column.partition(".")[0] for column in COLUMNS} | {name.rstrip(".") for name in OPEN}
    assert keys - {"name"} == set(settings)
    assert {key for key, value in settings.items() if value.get("type") == "array"} == LISTS
    below = {column for column in COLUMNS if column.startswith("callback.")}
    assert below == {f"callback.{key}" for key in SCHEMA["definitions"]["callback"]["properties"]}


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0"), max_size=8)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=5))
def test_what_a_csv_writer_wrote_is_read_back(table: list[list[str]]) -> None:
    file = io.StringIO(newline="")
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows(table)
    read = list(rows(file.getvalue()))
    assert [[cell.text for cell in row] for row in read if not isinstance(row, Broken)] == [
        row for row in table if any(row)
    ]


@given(st.text(st.sampled_from('a,"\n\r =;\t北'), max_size=30))
def test_every_cell_stands_where_it_is_said_to(text: str) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for row in rows(text):
        for cell in [row] if isinstance(row, Broken) else row:
            at = lines[cell.line - 1][cell.column - 1 :]
            assert isinstance(cell, Broken) or at.startswith((cell.text.partition("\n")[0], '"'))


@given(st.binary(max_size=60), st.booleans())
def test_no_bytes_end_in_a_traceback(data: bytes, head: bool) -> None:
    document = table((b"name,appid,vars.x\n" if head else b"") + data, "accounts.csv")
    for each in document.diagnostics:
        assert each.span is not None
        assert each.fix


def test_a_table_without_end_is_given_up_on() -> None:
    data = b"name,appid\n" + b"a\n" * 10_000
    assert len(table(data, "accounts.csv").diagnostics) < 1100
    wide = table(b"," * 100_000, "accounts.csv")
    assert [each.code for each in wide.diagnostics] == ["WX064"]
    many = b"name,appid,vars.a\n" + b"".join(b"a%d,wx,b\n" % number for number in range(40_000))
    assert [each.code for each in table(many, "accounts.csv").diagnostics] == ["WX003"]
