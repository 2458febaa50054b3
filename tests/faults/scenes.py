"""Accounts before and after: what is live, what the files ask for, and what must be there in the end."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

VIP, NORTH, OLD = 101, 102, 103


def click(name: str) -> dict[str, Any]:
    return {"type": "click", "name": name, "key": f"KEY_{name}"}


def buttons(*names: str) -> dict[str, Any]:
    return {"button": [click(name) for name in names]}


def personal(name: str, **rule: str) -> dict[str, Any]:
    return {"matchrule": rule, **buttons(name)}


def mapping(title: str, short_id: str, *labels: str, **placeholders: str) -> dict[str, Any]:
    return {
        "title": title,
        "template_id_short": short_id,
        "keyword_name_list": list(labels),
        "data": {
            placeholder: {"label": label, "from": f"order.{index}", "sample": "88"}
            for index, (placeholder, label) in enumerate(placeholders.items())
        },
    }


def template(title: str, mark: str, **placeholders: str) -> dict[str, Any]:
    return {"title": title, "template_id": mark * 43, "placeholders": placeholders, "example": "88"}


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One account: ``live`` is what it holds, ``wanted`` the sections of the files, ``end`` what it must hold at last.

    ``end`` is written by hand: the names of the default menu's buttons, rule and button of each personalised menu with
    the first to match in front, the names of the tags, the tags of each follower, the titles of the templates; ``kept``
    are the ids that tags and templates must still have.
    """

    live: Mapping[str, Any]
    wanted: Mapping[str, Any]
    end: Mapping[str, Any]
    kept: Mapping[str, Any] = field(default_factory=dict)
    prune: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return json.dumps(self.wanted, ensure_ascii=False)

    @property
    def settings(self) -> str:
        return f"    prune: [{', '.join(self.prune)}]\n"


FOLLOWERS = {"o-vip": {"tags": [VIP]}, "o-both": {"tags": [NORTH, VIP]}, "o-none": {}}
TAGS = [{"name": "VIP", "id": VIP}, {"name": "北京", "id": NORTH}, {"name": "旧", "id": OLD}]
ORDER = mapping("订单支付成功通知", "43216", "订单编号", "支付金额", character_string1="订单编号", amount3="支付金额")
SHIPPED = mapping("订单发货通知", "42984", "订单编号", "商品名称", character_string2="订单编号", thing4="商品名称")
HELD = template("订单发货通知", "h", character_string2="订单编号", thing4="商品名称")
UNDECLARED = template("领取奖金提醒", "u", amount1="领奖金额")

SCENES: Mapping[str, Scene] = {
    "tags made, renamed and deleted": Scene(
        live={
            "menu": buttons("甲"),
            "conditional_menus": [personal("贵", tag="VIP")],
            "tags": TAGS,
            "followers": FOLLOWERS,
            "templates": [UNDECLARED],
        },
        wanted={"tags": [{"name": "VIP"}, {"name": "北京门店", "was": "北京"}, {"name": "新"}, {"name": "再"}]},
        prune=("tags",),
        end={
            "menu": ["甲"],
            "personalised": [("VIP", "", "贵")],
            "tags": ["VIP", "再", "北京门店", "新"],
            "followers": {"o-vip": ["VIP"], "o-both": ["北京门店", "VIP"], "o-none": []},
            "templates": ["领取奖金提醒"],
        },
        kept={"VIP": VIP, "北京门店": NORTH, "领取奖金提醒": "u" * 43},
    ),
    "menus replaced and put in another order": Scene(
        live={
            "menu": buttons("甲", "乙"),
            "conditional_menus": [
                personal("贵", tag="VIP"),
                personal("安", client_platform_type="2"),
                personal("北", tag="北京"),
                personal("去", client_platform_type="3"),
            ],
            "tags": TAGS,
            "followers": FOLLOWERS,
        },
        wanted={
            "menu": buttons("甲", "丙"),
            "conditional_menus": [
                personal("北", tag="北京"),
                personal("贵", tag="VIP"),
                personal("安卓", client_platform_type="2"),
                personal("去", client_platform_type="3"),
            ],
        },
        end={
            "menu": ["甲", "丙"],
            "personalised": [("北京", "", "北"), ("VIP", "", "贵"), ("", "2", "安卓"), ("", "3", "去")],
            "tags": ["VIP", "北京", "旧"],
            "followers": {"o-vip": ["VIP"], "o-both": ["北京", "VIP"], "o-none": []},
            "templates": [],
        },
        kept={"VIP": VIP, "北京": NORTH, "旧": OLD},
    ),
    "all menus removed": Scene(
        live={
            "menu": buttons("甲"),
            "conditional_menus": [personal("贵", tag="VIP")],
            "tags": TAGS,
            "followers": FOLLOWERS,
        },
        wanted={"menu": "absent"},
        end={
            "menu": None,
            "personalised": [],
            "tags": ["VIP", "北京", "旧"],
            "followers": {"o-vip": ["VIP"], "o-both": ["北京", "VIP"], "o-none": []},
            "templates": [],
        },
        kept={"VIP": VIP, "北京": NORTH, "旧": OLD},
    ),
    "templates added and deleted": Scene(
        live={"menu": buttons("甲"), "templates": [HELD, UNDECLARED, template("退款", "r", amount2="退款金额")]},
        wanted={
            "templates": {
                "order_paid": ORDER,
                "order_shipped": SHIPPED,
                "refund": {"title": "退款", "data": {"amount2": {"label": "退款金额", "from": "a", "sample": "1元"}}},
                "refunded": mapping(
                    "退款结果通知", "48058", "订单号", "退款金额", character_string1="订单号", amount2="退款金额"
                ),
            }
        },
        prune=("templates",),
        end={
            "menu": ["甲"],
            "personalised": [],
            "tags": [],
            "followers": {},
            "templates": ["订单发货通知", "订单支付成功通知", "退款", "退款结果通知"],
        },
        kept={"订单发货通知": "h" * 43, "退款": "r" * 43},
    ),
    "everything made from nothing": Scene(
        live={"tags": [{"name": "别人的", "id": VIP}], "followers": {"o": {"tags": [VIP]}}, "templates": [UNDECLARED]},
        wanted={
            "tags": [{"name": "新"}],
            "menu": buttons("甲"),
            "conditional_menus": [personal("新客", tag="新"), personal("果", client_platform_type="1")],
            "templates": {"order_paid": ORDER},
        },
        end={
            "menu": ["甲"],
            "personalised": [("新", "", "新客"), ("", "1", "果")],
            "tags": ["别人的", "新"],
            "followers": {"o": ["别人的"]},
            "templates": ["订单支付成功通知", "领取奖金提醒"],
        },
        kept={"别人的": VIP, "领取奖金提醒": "u" * 43},
    ),
}
