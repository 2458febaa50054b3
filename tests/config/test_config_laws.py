"""Laws of loading and writing, over data and text that nobody would think of."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from laws import searched

from wxdeploy.config.documents import load
from wxdeploy.config.emit import dump
from wxdeploy.config.variables import Variables, varying
from wxdeploy.model.source import SourceMap

TRICKY = [
    "", "${a}", "$${", "$", "no", "Yes", "12:30", "<<", "=", "1e3", "0x1F", ".inf", "~", "- a", "a: b", "a:", "a #b",
    "#", "?", "...", "---", " x", "x ", "1_000", "2024-01-01", "'", '"', "\\", "a\nb", "a\tb", "http://x/?q=1#f", "!x",
    "@", "*a", "&a", "[", "]", "{", "}", ",", "a,b", "\u3000", "\u2028", "\x85", "\ufeff", "👨‍👩‍👧", "今日歌曲", "\x1b[31m", "k" * 1100,
]  # fmt: skip
texts = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(TRICKY)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=20
)
yamlish = st.lists(
    st.sampled_from(
        [*TRICKY, "\n", "\n  ", "\n\t", ": ", "- ", "? ", "&a ", "*a", "<<: ", "!!str ", "%YAML 1.2", "|\n", ">", "# "]
    )
    | st.text(max_size=3),
    max_size=30,
).map("".join)


@given(values)
def test_load_of_dump_is_identity(value: Any) -> None:
    document = load(dump(value).encode(), "x.yaml")
    assert document.diagnostics == ()
    plain = Variables("a", {}, SourceMap(), {})
    assert plain.fill(document.value, document.sources, varying(document.value)) == value
    assert plain.diagnostics == []


@given(values)
def test_a_reader_of_yaml_1_1_sees_the_same_texts(value: Any) -> None:
    def texts_of(part: Any) -> list[str]:
        if isinstance(part, str):
            return [part.replace("$${", "${").replace("\u2028", "")]
        if isinstance(part, dict):
            return [text for key, below in part.items() for text in (str(key), *texts_of(below))]
        return [text for below in part for text in texts_of(below)] if isinstance(part, list) else []

    again = yaml.safe_load(dump(value))
    assert [text.replace("$${", "${") for text in texts_of(again)] == [
        text.replace("$${", "${") for text in texts_of(value)
    ]


@given(values)
def test_every_leaf_stands_on_one_line(value: Any) -> None:
    for line in dump(value).splitlines():
        assert load((line.strip().removeprefix("- ") + "  # a comment").encode(), "x").diagnostics == () or ":" in line


@given(st.dictionaries(texts, st.integers() | st.text("ab", min_size=1), min_size=1))
def test_places_point_at_the_text(value: dict[str, Any]) -> None:
    text = dump({"top": [value]})
    sources = load(text.encode(), "x.yaml").sources
    lines = re.split(r"\r\n|\r|\n", text)
    for key, part in value.items():
        span = sources.values[("top", 0, key)]
        assert lines[span.line - 1][span.column - 1 :].lstrip("\"'").startswith(str(part))
        place = sources.keys[("top", 0, key)]
        assert (place.line, place.column) < (span.line, span.column)


@given(st.binary(max_size=200) | yamlish.map(str.encode) | yamlish.map(lambda text: text.encode("utf-16")))
def test_no_bytes_raise(data: bytes) -> None:
    document = load(data, "x.yaml")
    for finding in document.diagnostics:
        assert finding.span is not None
        assert finding.span.line >= 1
        assert finding.span.column >= 1
        assert finding.detail
        assert finding.fix


@pytest.mark.fuzz
@searched(150)
@given(st.lists(yamlish, max_size=6).map("\n".join))
def test_no_text_raises(text: str) -> None:
    document = load(text.encode(), "x.yaml")
    again = load(dump(document.value).encode(), "x.yaml") if document.diagnostics == () else document
    assert again.diagnostics == document.diagnostics
