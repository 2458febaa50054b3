"""The comparison of documents of any kind."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from laws import searched
from strategies import documents, menus

from wxdeploy.model.jsonvalue import Path
from wxdeploy.model.operation import Op
from wxdeploy.model.source import SourceMap, Span
from wxdeploy.planning.diff import edits_of
from wxdeploy.planning.rebuild import rebuild

MAPPINGS = st.dictionaries(st.sampled_from(("button", "name", "matchrule", "data", "__x")), documents(), max_size=4)
CONDITIONAL = st.fixed_dictionaries(
    {"button": menus(first=2, second=2)},
    optional={
        "name": st.sampled_from(("vip", "ios")),
        "matchrule": st.dictionaries(st.sampled_from(("tag", "client_platform_type")), st.sampled_from("12")),
    },
)


@given(st.one_of(*(st.tuples(kind, kind) for kind in (documents(), MAPPINGS, CONDITIONAL))))
@searched(150)
@example(({"a": 1, "b": None}, {"a": None}))
@example(({"a": {"b": 1}}, {"a": {"b": None}}))
@example(({"a": 1}, {"a": True}))
@example(({"__x": 1}, {"__x": 2}))
@example(({"button": []}, {"button": [], "name": "vip", "matchrule": {}}))
@example(({"button": []}, {"button": [{"name": "A"}], "name": None}))
@example(({"button": [{"name": None}]}, {"button": [{"name": "A"}]}))
@example(({"button": [{"name": "A", "sub_button": []}]}, {"button": [{"name": "A"}]}))
def test_edits_rebuild_the_document_after_and_are_empty_only_for_equal_ones(pair: tuple[Any, Any]) -> None:
    before, after = pair
    if before is None or after is None:
        assert edits_of(before, after) == ()
        return
    told = edits_of(before, after)
    assert rebuild(before, told) == after
    assert (told == ()) == (before == after)


Summary = list[tuple[Path, str | None, Any, Any]]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            {"matchrule": {"tag": "VIP", "client_platform_type": "ios"}},
            {"matchrule": {"tag": "北京", "client_platform_type": "ios"}},
            [(("matchrule",), "tag", "VIP", "北京")],
        ),
        ({"name": "a"}, {"name": "a", "url": "u"}, [((), "url", None, "u")]),
        (
            {"data": {"thing1": {"label": "名称", "from": "a"}, "amount2": {"label": "金额"}}},
            {"data": {"thing1": {"label": "名称", "from": "b"}}},
            [(("data",), "amount2", {"label": "金额"}, None), (("data", "thing1"), "from", "a", "b")],
        ),
        (
            {"matchrule": {"tag": "VIP"}},
            {"matchrule": {"country": "中国", "province": "广东"}},
            [
                (("matchrule",), "country", None, "中国"),
                (("matchrule",), "province", None, "广东"),
                (("matchrule",), "tag", "VIP", None),
            ],
        ),
        ({"list": [1, {"a": 2}, 3]}, {"list": [1, {"a": 4}]}, [((), "list", [1, {"a": 2}, 3], [1, {"a": 4}])]),
    ],
    ids=[
        "a field of a mapping",
        "a new field",
        "a lost mapping and a field",
        "no field in common",
        "a list is one value",
    ],
)
def test_fields_outside_the_buttons(before: Any, after: Any, expected: Summary) -> None:
    told = edits_of(before, after)
    assert {edit.op for edit in told} == {Op.CHANGE}
    assert sorted(((e.path, e.field, e.before, e.after) for e in told), key=str) == sorted(expected, key=str)


def test_fields_and_buttons_are_told_together() -> None:
    old = {"name": "vip", "matchrule": {"tag": "1"}, "button": [{"type": "click", "name": "A", "key": "x"}]}
    new = {"name": "vip", "matchrule": {"tag": "2"}, "button": [{"type": "click", "name": "B", "key": "x"}]}
    sources = SourceMap({("matchrule", "tag"): Span("f", 3, 9), ("button", 0): Span("f", 5, 7)})
    assert [(edit.path, edit.field, edit.span) for edit in edits_of(old, new, sources)] == [
        (("matchrule",), "tag", Span("f", 3, 9)),
        (("button", 0), "name", Span("f", 5, 7)),
    ]


def test_a_created_or_deleted_object_has_no_edits() -> None:
    assert edits_of(None, {"name": "a"}) == ()
    assert edits_of({"name": "a"}, None) == ()


def test_deepdiff_is_not_imported_for_buttons_alone() -> None:
    code = (
        "import sys; from wxdeploy.planning.diff import edits_of;"
        "edits_of({'button': [{'name': 'A'}]}, {'button': [{'name': 'B'}]});"
        "sys.exit('deepdiff' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
