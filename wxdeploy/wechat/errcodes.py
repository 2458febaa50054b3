"""The return codes of the API: 912 of them as data beside this file, and names for those the code decides by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import cache
from types import MappingProxyType


class Code(IntEnum):
    """Return codes that code refers to by name (their meaning is in the table)."""

    SYSTEM_BUSY = -1
    OK = 0
    INVALID_CREDENTIAL = 40001
    INVALID_GRANT_TYPE = 40002
    INVALID_OPENID = 40003
    INVALID_MEDIA_ID = 40007
    INVALID_APPID = 40013
    INVALID_TOKEN = 40014
    INVALID_BUTTON_COUNT = 40016
    INVALID_BUTTON_TYPE = 40017
    INVALID_BUTTON_NAME = 40018
    INVALID_BUTTON_KEY = 40019
    INVALID_BUTTON_URL = 40020
    INVALID_SUB_LEVEL = 40022
    INVALID_SUB_BUTTON_COUNT = 40023
    INVALID_SUB_BUTTON_TYPE = 40024
    INVALID_SUB_BUTTON_NAME = 40025
    INVALID_SUB_BUTTON_KEY = 40026
    INVALID_SUB_BUTTON_URL = 40027
    MENU_CLOSED = 40028
    INVALID_OPENID_COUNT = 40032
    INVALID_CHARSET = 40033
    INVALID_ARGS = 40035
    INVALID_TEMPLATE_ID_SIZE = 40036
    INVALID_TEMPLATE_ID = 40037
    INVALID_SUB_BUTTON_URL_DOMAIN = 40054
    INVALID_BUTTON_URL_DOMAIN = 40055
    INVALID_API_PATH = 40066
    INVALID_INDUSTRY_ID = 40102
    INVALID_BUTTON_MEDIA_ID = 40117
    INVALID_SUB_BUTTON_MEDIA_ID = 40118
    INVALID_APPSECRET = 40125
    IP_NOT_ALLOWED = 40164
    INVALID_PAGEPATH = 40165
    INVALID_WEAPP_APPID = 40166
    INVALID_CHECK_URL = 40201
    INVALID_CHECK_ACTION = 40202
    INVALID_CHECK_OPERATOR = 40203
    MESSAGE_REPEATED = 40241
    APPSECRET_FROZEN = 40243
    INVALID_KEYWORD_NAMES = 40246
    HISTORICAL_LIBRARY_CLOSED = 40247
    ILLEGAL_CONTENT = 40249
    MISSING_TOKEN = 41001
    MISSING_APPID = 41002
    MISSING_SECRET = 41004
    MISSING_SUB_BUTTONS = 41007
    MISSING_OPENID = 41009
    TOKEN_EXPIRED = 42001
    COMPONENT_TOKEN_EXPIRED = 42006
    GET_REQUIRED = 43001
    POST_REQUIRED = 43002
    REQUIRE_SUBSCRIBE = 43004
    INDUSTRY_CHANGED_TOO_OFTEN = 43100
    MESSAGE_REFUSED_BY_USER = 43101
    TEMPLATE_BANNED = 43116
    TOO_MANY_MESSAGES_TO_ONE = 43117
    EMPTY_POST = 44002
    QUOTA_REACHED = 45009
    RATE_LIMITED = 45011
    TOO_MANY_TEMPLATES = 45026
    TOO_MANY_TAGS = 45056
    TAG_HAS_TOO_MANY_FOLLOWERS = 45057
    SYSTEM_TAG = 45058
    TOO_MANY_TAGS_OF_FOLLOWER = 45059
    INVALID_TAG_NAME = 45157
    TAG_NAME_TOO_LONG = 45158
    INVALID_TAG_ID = 45159
    MENU_NOT_EXIST = 46003
    USER_NOT_EXIST = 46004
    INVALID_JSON = 47001
    NO_UNICODE_ESCAPES = 47002
    INVALID_TEMPLATE_ARGUMENT = 47003
    UNAUTHORIZED_API = 48001
    NOT_A_FOLLOWER_OF_THIS_ACCOUNT = 49003
    INVALID_ARTICLE_ID = 53600
    NOT_AUTHORIZED_BY_ACCOUNT = 61003
    COMPONENT_IP_NOT_ALLOWED = 61004
    COMPONENT_TICKET_EXPIRED = 61005
    COMPONENT_TICKET_INVALID = 61006
    UNAUTHORIZED_TO_COMPONENT = 61007
    INVALID_COMPONENT = 61011
    COMPONENT_TOKEN_WANTED = 61014
    ACCOUNT_TOKEN_WANTED = 61015
    INVALID_REFRESH_TOKEN = 61023
    NO_SUCH_CONDITIONAL_MENU = 65301
    NO_SUCH_USER = 65302
    NO_DEFAULT_MENU = 65303
    EMPTY_MATCHRULE = 65304
    BUTTON_WITHOUT_ACTION = 65308
    TOO_MANY_DOMAINS = 65316
    INVALID_URL = 65317
    NOT_UTF8 = 65318
    PRIVATE_MATCHRULE = 65320
    NO_CUSTOMER_SERVICE = 65400
    INVALID_RECORD_QUERY = 65416
    RECORD_WINDOW_TOO_LONG = 65417
    MALFORMED_CGI_PATH = 76003
    NO_SUCH_CGI_PATH = 76021
    CGI_PATH_OF_ANOTHER_KIND = 76022
    IP_CONFIRMATION_OPEN = 89501
    IP_CONFIRMATION_AWAITED = 89502
    IP_NEEDS_CONFIRMATION = 89503
    ADMIN_AWAITED = 89504
    ADMIN_AWAITED_RETRY_LATER = 89505
    IP_REFUSED_FOR_A_DAY = 89506
    IP_REFUSED_FOR_AN_HOUR = 89507


class Retry(StrEnum):
    """Whether the same request can succeed later."""

    NO = "no"
    YES = "yes"
    AFTER_WAIT = "after-wait"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrCode:
    """One row of the table: ``symbol`` is the API's own ``errmsg``."""

    number: int
    symbol: str
    meaning: str
    remedy: str
    retry: Retry
    source: str


@cache
def table() -> Mapping[int, ErrCode]:
    """The whole table, read once when first asked for."""
    import csv
    from importlib.resources import files

    text = files("wxdeploy.wechat").joinpath("errcodes.csv").read_text("utf-8")
    rows = (
        ErrCode(
            number=int(row["errcode"]),
            symbol=row["errmsg_en_or_cn"],
            meaning=row["meaning_in_english"],
            remedy=row["user_action"],
            retry=Retry(row["retryable"]),
            source=row["source"],
        )
        for row in csv.DictReader(text.splitlines())
    )
    return MappingProxyType({row.number: row for row in rows})


def lookup(number: int) -> ErrCode | None:
    """The row of a return code, or None where the table has none."""
    return table().get(number)
