"""A plan is a value that can be written to JSON and read back equal."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cli.shell import Project
from hypothesis import given
from hypothesis import strategies as st
from laws import searched
from trust.shop import ALL, BEFORE, Run, wants

from wxdeploy.model.address import Address
from wxdeploy.model.diagnostic import Diagnostic, Severity
from wxdeploy.model.operation import Action, ApiCall, Capture, Change, Deferred, Edit, Hazard, Op, Operation, Origin
from wxdeploy.model.plan import AccountPlan, Audience, Failure, Plan, Unmanaged
from wxdeploy.model.planjson import from_json, to_json
from wxdeploy.model.source import Span

TEXT = st.text(max_size=6)
MAYBE = st.none() | TEXT
KEYS = st.text("abc_", min_size=1, max_size=4)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)
SPANS = st.none() | st.builds(Span, TEXT, st.integers(1, 99), st.integers(1, 99))
PATHS = st.lists(KEYS | st.integers(0, 9), max_size=3).map(tuple)
ADDRESSES = st.builds(Address, KEYS, TEXT)
FINDINGS = st.builds(
    Diagnostic,
    code=TEXT,
    severity=st.sampled_from(Severity),
    summary=TEXT,
    detail=st.just(""),
    fix=TEXT,
    span=SPANS,
    account=MAYBE,
    path=PATHS,
)
CHANGES = st.builds(
    Change,
    address=ADDRESSES,
    action=st.sampled_from(Action),
    reason=TEXT,
    before=VALUES,
    after=VALUES,
    edits=st.lists(
        st.builds(Edit, op=st.sampled_from(Op), path=PATHS, field=MAYBE, before=VALUES, after=VALUES, span=SPANS),
        max_size=2,
    ).map(tuple),
    hazards=st.lists(st.builds(Hazard, code=TEXT, message=TEXT, fix=TEXT, permit=MAYBE), max_size=2).map(tuple),
    harmless=st.booleans(),
    origin=st.none() | st.sampled_from(Origin),
)
CAPTURES = st.builds(Capture, st.builds(Deferred, ADDRESSES, TEXT), st.lists(TEXT, max_size=2).map(tuple))
CALLS = st.builds(ApiCall, TEXT, VALUES, st.lists(CAPTURES, max_size=2).map(tuple))
OPERATIONS = st.builds(Operation, call=CALLS, change=st.just(0), live_before=TEXT, live_after=TEXT, note=TEXT)
AUDIENCES = st.builds(
    Audience,
    tag=MAYBE,
    platform=MAYBE,
    before=MAYBE,
    after=MAYBE,
    buttons_change=st.booleans(),
    between=st.lists(MAYBE, max_size=2).map(tuple),
)
FAILURES = st.none() | st.builds(
    Failure,
    message=TEXT,
    fix=TEXT,
    errcode=st.none() | st.integers(),
    rid=MAYBE,
    findings=st.lists(FINDINGS, max_size=1).map(tuple),
)
ACCOUNTS = st.builds(
    AccountPlan,
    account=TEXT,
    appid=MAYBE,
    live_digest=MAYBE,
    desired_digest=MAYBE,
    kinds=st.lists(TEXT, max_size=2).map(tuple),
    objects=st.dictionaries(TEXT, TEXT, max_size=2),
    changes=st.lists(CHANGES, min_size=1, max_size=2).map(tuple),
    operations=st.lists(OPERATIONS, max_size=2).map(tuple),
    unmanaged=st.lists(st.builds(Unmanaged, TEXT, TEXT, TEXT), max_size=2).map(tuple),
    audiences=st.lists(AUDIENCES, max_size=2).map(tuple),
    warnings=st.lists(FINDINGS, max_size=2).map(tuple),
    error=FAILURES,
)
PLANS = st.builds(Plan, st.lists(ACCOUNTS, max_size=2).map(tuple), MAYBE, st.none(), st.just(()))


@searched(25)
@given(PLANS)
def test_any_plan_is_read_back_equal(plan: Plan) -> None:
    document = json.loads(json.dumps(to_json(plan, version="0")))
    assert from_json(document) == plan


def test_the_plan_of_an_account_is_read_back_as_the_document_it_was(project: Project, run: Run) -> None:
    project.live(**BEFORE)
    wants(project, ALL)
    document = run("plan", "--format", "json").json
    assert document["accounts"][0]["operations"]
    assert to_json(from_json(document), version=document["wxdeploy"]) == document


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, each in inner for found in places(each, (*path, key)))]


@pytest.mark.parametrize("instead", [None, 7, "x", [], {}, [None], {"": 1}, True])
def test_a_document_with_anything_in_any_place_is_read_or_refused(instead: Any) -> None:
    change = Change(
        address=Address("menu", "default"), action=Action.UPDATE, reason="", before={}, after={"button": []}
    )
    call = ApiCall("POST /x", {}, (Capture(Deferred(Address("tag", "a"), "id"), ("tag",)),))
    operation = Operation(call=call, change=0, live_before="a", live_after="b")
    plan = Plan(
        (
            AccountPlan(
                account="a",
                appid="b",
                live_digest="c",
                desired_digest="d",
                changes=(change,),
                operations=(operation,),
                error=Failure(message="", fix=""),
            ),
        )
    )
    whole = json.dumps(to_json(plan, version="0"))
    for path in places(json.loads(whole))[1:]:
        document = json.loads(whole)
        holder = document
        for step in path[:-1]:
            holder = holder[step]
        holder[path[-1]] = instead
        try:
            from_json(document)
        except (KeyError, TypeError, ValueError):
            continue
