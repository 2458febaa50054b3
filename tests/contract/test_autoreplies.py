"""get_current_autoreply_info: doc/service/api/notify/autoreplies/api_getcurrentautoreplyinfo."""

from __future__ import annotations

import pytest

PATH = "get_current_autoreply_info"

# The sample of the page, its second article list shortened.
SAMPLE = {
    "is_add_friend_reply_open": 1,
    "is_autoreply_open": 1,
    "add_friend_autoreply_info": {"type": "text", "content": "Thanks for your attention!"},
    "message_default_autoreply_info": {"type": "text", "content": "Hello, this is autoreply!"},
    "keyword_autoreply_info": {
        "list": [
            {
                "rule_name": "autoreply-news",
                "create_time": 1423028166,
                "reply_mode": "reply_all",
                "keyword_list_info": [{"type": "text", "match_mode": "contain", "content": "news测试"}],
                "reply_list_info": [
                    {
                        "type": "news",
                        "news_info": {
                            "list": [
                                {
                                    "title": "it's news",
                                    "author": "jim",
                                    "digest": "it's digest",
                                    "show_cover": 1,
                                    "cover_url": "http://mmbiz.qpic.cn/mmbiz/GE7et87vE9vicuCib/0",
                                    "content_url": "http://mp.weixin.qq.com/s?__biz=MjM5ODUwNTM3Ng==&mid=203929886#rd",
                                    "source_url": "http://www.url.com",
                                }
                            ]
                        },
                    },
                    {"type": "text", "content": "hi"},
                ],
            }
        ]
    },
}


def test_the_sample_of_the_page(api):
    api.seed(autoreplies=SAMPLE)
    assert api.get(PATH) == SAMPLE


def test_an_account_without_any_has_both_switched_off(api):
    answer = api.get(PATH)
    assert (answer["is_add_friend_reply_open"], answer["is_autoreply_open"]) == (0, 0)


@pytest.mark.parametrize("kind", ["img", "voice"])
def test_ids_of_pictures_and_voices_are_temporary_and_others_at_each_read(api, kind):
    """Note 5 of the page: 临时素材每次获取都不同,3天内有效."""
    api.seed(
        autoreplies={"is_add_friend_reply_open": 1, "add_friend_autoreply_info": {"type": kind, "content": "MEDIA_ID"}}
    )
    one, two = (api.get(PATH)["add_friend_autoreply_info"] for _ in range(2))
    assert one["type"] == two["type"] == kind
    assert one["content"]
    assert one["content"] != two["content"]


def test_a_read_needs_a_token_and_no_more(api):
    assert api.send("GET", PATH).json()["errcode"] == 41001
