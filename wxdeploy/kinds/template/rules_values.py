"""Rules about values: what a typed field takes, and what is sent and never shown."""

from __future__ import annotations

from collections.abc import Iterator

from wxdeploy.kinds.base import Violation
from wxdeploy.kinds.buttons.walk import shown
from wxdeploy.kinds.template.rule import field_rule
from wxdeploy.kinds.template.walk import Part
from wxdeploy.model.diagnostic import Severity
from wxdeploy.wechat.errcodes import Code
from wxdeploy.wechat.template_fields import check, doubt, type_of
from wxdeploy.wechat.templates import RETIRED


@field_rule("WX520")
def sample_refused(mapping: Part, field: Part) -> Iterator[Violation]:
    """A sample breaks the type of its field.

    What: `sample` is not what the placeholder's type takes. The type is the name without its number: `thing` takes at
    most 20 characters of any kind, `character_string` 32 digits, letters and symbols without Chinese, `time` a time
    with or without a date, `amount` a currency sign and at most 12 digits, `phone_number` 17 digits and symbols,
    `car_number` 8 signs of a plate, `const` one of the texts approved with the template (20 characters) or nothing,
    `number` 32 digits, `letter` 32 letters, `symbol` 5 symbols, `date` a date, `name` 10 Chinese characters or 20
    letters, `phrase` 5 Chinese characters. None takes a line break.
    Why: WeChat answers 47003 to such a value and names the field. A sample stands for what the application will send.
    Bad:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            data:
              thing2: {label: 商品名称, from: order.goods, sample: 埃塞俄比亚耶加雪菲水洗精品咖啡豆中度烘焙二百五十克}
        ```
    Good:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            data:
              thing2: {label: 商品名称, from: order.goods, sample: 耶加雪菲咖啡豆 250 克}
        ```
    Source: doc/service/guide/product/template_message; the table of subscription notifications for the other types.
    """
    why = check(type_of(field.name) or "", field.text("sample")) if isinstance(field.body.get("sample"), str) else None
    if why:
        yield Violation(
            path=field.at("sample"),
            detail=f'the sample of {field.name} ({shown(field.text("label"))}, in "{mapping.name}") {why}; '
            f"WeChat would answer {Code.INVALID_TEMPLATE_ARGUMENT:d}",
            fix="write a value that fits, and let the application shorten or format what it sends",
        )


@field_rule("WX521", severity=Severity.WARNING)
def sample_doubtful(mapping: Part, field: Part) -> Iterator[Violation]:
    """A sample fits one of two official tables.

    What: an `amount` has 11 or 12 digits.
    Why: the table of category templates allows 12 digits, that of subscription notifications 10. Which one holds for
    an account was never measured: it may answer 47003.
    Bad:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            data:
              amount3: {label: 支付金额, from: order.amount, sample: ¥123456789.88}
        ```
    Good:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            data:
              amount3: {label: 支付金额, from: order.amount, sample: ¥88.00}
        ```
    Source: doc/service/guide/product/template_message and the page of subscription notifications.
    """
    kind, sample = type_of(field.name) or "", field.text("sample")
    if sample and check(kind, sample) is None and (why := doubt(kind, sample)):
        yield Violation(
            path=field.at("sample"),
            detail=f'the sample of {field.name} in "{mapping.name}" {why}',
            fix="try it with a message to yourself before relying on it",
        )


@field_rule("WX530", severity=Severity.WARNING)
def field_not_shown(mapping: Part, field: Part) -> Iterator[Violation]:
    """A field is sent and never shown.

    What: `data` has `first` or `remark`.
    Why: WeChat takes both without a word and has shown neither since 4 May 2023. What an application says there, no
    follower reads.
    Bad:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            data:
              first: {label: first, from: greeting, sample: 您好}
              keyword1: {label: 订单编号, from: order.no, sample: "2024112200001"}
        ```
    Good:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            data:
              keyword1: {label: 订单编号, from: order.no, sample: "2024112200001"}
        ```
    Source: WeChat's notice of 2023-03 (repeated by ITHome and in the community).
    """
    if field.name in RETIRED:
        yield Violation(
            path=field.path,
            detail=f'what "{mapping.name}" says in {field.name} is not shown',
            fix="take it out, and say what matters in another field",
            on_key=True,
        )


@field_rule("WX531", severity=Severity.WARNING)
def colour_ignored(mapping: Part, field: Part) -> Iterator[Violation]:
    """A field has a colour.

    What: a field has `color`.
    Why: WeChat takes it without a word and has shown no colours since 30 March 2023; the page of the call no longer
    has it.
    Bad:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            data:
              amount3: {label: 支付金额, from: order.amount, sample: ¥88.00, color: "#173177"}
        ```
    Good:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            data:
              amount3: {label: 支付金额, from: order.amount, sample: ¥88.00}
        ```
    Source: doc/service/api/notify/template/api_sendtemplatemessage (no longer there).
    """
    if "color" in field.body:
        detail = f'the colour of {field.name} in "{mapping.name}" is not shown'
        yield Violation(path=field.at("color"), detail=detail, fix="take it out", on_key=True)


RULES = (sample_refused, sample_doubtful, field_not_shown, colour_ignored)
