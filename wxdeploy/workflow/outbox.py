"""The messages that this project sent a moment ago, by ``client_msg_id``: what tells a repeat from a first message.

WeChat answers a repeat as it answered the first: with that one's id and without a word. So the
ids of the last ten minutes are kept beside the other state of the project; whatever another machine sent is not known.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from wxdeploy.wechat import limits
from wxdeploy.workflow.world import World, state_of

_WINDOW = timedelta(seconds=limits.CLIENT_MSG_ID_SECONDS)


def is_repeat(root: Path, world: World, client_msg_id: str, msgid: str) -> bool:
    """Whether the answer is the one that an earlier message got; keeps it in mind where it is not."""
    path = state_of(root, "sent.json")
    kept = _kept(path, world.now())
    if kept.get(client_msg_id, ("", ""))[0] == msgid:
        return True
    _keep(path, {**kept, client_msg_id: (msgid, world.now().isoformat())})
    return False


def _kept(path: Path, now: datetime) -> dict[str, tuple[str, str]]:
    """What was sent within the window; a file that can't be read holds nothing."""
    try:
        held = json.loads(path.read_text("utf-8"))
        sent = {str(key): (str(msgid), str(moment)) for key, (msgid, moment) in held.items()}
        return {key: each for key, each in sent.items() if now - datetime.fromisoformat(each[1]) < _WINDOW}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _keep(path: Path, sent: Mapping[str, tuple[str, str]]) -> None:
    from wxdeploy.execution.files import write_atomically

    # The message is on its way: that this can't be noted must not look like a failure of it.
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, json.dumps(sent).encode("utf-8"))
