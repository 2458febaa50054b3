"""The section that live templates are pulled into, with logical names proposed from their titles.

A name is made of the words of the title that are known here: 订单支付成功通知 is ``order_payment_success_notice``.
Where a part of the title is not, six digits of the title's digest stand for it, so that the name of a template does not
depend on what else the account holds and is the same in every account.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter

from wxdeploy.kinds.template.links import is_path
from wxdeploy.kinds.template.spec import Field, Template, document
from wxdeploy.kinds.template.wire import id_of, samples_of
from wxdeploy.model.jsonvalue import JsonValue, digest
from wxdeploy.model.resource import LiveObject
from wxdeploy.wechat.template_fields import check, type_of

_WORDS = {
    "审核": "review",
    "报名": "signup",
    "报警": "alarm",
    "变更": "change",
    "变动": "change",
    "拨付": "payout",
    "步骤": "step",
    "产品": "product",
    "充值": "topup",
    "出库": "dispatch",
    "处理": "processing",
    "到账": "received",
    "到期": "expiry",
    "到货": "arrival",
    "登录": "login",
    "订单": "order",
    "订阅": "subscription",
    "兑换": "exchange",
    "发放": "grant",
    "发货": "shipping",
    "反馈": "feedback",
    "付款": "payment",
    "服务": "service",
    "告警": "alarm",
    "更新": "update",
    "工单": "ticket",
    "挂号": "registration",
    "还款": "repayment",
    "会议": "meeting",
    "会员": "member",
    "活动": "event",
    "获得": "gain",
    "积分": "points",
    "缴费": "fee",
    "奖金": "prize",
    "奖励": "reward",
    "结果": "result",
    "进度": "progress",
    "开始": "start",
    "开通": "activation",
    "课程": "course",
    "快递": "parcel",
    "领取": "claim",
    "排队": "queue",
    "配送": "delivery",
    "签到": "checkin",
    "签收": "delivered",
    "取消": "cancel",
    "任务": "task",
    "日程": "schedule",
    "商品": "goods",
    "申请": "application",
    "审批": "approval",
    "失败": "failure",
    "使用": "use",
    "收货": "receipt",
    "提交": "submission",
    "提现": "withdrawal",
    "提醒": "reminder",
    "通过": "passed",
    "通知": "notice",
    "退款": "refund",
    "完成": "done",
    "维修": "repair",
    "物流": "logistics",
    "下单": "order",
    "消费": "spending",
    "新": "new",
    "信息": "info",
    "续费": "renewal",
    "验证": "verification",
    "业务": "business",
    "优惠券": "coupon",
    "余额": "balance",
    "预约": "booking",
    "预订": "booking",
    "账单": "bill",
    "账户": "account",
    "支付": "payment",
    "状态": "status",
    "注册": "registration",
    "咨询": "inquiry",
    "作业": "homework",
    "成功": "success",
}
_TOKEN = re.compile("|".join((*sorted(_WORDS, key=len, reverse=True), "[A-Za-z0-9]+")))
_DIGITS = 6


def section_of(objects: tuple[LiveObject[Template], ...]) -> JsonValue:
    """The mappings that stand for the live templates: a plan of them is empty.

    The application's source paths can't be known: each field is proposed to come from the name of its placeholder. A
    sample is WeChat's own, where it has one of the right form. A template that title and labels do not tell from
    another is pinned.
    """
    proposed = [proposed_name(live.spec.title) for live in objects]
    same, alike = Counter(proposed), Counter(map(_looks, objects))
    names = [_apart(name, live) if same[name] > 1 else name for name, live in zip(proposed, objects, strict=True)]
    again = Counter(names)
    return {
        f"{name}_{_short(id_of(live))}" if again[name] > 1 else name: _mapping(live, pinned=alike[_looks(live)] > 1)
        for name, live in zip(names, objects, strict=True)
    }


def proposed_name(title: str) -> str:
    """A logical name for a template of this title."""
    words = [_WORDS.get(found, found.lower()) for found in _TOKEN.findall(title)]
    whole = not re.sub(r"[\W_]+", "", _TOKEN.sub("", title))
    if not words or words[0][0].isdigit():
        words.insert(0, "template")
        whole = whole and len(words) > 1
    return "_".join(words if whole else [*words, _short(title)])


def _apart(name: str, live: LiveObject[Template]) -> str:
    return f"{name}_{_short(digest(document(live.spec)))}"


def _short(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def _looks(live: LiveObject[Template]) -> tuple[str, ...]:
    """All that tells a mapping's template: its title and its labels, in any order."""
    return (live.spec.title, *sorted(each.label for each in live.spec.shown))


def _mapping(live: LiveObject[Template], *, pinned: bool) -> JsonValue:
    samples = samples_of(live)
    fields = tuple(
        Field(each.placeholder, each.label, _source(index, each), _sample(each, samples.get(each.placeholder)))
        for index, each in enumerate(live.spec.shown)
    )
    return document(Template(title=live.spec.title, fields=fields, template_id=id_of(live) if pinned else None))


def _source(index: int, field: Field) -> str:
    return field.placeholder if is_path(field.placeholder) else f"field{index + 1}"


def _sample(field: Field, value: str | None) -> str | None:
    if not value or check(type_of(field.placeholder) or "", value):
        return None
    return value
