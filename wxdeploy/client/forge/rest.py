"""The REST API of a platform: JSON over HTTPS, lists in pages, refusals in words."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn

import httpx

from wxdeploy import __version__
from wxdeploy.model.errors import RemoteError, UsageError
from wxdeploy.model.hosts import is_loopback

FORBIDDEN = 403
MAX_BYTES = 200_000_000
"""The longest answer that is read; a plan of 2,000 accounts has a tenth of it."""
_TRIES, _LONGEST_WAIT = 4, 60.0
_MAX_PAGES = 100
_FIXES = {
    401: "see that the pipeline hands in a token that has not run out",
    FORBIDDEN: "give the token the permission: {permission}; the pipeline of a fork has none",
    404: "see that it exists and that the token may read it",
    410: "see that it is not switched off in the settings of the repository",
    413: "plan fewer accounts in one run",
    422: "see what the platform says of it",
    429: "run it again later",
}


class ForgeError(RemoteError):
    """The platform refused a call with the HTTP status ``status``."""

    def __init__(self, message: str, *, status: int, fix: str) -> None:
        super().__init__(message, fix=fix)
        self.status = status


class _Said(dict[str, Any]):
    """What a platform says of one thing: whatever is missed in it is an answer that can't be worked with."""

    def __missing__(self, key: str) -> NoReturn:
        raise RemoteError(f"the platform's answer has no `{key}`", fix="see who answers for the API")


class Rest:
    """Calls of one API with one token; ``permission`` is what the token needs, in the platform's own words.

    Raises ``UsageError`` where the token would be sent unencrypted: plain http is for this machine alone.
    """

    def __init__(
        self,
        base: str,
        headers: Mapping[str, str],
        *,
        permission: str,
        wait: Callable[[float], object] = time.sleep,
    ) -> None:
        try:
            url = httpx.URL(base)
        except httpx.InvalidURL:
            url = httpx.URL()
        if url.scheme != "https" and not (url.scheme == "http" and is_loopback(url.host)):
            raise UsageError(f"{base} is no https address, and the token would be sent to it", fix="give one of https")
        self._base, self._permission, self._wait = base.rstrip("/"), permission, wait
        self._client = httpx.Client(headers={"user-agent": f"wxdeploy/{__version__}", **headers}, timeout=30.0)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """The answer's object, an empty one where it is none. Raises ``RemoteError`` for every refusal."""
        found = _document(*self._sent(method, self._base + path, json=body))
        return found if isinstance(found, _Said) else _Said()

    def pages(self, path: str, **query: str) -> Iterator[Any]:
        """Every item of a list, page by page as the answer's Link header tells them."""
        url: str | None = self._base + path
        given: Mapping[str, str] | None = {**query, "per_page": "100"}
        for _ in range(_MAX_PAGES):
            response, data = self._sent("GET", str(url), params=given)
            items = _document(response, data)
            if isinstance(items, _Said):
                items = items["artifacts"]
            if not (isinstance(items, list) and all(isinstance(each, _Said) for each in items)):
                raise RemoteError(f"{_shown(str(url))} was not answered with a list", fix="see who answers for the API")
            yield from items
            url, given = response.links.get("next", {}).get("url"), None
            if url is None:
                return
            if _origin(url) != _origin(self._base):
                raise RemoteError("a list goes on at another host", fix="see who answers for the API")

    def download(self, path: str) -> bytes:
        """The bytes of a file, wherever the platform keeps it: another place is asked without the token."""
        response, data = self._sent("GET", self._base + path)
        if response.has_redirect_location:
            with httpx.Client(timeout=30.0) as elsewhere:
                _, data = self._sent("GET", response.headers["location"], client=elsewhere)
        return data

    def _sent(
        self, method: str, url: str, *, client: httpx.Client | None = None, **content: Any
    ) -> tuple[httpx.Response, bytes]:
        """One answer that is no refusal. What only reads, and what was refused for haste, is tried again."""
        for left in reversed(range(_TRIES)):
            try:
                with (client or self._client).stream(method, url, **content) as response:
                    data = _bounded(response)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                if method == "GET" and left:
                    continue
                reason = type(error).__name__
                raise RemoteError(f"{method} {_shown(url)} was not answered ({reason})", fix="run it again") from None
            if response.is_success or response.has_redirect_location:
                return response, data
            pause = response.headers.get("retry-after", "")
            hasty = response.status_code in (FORBIDDEN, 429) and pause.isdecimal()
            if not left or not (hasty or (method == "GET" and response.is_server_error)):
                self._refuse(method, url, response.status_code, data)
            self._wait(min(float(pause), _LONGEST_WAIT) if hasty else 1.0)
        raise AssertionError  # the last try returns or raises

    def _refuse(self, method: str, url: str, status: int, data: bytes) -> NoReturn:
        try:
            said = json.loads(data).get("message") or ""
        except (ValueError, AttributeError):
            said = ""
        fix = _FIXES.get(status, "run it again later").format(permission=self._permission)
        said = str(said)[:300]
        raise ForgeError(f"{method} {_shown(url)} was refused: {status} {said}".rstrip(), status=status, fix=fix)


def _origin(url: str) -> tuple[str, str, int | None]:
    there = httpx.URL(url)
    return there.scheme, there.host, there.port


def _bounded(response: httpx.Response) -> bytes:
    data = bytearray()
    for part in response.iter_bytes():
        data += part
        if len(data) > MAX_BYTES:
            path = _shown(str(response.url))
            raise RemoteError(
                f"{path} was answered with more than {MAX_BYTES} bytes", fix="see who answers for the API"
            )
    return bytes(data)


def _document(response: httpx.Response, data: bytes) -> Any:
    try:
        return json.loads(data, object_hook=_Said) if data else None
    except (ValueError, RecursionError):
        path = _shown(str(response.url))
        raise RemoteError(f"{path} was not answered with JSON", fix="see who answers for the API") from None


def _shown(url: str) -> str:
    """The path alone: a query can hold a signature."""
    return url.partition("?")[0].partition("://")[2].partition("/")[2]
