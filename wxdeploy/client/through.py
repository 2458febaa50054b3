"""A transport of httpx as a carrier, for where our connections do not lead: by proxies of other kinds.

Imported only then, because importing httpx, which brings a command line of its own along, takes a fifth of the time of
a plan of one account.
"""

from __future__ import annotations

import asyncio
import ssl

import httpx

from wxdeploy.client.carrier import (
    CONNECT,
    TARGET,
    ConnectError,
    ConnectTimeoutError,
    LocalProtocolError,
    ProxyError,
    RemoteProtocolError,
    Request,
    Response,
    TooLongError,
    shorten,
)
from wxdeploy.client.connections import KEPT
from wxdeploy.model.url import Url

_UNSENT = (httpx.ConnectError, httpx.PoolTimeout, httpx.UnsupportedProtocol)


class Through:
    """``origin`` is where the transport leads, ``seconds`` may pass without any progress."""

    def __init__(self, transport: httpx.AsyncBaseTransport, origin: Url, seconds: float) -> None:
        self._transport = transport
        self._origin = httpx.URL(scheme=origin.scheme, host=origin.host, port=origin.port)
        self._under_way: set[asyncio.Timeout] = set()
        self._extensions = {"timeout": httpx.Timeout(seconds, connect=min(seconds, CONNECT)).as_dict()}

    async def exchange(self, request: Request, *, largest: int, within: float) -> Response:
        """As ``Carrier.exchange``."""
        if not TARGET.fullmatch(request.target):
            raise LocalProtocolError
        limit = asyncio.timeout(within)
        self._under_way.add(limit)
        try:
            async with limit:
                return await self._exchange(request, largest)
        except httpx.ConnectTimeout as error:
            raise ConnectTimeoutError from error
        except httpx.ProxyError as error:
            raise ProxyError from error
        except _UNSENT as error:
            raise ConnectError from error
        except httpx.TimeoutException as error:
            raise TimeoutError from error
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise RemoteProtocolError from error
        finally:
            self._under_way.remove(limit)

    async def _exchange(self, request: Request, largest: int) -> Response:
        asked = httpx.Request(
            request.method,
            self._origin.copy_with(raw_path=request.target.encode("ascii")),
            headers=request.headers,
            content=request.content or None,
            extensions=dict(self._extensions),
        )
        response = await self._transport.handle_async_request(asked)
        try:
            content = bytearray()
            async for part in response.aiter_bytes():
                content += part
                if len(content) > largest:
                    raise TooLongError(largest)
        finally:
            await response.aclose()
        return Response(response.status_code, response.headers, bytes(content))

    def hurry(self, seconds: float) -> None:
        """As ``Carrier.hurry``."""
        shorten(self._under_way, seconds)

    async def aclose(self) -> None:
        """As ``Carrier.aclose``."""
        await self._transport.aclose()


def proxied(proxy: str, origin: Url, tls: ssl.SSLContext, *, connections: int, seconds: float) -> Through:
    """The way to an origin by a proxy that is spoken to over TLS or SOCKS.

    Raises ``ValueError`` or ``ImportError`` where the proxy can't be used.
    """
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections, keepalive_expiry=KEPT)
    return Through(httpx.AsyncHTTPTransport(verify=tls, limits=limits, proxy=proxy), origin, seconds)
