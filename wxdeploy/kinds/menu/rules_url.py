"""Rules about the addresses of pages: those of view buttons, and those old clients open for a mini program."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from wxdeploy.kinds.base import Violation
from wxdeploy.kinds.buttons.rule import link_rule
from wxdeploy.kinds.buttons.walk import Button, shown, whole
from wxdeploy.wechat.errcodes import Code

_WEB = ("http://", "https://")
_ENCODED = ("http%3a", "https%3a")
_SLIPPED = r"(?i)h*t+ps?[:：]?/*(?=[\w-]+\.)"
_HOST = r"[\w-]+(\.[\w-]+)+([:/?#]|$)"
_BLANK = "[\\s\x00-\x1f\x7f-\x9f\u200b\u200c\u200d\u2060\ufeff]"


@link_rule("WX230")
def url_without_scheme(button: Button) -> Iterator[Violation]:
    """A url does not start with http:// or https://.

    What: `url` has no scheme, a misspelt one, or one that is not the web's.
    Why: a menu opens web pages by their full address only; the account would answer 40055 on the first level and 40054
    on the second.
    Bad:
        ```yaml
        menu:
          button:
            - {type: view, name: 官网, url: www.example.com}
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: view, name: 官网, url: "https://www.example.com"}
        ```
    Source: return codes 40054 and 40055; community threads 0004686fa24aa88d56cd962ab5d000 and
    000eecb7308fe08f695a91acf5b413.
    """
    url = button.link
    text = url.strip()
    if not text or text.lower().startswith((*_WEB, *_ENCODED, "#")):
        return
    fix = "write the full address of the page, with https:// in front"
    if re.match(_HOST, text):
        fix = f"write `url: https://{whole(text)}`"
    elif slipped := re.match(_SLIPPED, text):
        fix = f"write `url: https://{whole(text[slipped.end() :])}`"
    yield _refused(button, f'opens "{shown(url)}"', fix)


@link_rule("WX231")
def url_is_fragment(button: Button) -> Iterator[Violation]:
    """A url is only a # sign.

    What: `url` is `#`, or a place in a page without the page.
    Why: there is no page that it could be a place in; the account would answer 40055 on the first level and 40054 on
    the second. A first-level button that is only there to open a list has `sub_button` and neither `type` nor `url`.
    Bad:
        ```yaml
        menu:
          button:
            - {type: view, name: 即将上线, url: "#"}
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: click, name: 即将上线, key: COMING_SOON}
        ```
    Source: return codes 40054 and 40055; community thread 0004686fa24aa88d56cd962ab5d000.
    """
    url = button.link
    if url.strip().startswith("#"):
        fix = "write the address of a page, or make it `type: click` with a `key` that the account's server answers"
        yield _refused(button, f'opens "{shown(url)}"', fix)


@link_rule("WX232")
def url_encoded_whole(button: Button) -> Iterator[Violation]:
    """A url is percent-encoded as a whole.

    What: `url` begins with https%3A: even the colon and the slashes of the scheme are encoded.
    Why: that is no address any more; the account would answer 40055 on the first level and 40054 on the second. In a
    link for web authorisation only the value of `redirect_uri` is encoded.
    Bad:
        ```yaml
        menu:
          button:
            - {type: view, name: 官网, url: "https%3A%2F%2Fwww.example.com%2F"}
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: view, name: 官网, url: "https://www.example.com/"}
        ```
    Source: return codes 40054 and 40055; community thread 0004686fa24aa88d56cd962ab5d000.
    """
    url = button.link
    if url.strip().lower().startswith(_ENCODED):
        yield _refused(button, f'opens "{shown(url)}"', f"write `url: {whole(unquote(url.strip()))}`")


@link_rule("WX233")
def url_with_html_escape(button: Button) -> Iterator[Violation]:
    """A url holds an ampersand as HTML writes it.

    What: `url` holds `&amp;`, which a page's source or a filter against scripts puts in place of `&`.
    Why: the account may take it, but every parameter after the first arrives at the page under a wrong name (`amp;b`):
    the button is dead.
    Bad:
        ```yaml
        menu:
          button:
            - {type: view, name: 搜索, url: "https://www.example.com/search?a=1&amp;b=2"}
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: view, name: 搜索, url: "https://www.example.com/search?a=1&b=2"}
        ```
    Source: seen in menus that passed through such a filter.
    """
    url = button.link
    if "&amp;" in url:
        yield Violation(
            path=button.at("url"),
            detail=f"{button.who} has `&amp;` in its url: the page would get a parameter called `amp;…`",
            fix=f"write `url: {whole(url.replace('&amp;', '&'))}`",
        )


@link_rule("WX234")
def url_with_blank(button: Button) -> Iterator[Violation]:
    """A url holds a blank or a control character.

    What: there is a blank, a tab, a line break or an invisible character before, after or inside `url`.
    Why: it is not a valid address; expect 40055 on the first level and 40054 on the second, or a page that is not
    found.
    Bad:
        ```yaml
        menu:
          button:
            - {type: view, name: 搜索, url: "https://www.example.com/search?q=a b"}
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: view, name: 搜索, url: "https://www.example.com/search?q=a%20b"}
        ```
    Source: RFC 3986; the answer is inferred from the codes' meaning.
    """
    url = button.link
    if (url.isprintable() and " " not in url) or not (bad := re.search(_BLANK, url)):
        return
    inner = re.sub(_BLANK, lambda found: "%20" if found[0] == " " else "", url.strip())
    yield Violation(
        path=button.at("url"),
        detail=f"{button.who} has U+{ord(bad[0]):04X} in its url, {_where(url, bad[0])}",
        fix=f"write `url: {whole(inner)}`",
    )


@link_rule("WX235")
def url_without_host(button: Button) -> Iterator[Violation]:
    """A url names no host.

    What: nothing stands between `https://` and the next slash.
    Why: the phone can't know where to go; the account would answer 40055 on the first level and 40054 on the second. A
    variable that is empty is a common cause.
    Bad:
        ```yaml
        menu:
          button:
            - {type: view, name: 搜索, url: "https:///search"}
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: view, name: 搜索, url: "https://www.example.com/search"}
        ```
    Source: return codes 40054 and 40055, inferred from their meaning.
    """
    url = button.link
    text = url.strip()
    if text.lower().startswith(_WEB) and not _host_of(text.partition("//")[2]):
        yield _refused(button, f'opens "{shown(url)}"', "write the host after the two slashes: https://HOST/…")


def _refused(button: Button, what: str, fix: str) -> Violation:
    answer = button.answer(Code.INVALID_BUTTON_URL_DOMAIN, Code.INVALID_SUB_BUTTON_URL_DOMAIN)
    return Violation(path=button.at("url"), detail=f"{button.who} {what}; {answer}", fix=fix)


def _host_of(rest: str) -> str:
    for end in "/?#\\":
        rest = rest.partition(end)[0]
    return rest.rpartition("@")[2].partition(":")[0].strip()


def _where(url: str, sign: str) -> str:
    place = url.index(sign)
    if not url[:place].strip():
        return "at its beginning"
    return "at its end" if not url[place:].strip() else f'after "{shown(url[:place][-20:])}"'


RULES = (
    url_without_scheme,
    url_is_fragment,
    url_encoded_whole,
    url_with_html_escape,
    url_with_blank,
    url_without_host,
)
