"""The implementation behind the proxy: one address, reached by the rules for addresses.

A name is resolved once per request and the connection goes to an address that was judged; what a
name resolves to a moment later does not matter. Redirects are never followed.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

import httpx

from mockserver.addresses import (
    AddressRules,
    Forbidden,
    Resolve,
    kind,
    literal,
    normalised,
    resolve,
)

_PORTS: Mapping[str, int] = {"http": 80, "https": 443}
_BASE_PATH = "/v1"
_MOST_CONNECTIONS = 100
#: Seconds that an idle connection is kept: less than any server in use does, so that none closes
#: one under a request that must not be sent twice.
_IDLE = 1.0
#: No server is there on purpose: clouds keep credentials at link-local addresses. A name that
#: leads to one of these was turned against us; whoever means it writes the address.
_NEVER_BY_NAME = frozenset({"link-local", "multicast", "unspecified"})


class UpstreamError(Exception):
    """The upstream gave no answer that can be passed on; `status` is what the client is told."""

    def __init__(self, status: int, detail: str, remedy: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Answer:
    """What an upstream answered, its body as it went over the wire."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


@dataclass(frozen=True, slots=True)
class Place:
    """Where an upstream is."""

    scheme: str
    host: str  # without brackets
    port: int
    prefix: str  # of every path, without a slash at the end; mostly empty

    @property
    def authority(self) -> str:
        """The host and, unless it is the scheme's own, the port, as a Host header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def root(self) -> str:
        """The address that paths such as `/v1/projects` follow."""
        return f"{self.scheme}://{self.authority}{self.prefix}"


def read_place(url: str) -> Place:
    """Read the address of an upstream: the server's root, or its `/v1`.

    Raises:
        ValueError: it is none; the text says what would be right.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
        host = normalised(parts.hostname or "")
    except (ValueError, UnicodeError):
        raise ValueError("not an address such as https://api.example.com/v1") from None
    return Place(_scheme(parts), host, port or _PORTS[parts.scheme], _prefix(parts))


def _scheme(parts: SplitResult) -> str:
    if parts.scheme not in _PORTS:
        raise ValueError("starts with neither http:// nor https://")
    if parts.username is not None or parts.password is not None:
        raise ValueError("holds credentials; leave them out, each client sends its own")
    if parts.query or parts.fragment:
        raise ValueError("has a query or a fragment; give the server's root or its /v1")
    return parts.scheme


def _prefix(parts: SplitResult) -> str:
    path = parts.path.rstrip("/")
    return path.removesuffix(_BASE_PATH) if path.endswith(_BASE_PATH) else path


class Upstream:
    """Sends requests to one place. Use `close` at the end."""

    def __init__(
        self,
        place: Place,
        *,
        rules: AddressRules,
        timeout: float,
        most: int,
        context: ssl.SSLContext | None = None,
        resolver: Resolve = resolve,
    ) -> None:
        """Prepare the connections.

        Args:
            place: where it is. The operator named it, so its own host and port are allowed.
            rules: which further addresses are.
            timeout: seconds until an answer must be complete.
            most: the largest answer that is passed on, in bytes.
            context: how certificates are checked; None for the usual way.
            resolver: turns its name into addresses.
        """
        self.place = place
        own = (place.host, place.port)
        self._given = rules
        self._rules = AddressRules(rules.allowed | {own}, rules.this_machine)
        self._resolver = resolver
        self._timeout = timeout
        self._most = most
        limits = httpx.Limits(max_connections=_MOST_CONNECTIONS, keepalive_expiry=_IDLE)
        # The transport itself, not a client: no cookies kept, no redirects, no environment.
        self._transport = httpx.AsyncHTTPTransport(
            verify=context or ssl.create_default_context(), trust_env=False, limits=limits
        )

    async def close(self) -> None:
        """Close every connection."""
        await self._transport.aclose()

    async def send(
        self, method: str, target: bytes, headers: Sequence[tuple[bytes, bytes]], body: bytes
    ) -> Answer:
        """Send a request and return the whole answer.

        Args:
            method: as the client wrote it.
            target: path and query, raw, below the upstream's prefix.
            headers: complete, the host among them.
            body: complete.

        Raises:
            UpstreamError: 502 without an answer or with one that is too large, 504 without one in
                time.
        """
        try:
            async with asyncio.timeout(self._timeout):
                return await self._sent(method, target, headers, body)
        except (TimeoutError, httpx.TimeoutException):
            raise self._error(
                504,
                f"did not answer within {self._timeout:g} s",
                "try again, or give it more with --timeout",
            ) from None
        except Forbidden as refusal:
            remedy = f"--allow-destination {self.place.host}:{self.place.port} opens it"
            raise self._error(502, f"may not be connected to: {refusal}", remedy) from None
        except httpx.HTTPError as error:
            said = str(error) or type(error).__name__
            raise self._error(502, f"broke the connection: {said}", "see its log") from None
        except OSError as error:
            said = error.strerror or str(error)
            raise self._error(502, f"cannot be reached: {said}", "is it running?") from None

    async def _sent(
        self, method: str, target: bytes, headers: Sequence[tuple[bytes, bytes]], body: bytes
    ) -> Answer:
        place = self.place
        addresses = await self._addresses()
        refused: httpx.ConnectError | None = None
        for address in addresses:
            request = self._request(address, method, target, headers, body)
            try:
                response = await self._transport.handle_async_request(request)
            except httpx.ConnectError as error:
                refused = error
                continue
            try:
                return await self._read(response)
            finally:
                await response.aclose()
        raise OSError(f"{place.authority} refuses connections ({refused or 'no address'})")

    async def _addresses(self) -> list[str]:
        """Return where to connect to.

        Raises:
            Forbidden: the name leads to where no upstream is.
            OSError: it leads nowhere.
        """
        host, port = self.place.host, self.place.port
        found = await self._rules.addresses(host, port, self._resolver)
        if literal(host) is None and not self._given.allows(host, port):
            for text in found:
                special = kind(ip_address(text))
                if special in _NEVER_BY_NAME and not self._given.allows(text, port):
                    raise Forbidden(f"it leads to {text}, a {special} address")
        return found

    def _request(
        self,
        address: str,
        method: str,
        target: bytes,
        headers: Sequence[tuple[bytes, bytes]],
        body: bytes,
    ) -> httpx.Request:
        host = f"[{address}]" if ":" in address else address
        patience = dict.fromkeys(("connect", "read", "write", "pool"), self._timeout)
        return httpx.Request(
            method,
            f"{self.place.scheme}://{host}:{self.place.port}/",
            headers=list(headers),
            content=body or None,
            extensions={
                "target": self.place.prefix.encode() + target,  # as it came, byte for byte
                "sni_hostname": self.place.host,
                "timeout": patience,
            },
        )

    async def _read(self, response: httpx.Response) -> Answer:
        parts: list[bytes] = []
        left = self._most
        async for chunk in response.stream:  # type: ignore[union-attr] # asynchronous, from an asynchronous transport
            left -= len(chunk)
            if left < 0:
                raise self._error(
                    502,
                    f"answered with more than {self._most} bytes",
                    "ask for less, or allow more with --max-body",
                )
            parts.append(chunk)
        return Answer(response.status_code, list(response.headers.raw), b"".join(parts))

    def _error(self, status: int, what: str, remedy: str) -> UpstreamError:
        return UpstreamError(status, f"the upstream {self.place.root} {what}", remedy)
