"""The proxy as an ASGI application: takes a request, passes it on, has the exchange judged."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from mockserver.contract.recordings import Exchange, Headers
from mockserver.proxy import hops
from mockserver.proxy.bench import Bench
from mockserver.proxy.codings import Unreadable, decoded
from mockserver.proxy.judged import Judged, Witness
from mockserver.proxy.problems import PROBLEM_JSON, problem
from mockserver.proxy.upstream import Answer, Upstream, UpstreamError
from mockserver.proxy.violations_header import header_value

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
_BODILESS = frozenset({204, 304})


class _Refused(Exception):
    """The proxy answers by itself."""

    def __init__(self, status: int, detail: str, remedy: str) -> None:
        super().__init__(detail)
        self.status, self.detail, self.remedy = status, detail, remedy


class _Gone(Exception):
    """The client went away before its request was complete."""


@dataclass(frozen=True, slots=True)
class House:
    """What the proxy is run with."""

    upstream: Upstream
    bench: Bench
    witnesses: Sequence[Witness]
    unanswered: Callable[[str], None]  # told why the upstream gave nothing to pass on
    wall: Callable[[], int]  # microseconds since 1970-01-01 UTC
    alias: str  # the name of this proxy in `Via`; nobody else's
    most: int  # bytes of a body, on the wire and decoded
    only_loopback: bool  # bound to this machine only


class Proxy:
    """The application."""

    def __init__(self, house: House) -> None:
        """Serve with what `house` holds."""
        self.house = house
        self._number = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        try:
            self._check(scope)
            body = await _read(receive, self.house.most)
            await self._pass_on(scope, body, send)
        except UpstreamError as failure:
            self.house.unanswered(failure.detail)
            await _refuse(send, failure.status, failure.detail, failure.remedy)
        except _Refused as refusal:
            await _refuse(send, refusal.status, refusal.detail, refusal.remedy)
        except _Gone:
            return

    async def _live(self, receive: Receive, send: Send) -> None:
        """Close the upstream's connections when the server stops. Source: ASGI, lifespan."""
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.house.upstream.close()
        await send({"type": "lifespan.shutdown.complete"})

    def _check(self, scope: Scope) -> None:
        """Refuse what must not reach the upstream through here."""
        headers = scope["headers"]
        alias = self.house.alias.encode()
        if any(alias in value for value in hops.values(headers, b"via")):
            raise _Refused(
                508,
                "this request came through this proxy before",
                "give --upstream the address of the implementation, not of the proxy",
            )
        if scope["method"] == "CONNECT":
            raise _Refused(501, "this proxy opens no tunnels", "call it like the upstream itself")
        host = next(iter(hops.values(headers, b"host")), b"").decode("latin-1")
        if self.house.only_loopback and not _is_this_machine(host):
            raise _Refused(
                421,  # Source: RFC 9110, section 15.5.20
                f"{host!r} is not a name of this machine",
                "call 127.0.0.1 or localhost, or listen on another --host",
            )

    async def _pass_on(self, scope: Scope, body: bytes, send: Send) -> None:
        upstream, alias = self.house.upstream, self.house.alias
        headers = hops.to_upstream(
            scope["headers"],
            host=upstream.place.authority.encode(),
            body=body,
            scheme=scope["scheme"],
            alias=alias,
        )
        started = self.house.wall()
        query = scope["query_string"]
        target = scope["raw_path"] + (b"?" + query if query else b"")
        answer = await upstream.send(scope["method"], target, headers, body)
        duration = max(0, self.house.wall() - started)
        judged = await self._judged(scope, body, answer, (started, duration))
        for witness in self.house.witnesses:
            witness(judged)
        await self._reply(scope, answer, judged, send)

    async def _judged(
        self, scope: Scope, body: bytes, answer: Answer, times: tuple[int, int]
    ) -> Judged:
        most = self.house.most
        asked, unread_request = _plain(scope["headers"], body, most)
        lower = [(name.lower(), value) for name, value in answer.headers]
        answered, unread_answer = _plain(lower, answer.body, most)
        exchange = Exchange(
            method=scope["method"],
            path=scope["raw_path"].decode("latin-1"),
            query=scope["query_string"].decode("latin-1"),
            request_headers=_texts(scope["headers"]),
            request_body=asked,
            status=answer.status,
            response_headers=_texts(lower),
            response_body=answered,
        )
        unread = {"request": unread_request, "response": unread_answer}
        sides = frozenset(side for side, reason in unread.items() if reason)
        verdict = await self.house.bench.judge(exchange, sides)
        self._number += 1
        return Judged(
            number=self._number,
            started=times[0],
            duration=times[1],
            exchange=exchange,
            verdict=verdict,
            url=_url(self.house.upstream.place.root, exchange),
            request_size=len(body),
            response_size=len(answer.body),
            unread="; ".join(f"{side}: {reason}" for side, reason in unread.items() if reason),
        )

    async def _reply(self, scope: Scope, answer: Answer, judged: Judged, send: Send) -> None:
        counted = scope["method"] != "HEAD" and answer.status not in _BODILESS
        headers = hops.to_client(
            answer.headers, answer.body, counted=counted, alias=self.house.alias
        )
        here = _origin(scope)
        root = self.house.upstream.place.root
        headers = [
            (
                name,
                hops.relocated(value.decode("latin-1"), upstream=root, here=here).encode("latin-1"),
            )
            if name in {b"location", b"content-location"}
            else (name, value)
            for name, value in headers
        ]
        if judged.verdict.violations:
            headers = hops.exposed(headers, hops.VIOLATIONS)
            headers.append((hops.VIOLATIONS, header_value(judged.verdict.violations)))
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})


async def _read(receive: Receive, most: int) -> bytes:
    """Read a body.

    Raises:
        _Refused: 413 for more than `most` bytes.
        _Gone: it never ended.
    """
    parts: list[bytes] = []
    left = most
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise _Gone
        chunk = message.get("body", b"")
        left -= len(chunk)
        if left < 0:
            raise _Refused(
                413,
                f"the body is larger than the {most} bytes that this proxy passes on",
                "send less, or allow more with --max-body",
            )
        parts.append(chunk)
        if not message.get("more_body", False):
            return b"".join(parts)


def _plain(headers: Sequence[tuple[bytes, bytes]], body: bytes, most: int) -> tuple[bytes, str]:
    """Return a body without content coding, and why that cannot be done (then it is empty)."""
    coded = [value.decode("latin-1") for value in hops.values(headers, b"content-encoding")]
    try:
        return decoded(body, coded, most=most), ""
    except Unreadable as reason:
        return b"", str(reason)


def _texts(headers: Sequence[tuple[bytes, bytes]]) -> Headers:
    """Return headers as text, without the content coding that was undone."""
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, value in headers
        if name != b"content-encoding"
    )


def _url(root: str, exchange: Exchange) -> str:
    question = f"?{exchange.query}" if exchange.query else ""
    return f"{root}{exchange.path}{question}"


def _origin(scope: Scope) -> str:
    host = next(iter(hops.values(scope["headers"], b"host")), b"").decode("latin-1")
    return f"{scope['scheme']}://{host}" if host else ""


def _is_this_machine(host: str) -> bool:
    """Tell whether a Host header names this machine, so that no other site's name led here."""
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    name = name.removeprefix("[").removesuffix("]").lower().rstrip(".")
    try:
        ip_address(name)
    except ValueError:
        return name in {"", "localhost"} or name.endswith(".localhost")
    return True  # an address was not looked up in anybody's DNS


async def _refuse(send: Send, status: int, detail: str, remedy: str) -> None:
    body = problem(status, detail, remedy)
    headers = [
        (b"content-type", PROBLEM_JSON),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),  # part of the request may still be under way
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
