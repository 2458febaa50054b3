"""The way to a host: by the proxy and the authorities of the system.

The standard library finds the proxy, since its rules for exceptions are those of the system.
"""

from __future__ import annotations

import contextlib
import os
import ssl
import sys
from functools import lru_cache

from wxdeploy.client.carrier import Carrier
from wxdeploy.client.connections import Connections
from wxdeploy.model.errors import UsageError
from wxdeploy.model.hosts import is_loopback
from wxdeploy.model.url import Url, parse

_OF_THE_SYSTEM = ("darwin", "win32")  # where a proxy can be set elsewhere than in the environment
_PROXIES = frozenset({"http", "https", "socks5", "socks5h"})


def network(origin: Url, connections: int, seconds: float) -> Carrier:
    """The carrier to an origin; ``connections`` bounds those of a proxy, ``seconds`` may pass without any progress.

    Raises ``UsageError`` where the proxy can't be used, or the file of authorities.
    """
    if origin.scheme == "http":  # loopback: no authority is asked, and loading the real ones saved
        return Connections(origin, tls=None, seconds=seconds)
    address = _system_proxy(origin.host)
    tls = _trusting(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))
    if address is None:
        return Connections(origin, tls=tls, seconds=seconds)
    proxy = parse(address, _PROXIES)
    if proxy is not None and proxy.scheme == "http":
        return Connections(origin, tls=tls, seconds=seconds, proxy=proxy)
    with contextlib.suppress(ValueError, ImportError):  # not as a context: the address can hold a password
        if proxy is not None:
            from wxdeploy.client.through import proxied

            return proxied(address, origin, tls, connections=connections, seconds=seconds)
    raise UsageError(
        "the proxy of this system (HTTPS_PROXY or ALL_PROXY) can't be used",
        fix="Give an address such as http://proxy.example.com:3128; SOCKS needs `pip install httpx[socks]`.",
    )


def _system_proxy(host: str) -> str | None:
    may_be_set = sys.platform in _OF_THE_SYSTEM or any(name.lower().endswith("_proxy") for name in os.environ)
    if is_loopback(host) or not may_be_set:
        return None
    import urllib.request  # brings along a client and all of a mail's parsers

    if urllib.request.proxy_bypass(host):
        return None
    proxies = urllib.request.getproxies()
    proxy = proxies.get("https") or proxies.get("all")
    return proxy if proxy is None or "://" in proxy else f"http://{proxy}"


@lru_cache(maxsize=1)  # a service is asked for the token of each account, and reading them takes 35 ms
def _trusting(file: str | None, folder: str | None) -> ssl.SSLContext:
    """Trusts the authorities in ``file``, else in ``folder``, else those of Mozilla."""
    if not file and not folder:
        import certifi

        file = certifi.where()
    try:
        tls = ssl.create_default_context(cafile=file) if file else ssl.create_default_context(capath=folder)
    except OSError as error:
        why = "holds no certificate" if isinstance(error, ssl.SSLError) else f"can't be read: {error.strerror}"
        raise UsageError(
            f"the file of certificate authorities, {file}, {why}",
            fix="Let SSL_CERT_FILE name a file of certificates in PEM, or take the variable away.",
        ) from error
    tls.set_alpn_protocols(["http/1.1"])
    return tls
