"""Values that exist only once another object was created."""

from __future__ import annotations

from wxdeploy.model.address import Address
from wxdeploy.model.operation import Deferred, settle


def test_the_id_of_a_tag_created_in_the_same_apply_is_sent_as_text_like_that_of_a_live_one() -> None:
    deferred = Deferred(Address("tag", "VIP"), "id")
    body = {"matchrule": {"tag_id": deferred.to_json(), "client_platform_type": "1"}, "button": [{"name": "x"}]}
    assert settle(body, lambda wanted: {deferred: 134}[wanted]) == {
        "matchrule": {"tag_id": "134", "client_platform_type": "1"},
        "button": [{"name": "x"}],
    }
