"""The layer that Connexion wires to the contracts: routes, plans, problems of the door.

Connexion loads each contract, walks its operations and resolves every operationId to its handler;
this layer turns what it hands over into one router and one plan per operation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from connexion.middleware.abstract import AbstractRoutingAPI, SpecMiddleware
from connexion.operations import AbstractOperation
from connexion.spec import Specification
from starlette.types import ASGIApp, Receive, Scope, Send

from mockserver.http import bodies, problems, streams
from mockserver.http.exchange import EXCHANGE, Answer, Exchange
from mockserver.http.headers import headers_of
from mockserver.http.noting import noting
from mockserver.http.plans import House, Incoming, Plan
from mockserver.http.recall import Recall, key_of
from mockserver.http.replies import ORDER, Replies
from mockserver.http.routing import Match, Router, UndecodableSegment, is_below
from mockserver.rules.errors import Issue, Kind, Refused

CONTROL = "/__"  # what the paths of the control plane begin with: it always does what it is told
Origin = Callable[[Scope], str]


class _Wiring(AbstractRoutingAPI[Plan]):  # type: ignore[misc] # Connexion is not typed
    """One contract on its way into the router; Connexion calls the methods."""

    def __init__(self, specification: Specification, *, house: House, **options: Any) -> None:
        self.house = house
        self.router: Router[Plan] = Router()
        super().__init__(specification, **options)

    def make_operation(self, operation: AbstractOperation) -> Plan:
        """Compile the operation that Connexion resolved."""
        resolution = operation._resolution  # Connexion has no public name for it
        declared = self.house.contract.operations[resolution.operation_id]
        if resolution.function is None:
            raise LookupError(f"{declared.operation_id} has no handler")
        return Plan(declared, resolution.function, self.house)

    @staticmethod
    def _framework_path_and_name(_: AbstractOperation, path: str) -> tuple[str, str]:
        return path, path

    def _add_operation_internal(
        self, method: str, path: str, operation: Plan, name: str | None = None
    ) -> None:
        self.router.add(method.upper(), name or path, operation)


class Operations(SpecMiddleware):  # type: ignore[misc] # Connexion is not typed
    """Answers everything under the prefixes of the contracts."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        houses: Mapping[str, House],
        routers: dict[str, Router[Plan]],
        origin: Origin,
        page_prefixes: Sequence[str] = (),
        delay: Callable[[], Any] | None = None,
    ) -> None:
        """Wrap `app`, which gets the paths of pages.

        Args:
            app: the pages.
            houses: what the plans of a contract share, by base path.
            routers: filled with the router of each contract, by base path.
            origin: tells the scheme and authority that absolute URLs begin with.
            page_prefixes: the paths of pages; "/" means that path alone. One below the base path
                of a contract is the pages' all the same.
            delay: awaited before each answer, if given.
        """
        self.app = app
        self.houses = houses
        self.origin = origin
        self.page_prefixes = tuple(page_prefixes)
        self.delay = delay
        self.routers = routers
        #: What the paths of a contract begin with, its base path, its router, pages below it.
        self._below: list[tuple[bytes, str, Router[Plan], tuple[str, ...]]] = []
        self.replies = Replies()
        self.recall = Recall()

    def add_api(self, specification: Specification, **options: Any) -> None:
        """Take a contract; Connexion calls this for each."""
        base_path = options["base_path"]
        wiring = _Wiring(specification, house=self.houses[base_path], **options)
        self.routers[base_path] = wiring.router
        beginning = f"{base_path}/"
        pages = tuple(page for page in self.page_prefixes if page.startswith(beginning))
        self._below.append((beginning.encode(), base_path, wiring.router, pages))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        exchange: Exchange = scope[EXCHANGE]
        key = None if ORDER in scope else key_of(scope, exchange.sandbox, headers_of(scope))
        recalled = self.recall.find(key, exchange.sandbox) if key is not None else None
        if recalled is not None:
            await self._give(recalled.answer_to(exchange), receive, send)
            return
        path: bytes = scope["raw_path"]
        for beginning, prefix, router, pages in self._below:
            if path.startswith(beginning) or path == beginning[:-1]:
                shown = path.decode("latin-1")
                if pages and any(is_below(shown, page) for page in pages):
                    break  # the longest prefix decides
                answer = await self._made(scope, receive, router, shown[len(prefix) :], prefix)
                if key is not None:
                    self.recall.keep(key, exchange, answer)
                await self._give(answer, receive, send)
                return
        raw_path = path.decode("latin-1")
        if any(is_below(raw_path, prefix) for prefix in self.page_prefixes):
            exchange.is_page = True
            await self.app(scope, noting(exchange, receive), send)
        else:
            await _send(self._nowhere(scope, raw_path), send)

    def _nowhere(self, scope: Scope, raw_path: str) -> Answer:
        prefix = next(iter(self.houses))  # the mocked API comes first
        router = self.routers[prefix]
        nearest = router.nearest(scope["method"], raw_path[:500])
        method, _, template = nearest.partition(" ")
        refusal = Refused(
            Kind.NOT_FOUND,
            f"nothing is served at {raw_path[:200]}",
            remedy=f"the API begins at {prefix}; did you mean {method} {prefix}{template}?",
        )
        return problems.answer(scope[EXCHANGE], refusal)

    async def _give(self, answer: Answer, receive: Receive, send: Send) -> None:
        if self.delay is not None:
            await self.delay()
        if answer.stream is None:
            await _send(answer, send)
        else:
            await streams.send_stream(answer, receive, send)

    async def _made(
        self, scope: Scope, receive: Receive, router: Router[Plan], path: str, prefix: str
    ) -> Answer:
        exchange: Exchange = scope[EXCHANGE]
        headers, method = headers_of(scope), scope["method"]
        try:
            match = router.match(path)
        except UndecodableSegment:
            return _malformed_path(exchange, router, method, path)
        plan = match.methods.get(method) if match else None
        if match is None or plan is None:
            return _unrouted(exchange, router, match, method, prefix, path)
        exchange.operation_id = plan.operation.operation_id
        body: bytes | None = b""
        if b"content-length" in headers or b"transfer-encoding" in headers:
            try:
                body = exchange.body = await bodies.read(receive)
            except Refused as refusal:
                return plan.refuse(exchange, refusal)
        query, tell_origin = scope["query_string"], partial(self.origin, scope)
        incoming = Incoming(exchange, headers, query, match.values, body, tell_origin)
        if ORDER in scope:
            return self.replies.ordered(plan, incoming, scope[ORDER])
        if b"prefer" in headers and not prefix.startswith(CONTROL):
            preferred = self.replies.preferred(plan, incoming, _prefer(scope))
            if preferred is not None:
                return preferred
        answer = plan.run(incoming)
        return answer if isinstance(answer, Answer) else await plan.finish(exchange, answer)


def _prefer(scope: Scope) -> str:
    """Return the header Prefer; several of them are one list. Source: RFC 9110, section 5.3."""
    values = (value for name, value in scope["headers"] if name == b"prefer")
    return b", ".join(values).decode("latin-1")


async def _send(answer: Answer, send: Send) -> None:
    start, body = answer.messages()
    await send(start)
    await send(body)


def _unrouted(
    exchange: Exchange,
    router: Router[Plan],
    match: Match[Plan] | None,
    method: str,
    prefix: str,
    path: str,
) -> Answer:
    shown = f"{prefix}{path}"[:200]
    headers = []
    if match is not None:
        allowed = match.allowed()
        detail = f"{method} is not a method of {shown}"
        refusal = Refused(Kind.METHOD, detail, remedy=f"use {allowed}")
        headers = [(b"allow", allowed.encode())]
    else:
        nearest, _, template = router.nearest(method, path[:500]).partition(" ")
        refusal = Refused(
            Kind.NOT_FOUND,
            f"no operation has the path {shown}",
            remedy=f"did you mean {nearest} {prefix}{template}?",
        )
    answer = problems.answer(exchange, refusal, headers)
    answer.is_lasting = True
    return answer


def _malformed_path(exchange: Exchange, router: Router[Plan], method: str, path: str) -> Answer:
    """Refuse a segment that is no text, as the operation that the path means would."""
    detail = "a path segment is no UTF-8 text, or holds NUL"
    issue = Issue("path", "", detail)
    refusal = Refused(Kind.INVALID, detail, remedy="percent-encode UTF-8", issues=[issue])
    segments = [part if _is_clean(part) else "x" for part in path.split("/")]
    match = router.match("/".join(segments))
    plan = match.methods.get(method) if match else None
    if plan is not None:
        exchange.operation_id = plan.operation.operation_id
        return plan.refuse(exchange, refusal)
    return problems.answer(exchange, refusal)


def _is_clean(segment: str) -> bool:
    try:
        Router[Any]().match(f"/{segment}")
    except UndecodableSegment:
        return False
    return True
