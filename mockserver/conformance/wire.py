"""Sends single requests: what a client of httpx does besides is no work of the referee.

No cookies are kept (they would go out with other credentials than those they came with), no
redirect is looked at, nothing is read from netrc. All that took half of the time of a request.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx


class Wire:
    """The connections to one target."""

    def __init__(
        self, transport: httpx.BaseTransport, timeout: float, headers: Mapping[str, str]
    ) -> None:
        """Take what carries requests, seconds for one answer, and headers of every request."""
        self._transport = transport
        self._extensions = {"timeout": httpx.Timeout(timeout).as_dict()}
        self._headers = dict(headers)  # their names in lower case

    def send(
        self,
        method: str,
        url: str,
        query: Sequence[tuple[str, str]],
        headers: Mapping[str, str],
        content: bytes | None,
    ) -> httpx.Response:
        """Send a request and return what came, read to its end.

        Raises:
            httpx.TransportError: no answer came.
            httpx.InvalidURL: there can be no such address.
            httpx.DecodingError: the body is not encoded as it says.
        """
        request = httpx.Request(
            method,
            url,
            params=list(query),
            headers=self._headers | {name.lower(): value for name, value in headers.items()},
            content=content,
            extensions=self._extensions,
        )
        response = self._transport.handle_request(request)
        try:
            response.read()
        finally:
            response.close()
        return response

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()


def transport_to(url: str) -> httpx.HTTPTransport:
    """Return what carries requests to a server, by the proxy that the environment names."""
    return httpx.HTTPTransport(proxy=proxy_for(url))


def proxy_for(url: str) -> str | None:
    """Return the proxy that the environment has for a URL; None without one."""
    parts = urlsplit(url)
    if proxy_bypass(parts.hostname or ""):
        return None
    proxies = getproxies()
    return proxies.get(parts.scheme) or proxies.get("all")


def headers_of(response: httpx.Response) -> dict[str, str]:
    """Return the headers of an answer by their names in lower case, repeated ones in one line."""
    found: dict[str, str] = {}
    for name, value in response.headers.multi_items():
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found
