"""What an export holds of every account, and what it says where that can't be had."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from export.shops import LIST, Chain, appid, example, held_to_schema, live, mapping
from workflow.drill import Fault

PAID = {"templates": {"paid": mapping("支付通知", amount1="金额", thing2="商品")}}


def test_every_account_has_its_own_id_and_placeholders(tmp_path: Path) -> None:
    chain = Chain(tmp_path, [PAID, PAID])
    chain.hold(0, templates=[live("支付通知", "A" * 43, amount1="金额", thing2="商品")])
    chain.hold(1, templates=[live("支付通知", "B" * 43, thing7="商品", amount9="金额"), live("另一个", thing1="x")])
    accounts = chain.document()["accounts"]
    assert list(accounts) == ["a00", "a01"]
    found = {name: account["templates"]["paid"] for name, account in accounts.items()}
    assert {name: each["template_id"] for name, each in found.items()} == {"a00": "A" * 43, "a01": "B" * 43}
    assert [(each["from"], each["placeholder"]) for each in found["a01"]["fields"]] == [
        ("d.amount1", "amount9"),
        ("d.thing2", "thing7"),
    ]
    assert found["a00"]["data"] == found["a01"]["data"] == ["d.amount1", "d.thing2"]


def test_a_thousand_mappings_over_fifty_accounts_are_one_pass(tmp_path: Path) -> None:
    """Bounded by calls, not by a clock: a token and a list for each account, and nothing else."""
    titles = [f"通知{number:02}" for number in range(20)]
    section = {"templates": {f"t{number:02}": mapping(title, thing1="甲") for number, title in enumerate(titles)}}
    chain = Chain(tmp_path, [section] * 50)
    for number in range(50):
        chain.hold(number, templates=[live(title, thing3="甲") for title in titles])
    accounts = chain.document()["accounts"]
    assert sum(len(each["templates"]) for each in accounts.values()) == 1000
    assert not any(each["missing"] or each["error"] for each in accounts.values())
    calls = Counter((call.appid, call.mode) for call in chain.store.calls())
    assert calls == {(appid(number), mode): 1 for number in range(50) for mode in ("token", "read")}
    assert {call.path for call in chain.store.calls() if call.mode == "read"} == {LIST}


def test_an_account_without_mappings_is_not_called(tmp_path: Path) -> None:
    menu = {
        "button": [{"type": "click", "name": "歌", "key": "SONG"}, {"type": "view", "name": "x", "url": "http://x.cn"}]
    }
    other = [{"name": "vip", "matchrule": {"tag": "VIP"}, "button": [{"type": "click", "name": "卡", "key": "CARD"}]}]
    section = {"tags": [{"name": "VIP"}], "menu": menu, "conditional_menus": other}
    chain = Chain(tmp_path, [section, {"templates": {}}])
    accounts = chain.document()["accounts"]
    assert accounts["a00"]["menu_keys"] == {
        "CARD": [{"menu": "vip", "name": "卡"}],
        "SONG": [{"menu": None, "name": "歌"}],
    }
    assert accounts["a00"]["appid"] == appid(0)
    assert accounts["a01"]["templates"] == {}
    assert chain.store.calls() == []


def test_whatever_is_not_found_is_named_with_what_to_do(tmp_path: Path) -> None:
    pinned = {**mapping("固定", thing1="甲"), "template_id": "P" * 43}
    section = {
        "templates": {
            "here": mapping("在", thing1="甲"),
            "absent": mapping("不在", thing1="甲"),
            "creatable": {
                **mapping("订单支付成功通知", amount3="支付金额", thing2="商品名称"),
                "template_id_short": "43216",
                "keyword_name_list": ["支付金额", "商品名称"],
            },
            "twice": mapping("两次", thing1="甲"),
            "other": mapping("不同", thing1="甲"),
            "gone": pinned,
        }
    }
    chain = Chain(tmp_path, [section])
    templates = [live("在", thing1="甲"), live("两次", thing1="甲"), live("两次", "T" * 43, thing1="甲")]
    chain.hold(0, templates=[*templates, live("不同", thing1="乙")])
    account = chain.document()["accounts"]["a00"]
    assert list(account["templates"]) == ["here"]
    assert {name: each["state"] for name, each in account["missing"].items()} == {
        "absent": "missing",
        "creatable": "missing",
        "gone": "gone",
        "other": "other-fields",
        "twice": "ambiguous",
    }
    assert all(each["message"] and each["fix"] for each in account["missing"].values())
    assert "wxdeploy apply" in account["missing"]["creatable"]["fix"]
    assert "T" * 43 in account["missing"]["twice"]["message"]


def test_one_failing_account_stops_no_other(tmp_path: Path) -> None:
    chain = Chain(tmp_path, [PAID, PAID])
    chain.hold(1, templates=[live("支付通知", amount1="金额", thing2="商品")])
    chain.line.faults.append(Fault(LIST, {"errcode": 48001, "errmsg": "api unauthorized"}))
    accounts = chain.document()["accounts"]
    failed = [name for name, each in accounts.items() if each["error"]]
    assert len(failed) == 1
    assert accounts[failed[0]]["error"]["errcode"] == 48001
    assert sum(len(each["templates"]) for each in accounts.values()) <= 1


def test_nothing_is_written(tmp_path: Path) -> None:
    chain = Chain(tmp_path, [PAID])
    chain.document()
    assert {call.mode for call in chain.store.calls()} <= {"token", "read"}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return example(tmp_path / "shop")


def test_json_is_printed_whatever_the_code_and_a_file_is_not_written(shop: Path, program) -> None:
    text = (shop / "templates.yaml").read_text("utf-8")
    (shop / "templates.yaml").write_text(text.replace("title: 订单发货通知", "title: 发货"), "utf-8")
    ran = program("-C", shop, "export")
    assert ran.exit == 1
    document = held_to_schema(json.loads(ran.out))
    assert {name: list(each["missing"]) for name, each in document["accounts"].items()} == {
        "east": ["order_shipped"],
        "west": ["order_shipped"],
    }
    assert ran.err.count("✗ order_shipped is missing") == 2
    for form in ("dotenv", "python", "typescript"):
        ran = program("-C", shop, "export", "--format", form)
        assert (ran.exit, ran.out) == (1, "")
        assert "order_shipped" in ran.err
    ran = program("-C", shop, "export", "--out", "new.json")
    assert (ran.exit, ran.out) == (1, "")
    assert not (shop / "new.json").exists()
    assert program("-C", shop, "export", "--target", "template.order_paid", "--out", "new.json").exit == 0


def test_a_wrong_configuration_is_3_with_its_place(shop: Path, program) -> None:
    (shop / "menu.yaml").write_text("menu: {button: []}\n", "utf-8")
    ran = program("-C", shop, "export")
    assert ran.exit == 3
    assert "menu.yaml:1" in ran.err
    assert all(each["error"]["findings"] for each in held_to_schema(json.loads(ran.out))["accounts"].values())


def test_a_committed_file_that_is_out_of_date_fails_and_says_how_to_renew_it(shop: Path, program) -> None:
    committed = shop / "app" / "wx_templates.py"
    fresh = committed.read_text("utf-8")
    assert program("-C", shop, "export", "--check", "app/wx_templates.py").exit == 0
    committed.write_bytes(fresh.replace("\n", "\r\n").encode())
    assert program("-C", shop, "export", "--check", "app/wx_templates.py").exit == 0
    committed.write_text(fresh.replace("amount8", "amount3"), "utf-8")
    ran = program("-C", shop, "export", "--account", "*st", "--check", "app/wx_templates.py")
    assert (ran.exit, ran.out) == (1, "")
    assert '+            Field("支付金额", "amount8", "order.amount"),' in ran.err
    renewal = f"wxdeploy -C {shop} export --account '*st' --format python --out app/wx_templates.py"
    assert f"renew it: {renewal}\n" in ran.err
    assert program("-C", shop, "export", "--account", "*st", "--out", "app/wx_templates.py").exit == 0
    assert committed.read_text("utf-8") == fresh
    ran = program("-C", shop, "export", "--check", "app/absent.ts")
    assert ran.exit == 1
    assert "--format typescript --out app/absent.ts" in ran.err


def test_checking_and_writing_exclude_each_other(shop: Path, program) -> None:
    assert program("-C", shop, "export", "--check", "a.py", "--out", "b.py").exit == 64


def test_accounts_can_be_chosen(shop: Path, program) -> None:
    ran = program("-C", shop, "export", "--account", "west")
    assert list(json.loads(ran.out)["accounts"]) == ["west"]
    assert (
        'Template[Literal["west"], OrderPaidData]'
        in program("-C", shop, "export", "--account", "west", "--format", "python").out
    )
