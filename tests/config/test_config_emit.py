"""Data as a person would write it."""

from __future__ import annotations

import pytest

from wxdeploy.config.emit import dump
from wxdeploy.model.jsonvalue import JsonValue

ACCOUNT: JsonValue = {
    "tags": [{"name": "VIP"}, {"name": "北京门店", "was": "北京"}],
    "menu": {
        "button": [
            {"type": "click", "name": "今日歌曲", "key": "V1001_TODAY_MUSIC"},
            {
                "name": "菜单",
                "sub_button": [
                    {"type": "view", "name": "搜索", "url": "https://www.example.com/?q=1"},
                    {"type": "view", "name": "长", "url": "https://www.example.com/" + "x" * 100},
                ],
            },
        ]
    },
    "conditional_menus": [],
    "templates": {"order_paid": {"template_id_short": "47123", "keyword_name_list": ["订单编号", "支付金额"]}},
}

WRITTEN = (
    """\
# yaml-language-server: $schema=../schemas/v1/account.schema.json
tags:
  - name: VIP
  - {name: 北京门店, was: 北京}
menu:
  button:
    - {type: click, name: 今日歌曲, key: V1001_TODAY_MUSIC}
    - name: 菜单
      sub_button:
        - {type: view, name: 搜索, url: "https://www.example.com/?q=1"}
        - type: view
          name: 长
          url: https://www.example.com/"""
    + "x" * 100
    + """
conditional_menus: []
templates:
  order_paid:
    template_id_short: "47123"
    keyword_name_list: [订单编号, 支付金额]
"""
)


def test_an_account_reads_as_the_documentation_does() -> None:
    assert dump(ACCOUNT, schema="../schemas/v1/account.schema.json") == WRITTEN


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("no", '"no"'),
        ("12:30", '"12:30"'),
        ("010", '"010"'),
        ("2024款", "2024款"),
        ("", '""'),
        ("a: b", '"a: b"'),
        ('say "a: b"', "'say \"a: b\"'"),
        ("line\nbreak", '"line\\nbreak"'),
        ("\x1b[31m", '"\\x1B[31m"'),
        ("${site}/a", "$${site}/a"),
        ("\u202eabc", '"\\u202Eabc"'),
        ("https://a.b/?c=d#e", "https://a.b/?c=d#e"),
        ("half \ud800", '"half \ufffd"'),
        (1.5, "1.5"),
        (float("-inf"), "-.inf"),
        (float("nan"), ".nan"),
        (None, "null"),
        ({}, "{}"),
        ((), "[]"),
    ],
)
def test_scalars(value: JsonValue, text: str) -> None:
    assert dump({"a": value}) == f"a: {text}\n"
