"""The rules of an account's tags and followers.

Sources: the pages under doc/service/api/usermanage/tag and doc/service/api/usermanage/userinfo.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from wxdeploy.sandbox.request import Json, Refusal, number
from wxdeploy.sandbox.state import Follower, State
from wxdeploy.wechat import limits
from wxdeploy.wechat.errcodes import Code

# The alphabet of openids; real ones have 28 characters, but an invented one in a test may be shorter.
_OPENID = re.compile(r"[A-Za-z0-9_-]{1,128}")


@dataclass(frozen=True, slots=True)
class Audience:
    """The tags and followers of one account within one transaction."""

    state: State
    appid: str

    # Tags

    def create_tag(self, tag: object) -> Json:
        """tags/create: ``{"id", "name"}`` of the new tag."""
        name = _checked_name(_object(tag))
        self._check_free(name, owner=None)
        if self.state.tag_total(self.appid) >= limits.TAGS.value:
            raise Refusal(Code.TOO_MANY_TAGS)
        return {"id": self.state.add_tag(self.appid, name), "name": name}

    def tags(self) -> list[Json]:
        """tags/get: the starred group, which every account has, and the account's own tags."""
        starred = limits.STARRED_TAG_ID
        rows: list[Json] = [
            {"id": starred, "name": limits.STARRED_TAG_NAME, "count": self.state.tagged_total(self.appid, starred)}
        ]
        rows += ({"id": tag.id, "name": tag.name, "count": tag.count} for tag in self.state.tags(self.appid))
        return rows

    def rename_tag(self, tag: object) -> None:
        """tags/update: the tag keeps its followers and its id."""
        fields = _object(tag)
        tag_id = self._own_tag(fields.get("id"))
        name = _checked_name(fields)
        self._check_free(name, owner=tag_id)
        self.state.rename_tag(self.appid, tag_id, name)

    def delete_tag(self, tag: object) -> None:
        """tags/delete: refused while the tag has more followers than one call may untag (45057)."""
        tag_id = self._own_tag(_object(tag).get("id"))
        if self.state.tagged_total(self.appid, tag_id) > limits.TAG_DELETE_FOLLOWERS.value:
            raise Refusal(Code.TAG_HAS_TOO_MANY_FOLLOWERS)
        self.state.remove_tag(self.appid, tag_id)

    def _own_tag(self, tag_id: object) -> int:
        """The id of a tag that may be changed: not one of WeChat's own (45058)."""
        found = number(tag_id)
        if found in limits.RESERVED_TAG_IDS:
            raise Refusal(Code.SYSTEM_TAG)
        if found is None or self.state.tag_name(self.appid, found) is None:
            raise Refusal(Code.INVALID_TAG_ID)
        return found

    def _check_free(self, name: str, *, owner: int | None) -> None:
        """45157 where another tag has this name."""
        if name == limits.STARRED_TAG_NAME or self.state.tag_id(self.appid, name) not in (None, owner):
            raise Refusal(Code.INVALID_TAG_NAME)

    # Tags of followers

    def tag_ids(self, openid: object) -> list[int]:
        """tags/getidlist: in the order in which they were given."""
        return list(self._follower(openid).tags)

    def give_tag(self, openids: object, tag_id: object) -> None:
        """tags/members/batchtagging: all of them or none (one foreign openid fails the whole call)."""
        followers = self._followers(openids)
        found = self._tag_to_give(tag_id)
        for follower in followers:
            if found not in follower.tags and len(follower.tags) >= limits.TAGS_OF_FOLLOWER.value:
                raise Refusal(Code.TOO_MANY_TAGS_OF_FOLLOWER)
        for follower in followers:
            self.state.give_tag(self.appid, follower.openid, found)

    def take_tag(self, openids: object, tag_id: object) -> None:
        """tags/members/batchuntagging: a follower who does not have the tag is no error."""
        followers = self._followers(openids)
        found = self._tag_to_give(tag_id)
        for follower in followers:
            self.state.take_tag(self.appid, follower.openid, found)

    def _tag_to_give(self, tag_id: object) -> int:
        """The id of a tag that can be given; the starred group can't (community thread oCJUswz7MQr9OrtC…)."""
        found = number(tag_id)
        if found is None or self.state.tag_name(self.appid, found) is None:
            raise Refusal(Code.INVALID_TAG_ID)
        return found

    def _followers(self, openids: object) -> list[Follower]:
        if not isinstance(openids, list) or not limits.OPENIDS_A_TAGGING.accepts(openids):
            raise Refusal(Code.INVALID_OPENID_COUNT)
        followers = [self.state.follower(self.appid, checked_openid(openid)) for openid in openids]
        found = [follower for follower in followers if follower is not None]
        if len(found) < len(followers):
            raise Refusal(Code.NOT_A_FOLLOWER_OF_THIS_ACCOUNT)
        return found

    # Followers

    def tagged(self, tag_id: object, after: object) -> Json:
        """user/tag/get: one page of a tag's followers."""
        found = number(tag_id)
        if found is None or (found != limits.STARRED_TAG_ID and self.state.tag_name(self.appid, found) is None):
            raise Refusal(Code.INVALID_TAG_ID)
        page = self.state.tagged_page(self.appid, found, self._start(after), limits.OPENIDS_A_PAGE.value)
        return _page(page)

    def followers(self, after: object) -> Json:
        """user/get: one page of all followers."""
        page = self.state.follower_page(self.appid, self._start(after), limits.OPENIDS_A_PAGE.value)
        return {"total": self.state.follower_total(self.appid), **_page(page)}

    def info(self, openid: object) -> Json:
        """user/info: little of one who left.

        Without what the API has not supplied since 2021-12 (nickname, picture, sex, region, language).
        """
        if isinstance(openid, str) and self._left(openid):
            return {"subscribe": 0, "openid": openid, "tagid_list": []}
        follower = self._follower(openid)
        return {
            "subscribe": 1,
            "openid": follower.openid,
            "subscribe_time": follower.subscribe_time,
            "remark": "",
            "groupid": 0,
            "tagid_list": list(follower.tags),
            "subscribe_scene": "ADD_SCENE_QR_CODE",
            "qr_scene": 0,
            "qr_scene_str": "",
        }

    def infos(self, users: object) -> list[Json]:
        """user/info/batchget: in the order in which they were asked for."""
        if not isinstance(users, list) or not limits.OPENIDS_A_BATCHGET.accepts(users):
            raise Refusal(Code.INVALID_OPENID_COUNT)
        return [self.info(_object(user).get("openid")) for user in users]

    def _left(self, openid: str) -> bool:
        return self.state.followed_once(self.appid, openid) and self.state.follower(self.appid, openid) is None

    def _follower(self, openid: object) -> Follower:
        follower = self.state.follower(self.appid, checked_openid(openid))
        if follower is None:
            raise Refusal(Code.INVALID_OPENID)
        return follower

    def _start(self, after: object) -> str:
        """The openid that a page starts behind; empty or absent for the first page."""
        return "" if after in (None, "") else self._follower(after).openid


def _page(openids: list[str]) -> Json:
    """The last page names an openid to go on with too; what follows it is a page without ``data``.

    The pages of the documentation show both an empty and a filled ``next_openid`` there; the filled one is what
    clients met (the comment in wechatpy's iter_followers).
    """
    if not openids:
        return {"count": 0, "next_openid": ""}
    return {"count": len(openids), "data": {"openid": openids}, "next_openid": openids[-1]}


def _object(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def checked_openid(openid: object) -> str:
    """An openid, or 40003 for what can't be one."""
    if not isinstance(openid, str) or not _OPENID.fullmatch(openid):
        raise Refusal(Code.INVALID_OPENID)
    return openid


def _checked_name(tag: Json) -> str:
    name = tag.get("name")
    if not isinstance(name, str) or not name.strip():
        raise Refusal(Code.INVALID_TAG_NAME)
    if not limits.TAG_NAME.accepts(name):
        raise Refusal(Code.TAG_NAME_TOO_LONG)
    return name
