"""The rules of sending a template message: doc/service/api/notify/template/api_sendtemplatemessage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wxdeploy.sandbox.audience import checked_openid
from wxdeploy.sandbox.request import Json, Refusal
from wxdeploy.sandbox.state import State
from wxdeploy.sandbox.template_rows import Kind, Message, Template
from wxdeploy.sandbox.templates import placeholders
from wxdeploy.wechat import limits
from wxdeploy.wechat.appids import APPID
from wxdeploy.wechat.errcodes import Code
from wxdeploy.wechat.template_fields import TYPES, check, type_of
from wxdeploy.wechat.templates import RETIRED


@dataclass(frozen=True, slots=True)
class Outbox:
    """The messages of one account within one transaction."""

    state: State
    appid: str

    def send(self, body: Json, now: float) -> int:
        """message/template/send: the id of the message; of the earlier one where it is a repetition."""
        openid = self._receiver(body.get("touser"))
        template = self._template(body.get("template_id"))
        data = _shown(template, body.get("data"))
        message = Message(
            openid=openid,
            template_id=template.template_id,
            data=data,
            url=_text(body.get("url")),
            miniprogram=_miniprogram(body.get("miniprogram")),
            client_msg_id=_text(body.get("client_msg_id")),
            sent=now,
        )
        if message.client_msg_id is not None:
            # After ten minutes "no effect is warranted"; here it ends on the second.
            window = now - limits.CLIENT_MSG_ID_SECONDS
            before = self.state.templates.sent_since(self.appid, openid, message.client_msg_id, window)
            if before is not None:
                return before
        return self.state.templates.add_message(self.appid, message)

    def _receiver(self, openid: object) -> str:
        """40003 for what is no openid or is another account's, 43004 for one who does not follow."""
        found = checked_openid(openid)
        if self.state.follower(self.appid, found) is None:
            foreign = self.state.follows_another(self.appid, found)
            raise Refusal(Code.INVALID_OPENID if foreign else Code.REQUIRE_SUBSCRIBE)
        return found

    def _template(self, template_id: object) -> Template:
        """40036 without an id (community thread 0002a45b75ca386ec8a0dda736b000), 40037 for one of no template here."""
        if not isinstance(template_id, str) or not template_id:
            raise Refusal(Code.INVALID_TEMPLATE_ID_SIZE)
        found = self.state.templates.find(self.appid, template_id)
        if found is None or found.kind is Kind.ONE_TIME:
            raise Refusal(Code.INVALID_TEMPLATE_ID)
        return found


def _shown(template: Template, data: object) -> Mapping[str, str]:
    """What the phone shows of ``data``; fields that the template does not have, and ``color``, are dropped silently."""
    if not isinstance(data, dict):
        raise _invalid("data is emtpy")
    shown: dict[str, str] = {}
    for key in placeholders(template.content):
        field = data.get(key)
        value = field.get("value") if isinstance(field, dict) else None
        kind = type_of(key) if template.kind is Kind.CATEGORY else None
        if value is None and kind is None:
            continue
        if value is None:
            raise _invalid(f"data.{key}.value is emtpy")
        if not isinstance(value, str):
            raise _invalid(f"data.{key}.value invalid")
        if kind is not None:
            _check(key, kind, value, template.listed.get(key))
        if key not in RETIRED:
            shown[key] = value
    return shown


def _check(key: str, kind: str, value: str, listed: tuple[str, ...] | None) -> None:
    """47003 with the field in the text, where a typed value is wrong (threads 000248ab548310582150be66f6bc00, …)."""
    if not value.strip() and not (TYPES[kind].may_be_empty and not value):
        raise _invalid(f"data.{key}.value is emtpy")
    if check(kind, value) is not None or (value and listed is not None and value not in listed):
        raise _invalid(f"data.{key}.value invalid")


def _invalid(what: str) -> Refusal:
    return Refusal(Code.INVALID_TEMPLATE_ARGUMENT, f"argument invalid! {what}")


def _text(value: object) -> str | None:
    """A field that may be left out, or left empty."""
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise Refusal(Code.INVALID_ARGS)
    return value


def _miniprogram(page: object) -> Mapping[str, Any] | None:
    """The mini program to open, if any: which ones are linked is not looked up."""
    if page is None or page == {}:
        return None
    fields = page if isinstance(page, dict) else {}
    appid, pagepath = fields.get("appid"), fields.get("pagepath")
    if not isinstance(appid, str) or not APPID.fullmatch(appid):
        raise Refusal(Code.INVALID_APPID)
    if pagepath is not None and not isinstance(pagepath, str):
        raise Refusal(Code.INVALID_PAGEPATH)
    return {name: value for name, value in fields.items() if name in ("appid", "pagepath")}
