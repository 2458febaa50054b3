"""The database."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from wxdeploy.sandbox.store import Store

APPID = "wx0000000000000001"


def test_an_exception_undoes_the_transaction():
    with closing(Store()) as store:

        def fail() -> None:
            with store.transaction() as state:
                state.ensure_account(APPID)
                state.add_tag(APPID, "x")
                raise KeyError

        with pytest.raises(KeyError):
            fail()
        with store.transaction() as state:
            assert state.tags(APPID) == []


def test_two_stores_on_one_file_see_each_other(tmp_path):
    path = tmp_path / "new folder" / "s.sqlite3"
    with closing(Store(path)) as one, closing(Store(path)) as other:
        with one.transaction() as state:
            state.ensure_account(APPID)
            state.add_tag(APPID, "x")
        with other.transaction() as state:
            assert [tag.name for tag in state.tags(APPID)] == ["x"]


def test_a_file_that_is_no_database_is_left_alone(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("not a database, but somebody's notes" * 50)
    with pytest.raises(sqlite3.DatabaseError):
        Store(path)
    assert path.read_text().startswith("not a database")


def test_menu_ids_are_never_used_twice():
    with closing(Store()) as store, store.transaction() as state:
        state.ensure_account(APPID)
        first = state.add_conditional_menu(APPID, [], {})
        state.remove_conditional_menu(APPID, first)
        assert state.add_conditional_menu(APPID, [], {}) > first
