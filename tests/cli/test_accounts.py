"""Several accounts in one command: each for itself, in the order of the file, and the worst decides the code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from cli.shell import SECRET, Host, Project, Ran, account
from workflow.drill import menu

Run = Callable[..., Ran]

ENTRIES = {
    "done": account("done", appid="wx000000000000000a"),
    "changed": account("changed", appid="wx000000000000000b", files="[other.yaml]"),
    "refused": account("refused", appid="wx000000000000000c", files="[other.yaml]"),
    "invalid": account("invalid", appid="wx000000000000000d", files="[bad.yaml]"),
    "unset": account("unset", appid="wx000000000000000e", secret="${env:NOT_SET}"),
    "failed": account("failed", appid="wx000000000000000f", api="{nobody}", secret="${env:SHOP_SECRET}"),
}
CODES = {"done": 0, "changed": 0, "refused": 4, "invalid": 3, "unset": 3, "failed": 1}


@pytest.fixture
def several(project: Project, nobody: str, hurry: None, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Puts these accounts into the project."""
    monkeypatch.setenv("SHOP_SECRET", SECRET)
    project.want(menu("一"))
    project.want(menu("二"), "other.yaml")
    project.want("menu: {button: [{type: clik, name: 一, key: K}]}\n", "bad.yaml")
    project.live("wx000000000000000a", menu=menu("一"))
    project.live("wx000000000000000b", menu=menu("一"))
    project.live("wx000000000000000c", console_menu=menu("手工"))

    def put(*names: str) -> None:
        project.accounts(*(ENTRIES[name].replace("{nobody}", nobody) for name in names))

    return put


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (("done", "changed"), 0),
        (("done", "refused", "changed"), 4),
        (("refused", "invalid", "done"), 3),
        (("unset", "refused", "changed"), 3),
        (("refused", "failed", "invalid", "changed"), 1),
        (("failed", "done", "changed", "refused", "unset", "invalid"), 1),
    ],
)
def test_an_account_that_fails_stops_no_other_and_the_worst_is_the_code(
    project: Project, run: Run, several: Callable[..., None], names: tuple[str, ...], code: int
) -> None:
    several(*names)
    ran = run("apply", "--yes", "--format", "json")
    assert ran.code == code
    document = ran.json
    assert [each["account"] for each in document["accounts"]] == list(names)
    status = {"done": "unchanged", "changed": "applied", "refused": "refused"}
    assert [each["status"] for each in document["accounts"]] == [status.get(name, "failed") for name in names]
    assert project.writes() == ["write /cgi-bin/menu/create"] * names.count("changed")


def test_an_account_done_in_part_is_worse_than_any_other(
    project: Project, run: Run, several: Callable[..., None], host: Host
) -> None:
    from workflow.drill import CREATE, MENU_GET, Fault

    several("done", "failed", "refused", "invalid")
    with (project.root / "wxdeploy.yaml").open("a", encoding="utf-8") as file:
        file.write(account("part", api=host.url, secret="${env:SHOP_SECRET}"))
    host.line.meddle = lambda path: path == CREATE and host.line.faults.append(Fault(MENU_GET, b"", times=99))
    ran = run("apply", "--yes", "--format", "json")
    assert ran.code == 5
    assert ran.json["summary"] | {"operations": 0} == {
        "accounts": 5, "unchanged": 1, "applied": 0, "refused": 1, "failed": 2, "partial": 1, "not-tried": 0, "operations": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("names", "plain", "detailed"),
    [
        (("done",), 0, 0),
        (("done", "changed"), 0, 2),
        (("changed", "refused"), 0, 2),
        (("changed", "invalid"), 3, 3),
        (("invalid", "failed", "changed"), 1, 1),
    ],
)
def test_a_plan_of_several_accounts_ends_with_the_worst(
    run: Run, several: Callable[..., None], names: tuple[str, ...], plain: int, detailed: int
) -> None:
    several(*names)
    ran = run("plan", "--format", "json")
    assert ran.code == plain
    assert run("plan", "--detailed-exitcode").code == detailed
    assert [each["account"] for each in ran.json["accounts"]] == list(names)


def test_the_order_is_that_of_the_file_whichever_answers_first(
    run: Run, several: Callable[..., None], project: Project
) -> None:
    names = [f"a{number}" for number in (5, 3, 9, 1, 7, 2)]
    project.accounts(*(account(name, appid=f"wx00000000000000{index:02x}") for index, name in enumerate(names)))
    for options in ((), ("--concurrency", "1"), ("--concurrency", "256")):
        document = run("plan", "--format", "json", *options).json
        assert [each["account"] for each in document["accounts"]] == names
    text = run("plan").out
    assert [line.split()[0] for line in text.splitlines() if line.startswith("a")] == names


@pytest.mark.parametrize(
    ("patterns", "chosen"),
    [
        (["*"], ["shop-1", "shop-2", "demo"]),
        (["shop-*"], ["shop-1", "shop-2"]),
        (["demo", "shop-1"], ["shop-1", "demo"]),
        (["shop-[2-9]", "d?mo"], ["shop-2", "demo"]),
        (["demo", "demo"], ["demo"]),
    ],
)
@pytest.mark.parametrize("before", [True, False])
def test_accounts_are_chosen_by_name_and_glob(
    project: Project, run: Run, patterns: list[str], chosen: list[str], before: bool
) -> None:
    names = ["shop-1", "shop-2", "demo"]
    project.accounts(*(account(name, appid=f"wx000000000000000{index}") for index, name in enumerate(names)))
    project.want(menu("一"))
    options = [part for pattern in patterns for part in ("--account", pattern)]
    arguments = [*options, "plan"] if before else ["plan", *options]
    document = run(*arguments, "--format", "json").json
    assert [each["account"] for each in document["accounts"]] == chosen
    assert run("apply", "--yes", *options).code == 0
    assert len(project.writes()) == len(chosen)


def test_one_address_in_the_environment_stands_for_that_of_every_account(
    project: Project, run: Run, host: Host, trap: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, _ = trap()
    monkeypatch.setenv("SHOP_SECRET", SECRET)
    monkeypatch.setenv("WXDEPLOY_API", host.url)
    project.want(menu("一"))
    project.accounts(
        account("one", api=url, secret="${env:SHOP_SECRET}"),
        account("two", appid="wx0000000000000002", api="", secret="${env:SHOP_SECRET}"),
    )
    ran = run("apply", "--yes", "--format", "json")
    assert ran.code == 0
    assert len(host.writes()) == 2
    assert trap()[1] == []
    assert not (project.root / ".wxdeploy" / "sandbox.sqlite3").exists()
    monkeypatch.setenv("WXDEPLOY_API", "sandbox")
    assert run("plan", "--detailed-exitcode").code == 2
    assert len(project.calls()) > 0


def test_a_secret_that_is_not_set_is_needed_by_what_calls_the_account_alone(
    project: Project, run: Run, trap: Any
) -> None:
    url, _ = trap()
    project.accounts(account(api=url, secret="${env:SHOP_SECRET}"), account("other", appid="wx0000000000000002"))
    project.want(menu("一"))
    assert run("validate").code == 0
    for command in (("plan",), ("apply", "--yes"), ("pull",)):
        ran = run(*command)
        assert ran.code == 3, command
        assert "wxdeploy.yaml:7:13" in ran.out + ran.err
        assert "SHOP_SECRET" in ran.out + ran.err
    assert trap()[1] == []
    assert project.writes() == ["write /cgi-bin/menu/create"]


def test_one_target_leaves_everything_else_alone(project: Project, run: Run) -> None:
    project.want(menu("一"))
    assert run("plan", "--target", "menu", "--format", "json").json["summary"]["create"] == 1
    assert run("plan", "--target", "menu.default", "--format", "json").json["summary"]["create"] == 1


def test_a_pull_of_several_accounts_writes_those_that_could_be_read(
    project: Project, run: Run, several: Callable[..., None]
) -> None:
    several("failed", "refused", "unset", "done")
    ran = run("pull")
    assert ran.code == 1
    assert sorted(path.parent.name for path in project.root.glob("*/menu.yaml")) == ["done", "refused"]
    assert "failed" in ran.err
    assert "NOT_SET" in ran.err
