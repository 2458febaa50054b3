"""What people write today to look at many accounts: wechatpy in a loop, in turn or on threads. It compares nothing.

    python wechatpy_loop.py URL ACCOUNTS THREADS [push]

Of each account it reads the menu, the menu that followers see, the tags and the templates; with ``push`` it then makes
the tag and the menu anew, whatever is there.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from wechatpy import WeChatClient

MENU = {"button": [{"type": "click", "name": "本周特惠", "key": "NEW_THIS_WEEK"}]}


class Client(WeChatClient):  # type: ignore[misc]
    """wechatpy's client at another host; what it does itself is as it was."""

    def fetch_access_token(self) -> Any:
        params = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret}
        return self._fetch_access_token(url=f"{self.API_BASE_URL}token", params=params)


def look(url: str, number: int, push: bool) -> int:
    client = Client(f"wx{number:016x}", "secret")
    client.API_BASE_URL = f"{url}/cgi-bin/"
    found = [
        client.menu.get(),
        client.menu.get_menu_info(),
        client.tag.get(),
        client.template.get_all_private_template(),
    ]
    if push:
        client.tag.create("老客")
        client.menu.create(MENU)
    return len(found)


def main() -> None:
    url, accounts, threads, push = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:] == ["push"]
    with ThreadPoolExecutor(threads) as pool:
        print(sum(pool.map(lambda number: look(url, number, push), range(accounts))))


if __name__ == "__main__":
    main()
