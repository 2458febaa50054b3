"""Rules about how long a text may be: WeChat counts UTF-8 bytes, not characters."""

from __future__ import annotations

from collections.abc import Iterator

from wxdeploy.kinds.base import Violation
from wxdeploy.kinds.buttons.rule import button_rule, link_rule, name_rule
from wxdeploy.kinds.buttons.walk import FIRST, SECOND, Button, whole
from wxdeploy.wechat import limits
from wxdeploy.wechat.errcodes import Code
from wxdeploy.wechat.limits import Limit

# What the account answers on the first and on the second level.
_NAME = (Code.INVALID_BUTTON_NAME, Code.INVALID_SUB_BUTTON_NAME)
_KEY = (Code.INVALID_BUTTON_KEY, Code.INVALID_SUB_BUTTON_KEY)
_URL = (Code.INVALID_BUTTON_URL, Code.INVALID_SUB_BUTTON_URL)


@name_rule("WX220")
def name_too_long(button: Button) -> Iterator[Violation]:
    """A first-level name is longer than 16 bytes.

    What: the name of a first-level button takes more than 16 bytes in UTF-8. A Chinese character takes 3, a Latin
    letter 1, most emoji 4: five Chinese characters fit.
    Why: the account would answer 40018. Names of 18 and 24 bytes are nevertheless seen in live menus: where one is
    kept, silence this rule on its line, with the reason.
    Bad:
        ```yaml
        menu:
          button:
            - {type: click, name: 今日歌曲推荐, key: V1001_TODAY_MUSIC}
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: click, name: 今日歌曲, key: V1001_TODAY_MUSIC}
        ```
    Source: doc/service/api/custommenu/api_createcustommenu.
    """
    if button.level == FIRST:
        yield from _too_long(button, "name", limits.NAME, _NAME)


@name_rule("WX221")
def sub_name_too_long(button: Button) -> Iterator[Violation]:
    """A second-level name is longer than 60 bytes.

    What: the name of a second-level button takes more than 60 bytes in UTF-8. A Chinese character takes 3, a Latin
    letter 1, most emoji 4: twenty Chinese characters fit.
    Why: the account would answer 40025.
    Bad:
        ```yaml
        menu:
          button:
            - name: 活动
              sub_button:
                - {type: click, name: 点击这里马上领取本店周年庆全场满减优惠券一张, key: COUPON}
        ```
    Good:
        ```yaml
        menu:
          button:
            - name: 活动
              sub_button:
                - {type: click, name: 领取优惠券, key: COUPON}
        ```
    Source: doc/service/api/custommenu/api_createcustommenu (older versions said 40); 60 was measured (community thread
    oCJUsw_Sugvk3MCgBSTsCaKSLnPg).
    """
    if button.level == SECOND:
        yield from _too_long(button, "name", limits.SUB_NAME, _NAME)


@button_rule("WX222")
def key_too_long(button: Button) -> Iterator[Violation]:
    """A key is longer than 128 bytes.

    What: `key` takes more than 128 bytes in UTF-8.
    Why: the account would answer 40019 on the first level and 40026 on the second.
    Bad:
        ```yaml
        menu:
          button:
            - type: click
              name: 优惠券
              key: 周年庆优惠券周年庆优惠券周年庆优惠券周年庆优惠券周年庆优惠券周年庆优惠券周年庆优惠券周年庆优惠券
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: click, name: 优惠券, key: COUPON_ANNIVERSARY}
        ```
    Source: doc/service/api/custommenu/api_createcustommenu; the answer is inferred from the code's meaning.
    """
    return _too_long(button, "key", limits.KEY, _KEY, "give it a short key, and look the rest up by it")


@link_rule("WX223")
def url_too_long(button: Button) -> Iterator[Violation]:
    r"""A url is longer than 1024 bytes.

    What: `url` takes more than 1024 bytes in UTF-8.
    Why: the account would answer 40020 on the first level and 40027 on the second.
    Bad:
        ```yaml
        menu:
          button:
            - type: view
              name: 登记
              url: "https://www.example.com/form?from=menu\
                &field1=%E5%A7%93%E5%90%8D&phone1=%E7%94%B5%E8%AF%9D&address1=%E5%9C%B0%E5%9D%80&note1=%E5%A4%87%E6%B3%A8\
                &field2=%E5%A7%93%E5%90%8D&phone2=%E7%94%B5%E8%AF%9D&address2=%E5%9C%B0%E5%9D%80&note2=%E5%A4%87%E6%B3%A8\
                &field3=%E5%A7%93%E5%90%8D&phone3=%E7%94%B5%E8%AF%9D&address3=%E5%9C%B0%E5%9D%80&note3=%E5%A4%87%E6%B3%A8\
                &field4=%E5%A7%93%E5%90%8D&phone4=%E7%94%B5%E8%AF%9D&address4=%E5%9C%B0%E5%9D%80&note4=%E5%A4%87%E6%B3%A8\
                &field5=%E5%A7%93%E5%90%8D&phone5=%E7%94%B5%E8%AF%9D&address5=%E5%9C%B0%E5%9D%80&note5=%E5%A4%87%E6%B3%A8\
                &field6=%E5%A7%93%E5%90%8D&phone6=%E7%94%B5%E8%AF%9D&address6=%E5%9C%B0%E5%9D%80&note6=%E5%A4%87%E6%B3%A8\
                &field7=%E5%A7%93%E5%90%8D&phone7=%E7%94%B5%E8%AF%9D&address7=%E5%9C%B0%E5%9D%80&note7=%E5%A4%87%E6%B3%A8\
                &field8=%E5%A7%93%E5%90%8D&phone8=%E7%94%B5%E8%AF%9D&address8=%E5%9C%B0%E5%9D%80&note8=%E5%A4%87%E6%B3%A8\
                &field9=%E5%A7%93%E5%90%8D&phone9=%E7%94%B5%E8%AF%9D&address9=%E5%9C%B0%E5%9D%80&note9=%E5%A4%87%E6%B3%A8\
                &field10=%E5%A7%93%E5%90%8D&phone10=%E7%94%B5%E8%AF%9D&address10=%E5%9C%B0%E5%9D%80&note10=%E5%A4%87%E6%B3%A8\
                &field11=%E5%A7%93%E5%90%8D&phone11=%E7%94%B5%E8%AF%9D&address11=%E5%9C%B0%E5%9D%80&note11=%E5%A4%87%E6%B3%A8"
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: view, name: 登记, url: "https://www.example.com/form?preset=7"}
        ```
    Source: doc/service/api/custommenu/api_createcustommenu (older versions said 256); the answer is inferred from the
    code's meaning.
    """
    return _too_long(button, "url", limits.URL, _URL, "let a short address on your site redirect to it")


def _too_long(button: Button, field: str, limit: Limit, codes: tuple[int, int], fix: str = "") -> Iterator[Violation]:
    text = button.text(field)
    size = limit.measure(text)
    if size > limit.value:
        answer = button.answer(*codes)
        counted = "" if text.isascii() else " (a Chinese character is 3)"
        yield Violation(
            path=button.at(field),
            detail=f"{button.who}: the {field} has {size} bytes{counted}, {limit.value} are allowed; {answer}",
            fix=fix or f'shorten it; "{whole(fitting(text, limit))}" is what fits',
        )


def fitting(text: str, limit: Limit) -> str:
    """The longest beginning of ``text`` that the limit takes, without half a character."""
    room = limit.value
    for end, sign in enumerate(text):
        room -= limit.measure(sign)
        if room < 0:
            return text[:end].rstrip("\u200d\ufe0f ")
    return text


RULES = (name_too_long, sub_name_too_long, key_too_long, url_too_long)
