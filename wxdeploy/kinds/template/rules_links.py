"""Rules about what a tap on a message opens."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from wxdeploy.kinds.base import Account, Violation, rule
from wxdeploy.kinds.buttons.walk import shown
from wxdeploy.kinds.template.links import unreadable, variables
from wxdeploy.kinds.template.spec import SECTION
from wxdeploy.kinds.template.walk import mappings
from wxdeploy.model.diagnostic import Severity

_HTTP = re.compile(r"https?://[^\s/]", re.IGNORECASE)


@rule("WX540", section=SECTION)
def link_variable_form(account: Account) -> Iterator[Violation]:
    """A variable of a link can't be read.

    What: `url` or `pagepath` holds braces that are no variable: a variable is a source path in single braces, as in
    `{order.no}`.
    Why: what is not filled in is sent as it stands, and the follower's page gets braces. A brace that belongs to the
    address is written %7B or %7D there.
    Bad:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            url: "https://shop.example.com/orders/{{order.no}}"
            data:
              character_string1: {label: 订单编号, from: order.no, sample: "2024112200001"}
        ```
    Good:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            url: "https://shop.example.com/orders/{order.no}"
            data:
              character_string1: {label: 订单编号, from: order.no, sample: "2024112200001"}
        ```
    Source: this project's own form.
    """
    for mapping in mappings(account):
        for path, link in mapping.links:
            for piece in unreadable(link):
                yield Violation(
                    path=path,
                    detail=f'"{shown(piece)}" in the link of "{mapping.name}" is no variable',
                    fix="write the source path in single braces, as in {order.no}; for a brace itself %7B or %7D",
                )


@rule("WX541", section=SECTION, severity=Severity.WARNING)
def link_variable_without_source(account: Account) -> Iterator[Violation]:
    """A variable of a link is no field's source.

    What: `url` or `pagepath` names a source path that no field has as its `from`.
    Why: mostly the path is mistyped, and the link would lead nowhere. Where the application supplies it for the link
    alone, it works, but a trial message can't be filled, since a link has no sample of its own.
    Bad:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            url: "https://shop.example.com/orders/{order.number}"
            data:
              character_string1: {label: 订单编号, from: order.no, sample: "2024112200001"}
        ```
    Good:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            url: "https://shop.example.com/orders/{order.no}"
            data:
              character_string1: {label: 订单编号, from: order.no, sample: "2024112200001"}
        ```
    Source: this project's own form.
    """
    for mapping in mappings(account):
        sources = {each.text("from") for each in mapping.fields}
        names = {each.name for each in mapping.fields}
        for path, link in mapping.links:
            for variable in variables(link):
                if variable not in sources and variable not in names:
                    yield Violation(
                        path=path,
                        detail=f'no field of "{mapping.name}" comes from {variable}',
                        fix=f"write one of {', '.join(sorted(sources))}"
                        if any(sources)
                        else "give a field this `from`",
                    )


@rule("WX542", section=SECTION)
def placeholder_in_link(account: Account) -> Iterator[Violation]:
    """A link names a placeholder.

    What: a variable of `url` or `pagepath` is a placeholder of the mapping (`{amount3}`), and no field's source.
    Why: a placeholder is what one account calls a field, and may be another one in the next account. A link is filled
    from what the application supplies.
    Bad:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            url: "https://shop.example.com/orders/{character_string1}"
            data:
              character_string1: {label: 订单编号, from: order.no, sample: "2024112200001"}
        ```
    Good:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            url: "https://shop.example.com/orders/{order.no}"
            data:
              character_string1: {label: 订单编号, from: order.no, sample: "2024112200001"}
        ```
    Source: this project's own form.
    """
    for mapping in mappings(account):
        sources = {each.name: each.text("from") for each in mapping.fields}
        for path, link in mapping.links:
            for variable in variables(link):
                if variable in sources and variable not in sources.values():
                    yield Violation(
                        path=path,
                        detail=f'{{{variable}}} in the link of "{mapping.name}" is a placeholder',
                        fix=f"write its source: {{{sources[variable] or 'order.no'}}}",
                    )


@rule("WX543", section=SECTION, severity=Severity.WARNING)
def no_fallback_url(account: Account) -> Iterator[Violation]:
    """A mini program has no url beside it.

    What: a mapping has `miniprogram` and no `url`.
    Why: with both, clients that can't open the mini program open the url. With the mini program alone, a tap does
    nothing there.
    Bad:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            miniprogram: {appid: wx286b93c14bbf93aa, pagepath: pages/order}
            data:
              amount3: {label: 支付金额, from: order.amount, sample: ¥88.00}
        ```
    Good:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            url: https://shop.example.com/orders
            miniprogram: {appid: wx286b93c14bbf93aa, pagepath: pages/order}
            data:
              amount3: {label: 支付金额, from: order.amount, sample: ¥88.00}
        ```
    Source: doc/service/api/notify/template/api_sendtemplatemessage.
    """
    for mapping in mappings(account):
        if isinstance(mapping.body.get("miniprogram"), Mapping) and not mapping.text("url").strip():
            yield Violation(
                path=mapping.at("miniprogram"),
                detail=f'"{mapping.name}" opens a mini program and has no url for clients that can\'t',
                fix="add `url: https://…` beside it",
                on_key=True,
            )


@rule("WX544", section=SECTION)
def link_not_http(account: Account) -> Iterator[Violation]:
    """A message's url is no web address.

    What: `url` does not begin with https:// or http:// and a host, or is empty.
    Why: the account would answer 40039, or the tap would open nothing. A message that opens nothing has no `url`.
    Bad:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            url: shop.example.com/orders/{order.no}
            data:
              character_string1: {label: 订单编号, from: order.no, sample: "2024112200001"}
        ```
    Good:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            url: https://shop.example.com/orders/{order.no}
            data:
              character_string1: {label: 订单编号, from: order.no, sample: "2024112200001"}
        ```
    Source: doc/service/api/notify/template/api_sendtemplatemessage (40039 is among its errors).
    """
    for mapping in mappings(account):
        url = mapping.body.get("url")
        if isinstance(url, str) and not _HTTP.match(url):
            yield Violation(
                path=mapping.at("url"),
                detail=f'"{shown(url)}" of "{mapping.name}" is no web address',
                fix="write https:// and the host in front, or take `url` out",
            )


RULES = (link_variable_form, link_variable_without_source, placeholder_in_link, no_fallback_url, link_not_http)
