"""Where an account's access token comes from, as data: every secret in it is a ``Secret``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from wxdeploy.model.secret import Secret


class TokenCommand(NamedTuple):
    """A program that prints a token; run without a shell. ``expires_in``: seconds that a bare token is good for."""

    argv: tuple[str, ...]
    expires_in: float | None = None


class TokenService(NamedTuple):
    """A central token service: a GET of ``url``, whose JSON answer holds the token at ``field`` (dots lead inwards)."""

    url: str
    headers: Mapping[str, Secret]
    field: str


TokenOrigin = Secret | TokenCommand | TokenService
"""A token that was handed in, or who to ask for one."""


class TokenFolder(NamedTuple):
    """A folder of the caller's in which a refresh token is kept, in a file that is called as the account's appid."""

    path: Path


class Authorizer(NamedTuple):
    """A third-party platform's right to act for the account.

    ``refresh_token`` is the caller's to keep: where the API answers another one, the program or the folder
    ``on_refresh`` gets it. None: the one that the platform's own list of accounts holds.
    """

    component_appid: str
    component_access_token: TokenOrigin
    refresh_token: Secret | None
    on_refresh: tuple[str, ...] | TokenFolder
