"""Template messages and menu keys of WeChat accounts, by logical name.

Made by `wxdeploy export --format python`: a change by hand is lost with the next one.
"""
# fmt: off

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Generic, Literal, TypedDict, TypeVar
from urllib.parse import quote

Account = Literal["east", "west"]
MenuKey = Literal["CONTACT", "MY_ORDERS"]


class Value(TypedDict):
    value: str


class _Page(TypedDict):
    appid: str


class MiniProgram(_Page, total=False):
    pagepath: str


class _Body(TypedDict):
    touser: str
    template_id: str
    data: dict[str, Value]


class Message(_Body, total=False):
    """The body of POST /cgi-bin/message/template/send."""

    url: str
    miniprogram: MiniProgram
    client_msg_id: str


@dataclass(frozen=True)
class Field:
    """One field: what followers see before it, what this account calls it, where its value comes from."""

    label: str
    placeholder: str
    source: str


@dataclass(frozen=True)
class AccountTemplate:
    """What one account has for a logical name; ``{order.no}`` in a link stands for the value of that source."""

    template_id: str
    title: str
    fields: tuple[Field, ...]
    url: str | None = None
    miniprogram: tuple[str, str | None] | None = None


_A = TypeVar("_A", bound=str)
_D = TypeVar("_D", bound=Mapping[str, object])


@dataclass(frozen=True)
class Template(Generic[_A, _D]):
    """A logical name: ``_A`` are the accounts that have it, ``_D`` is what the application supplies."""

    name: str
    accounts: Mapping[_A, AccountTemplate]

    def message(self, account: _A, openid: str, data: _D, client_msg_id: str | None = None) -> Message:
        """The body to send: within ten minutes, the same ``client_msg_id`` reaches a follower once."""
        here = self.accounts[account]
        body: Message = {
            "touser": openid,
            "template_id": here.template_id,
            "data": {each.placeholder: {"value": str(data[each.source])} for each in here.fields},
        }
        if here.url is not None:
            body["url"] = _filled(here.url, data)
        if here.miniprogram is not None:
            appid, pagepath = here.miniprogram
            body["miniprogram"] = {"appid": appid}
            if pagepath is not None:
                body["miniprogram"]["pagepath"] = _filled(pagepath, data)
        if client_msg_id is not None:
            body["client_msg_id"] = client_msg_id
        return body


_VARIABLE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*(?:\.(?:[A-Za-z_][A-Za-z0-9_]*|[0-9]+))*)\}")


def _filled(link: str, data: Mapping[str, object]) -> str:
    return _VARIABLE.sub(lambda found: quote(str(data[found[1]]), safe="!'()*"), link)


APPIDS: Final[Mapping[Account, str | None]] = {
    "east": "wx00000000000000e1",
    "west": "wx00000000000000e2",
}

MENU_KEYS: Final[Mapping[Account, tuple[MenuKey, ...]]] = {
    "east": ("CONTACT", "MY_ORDERS"),
    "west": ("CONTACT", "MY_ORDERS"),
}

OrderPaidData = TypedDict("OrderPaidData", {
    "order.no": str,  # 订单编号
    "order.amount": str,  # 支付金额
    "order.paid_at": str,  # 支付时间
})
ORDER_PAID: Final = Template[Literal["east", "west"], OrderPaidData]("order_paid", {
    "east": AccountTemplate(
        template_id="E1paidQm7Zk2uVb0sXc9TnRf4Wy8LhJd6GpAe3Ki5Mo",
        title="订单支付成功通知",
        fields=(
            Field("订单编号", "character_string1", "order.no"),
            Field("支付金额", "amount3", "order.amount"),
            Field("支付时间", "time4", "order.paid_at"),
        ),
        url="https://east.example.com/orders/{order.no}",
        miniprogram=("wx286b93c14bbf93aa", "pages/order?no={order.no}"),
    ),
    "west": AccountTemplate(
        template_id="W2paidTx6Lc1nQz8rKv3FbHw5Jg9DmSp0YoUe7Ia4Xt",
        title="订单支付成功通知",
        fields=(
            Field("订单编号", "character_string6", "order.no"),
            Field("支付金额", "amount8", "order.amount"),
            Field("支付时间", "time2", "order.paid_at"),
        ),
        url="https://west.example.com/orders/{order.no}",
        miniprogram=("wx286b93c14bbf93aa", "pages/order?no={order.no}"),
    ),
})

OrderShippedData = TypedDict("OrderShippedData", {
    "order.no": str,  # 订单编号
    "parcel.carrier": str,  # 快递公司
    "parcel.no": str,  # 快递单号
})
ORDER_SHIPPED: Final = Template[Literal["east", "west"], OrderShippedData]("order_shipped", {
    "east": AccountTemplate(
        template_id="E1shipBn4Xr8tYd1qLw6VjHg0Cz5KsMf9PoUa2Ei7Nb",
        title="订单发货通知",
        fields=(
            Field("订单编号", "character_string2", "order.no"),
            Field("快递公司", "phrase7", "parcel.carrier"),
            Field("快递单号", "character_string8", "parcel.no"),
        ),
        url="https://east.example.com/parcels/{parcel.no}",
    ),
    "west": AccountTemplate(
        template_id="W2shipKd3Gs9hPf7bTq1YmXc5Rn0VzJl8WoIu4Ea6Hy",
        title="订单发货通知",
        fields=(
            Field("订单编号", "character_string11", "order.no"),
            Field("快递公司", "phrase2", "parcel.carrier"),
            Field("快递单号", "character_string5", "parcel.no"),
        ),
        url="https://west.example.com/parcels/{parcel.no}",
    ),
})
