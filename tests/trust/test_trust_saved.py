"""A saved plan is applied exactly or not at all."""

from __future__ import annotations

import json
import stat
from typing import Any

import pytest
from cli.shell import Project, account
from trust.shop import ADD, ALL, APPID, BEFORE, CREATE, TAG, Run, Sealed, account_of, files, plan_of, vip, wants
from workflow.drill import menu

from wxdeploy.model.jsonvalue import digest
from wxdeploy.sandbox.seeding import seed


@pytest.fixture
def saved(project: Project, run: Run) -> Sealed:
    """A plan of four calls in ``plan.json``."""
    project.live(**BEFORE)
    wants(project)
    assert run("plan", "--out", "plan.json").code == 0
    assert project.writes() == []
    return Sealed(project.root / "plan.json")


def test_it_is_written_beside_the_ordinary_output_for_its_owner_alone(project: Project, run: Run) -> None:
    project.live(**BEFORE)
    wants(project)
    plain = run("plan")
    ran = run("plan", "--out", "plan.json")
    assert (ran.code, ran.out) == (0, plain.out)
    assert "wxdeploy apply plan.json" in ran.err
    path = project.root / "plan.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in project.root.iterdir() if each.name.startswith(".plan")] == []
    document = plan_of(project)
    told = document.pop("digest")
    assert told == digest(document)
    assert document["commit"] is None
    shown = run("plan", "--format", "json").json
    assert {key: value for key, value in document.items() if key != "commit"} == shown


def test_exactly_its_calls_are_made_without_a_question(project: Project, run: Run, saved: Sealed) -> None:
    (planned,) = plan_of(project)["accounts"]
    ran = run("apply", "plan.json", "--format", "json")
    assert ran.code == 0, ran.err
    report = account_of(ran)
    assert (report["status"], report["converged"]) == ("applied", True)
    assert [each["call"] for each in report["operations"]] == [each["call"] for each in planned["operations"]]
    assert project.writes() == [f"write {path}" for path in (TAG, TAG, CREATE, ADD)]
    assert run("plan", "--detailed-exitcode").code == 0


def test_files_that_changed_since_do_not_count(project: Project, run: Run, saved: Sealed) -> None:
    wants(project, files(default="absent"))
    assert run("apply", "plan.json").code == 0
    assert project.writes() == [f"write {path}" for path in (TAG, TAG, CREATE, ADD)]
    project.write("menu.yaml", "no: [yaml")
    assert run("apply", "plan.json").code == 0


def test_done_twice_it_does_nothing_and_says_so(project: Project, run: Run, saved: Sealed) -> None:
    assert run("apply", "plan.json").code == 0
    done = project.writes()
    again = run("apply", "plan.json", "--format", "json")
    assert again.code == 0
    assert {each["outcome"] for each in account_of(again)["operations"]} == {"skipped"}
    assert account_of(again)["status"] == "unchanged"
    text = run("apply", "plan.json").out
    assert "nothing to do, it was applied already" in text
    assert project.writes() == done


@pytest.mark.parametrize("done", [1, 2, 3])
def test_what_was_done_of_it_is_not_done_again(project: Project, run: Run, saved: Sealed, done: int) -> None:
    parts = {"tags": ["普通", *["VIP", "北京"][:done]], "menu": BEFORE["menu"]}
    if done == 3:
        parts["menu"] = menu("首页")
    project.live(**parts)
    ran = run("apply", "plan.json", "--format", "json")
    assert ran.code == 0, ran.out
    outcomes = [each["outcome"] for each in account_of(ran)["operations"]]
    assert outcomes == ["skipped"] * done + ["applied"] * (4 - done)
    assert len(project.writes()) == 4 - done
    assert run("plan", "--detailed-exitcode").code == 0


def test_a_stale_one_is_refused_and_says_what_moved_and_by_what(project: Project, run: Run, saved: Sealed) -> None:
    project.live(menu=menu("旧一", "新二"), tags=["普通", "别的"])
    ran = run("apply", "plan.json")
    assert ran.code == 4
    assert "the account changed since the plan was made" in ran.out
    assert "tag.别的" in ran.out
    assert "menu.default" in ran.out
    assert "name: 旧二 → 新二" in ran.out
    assert project.writes() == []
    report = account_of(run("apply", "plan.json", "--format", "json"))
    assert (report["status"], report["operations"]) == ("refused", [])
    moved = {f"{each['kind']}.{each['name']}": each for each in report["moved"]}
    assert moved["tag.别的"]["action"] == "create"
    assert moved["menu.default"]["edits"][0]["field"] == "name"
    assert project.writes() == []


def test_an_object_that_is_gone_is_named(project: Project, run: Run, saved: Sealed) -> None:
    project.live(menu=BEFORE["menu"], tags=[])
    report = account_of(run("apply", "plan.json", "--format", "json"))
    assert [(each["name"], each["action"]) for each in report["moved"]] == [("普通", "delete")]


def test_an_object_that_was_made_anew_is_another(project: Project, run: Run) -> None:
    """The same tag by name, under another id: the call to rename it would rename nothing, or something else."""
    project.live(tags=["一", "二"])
    wants(project, files(tags=[{"name": "三", "was": "二"}]))
    assert run("plan", "--out", "plan.json").code == 0
    project.live(tags=["二", "一"])
    ran = run("apply", "plan.json", "--format", "json")
    assert ran.code == 4
    assert {each["name"] for each in account_of(ran)["moved"]} == {"一", "二"}
    assert project.writes() == []


def test_an_order_that_changed_is_told(project: Project, run: Run) -> None:
    one, two = vip(), {**vip("安卓"), "matchrule": {"client_platform_type": "2"}}
    live = [{"matchrule": {"client_platform_type": "1"}, "button": one["button"]}, two]
    project.live(menu=menu(), conditional_menus=live)
    wants(project, files(default=menu("别的"), personalised=[]))
    assert run("plan", "--out", "plan.json").code == 0
    project.live(menu=menu(), conditional_menus=list(reversed(live)))
    ran = run("apply", "plan.json", "--format", "json", "--allow-delete")
    assert ran.code == 4
    assert account_of(ran)["moved"]
    assert project.writes() == []


def cut(path: Sealed, size: int) -> None:
    path.path.write_bytes(path.path.read_bytes()[:size])


def calls_for_a_token(document: dict[str, Any]) -> None:
    document["accounts"][0]["operations"][0]["call"] = "GET /cgi-bin/token"


SPOILED: dict[str, tuple[Any, str]] = {
    "empty": (lambda saved: cut(saved, 0), "is empty"),
    "cut off": (lambda saved: cut(saved, 700), "was cut off"),
    "no object": (lambda saved: saved.path.write_text("[]"), "is no plan"),
    "too deep": (lambda saved: saved.path.write_text("[" * 200_000), "was cut off"),
    "no number": (lambda saved: saved.path.write_text('{"format": NaN}'), "was cut off"),
    "edited": (
        lambda saved: saved.change(lambda it: it["accounts"][0]["operations"].pop(), seal=False),
        "was edited",
    ),
    "another format": (lambda saved: saved.change(lambda it: it.update(format="wxdeploy.plan/2")), "'wxdeploy.plan/2'"),
    "only printed": (lambda saved: saved.change(lambda it: it.pop("digest"), seal=False), "a plan to look at"),
    "no account": (lambda saved: saved.change(lambda it: it.update(accounts=[])), "tells of no account"),
    "amiss": (lambda saved: saved.change(lambda it: it["accounts"][0].update(changes=7)), "missing or amiss"),
    "other appid": (
        lambda saved: saved.change(lambda it: it["accounts"][0].update(appid="wx0000000000000009")),
        "is for the account wx0000000000000009",
    ),
    "not in the project": (
        lambda saved: saved.change(lambda it: it["accounts"][0].update(account="other")),
        "does not have: other",
    ),
    "unknown kind": (
        lambda saved: saved.change(lambda it: it["accounts"][0]["fingerprint"]["kinds"].append("card")),
        "does not know: card",
    ),
    "a call for a token": (lambda saved: saved.change(calls_for_a_token), "does not know: GET /cgi-bin/token"),
}


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("how", SPOILED)
def test_one_that_can_t_be_trusted_is_refused(project: Project, run: Run, saved: Sealed, how: str, form: str) -> None:
    spoil, says = SPOILED[how]
    spoil(saved)
    ran = run("apply", "plan.json", "--format", form)
    assert ran.code == 4
    told = json.dumps(ran.json, ensure_ascii=False) if form == "json" else ran.out + ran.err
    assert says in told
    assert project.writes() == []


def test_one_that_is_not_there_is_wrong_usage(project: Project, run: Run) -> None:
    wants(project)
    ran = run("apply", "nothing.json")
    assert (ran.code, project.calls()) == (64, [])


def test_a_hazard_needs_its_permit_then_as_well(project: Project, run: Run) -> None:
    project.live(menu=menu())
    wants(project, files(default="absent"))
    assert run("plan", "--out", "plan.json").code == 0
    assert run("apply", "plan.json").code == 4
    assert project.writes() == []
    assert run("apply", "plan.json", "--allow-delete").code == 0
    assert project.writes() == ["write /cgi-bin/menu/delete"]
    assert run("apply", "plan.json").code == 0  # there is nothing left to permit


def test_what_is_protected_since_is_protected(project: Project, run: Run) -> None:
    project.live(menu=menu())
    wants(project, files(default="absent"))
    assert run("plan", "--out", "plan.json").code == 0
    project.accounts(account(protect="[menu]"))
    ran = run("apply", "plan.json", "--allow-delete")
    assert ran.code == 4
    assert "menu.default is protected" in ran.out
    assert project.writes() == []


def test_one_of_a_target_covers_that_kind_alone(project: Project, run: Run) -> None:
    project.live(**BEFORE)
    wants(project)
    assert run("plan", "--target", "tag", "--out", "plan.json").code == 0
    assert plan_of(project)["accounts"][0]["fingerprint"]["kinds"] == ["tag"]
    project.live(menu=menu("别人改的"), tags=["普通"])
    assert run("apply", "plan.json", "--target", "menu").code == 64
    assert run("apply", "plan.json").code == 0
    assert project.writes() == [f"write {TAG}"] * 2


def test_it_may_be_narrowed_to_an_account(project: Project, run: Run) -> None:
    project.accounts(account(), account("demo", appid="wx0000000000000002"))
    wants(project, files(default=menu()))
    assert run("plan", "--out", "plan.json").code == 0
    assert run("apply", "plan.json", "--account", "nobody").code == 64
    assert project.writes() == []
    assert run("apply", "plan.json", "--account", "dem*").code == 0
    assert [each.appid for each in project.store.calls() if each.mode == "write"] == ["wx0000000000000002"]
    report = run("apply", "plan.json", "--format", "json").json
    assert [each["status"] for each in report["accounts"]] == ["applied", "unchanged"]


def test_one_stale_account_stops_no_other(project: Project, run: Run) -> None:
    project.accounts(account(), account("demo", appid="wx0000000000000002"))
    wants(project, files(default=menu()))
    assert run("plan", "--out", "plan.json").code == 0
    project.live(menu=menu("别人改的"))
    ran = run("apply", "plan.json", "--format", "json")
    assert ran.code == 4
    assert [each["status"] for each in ran.json["accounts"]] == ["refused", "applied"]


def test_one_without_changes_does_nothing_and_is_stale_all_the_same(project: Project, run: Run) -> None:
    project.live(menu=menu())
    wants(project, files(default=menu()))
    assert run("plan", "--out", "plan.json").code == 0
    assert run("apply", "plan.json").code == 0
    project.live(menu=menu("别人改的"))
    assert run("apply", "plan.json").code == 4
    assert project.writes() == []


def test_a_file_that_is_no_plan_is_not_replaced(project: Project, run: Run) -> None:
    wants(project)
    before = (project.root / "menu.yaml").read_text("utf-8")
    assert run("plan", "--out", "menu.yaml").code == 4
    assert (project.root / "menu.yaml").read_text("utf-8") == before
    assert run("plan", "--out", "no/such/folder.json").code == 1


def test_no_secret_is_in_it(project: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WX_TEST_SECRET", "5ecret-that-nobody-may-see")
    project.accounts(account(secret='"${env:WX_TEST_SECRET}"'))
    project.live(**BEFORE)
    wants(project)
    assert run("plan", "--out", "plan.json").code == 0
    assert run("snapshot", "--out", "snapshot.json").code == 0
    for name in ("plan.json", "snapshot.json"):
        text = (project.root / name).read_text("utf-8")
        assert "5ecret" not in text
        assert "access_token" not in text
    assert run("apply", "plan.json").code == 0
    for path in (project.root / ".wxdeploy").rglob("*.json*"):
        assert "5ecret" not in path.read_text("utf-8")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_somebody_who_changes_the_account_in_between_the_calls_is_noticed(project: Project, run: Run) -> None:
    """Verification: read again, the account has to have the fingerprint that the plan ends with."""
    project.live(**BEFORE)
    wants(project, files(default=menu("首页")))
    assert run("plan", "--out", "plan.json").code == 0
    (operation,) = plan_of(project)["accounts"][0]["operations"]
    Sealed(project.root / "plan.json").change(
        lambda it: it["accounts"][0]["operations"][0].update(live_after="sha256:" + "0" * 64)
    )
    ran = run("apply", "plan.json", "--format", "json")
    assert ran.code == 5
    assert account_of(ran)["converged"] is False
    assert operation["live_after"] != "sha256:" + "0" * 64


def test_another_account_s_state_is_left_alone(project: Project, run: Run, saved: Sealed) -> None:
    other = "wx0000000000000002"
    seed(project.store, {other: {"menu": menu("别家")}})
    assert run("apply", "plan.json").code == 0
    assert {each.appid for each in project.store.calls()} == {APPID}
    assert ALL
