"""``wxdeploy explain``: a return code or a rule."""

from __future__ import annotations

import re
from difflib import get_close_matches

import click

from wxdeploy.cli.options import Common, common_options
from wxdeploy.cli.output import say
from wxdeploy.model.errors import UsageError
from wxdeploy.render.explain import errcode_text, rule_text

_CODE = re.compile(r"-?[0-9]{1,9}")


class _Explain(click.Command):
    """Takes ``-1`` for the code that it is, and no other word with a minus before it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        codes = [each for each in args if each.startswith("-") and _CODE.fullmatch(each)]
        if codes and "--" not in args:
            args = [*(each for each in args if each not in codes), "--", *codes]
        return super().parse_args(ctx, args)


@click.command(
    cls=_Explain,
    epilog="""\b
Examples:
  wxdeploy explain 40018
  wxdeploy explain WX201""",
)
@click.argument("code")
@common_options
@click.pass_obj
def command(common: Common, code: str) -> None:
    """Explain a return code of the API or a rule of wxdeploy: meaning, usual causes, what to do."""
    from wxdeploy.wechat.errtable import lookup, table
    from wxdeploy.workflow.load import rulebook

    rules = rulebook()
    if _CODE.fullmatch(code):
        found = lookup(int(code))
        if found is None:
            close = get_close_matches(code, [str(number) for number in table()], n=3)
            raise UsageError(
                f"return code {code} is not among the {len(table())} known ones",
                fix=f"near it: {', '.join(close)}" if close else "the official documentation lists them: 全局返回码",
            )
        say(errcode_text(found, [rule for rule in rules if code in rule.doc]), common)
        return
    rule = rules.find(code)
    if rule is None:
        near = rules.near(code)
        raise UsageError(
            f"there is no rule {code}",
            fix=f"did you mean {near.code} {near.name}?" if near else "rules are written WX201, return codes 40018",
        )
    say(rule_text(rule), common)
