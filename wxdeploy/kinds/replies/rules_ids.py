"""Ids that one account alone has, in a file that several read; told while files are read, before variables."""

from __future__ import annotations

from collections.abc import Iterator

from wxdeploy.kinds.base import stated
from wxdeploy.kinds.replies.walk import replies
from wxdeploy.model.diagnostic import Severity
from wxdeploy.model.jsonvalue import JsonValue, Path

_IDS = ("media_id", "thumb_media_id")
_VARIABLE = "${"


@stated("WX620", severity=Severity.WARNING)
def shared_media_id() -> None:
    """The id of a material stands in a file of several accounts.

    What: a reply has a literal ``media_id`` or ``thumb_media_id``, and the file is among the ``files`` of more than one
    account.
    Why: a material belongs to the account that it was uploaded to. In every other account the id leads to nothing, and
    the follower gets no answer.
    Bad:
        ```yaml title=base/replies.yaml
        replies:
          subscribe: {image: {media_id: EwT2kJqVdEm2xKlYjDnNnA}}
        ```
    Good:
        ```yaml title=base/replies.yaml
        replies:
          subscribe: {image: {media_id: "${welcome_image}"}}
        ```
    Source: doc/service/api/material/permanent/api_addmaterial (the id is of the account that uploads).
    """


def literal_ids(section: JsonValue) -> Iterator[tuple[Path, str]]:
    """Every id of a material that is written out, with its path from the section."""
    for part in replies(section):
        for path, piece in part.pieces:
            for name in _IDS:
                value = piece.get(name)
                if isinstance(value, str) and value and _VARIABLE not in value:
                    yield (*path, name), value


RULES = (shared_media_id,)
