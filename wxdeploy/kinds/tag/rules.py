"""The rules about tags: WX40x."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from wxdeploy.kinds.base import Account, Violation, rule, stated
from wxdeploy.kinds.buttons.walk import listed, shown
from wxdeploy.model.diagnostic import Severity
from wxdeploy.wechat import limits
from wxdeploy.wechat.errcodes import Code

if TYPE_CHECKING:
    from wxdeploy.model.jsonvalue import JsonValue, Path

_SECTION = "tags"


def _entries(account: Account) -> Iterator[tuple[int, Mapping[str, JsonValue]]]:
    for index, entry in enumerate(listed(account.sections.get(_SECTION))):
        if isinstance(entry, Mapping):
            yield index, entry


def _names(account: Account) -> Iterator[tuple[int, str]]:
    for index, entry in _entries(account):
        if isinstance(name := entry.get("name"), str):
            yield index, name


def _former(account: Account) -> Iterator[tuple[Path, str, JsonValue]]:
    """Every name in a ``was``: its path, itself, and the name that the tag has now."""
    for index, entry in _entries(account):
        was, name = entry.get("was"), entry.get("name")
        if isinstance(was, str):
            yield (index, "was"), was, name
        for place, old in enumerate(listed(was)):
            if isinstance(old, str):
                yield (index, "was", place), old, name


@rule("WX401", section=_SECTION)
def too_many_tags(account: Account) -> Iterator[Violation]:
    """An account has more than 100 tags.

    What: `tags` has more than 100 entries, or the account would have more than 100 tags once those are created that it
    lacks.
    Why: the account would answer 45056 to the first one too many.
    Bad:
        ```text
        tags:
          - name: shop-001
          - name: shop-002
          ...
          - name: shop-101
        ```
    Good:
        ```yaml
        tags:
          - name: 北京门店
          - name: 上海门店
        ```
    Source: doc/service/api/usermanage/tag/api_createtag.
    """
    entries = listed(account.sections.get(_SECTION))
    if len(entries) > limits.TAGS.value:
        yield Violation(
            path=(limits.TAGS.value,),
            detail=f"there are {len(entries)}, {limits.TAGS.value} are allowed; "
            f"the account would answer {Code.TOO_MANY_TAGS:d}",
            fix="let tags that are used alike be one",
        )


@rule("WX402", section=_SECTION)
def tag_name_too_long(account: Account) -> Iterator[Violation]:
    """A tag's name is longer than 30 bytes.

    What: the name takes more than 30 bytes in UTF-8. A Chinese character takes 3, a Latin letter 1: ten Chinese
    characters fit.
    Why: the account would answer 45158. (The parameter's page says 30 characters, the return code 30 bytes: the
    stricter reading is taken.)
    Bad:
        ```yaml
        tags:
          - name: 北京市朝阳区旗舰店会员
        ```
    Good:
        ```yaml
        tags:
          - name: 北京朝阳店会员
        ```
    Source: doc/service/api/usermanage/tag/api_createtag; return code 45158.
    """
    for index, name in _names(account):
        size = limits.TAG_NAME.measure(name)
        if size > limits.TAG_NAME.value:
            yield Violation(
                path=(index, "name"),
                detail=f'"{shown(name)}" has {size} bytes, {limits.TAG_NAME.value} are allowed; '
                f"the account would answer {Code.TAG_NAME_TOO_LONG:d}",
                fix="shorten it",
            )


@rule("WX403", section=_SECTION)
def tag_name_empty(account: Account) -> Iterator[Violation]:
    """A tag has no name.

    What: `name` is missing, empty, or holds nothing but blanks.
    Why: the account would answer 45157.
    Bad:
        ```yaml
        tags:
          - name: ""
        ```
    Good:
        ```yaml
        tags:
          - name: VIP
        ```
    Source: return code 45157; doc/service/api/usermanage/tag/api_createtag.
    """
    for index, entry in _entries(account):
        name = entry.get("name")
        missing = "name" not in entry
        if missing or (isinstance(name, str) and not name.strip()):
            yield Violation(
                path=(index,) if missing else (index, "name"),
                detail=f"{'there is no' if missing else 'an empty'} `name`; "
                f"the account would answer {Code.INVALID_TAG_NAME:d}",
                fix="add `name:` with the tag's name",
            )


@rule("WX404", section=_SECTION)
def tag_twice(account: Account) -> Iterator[Violation]:
    """Two tags have one name.

    What: a name stands twice in `tags`.
    Why: a tag is known by its name, which is unique in an account: the account would answer 45157 to the second.
    Bad:
        ```yaml
        tags:
          - name: VIP
          - name: VIP
        ```
    Good:
        ```yaml
        tags:
          - name: VIP
          - name: SVIP
        ```
    Source: return code 45157.
    """
    seen: set[str] = set()
    for index, name in _names(account):
        if name in seen and name.strip():
            yield Violation(
                path=(index, "name"),
                detail=f'"{shown(name)}" stands above already; the account would answer {Code.INVALID_TAG_NAME:d}',
                fix="remove one of the two, or give it a name of its own",
            )
        seen.add(name)


@rule("WX405", section=_SECTION)
def reserved_tag(account: Account) -> Iterator[Violation]:
    """A tag that WeChat reserves is declared.

    What: `name` or `was` is 星标组, the starred group that every account has.
    Why: it can be neither created nor renamed nor deleted: the account would answer 45157 or 45058. A personalised menu
    can name it nevertheless, without any entry in `tags`.
    Bad:
        ```yaml
        tags:
          - name: 重点客户
            was: 星标组
        ```
    Good:
        ```yaml
        tags:
          - name: 重点客户
        ```
    Source: doc/service/api/usermanage/tag/api_updatetag (ids 0, 1 and 2); return code 45058.
    """
    for index, name in _names(account):
        if name == limits.STARRED_TAG_NAME:
            answer = f"the account would answer {Code.INVALID_TAG_NAME:d}"
            yield Violation(
                path=(index, "name"),
                detail=f"{name} is WeChat's own; {answer}",
                fix="remove it from `tags`: it is there in every account",
            )
    for path, old, _ in _former(account):
        if old == limits.STARRED_TAG_NAME:
            answer = f"the account would answer {Code.SYSTEM_TAG:d}"
            yield Violation(
                path=path,
                detail=f"{old} is WeChat's own; {answer}",
                fix="remove it from `was`; a new tag has to be given to its followers",
            )


@rule("WX406", section=_SECTION)
def former_name_taken(account: Account) -> Iterator[Violation]:
    """A former name belongs to another tag.

    What: a name in `was` is declared as a tag too, or stands in the `was` of two tags.
    Why: one live tag can become one declared tag. Which of the two its followers are meant for is not said.
    Bad:
        ```yaml
        tags:
          - name: 北京门店
            was: 北京
          - name: 北京
        ```
    Good:
        ```yaml
        tags:
          - name: 北京门店
            was: 北京
        ```
    Source: wxdeploy's own.
    """
    names = {name for _, name in _names(account)}
    seen: dict[str, JsonValue] = {}
    for path, old, name in _former(account):
        other = seen.setdefault(old, name)
        if old in names:
            what = "is this tag's own name" if old == name else "is declared as a tag itself"
            yield Violation(path=path, detail=f'"{shown(old)}" {what}', fix="remove it from `was`")
        elif other != name:
            yield Violation(
                path=path,
                detail=f'"{shown(old)}" was the name of "{shown(str(other))}" too',
                fix="leave it in the `was` of the tag that is to have the followers",
            )


@stated("WX407")
def too_many_followers() -> None:
    """A tag has too many followers to be deleted.

    What: the plan deletes a tag with more than 100,000 followers.
    Why: the account would answer 45057: such a tag has to be taken from followers first.
    Bad:
        ```text
        $ wxdeploy apply --allow-delete        # prune: [tags], and 250,000 followers have the tag
        ```
    Good:
        ```text
        POST /cgi-bin/tags/members/batchuntagging, 50 followers a call; then wxdeploy apply
        ```
    Source: doc/service/api/usermanage/tag/api_deletetag.
    """


@stated("WX408", severity=Severity.WARNING)
def probable_rename() -> None:
    """A tag was probably renamed.

    What: of all tags one goes, under `prune`, and one comes.
    Why: a tag that is deleted and created again has lost its followers. A rename keeps both the followers and the id;
    it has to be said, because a name alone doesn't tell.
    Bad:
        ```text
        tags:                     # the account has 北京, and wxdeploy.yaml says prune: [tags]
          - name: 北京门店
        ```
    Good:
        ```yaml
        tags:
          - name: 北京门店
            was: 北京
        ```
    Source: doc/service/api/usermanage/tag/api_updatetag.
    """


RULES = (
    too_many_tags,
    tag_name_too_long,
    tag_name_empty,
    tag_twice,
    reserved_tag,
    former_name_taken,
    too_many_followers,
    probable_rename,
)
