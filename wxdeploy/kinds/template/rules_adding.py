"""Rules about how a template is added where it is missing, and about pinned ids."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wxdeploy.kinds.base import Account, Violation, rule
from wxdeploy.kinds.buttons.walk import shown
from wxdeploy.kinds.template.spec import SECTION
from wxdeploy.kinds.template.walk import mappings
from wxdeploy.model.diagnostic import Severity
from wxdeploy.wechat import limits
from wxdeploy.wechat.errcodes import Code
from wxdeploy.wechat.templates import RETIRED, is_historical, is_library_number

_ID_SIGNS = re.compile(r"[A-Za-z0-9_-]+")


@rule("WX550", section=SECTION, severity=Severity.WARNING)
def historical_library(account: Account) -> Iterator[Violation]:
    """A template's number is of the historical library.

    What: `template_id_short` is `TM…` or `OPENTM…`.
    Why: templates of the historical library work where they are, and none can be added any more: the account would
    answer 40247. Where it is missing, the plan says so and adds nothing.
    Bad:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            template_id_short: OPENTM207498902
            data:
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
    Source: doc/service/api/notify/template/api_addtemplate; community thread 000cc4e329c09029c353652a266c00.
    """
    for mapping in mappings(account):
        number = mapping.text("template_id_short")
        if is_historical(number):
            yield Violation(
                path=mapping.at("template_id_short"),
                detail=f'{number} of "{mapping.name}" can\'t be added any more; the account would answer '
                f"{Code.HISTORICAL_LIBRARY_CLOSED:d}",
                fix="take it out where every account has the template, else choose one of today's library",
            )


@rule("WX551", section=SECTION)
def library_number_form(account: Account) -> Iterator[Violation]:
    """A template's number in the library is none.

    What: `template_id_short` is neither a number nor `TM…` or `OPENTM…`.
    Why: the account would answer 40037. The id of an account's own template (43 signs) is a `template_id`.
    Bad:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            template_id_short: "No. 47123"
            keyword_name_list: [订单编号, 支付金额]
            data:
              character_string1: {label: 订单编号, from: order.no, sample: "2024112200001"}
              amount3: {label: 支付金额, from: order.amount, sample: ¥88.00}
        ```
    Good:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            template_id_short: "47123"
            keyword_name_list: [订单编号, 支付金额]
            data:
              character_string1: {label: 订单编号, from: order.no, sample: "2024112200001"}
              amount3: {label: 支付金额, from: order.amount, sample: ¥88.00}
        ```
    Source: doc/service/api/notify/template/api_addtemplate.
    """
    for mapping in mappings(account):
        number = mapping.body.get("template_id_short")
        if isinstance(number, str) and not is_historical(number) and not is_library_number(number):
            digits = "".join(sign for sign in number if sign.isdecimal() and sign.isascii())
            is_id = len(number) == limits.TEMPLATE_ID_CHARACTERS
            yield Violation(
                path=mapping.at("template_id_short"),
                detail=f'"{shown(number)}" of "{mapping.name}" is no number of the library; the account would answer '
                f"{Code.INVALID_TEMPLATE_ID:d}",
                fix=f"write `template_id: {number}`" if is_id else f'write the number alone: "{digits or "47123"}"',
            )


@rule("WX552", section=SECTION, severity=Severity.WARNING)
def keyword_count(account: Account) -> Iterator[Violation]:
    """A template is to be added with fewer than 2 or more than 5 keywords.

    What: `keyword_name_list` has fewer than 2 or more than 5 names.
    Why: the web console lets 2 to 5 be chosen, and the list of subscription notifications takes 2 to 5. The page of
    this call gives no figure: the account may answer 40246.
    Bad:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            template_id_short: "47123"
            keyword_name_list: [支付金额]
            data:
              amount3: {label: 支付金额, from: order.amount, sample: ¥88.00}
        ```
    Good:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            template_id_short: "47123"
            keyword_name_list: [订单编号, 支付金额]
            data:
              character_string1: {label: 订单编号, from: order.no, sample: "2024112200001"}
              amount3: {label: 支付金额, from: order.amount, sample: ¥88.00}
        ```
    Source: the web console; doc/service/api/notify/notify (addtemplate: kidList of 2 to 5).
    """
    for mapping in mappings(account):
        names = mapping.keywords
        if names and not limits.TEMPLATE_KEYWORDS.accepts(names):
            least, most = limits.TEMPLATE_KEYWORDS.least, limits.TEMPLATE_KEYWORDS.value
            count = f"{len(names)} keyword{'' if len(names) == 1 else 's'}"
            yield Violation(
                path=mapping.at("keyword_name_list"),
                detail=f'"{mapping.name}" asks for {count}, {least} to {most} can be chosen; the account may answer '
                f"{Code.INVALID_KEYWORD_NAMES:d}",
                fix=f"choose {least} to {most} of the library's keywords",
            )


@rule("WX553", section=SECTION)
def keyword_without_field(account: Account) -> Iterator[Violation]:
    """The keywords of a template are not its fields.

    What: `keyword_name_list` names a keyword that is no field's label, or lacks the label of a field.
    Why: an added template has exactly these keywords as its labels, so that it would not fit its own mapping: senders
    would leave a field empty (47003), or send one that is not shown.
    Bad:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            template_id_short: "47123"
            keyword_name_list: [订单编号, 支付时间]
            data:
              character_string1: {label: 订单编号, from: order.no, sample: "2024112200001"}
              amount3: {label: 支付金额, from: order.amount, sample: ¥88.00}
        ```
    Good:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            template_id_short: "47123"
            keyword_name_list: [订单编号, 支付金额]
            data:
              character_string1: {label: 订单编号, from: order.no, sample: "2024112200001"}
              amount3: {label: 支付金额, from: order.amount, sample: ¥88.00}
        ```
    Source: doc/service/api/notify/template/api_addtemplate (names exactly as in the library).
    """
    for mapping in mappings(account):
        names = mapping.keywords
        labels = [each.text("label").strip() for each in mapping.fields if each.name not in RETIRED]
        surplus = [each for each in names if each not in labels]
        lacking = [each for each in labels if each and each not in names]
        if names and (surplus or lacking):
            told = [f"no field is labelled {shown(each)}" for each in surplus]
            told += [f"the list lacks {shown(each)}" for each in lacking]
            yield Violation(
                path=mapping.at("keyword_name_list"),
                detail=f'"{mapping.name}": {"; ".join(told)}',
                fix="write the labels of `data` here, in the order in which they are to be shown",
            )


@rule("WX554", section=SECTION)
def half_of_adding(account: Account) -> Iterator[Violation]:
    """A template is half told how to be added.

    What: a mapping has a number of today's library as `template_id_short` and no `keyword_name_list`, or the other way
    round.
    Why: adding a template takes both: without keywords the account would answer 40246.
    Bad:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            template_id_short: "47123"
            data:
              character_string1: {label: 订单编号, from: order.no, sample: "2024112200001"}
              amount3: {label: 支付金额, from: order.amount, sample: ¥88.00}
        ```
    Good:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            template_id_short: "47123"
            keyword_name_list: [订单编号, 支付金额]
            data:
              character_string1: {label: 订单编号, from: order.no, sample: "2024112200001"}
              amount3: {label: 支付金额, from: order.amount, sample: ¥88.00}
        ```
    Source: doc/service/api/notify/template/api_addtemplate.
    """
    for mapping in mappings(account):
        number, names = mapping.text("template_id_short"), mapping.keywords
        if is_library_number(number) and not names:
            labels = ", ".join(shown(each.text("label")) for each in mapping.fields if each.name not in RETIRED)
            yield Violation(
                path=mapping.at("template_id_short"),
                detail=f'"{mapping.name}" has no keywords; the account would answer {Code.INVALID_KEYWORD_NAMES:d}',
                fix=f"add `keyword_name_list: [{labels}]`",
            )
        elif names and "template_id_short" not in mapping.body:
            yield Violation(
                path=mapping.at("keyword_name_list"),
                detail=f'"{mapping.name}" has keywords and no number of the library',
                fix="add `template_id_short`, or take the keywords out",
            )


@rule("WX555", section=SECTION, severity=Severity.WARNING)
def template_id_form(account: Account) -> Iterator[Violation]:
    """A pinned id does not look like one.

    What: `template_id` has not 43 letters, digits, underscores and dashes.
    Why: every id that was ever seen has; the account answers 40036 to one of another length. The number in the library
    is a `template_id_short`.
    Bad:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            template_id: "47123"
            data:
              amount3: {label: 支付金额, from: order.amount, sample: ¥88.00}
        ```
    Good:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            template_id: Doclyl5uP7Aciu-qZ7mJNPtWkbkYnWBWVja26EGbNyk
            data:
              amount3: {label: 支付金额, from: order.amount, sample: ¥88.00}
        ```
    Source: observed; 40036 is among the errors of doc/service/api/notify/template/api_sendtemplatemessage.
    """
    for mapping in mappings(account):
        pinned = mapping.body.get("template_id")
        if not isinstance(pinned, str):
            continue
        if len(pinned) != limits.TEMPLATE_ID_CHARACTERS or not _ID_SIGNS.fullmatch(pinned):
            yield Violation(
                path=mapping.at("template_id"),
                detail=f'"{shown(pinned)}" of "{mapping.name}" has {len(pinned)} signs, an id has '
                f"{limits.TEMPLATE_ID_CHARACTERS} letters, digits, underscores and dashes",
                fix="copy the id from the account's list, or take it out: a template is found by its title and fields",
            )


RULES = (
    historical_library,
    library_number_form,
    keyword_count,
    keyword_without_field,
    half_of_adding,
    template_id_form,
)
