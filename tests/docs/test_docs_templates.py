"""The page about template messages shows commands that there are and names that an export has."""

from __future__ import annotations

import re
from pathlib import Path

import click

from wxdeploy.cli.group import COMMANDS, Commands, wxdeploy

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "templates.md").read_text("utf-8")


def test_every_command_shown_is_one_with_these_options() -> None:
    assert isinstance(wxdeploy, Commands)
    shown = re.findall(r"^wxdeploy (\w+)(.*)$", PAGE, re.MULTILINE)
    assert {name for name, _ in shown} == {"export", "send"} <= set(COMMANDS)
    for name, rest in shown:
        command = wxdeploy.get_command(click.Context(wxdeploy), name)
        assert command is not None
        known = {option for param in command.params for option in param.opts}
        assert set(re.findall(r"--[a-z]+", rest)) <= known


def test_the_call_that_is_shown_has_the_fields_of_the_example_s_export() -> None:
    module = (ROOT / "examples" / "templates" / "app" / "wx_templates.py").read_text("utf-8")
    (data,) = re.findall(
        r'^OrderPaidData = TypedDict\("OrderPaidData", \{\n(.*?)^\}\)', module, re.DOTALL | re.MULTILINE
    )
    (call,) = re.findall(r"ORDER_PAID\.message\((.*?)\n\)", PAGE, re.DOTALL)
    assert set(re.findall(r'"([a-z._]+)":', call)) == set(re.findall(r'^ +"([^"]+)":', data, re.MULTILINE))
