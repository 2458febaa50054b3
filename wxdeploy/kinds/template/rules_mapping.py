"""Rules about a mapping and its fields: how a live template is found, and what the application supplies."""

from __future__ import annotations

from collections.abc import Iterator

from wxdeploy.kinds.base import Account, Violation, rule
from wxdeploy.kinds.buttons.walk import shown
from wxdeploy.kinds.template.links import is_path
from wxdeploy.kinds.template.rule import field_rule
from wxdeploy.kinds.template.spec import SECTION
from wxdeploy.kinds.template.walk import Part, fields, mappings
from wxdeploy.model.diagnostic import Severity
from wxdeploy.wechat.template_fields import TYPES, type_of
from wxdeploy.wechat.templates import RETIRED, is_library_number


@rule("WX501", section=SECTION)
def template_twice(account: Account) -> Iterator[Violation]:
    """Two mappings stand for one template.

    What: two mappings have the same `template_id`, or the same title and labels while not both are pinned.
    Why: a live template is found by its title and the labels of its fields. Both mappings would mean the same one, and
    where it is missing, both would add it: an add is not repeatable, and each takes one of 25 slots.
    Bad:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            data:
              amount3: {label: 支付金额, from: order.amount, sample: ¥88.00}
          order_settled:
            title: 订单支付成功通知
            data:
              amount3: {label: 支付金额, from: bill.total, sample: ¥88.00}
        ```
    Good:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            data:
              amount3: {label: 支付金额, from: order.amount, sample: ¥88.00}
        ```
    Source: doc/service/api/notify/template/api_getalltemplates (nothing else in a row tells templates apart).
    """
    by_id: dict[str, Part] = {}
    by_looks: dict[tuple[str, ...], Part] = {}
    for mapping in mappings(account):
        pinned = mapping.text("template_id")
        if pinned and (other := by_id.setdefault(pinned, mapping)) is not mapping:
            yield Violation(
                path=mapping.at("template_id"),
                detail=f'"{mapping.name}" and "{other.name}" pin the same template_id',
                fix="keep one of the two, and let the application use its name",
            )
            continue
        other = by_looks.setdefault((mapping.title, *mapping.labels), mapping)
        if mapping.title and other is not mapping and not (pinned and other.text("template_id")):
            yield Violation(
                path=mapping.at("title"),
                detail=f'"{mapping.name}" and "{other.name}" have one title and the same labels',
                fix="keep one of the two, or pin both with `template_id` in a file of each account",
            )


@rule("WX502", section=SECTION, severity=Severity.WARNING)
def title_shared(account: Account) -> Iterator[Violation]:
    """Two mappings have one title.

    What: two mappings have the same title and other labels, and are not pinned.
    Why: the labels alone tell them apart. While a template is replaced (the new one beside the old one) that is as it
    should be; for good it is one changed label away from an ambiguous match.
    Bad:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            data:
              amount3: {label: 支付金额, from: order.amount, sample: ¥88.00}
          order_paid_2025:
            title: 订单支付成功通知
            data:
              amount3: {label: 支付金额, from: order.amount, sample: ¥88.00}
              time4: {label: 支付时间, from: order.paid_at, sample: "2024-11-22 15:01"}
        ```
    Good:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            data:
              amount3: {label: 支付金额, from: order.amount, sample: ¥88.00}
              time4: {label: 支付时间, from: order.paid_at, sample: "2024-11-22 15:01"}
        ```
    Source: doc/service/api/notify/template/api_getalltemplates.
    """
    first: dict[str, Part] = {}
    for mapping in mappings(account):
        if not mapping.title or mapping.text("template_id"):
            continue
        other = first.setdefault(mapping.title, mapping)
        if other.labels != mapping.labels:
            yield Violation(
                path=mapping.at("title"),
                detail=f'"{mapping.name}" and "{other.name}" are told apart by their labels alone',
                fix="take the old one out once no sender uses it, or pin both",
            )


@rule("WX503", section=SECTION)
def template_text_blank(account: Account) -> Iterator[Violation]:
    """A title or a label is blank.

    What: `title` or `label` is empty, or holds nothing but blanks.
    Why: a live template is found by its title and labels, and none has an empty one. A placeholder that stands without
    a label in the live content goes by its own name.
    Bad:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            data:
              amount3: {label: "", from: order.amount, sample: ¥88.00}
        ```
    Good:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            data:
              amount3: {label: 支付金额, from: order.amount, sample: ¥88.00}
        ```
    Source: doc/service/api/notify/template/api_getalltemplates (sample).
    """
    for mapping in mappings(account):
        if _is_blank(mapping, "title"):
            fix = "write it as the account shows it"
            yield Violation(path=mapping.at("title"), detail=f'the title of "{mapping.name}" is blank', fix=fix)
    for mapping, field in fields(account):
        if _is_blank(field, "label"):
            yield Violation(
                path=field.at("label"),
                detail=f'{field.name} of "{mapping.name}" has a blank label',
                fix=f"write the text before the colon, or `label: {field.name}` where there is none",
            )


@field_rule("WX510")
def placeholder_form(mapping: Part, field: Part) -> Iterator[Violation]:
    """A placeholder is written with more than its name.

    What: a key under `data` has braces, `.DATA` or anything else but letters, digits and underscores.
    Why: it stands for `{{name.DATA}}` of the live content, and a message holds it as `{"name": {"value": …}}`.
    Bad:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            data:
              "{{amount3.DATA}}": {label: 支付金额, from: order.amount, sample: ¥88.00}
        ```
    Good:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            data:
              amount3: {label: 支付金额, from: order.amount, sample: ¥88.00}
        ```
    Source: doc/service/api/notify/template/api_sendtemplatemessage (sample).
    """
    if not field.name.replace("_", "").isalnum():
        bare = field.name.strip("{ }").removesuffix(".DATA").strip()
        yield Violation(
            path=field.path,
            detail=f'"{shown(field.name)}" of "{mapping.name}" is no placeholder',
            fix=f"write `{shown(bare)}`" if bare.replace("_", "").isalnum() else "write a name such as `thing2`",
            on_key=True,
        )


@rule("WX511", section=SECTION, severity=Severity.WARNING)
def field_type_unknown(account: Account) -> Iterator[Violation]:
    """A placeholder has a type that no table lists.

    What: in a mapping whose other placeholders are typed (`thing2`, `time3`), or that is added from today's library, a
    placeholder begins with no type that is known.
    Why: mostly it is mistyped, and the live template has no such placeholder; else its values can't be checked before
    they are sent. Placeholders of historical templates (`keyword1`) have no type and are left alone.
    Bad:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            data:
              thing2: {label: 商品名称, from: order.goods, sample: 咖啡豆}
              amout3: {label: 支付金额, from: order.amount, sample: ¥88.00}
        ```
    Good:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            data:
              thing2: {label: 商品名称, from: order.goods, sample: 咖啡豆}
              amount3: {label: 支付金额, from: order.amount, sample: ¥88.00}
        ```
    Source: doc/service/guide/product/template_message (types of category templates).
    """
    for mapping in mappings(account):
        parts = [each for each in mapping.fields if each.name not in RETIRED]
        if not is_library_number(mapping.text("template_id_short")) and not any(type_of(each.name) for each in parts):
            continue
        for field in parts:
            if type_of(field.name) is None and field.name.replace("_", "").isalnum():
                yield Violation(
                    path=field.path,
                    detail=f'{field.name} of "{mapping.name}" begins with no known type',
                    fix=f"copy it from the live template; known are {', '.join(sorted(TYPES))}, each with a number",
                    on_key=True,
                )


@rule("WX512", section=SECTION)
def field_label_twice(account: Account) -> Iterator[Violation]:
    """Two fields of a mapping have one label.

    What: two placeholders of one mapping have the same `label`.
    Why: the label is what a field is known by: placeholders differ between accounts. With one label twice there is no
    telling which of them a value is for.
    Bad:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            data:
              thing2: {label: 备注, from: order.goods, sample: 咖啡豆}
              thing5: {label: 备注, from: order.note, sample: 请放门口}
        ```
    Good:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            data:
              thing2: {label: 商品名称, from: order.goods, sample: 咖啡豆}
              thing5: {label: 备注, from: order.note, sample: 请放门口}
        ```
    Source: doc/service/api/notify/template/api_getalltemplates.
    """
    for mapping in mappings(account):
        first: dict[str, Part] = {}
        for field in mapping.fields:
            label = field.text("label").strip()
            if label and (other := first.setdefault(label, field)) is not field:
                yield Violation(
                    path=field.at("label"),
                    detail=f'{other.name} and {field.name} of "{mapping.name}" are both labelled "{shown(label)}"',
                    fix="write the labels of the live template",
                )


@field_rule("WX513")
def source_path(mapping: Part, field: Part) -> Iterator[Violation]:
    """A source path can't be read.

    What: `from` is not made of names joined by dots: letters, digits and underscores, an entry of a list by its number.
    Why: the export tells applications where to find each value by it, and makes typed fields of it. It is neither a
    variable (`${…}`), nor in braces, nor an expression.
    Bad:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            data:
              amount3: {label: 支付金额, from: "{order.amount}", sample: ¥88.00}
        ```
    Good:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            data:
              amount3: {label: 支付金额, from: order.amount, sample: ¥88.00}
              thing2: {label: 商品名称, from: order.items.0.name, sample: 咖啡豆}
        ```
    Source: this project's own form.
    """
    path = field.text("from")
    if "from" in field.body and isinstance(field.body["from"], str) and not is_path(path):
        bare = path.strip("{} ").removeprefix("$").replace("[", ".").replace("]", "")
        yield Violation(
            path=field.at("from"),
            detail=f'"{shown(path)}" for {field.name} of "{mapping.name}" is no source path',
            fix=f"write `from: {bare}`" if is_path(bare) else "write names joined by dots, as in order.amount",
        )


@field_rule("WX514", severity=Severity.WARNING)
def no_sample(mapping: Part, field: Part) -> Iterator[Violation]:
    """A field has no sample.

    What: a field has no `sample`.
    Why: without one nothing is known of its values before the first message: a sample is checked against the field's
    type here, shows the message to a reviewer, and is what a trial message is filled with.
    Bad:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            data:
              amount3: {label: 支付金额, from: order.amount}
        ```
    Good:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            data:
              amount3: {label: 支付金额, from: order.amount, sample: ¥88.00}
        ```
    Source: this project's own form.
    """
    if "sample" not in field.body and field.name not in RETIRED:
        yield Violation(
            path=field.path,
            detail=f'{field.name} ({shown(field.text("label"))}) of "{mapping.name}" has none',
            fix="write a value as the application will send it: `sample: …`",
        )


def _is_blank(part: Part, key: str) -> bool:
    value = part.body.get(key)
    return isinstance(value, str) and not value.strip()


RULES = (
    template_twice,
    title_shared,
    template_text_blank,
    placeholder_form,
    field_type_unknown,
    field_label_twice,
    source_path,
    no_sample,
)
