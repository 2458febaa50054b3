"""The shop's application: it says which message to whom, and knows neither template ids nor placeholders.

``python notify.py west o-west-0001`` prints the body that it would send to POST /cgi-bin/message/template/send.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass

from wx_templates import APPIDS, MENU_KEYS, ORDER_PAID, ORDER_SHIPPED, Account, MenuKey, Message


@dataclass(frozen=True)
class Order:
    """What the shop knows of an order."""

    no: str
    cents: int
    paid_at: str


def paid(shop: Account, openid: str, order: Order) -> Message:
    """The message for a payment; sent twice by mistake, it arrives once."""
    return ORDER_PAID.message(
        shop,
        openid,
        {
            "order.no": order.no,
            "order.amount": f"¥{order.cents // 100}.{order.cents % 100:02}",
            "order.paid_at": order.paid_at,
        },
        client_msg_id=f"paid-{order.no}",
    )


def shipped(shop: Account, openid: str, order: Order, carrier: str, parcel: str) -> Message:
    """The message for a parcel."""
    return ORDER_SHIPPED.message(shop, openid, {"order.no": order.no, "parcel.carrier": carrier, "parcel.no": parcel})


def answer(key: MenuKey) -> str:
    """What a tap on a button of the menu is answered with."""
    if key == "MY_ORDERS":
        return "您的订单: https://www.example.com/orders"
    return "客服在线时间: 9:00-21:00"


def main(name: str, openid: str) -> None:
    """Print a sample of both messages."""
    shop = next(each for each in APPIDS if each == name)
    order = Order("2024112200001", 8800, "2024-11-22 15:01")
    messages = [paid(shop, openid, order), shipped(shop, openid, order, "顺丰速运", "SF1234567890")]
    answers = {key: answer(key) for key in MENU_KEYS[shop]}
    sys.stdout.write(json.dumps({"messages": messages, "answers": answers}, ensure_ascii=False, indent=2) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
