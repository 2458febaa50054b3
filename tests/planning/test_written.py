"""What a kind writes as canonical JSON by a way of its own is the canonical JSON of its document."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from wxdeploy.kinds.conditional_menu import CONDITIONAL_MENU
from wxdeploy.kinds.menu import MENU
from wxdeploy.model.jsonvalue import canonical, canonical_object

TEXTS = st.text(max_size=4) | st.sampled_from(["click", "歌", '"', "\\", "\ud800", "\u2028"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2),
    max_leaves=5,
)
BUTTONS = st.dictionaries(
    st.sampled_from(["type", "name", "key", "url", "value", "新"]) | TEXTS, TEXTS | VALUES, max_size=5
)
LISTS = st.lists(
    BUTTONS | st.builds(lambda fields, below: {**fields, "sub_button": below}, BUTTONS, st.lists(BUTTONS, max_size=2)),
    max_size=3,
)
BODIES = st.builds(
    lambda buttons, others: {**others, "button": buttons}, LISTS, st.dictionaries(TEXTS, VALUES, max_size=2)
)
RULES = st.dictionaries(st.sampled_from(["tag", "tag_id", "client_platform_type", "sex", "z"]), TEXTS, max_size=3)


@given(BODIES)
def test_a_menu(body: dict[str, Any]) -> None:
    (declared,) = MENU.parse(body)
    assert MENU.written is not None
    assert MENU.written(declared.spec) == canonical(MENU.document(declared.spec))


@given(BODIES, RULES)
def test_a_personalised_menu(body: dict[str, Any], rule: dict[str, str]) -> None:
    (declared,) = CONDITIONAL_MENU.parse([{**body, "name": "a", "matchrule": rule}])
    assert CONDITIONAL_MENU.written is not None
    assert CONDITIONAL_MENU.written(declared.spec) == canonical(CONDITIONAL_MENU.document(declared.spec))


@given(st.dictionaries(TEXTS, VALUES))
def test_an_object_of_written_values(value: dict[str, Any]) -> None:
    assert canonical_object({key: canonical(part) for key, part in value.items()}) == canonical(value)
