"""Where a follower came from: ``subscribe_scene`` of user/info in the official words.

Source: doc/service/api/usermanage/userinfo/api_userinfo, read 2026-10. WeChat adds others.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

SCENES: Mapping[str, str] = MappingProxyType(
    {
        "ADD_SCENE_SEARCH": "公众号搜索",
        "ADD_SCENE_ACCOUNT_MIGRATION": "公众号迁移",
        "ADD_SCENE_PROFILE_CARD": "名片分享",
        "ADD_SCENE_QR_CODE": "扫描二维码",
        "ADD_SCENE_PROFILE_LINK": "图文页内名称点击",
        "ADD_SCENE_PROFILE_ITEM": "图文页右上角菜单",
        "ADD_SCENE_PAID": "支付后关注",
        "ADD_SCENE_WECHAT_ADVERTISEMENT": "微信广告",
        "ADD_SCENE_REPRINT": "他人转载",
        "ADD_SCENE_LIVESTREAM": "视频号直播",
        "ADD_SCENE_CHANNELS": "视频号",
        "ADD_SCENE_OTHERS": "其他",
    }
)
