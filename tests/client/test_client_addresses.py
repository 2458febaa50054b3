"""Which addresses are taken, and in which spelling; which are refused, by all that take one."""

from __future__ import annotations

import asyncio

import pytest

from wxdeploy.callback.outbound import Outbound
from wxdeploy.client.desk import Desk
from wxdeploy.client.http import Http
from wxdeploy.config.project import unsafe_api
from wxdeploy.model.credential import TokenService
from wxdeploy.model.errors import CredentialError, UsageError
from wxdeploy.model.url import parse

TAKEN = {
    "https://api.weixin.qq.com": "https://api.weixin.qq.com/",
    "HTTPS://API.weixin.QQ.com:443/": "https://api.weixin.qq.com/",
    "https://api.weixin.qq.com:": "https://api.weixin.qq.com/",
    "https://api.weixin.qq.com:0443": "https://api.weixin.qq.com/",
    "https://api.weixin.qq.com:80/": "https://api.weixin.qq.com:80/",
    "https://api.weixin.qq.com:65535": "https://api.weixin.qq.com:65535/",
    "https://api.weixin.qq.com.": "https://api.weixin.qq.com./",
    "https://h_1.-a.example.com": "https://h_1.-a.example.com/",
    "https://1.2.3": "https://1.2.3/",
    "https://1.2.3.4.5": "https://1.2.3.4.5/",
    "https://h.example.com?#": "https://h.example.com/",
    # paths and queries, with escapes where they need them
    "https://h.example.com/wechat/": "https://h.example.com/wechat/",
    "https://h.example.com//a//b": "https://h.example.com//a//b",
    "https://h.example.com/a/../b": "https://h.example.com/b",
    "https://h.example.com/a/./b/.": "https://h.example.com/a/b",
    "https://h.example.com/../../a/..": "https://h.example.com/",
    "https://h.example.com/%2e%2e/a": "https://h.example.com/%2e%2e/a",
    "https://h.example.com/微信": "https://h.example.com/%E5%BE%AE%E4%BF%A1",
    "https://h.example.com/%E5/100%": "https://h.example.com/%E5/100%",
    "https://h.example.com/\x85": "https://h.example.com/%C2%85",
    "https://h.example.com/@x": "https://h.example.com/@x",
    'https://h.example.com/a b"<>`{}|\\^[]': "https://h.example.com/a%20b%22%3C%3E%60%7B%7D|\\^[]",
    "https://h.example.com/;=,:!$&'()*+~": "https://h.example.com/;=,:!$&'()*+~",
    "https://h.example.com?a=1": "https://h.example.com/?a=1",
    'https://h.example.com/?a=%20 "{}`?/': "https://h.example.com/?a=%20%20%22{}`?/",
    # names in other letters than ASCII
    "https://MÜLLER.example.com": "https://xn--mller-kva.example.com/",
    "https://xn--mller-kva.example.com": "https://xn--mller-kva.example.com/",
    "https://微信.example.com": "https://xn--vuqz89a.example.com/",
    "https://例え。jp": "https://xn--r8jz45g.jp/",
    "https://xn--a": "https://xn--a/",
    # this machine
    "http://127.0.0.1": "http://127.0.0.1/",
    "http://127.9.8.7:80": "http://127.9.8.7/",
    "http://127.0.0.1:8080/x": "http://127.0.0.1:8080/x",
    "http://LOCALHOST:1": "http://localhost:1/",
    "http://[::1]:8080": "http://[::1]:8080/",
    "http://[::1]:80": "http://[::1]/",
    "http://[0:0:0:0:0:0:0:1]": "http://[0:0:0:0:0:0:0:1]/",
    "https://[2001:DB8::1]": "https://[2001:db8::1]/",
}

NONE = [
    *("", "https:", "https://", "https:///h", "https:/h", "https:h", "https://:443", "https://?a", "http:///", "://h"),
    *("//h.example.com", "h.example.com", "h.example.com:443", "/x", "x:y", "javascript:alert(1)", "1http://h"),
    *("https://@h", "https://@", "ftp://127.0.0.1", "ws://127.0.0.1", "file:///etc/passwd", "http+unix://x/"),
    # what a reader might take away and another leave
    *(" https://h.example.com", "https://h.example.com ", "https:// h.example.com", "https://h.exa mple.com"),
    *("\nhttps://h", "https://h\r\n", "https://h\tx", "https://h\0x", "https://h\x7fx", "https://h/\nx"),
    *("https://h.example.com\xa0", "\xa0https://h.example.com", "https://h.example.com\\.evil.example.com"),
    *("https:\\\\h.example.com", "https://h.example.com@", "https://h.example.com%", "https://h%2eexample.com"),
    *("https://h%00.example.com", "https://h.example.com\u200b", "https://h.example.com\u2044x"),
    # names that are none
    *("https://a..b", "https://.a", "https://ä..b", "https://-ä.example.com", "https://\xad.example.com"),
    *("https://a\u200db.example.com", "https://ex℀mple.com", "https://１２７.0.0.1", "https://\ud800"),
    *("https://a&b.example.com", "https://a*.example.com", "https://a,b", "https://a'b", 'https://a"b', "https://a|b"),
    *("https://a{b}", "https://a~b.example.com", "https://a[b]c", f"https://{'a' * 64}.example.com"),
    f"https://{'ä' * 300}.example.com",
    # numbers that are no address
    *("https://999.1.1.1", "http://127.0.0.01", "http://0177.0.0.1"),
    *("https://[::1", "https://[bad", "https://[]", "https://[::1]x", "https://[::1]80", "https://[::1]:x"),
    *("https://[127.0.0.1]", "https://[v1.a]", "https://::1", "https://[fe80::1%25eth0]", "https://[fe80::1%eth0]"),
    # ports that are none
    *("https://h:x", "https://h:80:80", "https://h:0x50", "https://h:+80", "https://h:-1", "https://h: 80"),
    *("https://h:8_0", "https://h:٨٠", "https://h:0", "https://h:65536", "https://h:99999999999999999999"),
    f"https://h:{'9' * 5000}",
    # what UTF-8 can't carry, and what no request line could
    *("https://h/\ud800", "https://h?\ud800", "https://h#\ud800", "https://\ud800@h", f"https://h/{'a' * 70000}"),
]

IN_THE_CLEAR = [
    *("http://example.com", "http://10.0.0.1", "http://0.0.0.0", "http://127.0.0.1.", "http://127.1"),
    *("http://2130706433", "http://0x7f000001", "http://localhost.", "http://foo.localhost", "http://[::]"),
    *("http://localhost.example.com", "http://[2001:db8::1]", "http://[::ffff:10.0.0.1]"),
]

USERS = [
    "https://user@h.example.com",
    "https://user:PASSWORD@h.example.com",
    "https://:@h.example.com",
    "https://a@b@h.example.com",
    "https://h.example.com\\@evil.example.com",
    "https://h.example.com:443@evil.example.com",
    "http://127.0.0.1@evil.example.com",
]


def ask(url: str) -> None:
    asyncio.run(Desk(service=TokenService(url, {}, "access_token")).ask())


def refused(url: str, message: str) -> None:
    """Every door that an address can come in by refuses it, before anything is sent."""
    with pytest.raises(UsageError, match=message) as api:
        Http(url, read_only=True)
    with pytest.raises(UsageError, match=message) as callback:
        Outbound(url, connections=1, seconds=1.0)
    with pytest.raises(CredentialError, match=message) as service:
        ask(url)
    for caught in (api, callback, service):
        assert "PASSWORD" not in str(caught.value)
        assert caught.value.__context__ is None
        assert caught.value.fix


@pytest.mark.parametrize("text", TAKEN)
def test_an_address_is_kept_in_one_spelling(text: str) -> None:
    url = parse(text)
    assert url is not None
    assert str(url) == TAKEN[text]
    assert parse(str(url)) == url
    if not url.query:
        assert Http(text, read_only=True).host == TAKEN[text].rstrip("/")


@pytest.mark.parametrize("text", NONE, ids=lambda text: ascii(text)[:40])
def test_what_is_no_address_is_refused(text: str) -> None:
    assert parse(text) is None
    refused(text, "http or https address")


@pytest.mark.parametrize("text", IN_THE_CLEAR)
def test_plain_http_is_for_this_machine_alone(text: str) -> None:
    refused(text, "plain http to .*unencrypted")


@pytest.mark.parametrize("text", USERS)
def test_an_address_with_a_user_is_refused(text: str) -> None:
    refused(text, "user name|not an http or https address")


@pytest.mark.parametrize("text", [*TAKEN, *NONE, *IN_THE_CLEAR, *USERS], ids=lambda text: ascii(text)[:40])
def test_what_validate_has_nothing_against_can_be_called(text: str) -> None:
    why = unsafe_api(text)
    if why is None:
        Http(text, read_only=True)
    else:
        assert "PASSWORD" not in why


@pytest.mark.parametrize("text", ["https://h.example.com?a=TOKEN", "https://h.example.com/#TOKEN"])
def test_the_base_url_of_the_api_has_no_query_and_no_fragment(text: str) -> None:
    with pytest.raises(UsageError, match="a query or a fragment") as caught:
        Http(text, read_only=True)
    assert "TOKEN" not in str(caught.value)


def test_the_parts_of_an_address() -> None:
    url = parse("socks5://na%40me:p%20w@Proxy.example.com:1080/a?b#c", {"socks5"})
    assert url is not None
    assert (url.scheme, url.host, url.port, url.user) == ("socks5", "proxy.example.com", 1080, "na%40me:p%20w")
    assert (url.path, url.query, url.fragment, url.target) == ("/a", "b", "c", "/a?b")
    assert url.authority == "proxy.example.com:1080"
    shown = f"{url!r} {url}"
    assert "p%20w" not in shown
    assert parse("socks5://proxy.example.com:1080") is None
