"""Projects of any size to measure with: every account its own file, each of some 5.5 KB and no two alike."""

from __future__ import annotations

from pathlib import Path

CITIES = ("北京", "上海", "广州", "深圳", "杭州", "成都", "武汉", "西安", "南京", "重庆")
AUDIENCES = (("vip", "{tag: VIP}"), ("ios", "{client_platform_type: ios}"))


def write(folder: Path, files: int) -> list[Path]:
    """A valid project of that many accounts in ``folder``; answers the files of the accounts."""
    accounts = folder / "accounts"
    accounts.mkdir(parents=True)
    written = []
    for number in range(files):
        path = accounts / f"shop-{number:04}.yaml"
        path.write_text(account_file(number), "utf-8")
        written.append(path)
    (folder / "wxdeploy.yaml").write_text(project_file(files), "utf-8")
    return written


def project_file(accounts: int) -> str:
    entries = "".join(
        f"  shop-{number:04}:\n    appid: wx{number:016x}\n    api: sandbox\n"
        f"    files: [accounts/shop-{number:04}.yaml]\n"
        f"    vars: {{site: 'https://shop-{number:04}.example.com'}}\n"
        for number in range(accounts)
    )
    return f"version: 1\naccounts:\n{entries}"


def account_file(number: int) -> str:
    """Tags, a menu, two personalised menus and three templates, as people write them."""
    shop = f"{CITIES[number % len(CITIES)]}{number}"
    personalised = "".join(
        f"  - name: {name}\n    matchrule: {rule}\n{menu(f'{name.upper()}_{number}', indent=4)}"
        for name, rule in AUDIENCES
    )
    return (
        f"# {shop}店\ntags:\n  - name: VIP\n  - name: {shop}店\n    was: {shop}\n\n"
        f"menu:\n{menu(f'ALL_{number}', indent=2)}\nconditional_menus:\n{personalised}\n"
        f"templates:\n{template('order_paid', '订单支付成功通知', number)}"
        f"{template('order_sent', '订单发货通知', number)}{template('order_back', '退款成功通知', number)}"
    )


def menu(key: str, *, indent: int) -> str:
    """Three buttons at the bottom of the phone: two with five below each, one that opens a mini program."""
    lines = ["button:"]
    for group, name in enumerate(("点单", "会员")):
        lines += [f"  - name: {name}", "    sub_button:"]
        for entry in range(4):
            page = f"${{site}}/{key.lower()}/{group}/{entry}"
            lines += [
                "      - type: view",
                f"        name: {name}第{entry}页",
                f'        url: "{page}?utm_source=wechat&utm_medium=menu&utm_campaign=autumn"',
            ]
        lines += ["      - {type: click, name: 联系客服, key: " + f"{key}_HELP_{group}" + "}"]
    lines += ["  - type: miniprogram", "    name: 小程序", '    url: "${site}"']
    lines += ["    appid: wx286b93c14bbf93aa", f"    pagepath: pages/index?from={key.lower()}"]
    return "".join(f"{' ' * indent}{line}\n" for line in lines)


def template(name: str, title: str, number: int) -> str:
    return f"""\
  {name}:
    title: {title}
    data:
      character_string1: {{label: 订单编号, from: order.no, sample: "20241122{number:06}"}}
      amount3: {{label: 支付金额, from: order.amount, sample: ¥{number % 900 + 10}.00}}
    url: "${{site}}/orders/{{order.no}}"
"""
