"""What the rules about addresses find, and what they tell to type instead."""

from __future__ import annotations

import pytest

from wxdeploy.kinds.base import Account
from wxdeploy.kinds.menu.rules import RULES
from wxdeploy.lint.registry import build
from wxdeploy.model.jsonvalue import JsonValue

REGISTRY = build(RULES)


def codes(menu: JsonValue) -> list[str]:
    account = Account({"menu": menu})
    return [rule.code for rule in REGISTRY if rule.check for _ in rule.check(account)]


def first(**fields: JsonValue) -> JsonValue:
    return {"button": [fields]}


def second(**fields: JsonValue) -> JsonValue:
    return {"button": [{"name": "菜单", "sub_button": [fields]}]}


def said(code: str, menu: JsonValue) -> list[tuple[str, str]]:
    rule = REGISTRY.rules[code]
    assert rule.check
    return [(violation.detail, violation.fix) for violation in rule.check(Account({"menu": menu}))]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.example.com", []),
        ("HTTPS://www.example.com", []),
        ("https://www.example.com/#/home", []),
        ("https://www.example.com/", []),
        ("https://例子.中国/路径", []),
        ("https://user:pass@host.cn:8443/a?b=c#d", []),
        ("https://[2001:db8::1/broken", []),
        (
            "https://open.weixin.qq.com/connect/oauth2/authorize?redirect_uri=https%3A%2F%2Fa.cn%2F&scope=snsapi_base",
            [],
        ),
        ("http://www.example.com", ["WX262"]),
        ("www.baidu.com", ["WX230"]),
        ("hhttps://www.example.com", ["WX230"]),
        ("https:/www.example.com", ["WX230"]),
        ("//www.example.com", ["WX230"]),
        ("/search", ["WX230"]),
        ("javascript:alert(1)", ["WX230"]),
        ("weixin://dl/scan", ["WX230"]),
        ("#", ["WX231"]),
        ("#top", ["WX231"]),
        ("HTTPS%3A%2F%2Fwww.example.com", ["WX232"]),
        ("https://www.example.com/?a=1&amp;b=2", ["WX233"]),
        (" https://www.example.com", ["WX234"]),
        ("https://www.example.com\n", ["WX234"]),
        ("https://www.example.com/\u200b", ["WX234"]),
        ("https://www.example.com/\x07", ["WX234"]),
        ("https://www.example.com/a\u3000b", ["WX234"]),
        ("https://", ["WX235"]),
        ("https:///search", ["WX235"]),
        ("https://:443/", ["WX235"]),
        ("https://?q=1", ["WX235"]),
        ("https://me@/", ["WX235"]),
        (r"https://www.example.com/?a=1\u0026b=2", ["WX250"]),
    ],
)
def test_urls(url: str, expected: list[str]) -> None:
    assert codes(first(type="view", name="搜索", url=url)) == expected
    program = {"type": "miniprogram", "name": "程序", "appid": "wx286b93c14bbf93aa", "pagepath": "pages/a"}
    assert codes(second(**program, url=url)) == expected


@pytest.mark.parametrize(
    ("code", "url", "fix"),
    [
        ("WX230", "www.baidu.com", "write `url: https://www.baidu.com`"),
        ("WX230", "hhttps://www.example.com/a", "write `url: https://www.example.com/a`"),
        ("WX230", "https:/www.example.com", "write `url: https://www.example.com`"),
        ("WX230", "//www.example.com", "write the full address of the page, with https:// in front"),
        ("WX232", "https%3A%2F%2Fa.cn%2F%3Fb%3Dc", "write `url: https://a.cn/?b=c`"),
        ("WX233", "https://a.cn/?b=1&amp;c=2&amp;d=3", "write `url: https://a.cn/?b=1&c=2&d=3`"),
        ("WX234", " https://a.cn/?q=a b\n", "write `url: https://a.cn/?q=a%20b`"),
    ],
)
def test_the_fix_is_what_to_type(code: str, url: str, fix: str) -> None:
    ((_, given),) = said(code, first(type="view", name="搜索", url=url))
    assert given == fix


def test_urls_are_answered_by_level() -> None:
    for level, answer in ((first, "40055"), (second, "40054")):
        ((detail, _),) = said("WX230", level(type="view", name="搜索", url="www.example.com"))
        assert detail.endswith(f"the account would answer {answer}")
