"""YAML to data, places and findings."""

from __future__ import annotations

import json

import pytest

from wxdeploy.config.builder import MAX_DEPTH, MAX_EXPANSION
from wxdeploy.config.documents import MAX_BYTES, Document, load
from wxdeploy.model.silence import Silence
from wxdeploy.model.source import Span


def read(text: str) -> Document:
    return load(text.encode(), "menu.yaml")


def found(text: str | bytes) -> list[tuple[str, int, int]]:
    data = text if isinstance(text, bytes) else text.encode()
    return [(each.code, each.span.line, each.span.column) for each in load(data, "menu.yaml").diagnostics if each.span]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("y", "y"),
        ("12:30", "12:30"),
        ("2024-11-22", "2024-11-22"),
        ("1_000", "1_000"),
        ("010", 10),
        ("0o17", 15),
        ("0x1F", 31),
        ("-0x1F", "-0x1F"),
        ("0b11", "0b11"),
        ("+12", 12),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("1.", 1.0),
        ("-.inf", float("-inf")),
        ("~", None),
        ("Null", None),
        ("nULL", "nULL"),
        ("TRUE", True),
        ("tRUE", "tRUE"),
        ("", None),
        ("'010'", "010"),
        ('"true"', "true"),
        ("!!str 010", "010"),
        ("１２", "１２"),
    ],
)
def test_scalars_are_those_of_the_core_schema(text: str, value: object) -> None:
    document = read(f"a: {text}\n")
    assert document.diagnostics == ()
    assert document.value == {"a": value}
    assert isinstance(document.value, dict)
    assert type(document.value["a"]) is type(value)


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "\ufeff"])
def test_an_empty_file_is_an_empty_mapping(text: str) -> None:
    document = read(text)
    assert (document.value, document.diagnostics) == ({}, ())


def test_a_byte_order_mark_moves_no_column() -> None:
    document = load(b"\xef\xbb\xbfmenu: absent\n", "menu.yaml")
    assert document.value == {"menu": "absent"}
    assert document.sources.find_key(("menu",)) == Span("menu.yaml", 1, 1)
    assert document.sources.find(("menu",)) == Span("menu.yaml", 1, 7)


def test_places_count_characters_and_cover_keys_and_values() -> None:
    document = read("菜单:\n  - {名称: 😀, 值: [1, 2]}\n")
    sources = document.sources
    assert sources.find(()) == Span("menu.yaml", 1, 1)
    assert sources.find(("菜单", 0)) == Span("menu.yaml", 2, 5)
    assert sources.find_key(("菜单", 0, "值")) == Span("menu.yaml", 2, 13)
    assert sources.find(("菜单", 0, "值", 1)) == Span("menu.yaml", 2, 20)
    assert sources.find(("菜单", 0, "值", 9, "x")) == Span("menu.yaml", 2, 16)
    assert len(sources.values) == len(list(sources.values)) == 7
    assert set(sources.keys) == {("菜单",), ("菜单", 0, "名称"), ("菜单", 0, "值")}


def test_json_with_tabs_and_escaped_emoji_is_yaml() -> None:
    value = {"menu": {"button": [{"type": "click", "name": "今日😀", "key": "a\\ud83d/b"}]}}
    for text in (json.dumps(value, indent="\t"), json.dumps(value), json.dumps(value).replace("/", "\\/")):
        assert read(text).value == value
        assert read(text).diagnostics == ()


def test_an_escaped_emoji_moves_no_column_and_is_plain_text_without_double_quotes() -> None:
    document = read('{"a": "\\uD83D\\uDE00", "b": \'\\uD83D\\uDE00\', "c": 1}')
    assert document.value == {"a": "😀", "b": "\\uD83D\\uDE00", "c": 1}
    assert document.sources.find(("c",)) == Span("menu.yaml", 1, 49)


def test_anchors_and_merge_keys() -> None:
    document = read("a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\nc: {<<: [{z: 0}, *a]}\nd: *a\n'<<': 1\n")
    assert document.diagnostics == ()
    assert document.value == {
        "a": {"x": 1, "y": 2},
        "b": {"x": 1, "y": 3},
        "c": {"z": 0, "x": 1, "y": 2},
        "d": {"x": 1, "y": 2},
        "<<": 1,
    }
    assert document.sources.find(("b", "x")) == Span("menu.yaml", 1, 11)
    assert document.sources.find(("d",)) == Span("menu.yaml", 4, 4)
    assert document.sources.find(("d", "y")) == Span("menu.yaml", 1, 17)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"\xff\xfea\x00", [("WX004", 1, 1)]),
        ("a: 1".encode("utf-16-be"), [("WX004", 1, 1)]),
        ("a: 1".encode("utf-32"), [("WX004", 1, 1)]),
        ("a: 1\nb: 菜".encode("gbk"), [("WX004", 2, 4)]),
        ("菜: \x00", [("WX005", 1, 4)]),
        ("a: 1\nb: x\u2028y", [("WX005", 2, 5)]),
        ("a: b\x1b[0m", [("WX005", 1, 5)]),
        ("a: 1\n\ufeffb: 2", [("WX005", 2, 1)]),
        ("a: 'x", [("WX010", 1, 4)]),
        ('menu:\n  - {name: "a, key: b}\n  - {name: "c", key: d}\n', [("WX010", 2, 12)]),
        ("a:\n\t- b", [("WX010", 2, 1)]),
        ("a: [1, 2\n", [("WX010", 1, 4)]),
        ("a: [1 2]\nb: {c: d e: f}", [("WX010", 2, 11)]),
        ("a: b: c", [("WX010", 1, 5)]),
        ("menu:\n  button\n    - a: b", [("WX010", 2, 3)]),
        ("name:x\nb: c", [("WX010", 1, 5)]),
        ("名称：x\nb: c", [("WX010", 1, 3)]),
        ("a: [1，2\nb: 3", [("WX010", 1, 6)]),
        ("a: @x", [("WX010", 1, 4)]),
        ("a: *", [("WX010", 1, 4)]),
        ("a:\n  - b\n c: d", [("WX010", 3, 2)]),
        ("a: 1\n}", [("WX010", 2, 1)]),
        ('a: "\\x"', [("WX010", 1, 5)]),
        ('a: "\\ud83d"', [("WX010", 1, 5)]),
        ("!a!b c", [("WX010", 1, 1)]),
        ("a: 1\n---\nb: 2", [("WX011", 2, 1)]),
        ("a: 1\nb: 2\na: 3\na: 4", [("WX012", 3, 1), ("WX012", 4, 1)]),
        ("a: {b: {c: 1, c: 2}}", [("WX012", 1, 15)]),
        ("1: a\ntrue: b\n~: c\n1.5: d", [("WX013", 1, 1), ("WX013", 2, 1), ("WX013", 3, 1), ("WX013", 4, 1)]),
        ("{[a]: b, {c: d}: e}", [("WX013", 1, 2), ("WX013", 1, 10)]),
        ("a: &x [1]\n*x : 2", [("WX013", 2, 1)]),
        ("a: !VIP x", [("WX014", 1, 4)]),
        ("a: !欢迎 x", [("WX010", 1, 4)]),
        ("a: !!python/object:os.system {}", [("WX014", 1, 4)]),
        ("a: *x", [("WX015", 1, 4)]),
        ("a: &x [*x]", [("WX016", 1, 8)]),
        ("a: &x {<<: *x}", [("WX016", 1, 12), ("WX019", 1, 12)]),
        ("a: {<<: 1}", [("WX019", 1, 9)]),
        ("a: {<<: [{b: 1}, 2]}", [("WX019", 1, 18)]),
        ("a: " + "1" * 5000, [("WX020", 1, 4)]),
        ("a: 1 # wxdeploy: ignore", [("WX050", 1, 6)]),
        ("a: 1 # wxdeploy: ignore[WX203]", [("WX050", 1, 6)]),
        ("a: 1 # wxdeploy: ignore[WX2xx] why", [("WX050", 1, 6)]),
        ("a: 1 # wxdeploy: disable WX203", [("WX050", 1, 6)]),
    ],
)
def test_every_finding_has_its_place(text: str | bytes, expected: list[tuple[str, int, int]]) -> None:
    assert found(text) == expected


def test_a_duplicate_names_the_first_place_and_the_first_is_kept() -> None:
    document = read("a: 1\nb: 2\na: 3")
    assert document.value == {"a": 1, "b": 2}
    assert "menu.yaml:1:1" in document.diagnostics[0].detail


def test_comments_that_silence() -> None:
    document = read(
        "a: 1  # wxdeploy: ignore[WX203] in use\n"
        "# wxdeploy: ignore[WX203, WX210] both\n"
        "\n"
        "# another comment\n"
        "b: '# wxdeploy: ignore[WX203] text'\n"
        "c: |\n"
        "  # wxdeploy: ignore[WX203] text\n"
        "d: x#wxdeploy:ignore[WX203]\n"
        "# e: 1 # wxdeploy: ignore[WX203] commented out\n"
        "#wxdeploy:ignore[WX220] tight\n"
        "f: 1\n"
        "# wxdeploy: ignoring nothing is fine, [WX203] too\n"
    )
    assert [(each.code, each.line, each.reason, each.span.line, each.span.column) for each in document.silences] == [
        ("WX203", 1, "in use", 1, 7),
        ("WX203", 5, "both", 2, 1),
        ("WX210", 5, "both", 2, 1),
        ("WX220", 11, "tight", 10, 1),
    ]
    assert all(isinstance(each, Silence) for each in document.silences)
    assert [each.code for each in document.diagnostics] == ["WX050"]


def test_comments_on_windows_lines() -> None:
    document = read("a: 1\r\n# wxdeploy: ignore[WX203] why\r\nb: 2\r\n")
    assert [(each.line, each.span.line) for each in document.silences] == [(3, 2)]


def bomb(levels: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, levels)]
    return "\n".join(lines)


def test_an_alias_bomb_is_refused() -> None:
    assert [code for code, _, _ in found(bomb(60))] == ["WX017"]


def test_aliases_within_the_bound_are_accepted() -> None:
    entries = MAX_EXPANSION // 4 - 1
    text = "a: &a {b: 1, c: 2, d: 3}\nlist:\n" + "  - *a\n" * entries
    assert found(text) == []
    assert [code for code, _, _ in found(text + "  - *a\n" * 5)] == ["WX017"]


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "[{"])
def test_depth_has_a_bound(opening: str) -> None:
    assert "WX018" in [code for code, _, _ in found(opening * 100_000)]


def test_depth_counts_what_aliases_bring() -> None:
    assert found("[" * MAX_DEPTH + "]" * MAX_DEPTH) == []
    half = MAX_DEPTH // 2
    nested = "[" * half + "x" + "]" * half
    deeper = "[" * half + "*a" + "]" * half
    assert [code for code, _, _ in found(f"a: &a {nested}\nb: {deeper}")] == ["WX018"]


def test_size_has_a_bound() -> None:
    assert found(b" " * MAX_BYTES) == []
    assert found(b"[" * (MAX_BYTES + 1)) == [("WX003", 1, 1)]
