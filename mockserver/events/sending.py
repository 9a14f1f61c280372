"""Sends one request over the network: to an address that was judged, bounded in time and size.

Redirects are not followed: they are failures (Svix, "Retry Schedule"), and each would lead to an
address that nobody judged. Proxies of the environment are not used: they would connect elsewhere.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from mockserver.addresses import AddressRules, Forbidden, Place, Resolve, normalised, resolve
from mockserver.events.wire import Reply, Request
from mockserver.resources.urls import port_of
from mockserver.simulation.stopwatch import elapsed

if TYPE_CHECKING:
    import httpx

_CONNECT = 5.0  # seconds of the machine
_MOST_REMEMBERED = 1000
#: Bytes of an answer that are read.
LARGEST_ANSWER = 16 * 1024


@dataclass(frozen=True, slots=True)
class Refusal:
    """That nobody listened at a place, the last time somebody tried."""

    began: float  # when that was, by the machine's monotonic clock
    error: str  # in words


@dataclass(slots=True)
class Network:
    """What every connection shares: where it may lead, and how long an answer may take."""

    rules: AddressRules
    timeout: float  # seconds of the machine, from the first byte out to the last byte in
    resolver: Resolve = resolve
    #: Where nobody listened the last time.
    refusing: dict[Place, Refusal] = field(default_factory=dict)
    _contexts: dict[str, ssl.SSLContext] = field(default_factory=dict)

    def refuses(self, place: Place, began: float, error: str) -> None:
        """Remember that nobody listens at a place."""
        if len(self.refusing) >= _MOST_REMEMBERED:
            self.refusing.clear()
        self.refusing[place] = Refusal(began, error)

    def context(self, scheme: str) -> ssl.SSLContext:
        """Return what certificates are checked with, loaded once: it takes a while.

        A client for plain http wants one too; that one trusts nobody.
        """
        if scheme not in self._contexts:
            import httpx

            trusting = scheme == "https"
            empty = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            self._contexts[scheme] = httpx.create_ssl_context() if trusting else empty
        return self._contexts[scheme]


class Connection:
    """A way to one destination; it keeps its sockets open between requests."""

    def __init__(self, network: Network) -> None:
        """Open nothing yet."""
        self._network = network
        self._client: httpx.AsyncClient | None = None

    async def post(self, request: Request, *, since: float, timeout: float | None = None) -> Reply:
        """Send a request; every way in which it can fail comes back as a Reply.

        Args:
            request: what is sent.
            since: when it began to wait, by the machine's monotonic clock. When nobody listened
                meanwhile, that was its attempt: while a destination is down, whoever calls the
                mock pays for one connection, and not for one per message.
            timeout: seconds until somebody has to have answered; None for as long as usual.
        """
        start, place = elapsed(), _place(request)
        timeout = self._network.timeout if timeout is None else timeout
        refusal = self._network.refusing.get(place)
        if refusal is not None and since <= refusal.began:
            return Reply(error=refusal.error)
        try:
            async with asyncio.timeout(timeout):
                status, headers, body, truncated = await self._post(request, place)
        except TimeoutError:
            error = f"no answer within {timeout:g} s"
            return Reply(error=error, duration=elapsed() - start)
        except Forbidden as forbidden:
            return Reply(error=f"not sent: {forbidden}", duration=elapsed() - start)
        except _failures() as failure:
            return Reply(error=_told(failure), duration=elapsed() - start)
        return Reply(status, headers, body, truncated, duration=elapsed() - start)

    async def close(self) -> None:
        """Close the sockets."""
        if self._client is not None:
            client, self._client = self._client, None
            await client.aclose()

    async def _post(
        self, request: Request, place: Place
    ) -> tuple[int, list[tuple[str, str]], bytes, bool]:
        # It takes a while to load: only who delivers needs it, and calls are answered meanwhile.
        if "httpx" not in sys.modules:
            await asyncio.to_thread(import_module, "httpx")
        import httpx

        parts, network = urlsplit(request.url), self._network
        addresses = await network.rules.addresses(*place, network.resolver)
        began = elapsed()
        if place in network.refusing:
            await self._knock(addresses, place)
        failure: Exception = OSError(f"{place[0]} has no address")
        for address in addresses:
            try:
                answer = await self._exchange(_pinned(request, parts, address))
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failure = error  # nothing was sent yet: the next address may do
            else:
                network.refusing.pop(place, None)
                return answer
        network.refuses(place, began, _told(failure))
        raise failure

    async def _knock(self, addresses: Sequence[str], place: Place) -> None:
        """See whether somebody listens again, before a client is set up.

        Raises:
            OSError: nobody does.
        """
        began = elapsed()
        try:
            await _knock(addresses, place[1])
        except OSError as failure:
            self._network.refuses(place, began, _told(failure))
            raise

    async def _exchange(
        self, request: httpx.Request
    ) -> tuple[int, list[tuple[str, str]], bytes, bool]:
        response = await self._opened(request).send(request, stream=True)
        try:
            body, truncated = await _start_of(response)
        finally:
            await response.aclose()
        headers = [
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, value in response.headers.raw
        ]
        return response.status_code, headers, body, truncated

    def _opened(self, request: httpx.Request) -> httpx.AsyncClient:
        import httpx

        if self._client is None:
            self._client = httpx.AsyncClient(
                verify=self._network.context(request.url.scheme),
                timeout=httpx.Timeout(self._network.timeout, connect=_CONNECT),
                limits=httpx.Limits(max_connections=2, keepalive_expiry=5),
                trust_env=False,
            )
        return self._client


async def _knock(addresses: Sequence[str], port: int) -> None:
    """See whether anybody listens, at a tenth of what a client costs.

    Raises:
        OSError: nobody listens.
    """
    loop, failure = asyncio.get_running_loop(), OSError("no address")
    for address in addresses:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as door:
            door.setblocking(False)
            try:
                async with asyncio.timeout(_CONNECT):
                    await loop.sock_connect(door, (address, port))
            except OSError as error:  # a timeout is one
                failure = error
            else:
                return
    raise failure


def _place(request: Request) -> Place:
    parts = urlsplit(request.url)
    return parts.hostname or "", port_of(parts)


async def _start_of(response: httpx.Response) -> tuple[bytes, bool]:
    """Read a body up to what is kept of it; tell whether there was more."""
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > LARGEST_ANSWER:
            return bytes(body[:LARGEST_ANSWER]), True
    return bytes(body), False


def _pinned(request: Request, parts: SplitResult, address: str) -> httpx.Request:
    """Return a request that goes to an address, and names the host that was asked for."""
    import httpx

    host = normalised(parts.hostname or "")
    authority = f"[{address}]" if ":" in address else address
    target = f"{parts.scheme}://{authority}:{port_of(parts)}{parts.path or '/'}"
    if parts.query:
        target += f"?{parts.query}"
    headers = [("Host", host_header(parts)), *request.headers]
    return httpx.Request(
        "POST",
        target,
        headers=[(name.encode("ascii"), value.encode("latin-1")) for name, value in headers],
        content=request.body,
        extensions={"sni_hostname": host},
    )


def host_header(parts: SplitResult) -> str:
    """Return the `Host` of a request to a URL. Source: RFC 9110, section 7.2."""
    host = normalised(parts.hostname or "")
    host = f"[{host}]" if ":" in host else host
    default = {"http": 80, "https": 443}[parts.scheme]
    return host if port_of(parts) == default else f"{host}:{port_of(parts)}"


def _failures() -> tuple[type[Exception], ...]:
    import httpx

    return (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError)


def _told(failure: Exception) -> str:
    """Return what went wrong as people say it."""
    cause: BaseException | None = failure
    reasons: list[str] = []
    while cause is not None:
        if isinstance(cause, ConnectionRefusedError):
            return "connection refused"
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
        reasons.append(str(cause))
        cause = cause.__cause__ or cause.__context__
    return next(filter(None, reasons), type(failure).__name__)
