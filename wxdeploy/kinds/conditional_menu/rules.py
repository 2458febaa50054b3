"""Rules about what a personalised menu needs and may hold: WX301 to WX303, WX306, WX307, WX309."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from wxdeploy.kinds.base import Account, Violation, rule
from wxdeploy.kinds.buttons.links import domain
from wxdeploy.kinds.buttons.spec import ABSENT
from wxdeploy.kinds.buttons.walk import CONDITIONAL, MENU, leaves, listed, personalised, shown
from wxdeploy.kinds.conditional_menu.entries import entries
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.wechat import limits
from wxdeploy.wechat.errcodes import Code
from wxdeploy.wechat.matchrules import REMOVED, TAG_IDS


@rule("WX301", section=CONDITIONAL)
def default_menu_missing(account: Account) -> Iterator[Violation]:
    """There are personalised menus but no default menu.

    What: `conditional_menus` has entries, and `menu` is `absent`. Where `menu` is not managed at all, the plan says
    whether the account has one.
    Why: the account would answer 65303: a personalised menu needs a default menu that was made through the API; one
    made in the web console is not enough. And menu/delete would take the personalised menus along.
    Bad:
        ```yaml
        menu: absent
        conditional_menus:
          - name: ios
            matchrule: {client_platform_type: ios}
            button: [{type: click, name: 苹果, key: IOS}]
        ```
    Good:
        ```yaml
        menu:
          button: [{type: click, name: 今日歌曲, key: V1001_TODAY_MUSIC}]
        conditional_menus:
          - name: ios
            matchrule: {client_platform_type: ios}
            button: [{type: click, name: 苹果, key: IOS}]
        ```
    Source: return code 65303; community threads 000ac60cae0200a26f3a8e23e5b400, 0008a464f4cf607ffd6f434d251800.
    """
    if account.sections.get(MENU) == ABSENT and listed(account.sections.get(CONDITIONAL)):
        yield Violation(
            path=(),
            detail=f"`menu` is {ABSENT}; the account would answer {Code.NO_DEFAULT_MENU:d}",
            fix="give the account a default menu, or write `conditional_menus: []`",
            on_key=True,
        )


@rule("WX302", section=CONDITIONAL)
def empty_rule(account: Account) -> Iterator[Violation]:
    """A personalised menu has no rule.

    What: `matchrule` is missing, or none of its fields says anything.
    Why: the account would answer 65304. The menu for everyone is the default menu.
    Bad:
        ```yaml
        conditional_menus:
          - name: everyone
            matchrule: {}
            button: [{type: click, name: 今日歌曲, key: V1001_TODAY_MUSIC}]
        ```
    Good:
        ```yaml
        conditional_menus:
          - name: ios
            matchrule: {client_platform_type: ios}
            button: [{type: click, name: 今日歌曲, key: V1001_TODAY_MUSIC}]
        ```
    Source: doc/service/api/custommenu/api_addconditionalmenu; return code 65304.
    """
    for entry in entries(account):
        if not entry.raw_rule and isinstance(entry.fields.get("matchrule", {}), Mapping):
            yield Violation(
                path=entry.at_rule(),
                detail=f"{entry.who} says nothing about who sees it; the account would answer {Code.EMPTY_MATCHRULE:d}",
                fix="add a `tag` or a `client_platform_type` to its `matchrule`",
            )


@rule("WX303", section=CONDITIONAL)
def too_many_domains(account: Account) -> Iterator[Violation]:
    """Personalised menus link to more than 3 domains.

    What: all personalised menus together link to more than 3 domains. Domains are counted as they are written,
    subdomains each for itself; the page that a mini program falls back to counts. The default menu does not.
    Why: the account would answer 65316.
    Bad:
        ```yaml
        conditional_menus:
          - name: ios
            matchrule: {client_platform_type: ios}
            button:
              - {type: view, name: 商城, url: "https://shop.example.com"}
              - {type: view, name: 帮助, url: "https://help.example.com"}
          - name: android
            matchrule: {client_platform_type: android}
            button:
              - {type: view, name: 商城, url: "https://m.example.com"}
              - {type: view, name: 博客, url: "https://blog.example.com"}
        ```
    Good:
        ```yaml
        conditional_menus:
          - name: ios
            matchrule: {client_platform_type: ios}
            button:
              - {type: view, name: 商城, url: "https://www.example.com/shop"}
              - {type: view, name: 帮助, url: "https://www.example.com/help"}
          - name: android
            matchrule: {client_platform_type: android}
            button:
              - {type: view, name: 商城, url: "https://m.example.com"}
              - {type: view, name: 博客, url: "https://blog.example.com"}
        ```
    Source: doc/service/api/custommenu/api_addconditionalmenu; return code 65316. Whether subdomains count each, and
    whether the fallback page does, is not documented: the stricter reading is taken.
    """
    found: dict[str, tuple[str | int, ...]] = {}
    for index, menu in personalised(account):
        for button in leaves(menu):
            if (url := button.text("url")) and (host := domain(url)):
                found.setdefault(host, (index, *button.at("url")))
    most = limits.CONDITIONAL_DOMAINS.value
    if len(found) > most:
        yield Violation(
            path=list(found.values())[most],
            detail=f"there are {len(found)}: {', '.join(map(shown, found))}; {most} are allowed; "
            f"the account would answer {Code.TOO_MANY_DOMAINS:d}",
            fix="let pages of one domain redirect to the others",
        )


@rule("WX306", section=CONDITIONAL)
def removed_field(account: Account) -> Iterator[Violation]:
    """A rule uses a field that WeChat removed.

    What: `matchrule` has `sex`, `country`, `province`, `city` or `language`.
    Why: for the followers' privacy WeChat removed these fields in December 2021: the account would answer 65320. A tag
    that your own system gives to the followers who are meant takes their place.
    Bad:
        ```yaml
        conditional_menus:
          - name: guangzhou
            matchrule: {city: 广州}
            button: [{type: click, name: 广州门店, key: GUANGZHOU}]
        ```
    Good:
        ```yaml
        tags:
          - name: 广州
        conditional_menus:
          - name: guangzhou
            matchrule: {tag: 广州}
            button: [{type: click, name: 广州门店, key: GUANGZHOU}]
        ```
    Source: announcement 11632637451RQs8y; doc/service/api/custommenu/api_addconditionalmenu.
    """
    for entry in entries(account):
        for name in (name for name in REMOVED if name in entry.raw_rule):
            yield Violation(
                path=entry.at_rule(name),
                detail=f"`{name}` can't be asked for since December 2021; "
                f"the account would answer {Code.PRIVATE_MATCHRULE:d}",
                fix=f"remove `{name}`, and ask for a tag that your system gives to these followers",
                on_key=True,
            )


@rule("WX307", section=CONDITIONAL)
def unknown_tag(account: Account) -> Iterator[Violation]:
    """A rule asks for a tag that there is not.

    What: `tags` is managed, and the `tag` of a rule is not among them. Where `tags` is not managed, or a rule gives an
    id, the plan says whether the account has such a tag.
    Why: no follower could have it, and the menu could not be published: a rule needs the id of a tag.
    Bad:
        ```yaml
        tags:
          - name: VIP
        conditional_menus:
          - name: svip
            matchrule: {tag: SVIP}
            button: [{type: click, name: 会员, key: SVIP}]
        ```
    Good:
        ```yaml
        tags:
          - name: VIP
          - name: SVIP
        conditional_menus:
          - name: svip
            matchrule: {tag: SVIP}
            button: [{type: click, name: 会员, key: SVIP}]
        ```
    Source: doc/service/api/custommenu/api_addconditionalmenu (tag_id).
    """
    declared = account.sections.get("tags")
    if "tags" not in account.sections or (declared and not listed(declared)):
        return
    tags = [tag for tag in listed(declared) if isinstance(tag, Mapping)]
    names = [name for tag in tags if isinstance(name := tag.get("name"), str)]
    for entry in entries(account):
        wanted = entry.raw_rule.get("tag")
        if isinstance(wanted, str) and wanted not in (*names, limits.STARRED_TAG_NAME):
            yield Violation(
                path=entry.at_rule("tag"),
                detail=f'"{shown(wanted)}" is not among the `tags`',
                fix=_instead(wanted, names, tags),
            )


def _instead(wanted: str, names: list[str], tags: list[Mapping[str, JsonValue]]) -> str:
    for tag in tags:
        was = tag.get("was")
        if wanted == was or wanted in listed(was):
            return f"write `tag: {tag.get('name')}`, as the tag is called now"
    if close := get_close_matches(wanted, names, n=1):
        return f"write `tag: {close[0]}`, or declare `name: {shown(wanted)}` under `tags`"
    return f"declare `name: {shown(wanted)}` under `tags`"


@rule("WX309", section=CONDITIONAL)
def two_tags(account: Account) -> Iterator[Violation]:
    """A rule asks for two tags.

    What: `matchrule` has more than one of `tag`, `tag_id` and `group_id` (the old name of `tag_id`).
    Why: they say the same thing, and a rule can hold one tag. Of a follower's tags only the one that was given last
    counts, so no rule can ask for two.
    Bad:
        ```yaml
        conditional_menus:
          - name: vip
            matchrule: {tag: VIP, tag_id: "101"}
            button: [{type: click, name: 会员, key: VIP}]
        ```
    Good:
        ```yaml
        conditional_menus:
          - name: vip
            matchrule: {tag: VIP}
            button: [{type: click, name: 会员, key: VIP}]
        ```
    Source: doc/service/api/custommenu/api_addconditionalmenu; offiaccount/Custom_Menus/Personalized_menu_interface.
    """
    for entry in entries(account):
        given = [name for name in ("tag", *TAG_IDS) if name in entry.raw_rule]
        numbers = {str(entry.raw_rule[name]) for name in given}
        if len(given) > 1 and ("tag" in given or len(numbers) > 1):
            named = " and ".join(f"`{name}`" for name in given)
            yield Violation(
                path=entry.at_rule(given[-1]),
                detail=f"{entry.who} has {named}",
                fix=f"keep `{given[0]}` alone",
                on_key=True,
            )


RULES = (default_menu_missing, empty_rule, too_many_domains, removed_field, unknown_tag, two_tags)
