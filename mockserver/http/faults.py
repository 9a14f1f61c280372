"""Lets go wrong what is armed in a sandbox, before a request is routed.

Nothing armed costs one look at an attribute. The control plane is never hit: whoever arms a rule
that hits everything can still disarm it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockserver.events.scheduler import Scheduler
from mockserver.faults.armory import Armory
from mockserver.faults.arms import Arms, Strike
from mockserver.faults.replies import Reply
from mockserver.faults.rules import Dribble
from mockserver.faults.surface import TRANSPORT
from mockserver.http import bodies
from mockserver.http.exchange import BREAK, BROKEN, EXCHANGE, Exchange
from mockserver.http.headers import headers_of
from mockserver.http.operations import CONTROL
from mockserver.http.plans import Plan
from mockserver.http.replies import ORDER, Order, free_answer, mark_headers, marked
from mockserver.http.routing import Router, UndecodableSegment
from mockserver.rules.errors import Refused
from mockserver.simulation.identity import Identity
from mockserver.simulation.patterns import Asked

_CONTROL: Final = CONTROL.encode()
RATE_LIMIT = "rate-limit"  # the id of the one rule that a token bucket is


class Faults:
    """Applies what is armed: the limit, then rules, then chances, then the delay of all."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        armory: Armory,
        routers: Mapping[str, Router[Plan]],
        scheduler: Scheduler,
    ) -> None:
        """Wrap `app`; `routers` tell operations from paths, by base path."""
        self.app = app
        self.armory = armory
        self.routers = routers
        self.scheduler = scheduler

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Handle one request."""
        if not self.armory.armed:
            return self.app(scope, receive, send)
        exchange: Exchange | None = scope.get(EXCHANGE)
        arms = self.armory.armed.get(exchange.sandbox.name) if exchange is not None else None
        if exchange is None or arms is None or scope["raw_path"].startswith(_CONTROL):
            return self.app(scope, receive, send)
        return self._armed(exchange, arms, scope, receive, send)

    async def _armed(
        self, exchange: Exchange, arms: Arms, scope: Scope, receive: Receive, send: Send
    ) -> None:
        plan = self._find(scope)
        if plan is not None and arms.bucket is not None:
            later = arms.bucket.take(exchange.moment)
            if later is not None:
                limited = Reply(status=429, retry_after=later, detail="too many requests")
                scope = {**scope, ORDER: Order(limited, RATE_LIMIT, "")}
                await self.app(scope, receive, send)
                return
        if arms.reads_body:
            body, receive = await _read_ahead(receive)
        else:
            body = b""
        strike = arms.strike(_asked(scope, body, plan))
        seconds = strike.seconds if strike is not None else None
        await self._wait(exchange, arms.wait() if seconds is None else seconds)
        if strike is None:
            await self.app(scope, receive, send)
        else:
            await self._strike(exchange, strike, plan, scope, receive, send)

    async def _wait(self, exchange: Exchange, seconds: float) -> None:
        """Wait by the machine's clock, whatever the sandbox's clock does."""
        if not seconds:
            return
        await asyncio.sleep(seconds)
        # The operation begins now: others may have turned the clock meanwhile.
        self.scheduler.catch_up(exchange.sandbox)
        exchange.moment = self.scheduler.now(exchange.sandbox)

    async def _strike(
        self,
        exchange: Exchange,
        strike: Strike,
        plan: Plan | None,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        exchange.rule, exchange.rule_name = strike.id, strike.name
        if strike.fault is not None:
            if plan is not None:
                exchange.operation_id = plan.operation.operation_id
            await _break(exchange, strike, scope, receive, send)
            return
        if strike.dribble is not None:
            send = _dribbling(strike.dribble, send)
        if strike.reply is None:
            await self.app(scope, receive, _naming(strike, send))
        elif plan is not None:
            order = Order(strike.reply, strike.id, strike.name)
            await self.app({**scope, ORDER: order}, receive, send)
        else:
            answer = free_answer(exchange, strike.reply)
            for message in marked(exchange, answer, strike.id, strike.name, TRANSPORT).messages():
                await send(message)

    def _find(self, scope: Scope) -> Plan | None:
        path = scope["raw_path"].decode("latin-1")
        for prefix, router in self.routers.items():
            if path.startswith(f"{prefix}/"):
                try:
                    match = router.match(path[len(prefix) :])
                except UndecodableSegment:
                    return None
                return match.methods.get(scope["method"]) if match is not None else None
        return None


async def _read_ahead(receive: Receive) -> tuple[bytes, Receive]:
    """Read a body, and return it with a `receive` that begins with it again."""
    messages: list[Message] = []
    size = 0
    while True:
        message = await receive()
        messages.append(message)
        size += len(message.get("body", b""))
        is_over = message["type"] != "http.request" or not message.get("more_body", False)
        if is_over or size > bodies.LARGEST:
            break
    waiting = iter(messages)

    async def again() -> Message:
        kept = next(waiting, None)
        return await receive() if kept is None else kept

    return b"".join(message.get("body", b"") for message in messages), again


def _asked(scope: Scope, body: bytes, plan: Plan | None) -> Asked:
    headers = [
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]
    ]
    encoding = headers_of(scope).get(b"content-encoding", b"")
    try:
        plain = bodies.decompress(body, encoding.strip().lower()) if body else b""
    except Refused:  # the operation will say so; patterns see what was sent
        plain = body
    return Asked(
        method=scope["method"],
        path=scope["raw_path"].decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        body=plain,
        operation_id=plan.operation.operation_id if plan is not None else "",
    )


async def _break(
    exchange: Exchange, strike: Strike, scope: Scope, receive: Receive, send: Send
) -> None:
    fault = str(strike.fault)
    breaking: Callable[[str, bytes], None] | None = scope.get("extensions", {}).get(BREAK)
    headers = mark_headers(strike.id, strike.name, fault)
    if breaking is None:
        detail = f"{fault} was due, and this request came over nothing that can be broken"
        answer = free_answer(exchange, Reply(status=503, detail=detail))
        for message in marked(exchange, answer, strike.id, strike.name, TRANSPORT).messages():
            await send(message)
        return
    await _read_ahead(receive)  # a connection with something unread would be reset
    identity = Identity(exchange.sandbox.seed)
    noise = b"".join(
        bytes.fromhex(identity.hexadecimal(f"faults/{strike.id}/{part}", exchange.number))
        for part in range(4)
    )
    exchange.fault = fault
    breaking(fault, noise)
    await send({"type": BROKEN, "fault": fault, "headers": headers})


def _naming(strike: Strike, send: Send) -> Send:
    async def named(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = mark_headers(strike.id, strike.name, "")
            message = {**message, "headers": [*message["headers"], *headers]}
        await send(message)

    return named


def _dribbling(dribble: Dribble, send: Send) -> Callable[[Message], Awaitable[None]]:
    """Send each body in pieces, with the same pause between two."""

    async def piecewise(message: Message) -> None:
        body = message.get("body", b"")
        if message["type"] != "http.response.body" or not body:
            await send(message)
            return
        size = max(1, -(-len(body) // dribble.pieces))
        pieces = [body[at : at + size] for at in range(0, len(body), size)]
        for number, piece in enumerate(pieces, 1):
            is_last = number == len(pieces) and not message.get("more_body", False)
            await send({"type": message["type"], "body": piece, "more_body": not is_last})
            if number < len(pieces):
                await asyncio.sleep(dribble.seconds / max(1, len(pieces) - 1))

    return piecewise
