"""What of this machine matters to a run: versions, and the folder in which access tokens are kept."""

from __future__ import annotations

import platform
import ssl
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from wxdeploy import __version__
from wxdeploy.client.cache import default_cache_folder, exposed
from wxdeploy.model.checkup import Check, Verdict
from wxdeploy.workflow.world import World

_CACHE = "Token cache"


def machine(world: World) -> tuple[Check, ...]:
    """The checks that concern all accounts; nothing is called and nothing is made."""
    return (_versions(), _drill(world), _cache(default_cache_folder(world.environ)))


def _versions() -> Check:
    try:
        httpx = version("httpx")
    except PackageNotFoundError:
        httpx = "of an unknown version"
    detail = (
        f"wxdeploy {__version__}, Python {platform.python_version()}, httpx {httpx}, {ssl.OPENSSL_VERSION}, "
        f"{platform.system()} {platform.machine()}"
    )
    return Check(code="versions", severity=Verdict.OK, title="Versions", detail=detail)


def _drill(world: World) -> Check:
    title, address = "Host", world.environ.get("WXDEPLOY_API")
    if not address:
        return Check(code="host", severity=Verdict.OK, title=title, detail="each account is called at its own host")
    return Check(
        code="host",
        severity=Verdict.OK,
        title=title,
        detail="WXDEPLOY_API is set: a drill, every account is called there and none at its own host",
        remedy="Unset WXDEPLOY_API to examine the real accounts.",
    )


def _cache(folder: Path | None) -> Check:
    def found(severity: Verdict, detail: str, remedy: str = "") -> Check:
        return Check(code="cache", severity=severity, title=_CACHE, detail=detail, remedy=remedy)

    if folder is None:
        return found(
            Verdict.WARNING,
            "there is no folder to keep access tokens in, so each run fetches its own",
            "Set WXDEPLOY_CACHE to a folder that only this user can read.",
        )
    tokens = folder / "tokens"
    try:
        why = exposed(tokens)
    except FileNotFoundError:
        return found(Verdict.OK, f"{tokens} is made with the first token, for this user alone")
    except OSError as error:
        why = f"can't be looked at: {error.strerror}"
    if why is None:
        return found(Verdict.OK, f"{tokens} is this user's own and closed to all others")
    return found(
        Verdict.WARNING,
        f"{tokens} {why}; tokens in it are passed over and fetched again",
        f"Remove it, or close it: chmod 700 '{tokens}' && chmod 600 '{tokens}'/*.json",
    )
