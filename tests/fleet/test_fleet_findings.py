"""What is wrong in many accounts alike is one finding, which names them, in every format and in a plan."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from cli.shell import Project, Ran

Run = Callable[..., Ran]

WITHOUT = ("shop-02", "shop-04", "shop-06", "shop-08", "shop-10")
TOLD = "A variable is not set: the account has no variable `city` [shop-02, shop-04, shop-06 and 2 more]"


@pytest.fixture
def fleet(project: Project) -> Project:
    """Twelve accounts of one menu, of which five lack the variable in it."""
    names = [f"shop-{number:02}" for number in range(1, 13)]
    rows = [f"{name},wx{index:016x},{'' if name in WITHOUT else name}\n" for index, name in enumerate(names, 1)]
    project.write(
        "wxdeploy.yaml", "version: 1\ndefaults: {api: sandbox, files: [menu.yaml]}\naccounts_file: accounts.csv\n"
    )
    project.write("accounts.csv", "name,appid,vars.city\n" + "".join(rows))
    project.write("menu.yaml", 'menu: {button: [{type: view, name: 官网, url: "https://www.example.com/${city}"}]}\n')
    return project


def test_a_variable_that_some_accounts_lack_is_one_finding(fleet: Project, run: Run) -> None:
    ran = run("validate", "--format", "json")
    (found,) = ran.json["findings"]
    assert (ran.code, found["code"], found["account"]) == (3, "WX030", None)
    assert found["accounts"] == list(WITHOUT)
    assert TOLD in run("validate").out
    assert TOLD in run("validate", "--format", "github").out
    assert TOLD in json.loads(run("validate", "--format", "gitlab").out)[0]["description"]
    assert TOLD in json.loads(run("validate", "--format", "sarif").out)["runs"][0]["results"][0]["message"]["text"]


def test_the_step_s_summary_names_them_too(fleet: Project, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = fleet.root.parent / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    run("validate", "--format", "github")
    assert "(<code>shop-02, shop-04, shop-06 and 2 more</code>)" in summary.read_text("utf-8")


def test_one_that_all_lack_is_the_file_s_own(fleet: Project, run: Run) -> None:
    chosen = [word for name in WITHOUT for word in ("--account", name)]
    (found,) = run("validate", "--format", "json", *chosen).json["findings"]
    assert found["account"] is None
    assert "accounts" not in found


def test_one_that_a_single_account_lacks_names_it(fleet: Project, run: Run) -> None:
    (found,) = run("validate", "--format", "json", "--account", "shop-02", "--account", "shop-03").json["findings"]
    assert (found["account"], "accounts" in found) == ("shop-02", False)


def test_what_each_account_has_wrong_in_its_own_row_is_told_together(fleet: Project, run: Run) -> None:
    names = [f"shop-{number:02}" for number in range(1, 13)]
    rows = [f"{name},wx{index:016x},${{env:SECRET_OF_{index}}}\n" for index, name in enumerate(names, 1)]
    fleet.write("accounts.csv", "name,appid,secret\n" + "".join(rows))
    fleet.write("menu.yaml", "menu: {button: [{type: click, name: 官网, key: K}]}\n")
    comment = run("plan", "--format", "markdown").out
    assert comment.count("An environment variable is not set") == 1
    assert "Above: <code>shop-01</code>. The others have the like, each of its own.\n" in comment
    lines = run("plan").out.splitlines()
    assert lines[0].startswith("in 12 accounts (shop-01, ")
    assert lines[1] == "  ✗ the configuration has 1 error"
    assert [line.split(":")[0].strip() for line in lines[2:7]] == names[:5]
    assert "SECRET_OF_5 is not set" in lines[6]
    assert lines[7] == "        and 7 more, each its own: --account NAME and --format json tell them"


def test_a_plan_tells_of_it_once_and_plans_the_others(fleet: Project, run: Run) -> None:
    ran = run("plan")
    assert ran.code == 3
    assert ran.out.startswith(
        "in 5 accounts (shop-02, shop-04, shop-06, shop-08, shop-10):\n  ✗ the configuration has 1 error\n"
    )
    assert ran.out.count("has no variable `city`") == 1
    assert "Plan: 7 to create" in ran.out
