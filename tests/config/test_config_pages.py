"""Every Bad of a page trips its rule, every Good trips none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from wxdeploy.config.project import load_project
from wxdeploy.config.resolve import resolve
from wxdeploy.config.rules import RULES
from wxdeploy.kinds.base import Rule
from wxdeploy.lint.pages import parts

Write = Callable[[Mapping[str, str]], Path]

# What no few lines of YAML can show is shown in words, and has its test with the loader's.
IN_WORDS = {"WX001", "WX002", "WX003", "WX004", "WX005", "WX008", "WX020", "WX035", "WX036", "WX040"}
# Found once all other rules have run.
LATER = {"WX051", "WX062"}

PROJECT = "version: 1\naccounts:\n  prod: {appid: wx8f3c1a2b4d5e6f70, files: [menu.yaml]}\n"


LISTED = "version: 1\naccounts_file: accounts.csv\n"


def project_for(file: str) -> str:
    return LISTED if file == "accounts.csv" else PROJECT


def examples(rule: Rule, heading: str) -> Iterator[tuple[str, str]]:
    for title, text in re.findall(
        r"^```(?:yaml|csv)(?: title=(\S+))?\n(.*?)^```$", parts(rule)[heading], re.MULTILINE | re.DOTALL
    ):
        yield title or "menu.yaml", text


def codes(root: Path) -> set[str]:
    project = load_project(root)
    found = set(project.diagnostics)
    for account in project.accounts.values():
        found |= {*project.findings(account.name), *resolve(project, account, {}).diagnostics}
        account_vars = (
            f"menu: {{button: [{{type: view, name: a, url: '{''.join(f'${{{name}}}' for name in account.vars)}'}}]}}"
        )
        if account.vars and not account.documents:
            (root / "vars.yaml").write_text(account_vars)
            (root / "wxdeploy.yaml").write_text((root / "wxdeploy.yaml").read_text().replace("[]", "[vars.yaml]"))
            again = load_project(root)
            found |= {*resolve(again, again.accounts[account.name], {}).diagnostics}
    return {each.code for each in found}


def by_code(rule: Rule) -> str:
    return rule.code


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.code not in IN_WORDS | LATER], ids=by_code)
def test_every_bad_trips_its_rule(rule: Rule, write: Write) -> None:
    shown = list(examples(rule, "Bad"))
    assert shown
    for file, text in shown:
        assert rule.code in codes(
            write(
                {"wxdeploy.yaml": project_for(file), file: text, **({"menu.yaml": ""} if file != "menu.yaml" else {})}
            )
        )


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.code not in LATER], ids=by_code)
def test_every_good_trips_none(rule: Rule, write: Write) -> None:
    for file, text in examples(rule, "Good"):
        assert codes(write({"wxdeploy.yaml": project_for(file), "menu.yaml": "", file: text})) == set()


def test_codes_and_names_are_unique() -> None:
    assert len({rule.code for rule in RULES}) == len({rule.name for rule in RULES}) == len(RULES)
