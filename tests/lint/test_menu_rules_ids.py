"""The ids of one account in the menus of a file that several accounts read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxdeploy.kinds.menu.rules_ids import literal_ids, shared_button_id
from wxdeploy.lint.pages import parts
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.workflow.load import load

TAGS = "tags: [{name: VIP}]\n"
BAD, GOOD = (
    re.findall(r"^```yaml title=base/menu.yaml\n(.*?)^```$", parts(shared_button_id)[heading], re.MULTILINE | re.DOTALL)
    for heading in ("Bad", "Good")
)


def found(folder: Path, text: str, *, accounts: int = 2) -> list[tuple[str, int, str | None]]:
    entry = "files: [base.yaml, tags.yaml], vars: {shop_photo: MEDIA_ID}"
    rows = "".join(f"  shop{number}: {{appid: wx{number:016x}, {entry}}}\n" for number in range(accounts))
    (folder / "wxdeploy.yaml").write_text(f"version: 1\naccounts:\n{rows}", "utf-8")
    (folder / "base.yaml").write_text(text, "utf-8")
    (folder / "tags.yaml").write_text(TAGS, "utf-8")
    return [
        (each.code, each.span.line, each.account)
        for each in load(folder, {}).findings
        if each.span and each.code == "WX270"
    ]


@pytest.mark.parametrize("text", BAD)
def test_the_bad_trips_it_once_for_all_accounts_that_read_the_file(tmp_path: Path, text: str) -> None:
    (one,) = found(tmp_path, text)
    assert (one[0], one[2]) == ("WX270", None)
    assert "_id: " in text.splitlines()[one[1] - 1]


@pytest.mark.parametrize("text", GOOD)
def test_the_good_trips_it_not(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, text) == []


@pytest.mark.parametrize("text", BAD)
def test_in_a_file_of_one_account_it_is_as_it_should_be(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, text, accounts=1) == []


@pytest.mark.parametrize(
    "button",
    [
        {"type": "view", "name": "a", "url": "https://a.cn", "media_id": "X"},
        {"type": "media_id", "name": "a", "media_id": "X", "sub_button": [{"type": "click", "name": "b", "key": "k"}]},
        {"type": "media_id", "name": "a", "media_id": ""},
        {"type": "media_id", "name": "a", "media_id": "${photo}-1"},
        {"type": "article_id", "name": "a", "media_id": "X"},
    ],
)
def test_what_no_tap_uses_and_what_a_variable_stands_for_is_nobody_s_id(button: JsonValue) -> None:
    assert [*literal_ids({"button": [button]})] == []


def test_every_type_that_takes_an_id_is_looked_at() -> None:
    types = {"media_id": "media_id", "view_limited": "media_id", "article_id": "article_id"}
    types["article_view_limited"] = "article_id"
    buttons: list[JsonValue] = [{"type": name, "name": "a", field: "X"} for name, field in types.items()]
    expected = [(("button", index, field), "X") for index, field in enumerate(types.values())]
    assert [*literal_ids({"button": buttons})] == expected
    assert [*literal_ids([1, {"button": buttons}])] == [((1, *path), value) for path, value in expected]


ANY: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["media_id", "article_id", "X"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["button", "sub_button", "type", "media_id", "article_id"]), inner)
    ),
    max_leaves=8,
)


@given(ANY)
def test_no_shape_is_too_odd(section: JsonValue) -> None:
    assert all(isinstance(value, str) for _, value in literal_ids(section))
