"""The page and the picture in a real Chromium: tapped, typed at, listened to, looked at."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from preview import hostile
from preview.browser import Browser
from render import plans

from wxdeploy.render.page import plan_page, preview_page
from wxdeploy.render.svg import preview_svg

Page = Callable[..., Path]

CONTRAST = """(selector) => {
  const channels = (color) => {
    const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((v) => v / 255)
      .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  };
  const light = (color) => { const [r, g, b] = channels(color); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const clear = (color) => color === 'rgba(0, 0, 0, 0)';
  const behind = (e) => { while (e && clear(getComputedStyle(e).backgroundColor)) e = e.parentElement;
    return e ? getComputedStyle(e).backgroundColor : 'white'; };
  const seen = [...document.querySelectorAll(selector)].filter((e) => e.checkVisibility() && e.textContent.trim());
  return seen.map((e) => {
    const [a, b] = [light(getComputedStyle(e).color), light(behind(e))].sort((x, y) => y - x);
    return [e.className + ': ' + e.textContent, (a + 0.05) / (b + 0.05)];
  });
}"""


def one(selector: str, number: int = 0) -> str:
    return f"[...document.querySelectorAll({selector!r})].filter((e) => e.checkVisibility())[{number}]"


def texts(browser: Browser, selector: str) -> list[str]:
    """What is seen of the elements: their words in the language that is on, without those for ears."""
    seen: list[str] = browser.run(
        f"[...document.querySelectorAll({selector!r})].filter((e) => e.checkVisibility()).map((e) => {{"
        " const c = e.cloneNode(true); c.querySelectorAll('.unseen, .badge').forEach((u) => u.remove());"
        " c.querySelectorAll(document.documentElement.dataset.lang === 'zh' ? '.en' : '.zh').forEach((u) => u.remove());"
        " return c.textContent.trim(); })"
    )
    return seen


def expanded(browser: Browser, side: str = "after") -> list[str]:
    found: list[str] = browser.run(
        f"[...document.querySelectorAll('[data-side={side}] .key[aria-expanded]')]"
        ".filter((e) => e.checkVisibility()).map((e) => e.getAttribute('aria-expanded'))"
    )
    return found


def test_a_tap_opens_the_list_and_a_tap_in_it_shows_what_happens(browser: Browser, shop: Path, page: Page) -> None:
    browser.open(page(shop, "plan"))
    assert expanded(browser) == ["true", "false", "false"]
    assert texts(browser, "[data-side=after] .sub") == ["自提点单", "外卖到家", "新品尝鲜"]
    browser.tap(one("[data-side=after] .key", 1))
    assert expanded(browser) == ["false", "true", "false"]
    assert texts(browser, "[data-side=after] .sub") == ["领优惠券", "我的积分", "扫小票积分"]
    browser.tap(one("[data-side=after] .sub", 0))
    assert expanded(browser) == ["false", "false", "false"]
    assert texts(browser, "[data-side=after] .tapped") == ["领优惠券"]
    (told,) = texts(browser, "[data-side=after] .chat .does")
    assert "发送事件" in told
    assert "COUPON_TODAY" in told
    assert texts(browser, "[data-side=before] .tapped") == []


@pytest.mark.parametrize(
    ("column", "row", "told"),
    [
        (0, 0, "pages/order/index"),
        (0, 1, "https://www.example.com/delivery"),
        (1, 2, "扫码并等待回复"),
        (2, 0, "发送位置"),
    ],
)
def test_every_kind_of_tap_is_told(column: int, row: int, told: str, browser: Browser, shop: Path, page: Page) -> None:
    browser.open(page(shop, "plan"))
    if column:
        browser.tap(one("[data-side=before] .key", column))
    browser.tap(one("[data-side=before] .sub", row))
    assert told in texts(browser, "[data-side=before] .chat .does")[0]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [1240, 360])
def test_the_word_on_every_edit_is_seen_whole(
    language: str, width: int, browser: Browser, shop: Path, page: Page
) -> None:
    browser.size(width, 1000)
    browser.open(page(shop, "plan"))
    if language == "en":
        browser.tap("document.getElementById('lang')")
    assert (
        browser.run(
            "[...document.querySelectorAll('.edits .badge')].filter((e) => e.checkVisibility() && ("
            " e.scrollHeight > e.clientHeight || e.scrollWidth > e.clientWidth"
            " || e.getBoundingClientRect().right > e.nextElementSibling.getBoundingClientRect().left)).length"
        )
        == 0
    )


def test_a_second_tap_or_one_beside_closes_the_list(browser: Browser, shop: Path, page: Page) -> None:
    browser.open(page(shop, "plan"))
    browser.tap(one("[data-side=after] .key", 0))
    assert expanded(browser) == ["false", "false", "false"]
    browser.tap(one("[data-side=after] .key", 2))
    browser.tap(one("[data-side=after] .title"))
    assert expanded(browser) == ["false", "false", "false"]


def test_a_button_without_a_list_acts_at_once(browser: Browser, audiences: Path, page: Page) -> None:
    browser.open(page(audiences, "preview"))
    browser.tap(one(".key", 2))
    assert texts(browser, ".tapped") == ["专属客服"]


def test_before_and_after_and_both(browser: Browser, shop: Path, page: Page) -> None:
    browser.open(page(shop, "plan"))
    captions = "figcaption"
    assert texts(browser, captions) == ["变更前", "变更后"]
    browser.tap(one("[data-view=before]:not(body)"))
    assert texts(browser, captions) == ["变更前"]
    assert "本周新品" in texts(browser, ".sub")
    browser.tap(one("[data-view=after]:not(body)"))
    assert texts(browser, captions) == ["变更后"]
    assert "新品尝鲜" in texts(browser, ".sub")


def test_what_changes_is_marked_and_said(browser: Browser, shop: Path, page: Page) -> None:
    browser.open(page(shop, "plan"))
    browser.tap(one("[data-side=after] .key", 2))
    cut = one("[data-side=after] .sub", 1)
    assert browser.run(f"{cut}.querySelector('[aria-hidden]').textContent") == "预约试饮与门店导…"
    assert browser.run(f"{cut}.querySelector('.unseen').textContent") == "预约试饮与门店导览服务"
    assert browser.run(f"{cut}.querySelector('.badge').className") == "badge add"
    browser.tap(one("[data-side=before] .key", 2))
    assert browser.run(f"{one('[data-side=before] .sub', 1)}.querySelector('.badge').className") == "badge remove"


def test_audiences_are_switched(browser: Browser, audiences: Path, page: Page) -> None:
    browser.open(page(audiences, "plan"))
    assert texts(browser, ".menus b") == ["vip", "北京门店"]
    assert "下载应用" in texts(browser, ".sub")
    browser.tap(one(".menus button", 1))
    assert texts(browser, ".show .none") == ["没有菜单"]
    assert "门店地址" in texts(browser, "[data-side=before] .sub")
    rows = texts(browser, ".account > .block tr")
    assert any("标签 北京门店" in row and "默认菜单" in row for row in rows)


def test_accounts_are_switched(browser: Browser, example: Callable[[str], Path], page: Page) -> None:
    browser.open(page(example("official-samples"), "preview"))
    assert texts(browser, "h2") == ["music"]
    browser.run("(() => { account.value = '1'; account.dispatchEvent(new Event('change')); })()")
    assert texts(browser, "h2") == ["tools"]


def test_of_many_accounts_the_first_that_changes_is_shown(browser: Browser, tmp_path: Path) -> None:
    same, other = plans.menu(plans.view("同")), plans.menu(plans.view("新"))
    accounts = [plans.account(same, same, name="calm"), plans.account(other, same, name="new")]
    path = tmp_path / "two.html"
    path.write_text(plan_page(plans.document(*accounts, plans.failed("broken", "no credentials"))), "utf-8")
    browser.open(path)
    assert browser.run("document.querySelector('h2:not([hidden] h2)').textContent").startswith("new")
    assert browser.run("[...account.options].map((each) => each.textContent.trim())") == ["calm", "● new", "✗ broken"]


def test_the_keyboard_does_all_of_it(browser: Browser, shop: Path, page: Page) -> None:
    browser.open(page(shop, "plan"))
    active = "document.activeElement.textContent.trim()"
    browser.run(f"{one('[data-side=after] .key', 0)}.focus()")
    browser.press("Escape", 27)
    assert expanded(browser) == ["false", "false", "false"]
    browser.press("Tab", 9)
    assert browser.run(active).startswith("会员"), "a closed list is passed over"
    browser.press("Enter", 13, "\r")
    assert expanded(browser) == ["false", "true", "false"]
    browser.press("Tab", 9)
    assert browser.run(active).startswith("领优惠券"), "an open list comes after its button"
    browser.press("ArrowUp", 38)
    assert browser.run(active) == "扫小票积分"
    browser.press("ArrowDown", 40)
    browser.press("ArrowDown", 40)
    assert browser.run(active) == "我的积分"
    browser.press("Enter", 13, "\r")
    assert texts(browser, "[data-side=after] .tapped") == ["我的积分"]
    assert browser.run(active).startswith("会员"), "the focus goes back to the button"


def test_a_screen_reader_is_told(browser: Browser, shop: Path, page: Page) -> None:
    browser.open(page(shop, "plan"))
    nodes = browser.call("Accessibility.getFullAXTree")["nodes"]
    buttons = {}
    for node in nodes:
        if node.get("role", {}).get("value") == "button" and not node.get("ignored"):
            properties = {each["name"]: each["value"].get("value") for each in node.get("properties", [])}
            buttons[node["name"]["value"]] = properties
    assert all(buttons), "every button has a name"
    assert buttons["点单 子菜单有改动"]["expanded"] is True
    assert buttons["会员 子菜单有改动"]["expanded"] is False
    assert buttons["对比"]["pressed"] == "true"
    assert buttons["变更前"]["pressed"] == "false"
    assert any(each["name"] == "live" for node in nodes for each in node.get("properties", []))
    assert browser.run("document.documentElement.lang") == "zh-CN"


def test_the_language_is_switched(browser: Browser, shop: Path, page: Page) -> None:
    browser.open(page(shop, "plan"))
    assert texts(browser, "h1") == ["菜单变更"]
    browser.tap(one("#lang"))
    assert texts(browser, "h1") == ["Menu changes"]
    assert browser.run("document.documentElement.lang") == "en"
    browser.tap(one("#lang"))
    assert texts(browser, "h1") == ["菜单变更"]


@pytest.mark.parametrize("dark", [False, True])
def test_everything_can_be_read_in_the_light_and_in_the_dark(
    dark: bool, browser: Browser, audiences: Path, page: Page
) -> None:
    browser.size(1240, 1000, dark=dark)
    browser.open(page(audiences, "plan"))
    browser.tap(one("[data-side=after] .sub", 2))
    browser.tap(one("[data-side=after] .key", 1))
    shade = "getComputedStyle(document.body).backgroundColor"
    first = browser.run(shade)
    selectors = "h1, h2, h3, p, button, b, th, td, code, dt, dd, summary, figcaption, .badge, .soft, .verb, .tapped"
    found = browser.run(f"({CONTRAST})({selectors!r})")
    assert len(found) > 60
    assert [each for each in found if each[1] < 4.5] == []
    browser.tap(one("#theme"))
    assert browser.run(shade) != first
    assert [each for each in browser.run(f"({CONTRAST})({selectors!r})") if each[1] < 4.5] == []


@pytest.mark.parametrize(("width", "dark"), [(1240, False), (390, True)])
@pytest.mark.parametrize("command", ["plan", "preview"])
def test_the_rules_of_accessibility_are_kept(
    width: int, dark: bool, command: str, browser: Browser, audiences: Path, page: Page, axe: str
) -> None:
    browser.size(width, 900, dark=dark)
    browser.open(page(audiences, command))
    browser.tap(one(".sub", 0))
    browser.tap(one(".key[aria-expanded]", 0))
    browser.run(f"{axe};0")
    found = browser.run(
        "axe.run().then((told) => told.violations.map((each) => [each.id, each.nodes.map((node) => node.html)]))"
    )
    assert found == []
    assert browser.run("axe.run().then((told) => told.passes.length)") > 15


@pytest.mark.parametrize("width", [320, 390, 820])
def test_a_narrow_window_is_enough(width: int, browser: Browser, shop: Path, page: Page) -> None:
    browser.size(width, 800)
    browser.open(page(shop, "plan"))
    assert texts(browser, "figcaption") == ["变更后"]
    browser.tap(one("[data-side=after] .key", 2))
    assert browser.run("document.documentElement.scrollWidth") <= width
    inside = browser.run(
        "(() => { const p = document.querySelector('[data-side=after] .phone').getBoundingClientRect();"
        f" const l = {one('.list')}.getBoundingClientRect(); return [l.left - p.left, p.right - l.right, l.top - p.top]; }})()"
    )
    assert min(inside) >= 0


def test_nothing_is_fetched_and_nothing_foreign_runs(browser: Browser, shop: Path, page: Page) -> None:
    path = page(shop, "plan")
    browser.open(path)
    assert browser.requests == [path.as_uri()]
    assert browser.complaints == []
    browser.run(
        "(() => { const i = new Image(); i.src = 'http://127.0.0.1:9/x.png'; document.body.append(i);"
        " const s = document.createElement('script'); s.textContent = 'document.title = 1'; document.body.append(s);"
        " const d = document.createElement('div'); d.innerHTML = '<b style=\"color:red\" onclick=\"document.title=1\">b</b>';"
        " document.body.append(d); d.firstChild.click(); })()"
    )
    browser.wait(lambda: browser.run("1") == 1 and len(browser.complaints) >= 4)
    assert all("Content Security Policy" in each for each in browser.complaints)
    assert browser.run("document.title").startswith("菜单变更")


@pytest.mark.parametrize("name", ["plan", "preview", "picture"])
def test_hostile_names_do_nothing(name: str, browser: Browser, tmp_path: Path) -> None:
    text = {
        "plan": lambda: plan_page(hostile.plan()),
        "preview": lambda: preview_page(hostile.configuration()),
        "picture": lambda: preview_svg(hostile.configuration()),
    }[name]()
    path = tmp_path / f"page.{'svg' if name == 'picture' else 'html'}"
    path.write_text(text, "utf-8")
    browser.open(path)
    assert browser.requests == [path.as_uri()]
    assert browser.complaints == []
    if name != "picture":
        browser.tap(one(".sub", 0))
        assert texts(browser, ".tapped") == [hostile.NAMES[0]]
        browser.run("document.querySelectorAll('button').forEach((each) => each.click())")
    assert not browser.run("document.title").startswith("taken")
    assert browser.run("document.querySelectorAll('img, [onload], [onerror], [onfocus]').length") == 0
    assert browser.complaints == []


def test_without_its_script_the_page_shows_everything(browser: Browser, audiences: Path, page: Page) -> None:
    path = page(audiences, "preview")
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(path)
    finally:
        browser.call("Emulation.setScriptExecutionDisabled", value=False)
    assert {"今日礼遇", "下载应用", "本周新品"} <= set(texts(browser, ".sub"))
    assert texts(browser, ".tools button") == []


def test_names_stay_in_their_boxes_on_the_picture(browser: Browser, tmp_path: Path) -> None:
    leaves: list[dict[str, Any]] = [
        {"type": "click", "name": name, "key": "K"} for name in ("预约试饮与门店导览服务", "WWWWWWWWWWWWWWWWWW", "短")
    ]
    columns = [{"name": name, "sub_button": leaves} for name in ("附近的门店", "WWWWWWWWWW", "会员中心")]
    menus = [{"name": None, "rule": None, "menu": {"button": columns}, "places": {}}]
    path = tmp_path / "menu.svg"
    path.write_text(preview_svg({"accounts": [{"account": "demo", "menus": menus}]}), "utf-8")
    browser.open(path)
    widths = browser.run("[...document.querySelectorAll('.sub, .key')].map((e) => [e.textContent, e.getBBox().width])")
    assert len(widths) == 12
    assert [each for each in widths if each[1] > 390 / 3] == []


def test_the_picture_is_dark_where_its_reader_likes_it_dark(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "menu.svg"
    path.write_text(preview_svg(hostile.configuration()), "utf-8")
    colours = (
        "[...new Set(['fill', 'stroke'].flatMap((name) => [...document.querySelectorAll(`[${name}]`)]"
        ".map((e) => getComputedStyle(e)[name])))].filter((c) => c !== 'none')"
    )
    browser.open(path)
    light = set(browser.run(colours))
    browser.size(1240, 1000, dark=True)
    dark = set(browser.run(colours))
    assert len(dark) > 3
    assert light & dark == set()  # no part is forgotten


def test_it_is_quick(browser: Browser, tmp_path: Path) -> None:
    """Fifty accounts of seven menus: an agency's page is still a page."""
    one_account = hostile.configuration()["accounts"][0]
    many = {"accounts": [{**one_account, "menus": one_account["menus"] * 3} for _ in range(50)]}
    path = tmp_path / "many.html"
    path.write_text(preview_page(many), "utf-8")
    start = time.monotonic()
    browser.open(path)
    browser.tap(one(".key", 1))
    assert time.monotonic() - start < 15
