"""What a plan says of a mapping that the account does not simply hold."""

from __future__ import annotations

from wxdeploy.kinds.base import stated
from wxdeploy.model.diagnostic import Severity


@stated("WX560")
def template_fields_differ() -> None:
    """A live template has other fields than its mapping.

    What: the account has a template of this title (or with this pinned id), and its fields are not those of the
    mapping. The plan says field by field what senders would notice.
    Why: no call changes a template. A field that senders leave out is answered with 47003; one that the template lacks
    is not shown. The plan adds no second template under the same title either: an added template that came back with
    other fields than asked for (a `const` field is known to get lost) would be added again at every run.
    Bad:
        ```text
        templates:
          order_paid:
            title: 订单支付成功通知     # live: 订单编号, 支付金额, 支付时间
            data:
              character_string1: {label: 订单编号, from: order.no, sample: "2024112200001"}
              amount3: {label: 支付金额, from: order.amount, sample: ¥88.00}
        ```
    Good:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            data:
              character_string1: {label: 订单编号, from: order.no, sample: "2024112200001"}
              amount3: {label: 支付金额, from: order.amount, sample: ¥88.00}
              time4: {label: 支付时间, from: order.paid_at, sample: "2024-11-22 15:01"}
        ```
        To replace a template, declare the new fields under a second name, apply, move the senders over, and only then
        take the old mapping out.
    Source: doc/service/api/notify/template (add, list, delete, and no update); const: a community report of 2023-09.
    """


@stated("WX561")
def template_missing() -> None:
    """A template is missing and can't be added.

    What: the account has no such template, and no call can add it: the mapping has no `template_id_short` with
    `keyword_name_list`, or its number is of the historical library (`TM…`, `OPENTM…`), or the account looks like a test
    account, whose templates are typed in by hand (none of its rows has an industry or an example).
    Why: senders that ask for this name have no template id. api_add_template answers 40247 to historical numbers, and
    test accounts have no library.
    Bad:
        ```text
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
            template_id_short: "47123"
            keyword_name_list: [订单编号, 支付金额]
            data:
              character_string1: {label: 订单编号, from: order.no, sample: "2024112200001"}
              amount3: {label: 支付金额, from: order.amount, sample: ¥88.00}
        ```
    Source: doc/service/api/notify/template/api_addtemplate; community thread 000cc4e329c09029c353652a266c00 (40247).
    """


@stated("WX562")
def template_ambiguous() -> None:
    """Several live templates fit a mapping.

    What: more than one template of the account has the mapping's title and fields (or its title, and none has its
    fields).
    Why: each has its own id, and any of them may be the one that senders use or that WeChat has banned; a choice by
    chance would change with the next one that is added.
    Bad:
        ```text
        templates:
          order_paid:
            title: 订单支付成功通知
            data: {}
        ```
    Good:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            template_id: Doclyl5uP7Aciu-qZ7mJNPtWkbkYnWBWVja26EGbNyk   # in the file of this one account
            data: {}
        ```
    Source: doc/service/api/notify/template/api_getalltemplates (a row has no number of the library and no state).
    """


@stated("WX563")
def pinned_template_gone() -> None:
    """A pinned template was deleted outside.

    What: the account has no template with the pinned `template_id`.
    Why: it was deleted in the web console or by another program, or WeChat removed it with its service category or
    industry. It is not added again silently: a new one has another id, which the senders have to learn first, and what
    took it away may take the next one too.
    Bad:
        ```text
        templates:
          order_paid:
            title: 订单支付成功通知
            template_id: Doclyl5uP7Aciu-qZ7mJNPtWkbkYnWBWVja26EGbNyk   # no longer in the account
            data: {}
        ```
    Good:
        ```yaml
        templates:
          order_paid:
            title: 订单支付成功通知
            data: {}
        ```
    Source: doc/service/guide/product/template_message (a category that goes takes its templates along).
    """


@stated("WX564", severity=Severity.WARNING)
def other_placeholders() -> None:
    """A template's fields go by other placeholders in this account.

    What: title and labels agree, and some placeholders differ: `thing2` here is `thing5` there.
    Why: the mapping serves all the same, since a field is known by its label, and each account's export holds its own
    placeholders. Senders that have the names of another account written into them get 47003.
    Bad: ``"data": {"thing2": …}`` written into an application for every account.
    Good: the placeholders taken from ``wxdeploy export``, account by account.
    Source: doc/service/api/notify/template/api_getalltemplates; the number is the keyword's in the library (inferred).
    """


@stated("WX565", severity=Severity.WARNING)
def other_order() -> None:
    """A template shows its fields in another order than its mapping.

    What: the fields are the same, and the account shows them in another order.
    Why: senders notice nothing, followers do: the order was fixed when the template was added, and no call changes it.
    Bad: ``keyword_name_list: [支付金额, 订单编号]`` written after the template was added the other way round.
    Good: the mapping in the order of the account, or another template added in the order that is wanted.
    Source: doc/service/api/notify/template/api_addtemplate (an ordered list).
    """


@stated("WX566", severity=Severity.WARNING)
def other_title() -> None:
    """A pinned template has another title than its mapping.

    What: the pinned `template_id` is live, its fields fit, and its title is not the mapping's.
    Why: followers read the live title. Where it is another template than the one meant, the messages say something
    else.
    Bad: ``title: 订单支付成功通知`` beside the pinned id of 退款成功通知.
    Good: the title that the account shows.
    Source: doc/service/api/notify/template/api_getalltemplates.
    """


@stated("WX567")
def no_template_slot() -> None:
    """An account has no room for another template.

    What: the plan adds more templates than the account has room for: 25 are allowed.
    Why: the account would answer 45026 half-way.
    Bad: 25 live templates, and a mapping more.
    Good: a template that nobody sends any more deleted first, with ``prune: [templates]`` or in the web console.
    Source: doc/service/guide/product/template_message.
    """


RULES = (
    template_fields_differ,
    template_missing,
    template_ambiguous,
    pinned_template_gone,
    other_placeholders,
    other_order,
    other_title,
    no_template_slot,
)
