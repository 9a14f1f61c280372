"""The proxy: everything below its prefix is a call of a provider.

No contract describes these calls, so that no plan can be made of them; who may make them and what
they answer stands in `resources.proxy_calls`.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping

from starlette.types import ASGIApp, Receive, Scope, Send

from mockserver.events.scheduler import Scheduler
from mockserver.http import access, bodies, problems
from mockserver.http.exchange import EXCHANGE, Answer, Exchange, written
from mockserver.resources import credentials, proxy_calls
from mockserver.resources.principals import Principal
from mockserver.resources.proxy_calls import ProviderAnswer
from mockserver.resources.proxy_stubs import ProviderCall
from mockserver.rules.errors import Kind, Refused
from mockserver.rules.work import Work

log = logging.getLogger("mockserver")


class Forwarding:
    """Answers calls of providers, and passes everything else on."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        prefix: str,
        scheduler: Scheduler,
        delay: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """Wrap `app`; `prefix` is what the paths of the proxy begin with."""
        self.app = app
        self._prefix = prefix.encode()
        self._below = f"{prefix}/".encode()
        self.scheduler = scheduler
        self.delay = delay

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Handle one request."""
        raw_path: bytes = scope["raw_path"] if scope["type"] == "http" else b""
        if raw_path.startswith(self._below) or raw_path == self._prefix:
            return self._forward(scope, receive, send, raw_path[len(self._prefix) :])
        return self.app(scope, receive, send)

    async def _forward(self, scope: Scope, receive: Receive, send: Send, below: bytes) -> None:
        answer = await self._answer(scope, receive, below.decode("latin-1") or "/")
        if self.delay is not None:
            await self.delay()
        for message in answer.messages():
            await send(message)

    async def _answer(self, scope: Scope, receive: Receive, path: str) -> Answer:
        exchange: Exchange = scope[EXCHANGE]
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1").strip()
            for name, value in scope["headers"]
        }
        call = ProviderCall(scope["method"], path, scope["query_string"].decode("latin-1"))
        try:
            exchange.body = await bodies.read(receive)
            if exchange.body is None:
                raise bodies.too_large()
            return self._call(exchange, headers, call)
        except Refused as refusal:
            return _problem(exchange, refusal, headers)
        except Exception:
            log.exception("defect in the proxy")
            defect = Refused(Kind.DEFECT, "the mock failed; see its log")
            return _problem(exchange, defect, headers)

    def _call(self, exchange: Exchange, headers: Mapping[str, str], call: ProviderCall) -> Answer:
        exchange.operation_id = "proxy"
        work = self.scheduler.work(exchange.sandbox, exchange.moment)
        principal = _principal(work, headers)
        try:
            found = proxy_calls.answer(work, principal, headers, call)
        except Refused as refusal:
            if refusal.keeps_work:
                self.scheduler.commit(exchange.sandbox, work)
            raise
        self.scheduler.commit(exchange.sandbox, work)
        return _written(found, has_body=call.method != "HEAD")


def _principal(work: Work, headers: Mapping[str, str]) -> Principal:
    """Return whose full API key a call has. Source: the vendor's guide to the proxy (no JWTs)."""
    key = headers.get("x-api-key")
    if key is None:
        raise access.key_needed()
    principal = credentials.of_api_key(work, key)
    if principal.is_frontend:
        raise Refused(
            Kind.FORBIDDEN,
            "a frontend API key may not call the proxy",
            remedy="use an API key with the scope 'full'",
        )
    return principal


def _written(found: ProviderAnswer, *, has_body: bool) -> Answer:
    headers = dict(found.headers)
    given = next((name for name in headers if name.lower() == "content-type"), None)
    media_type = headers.pop(given) if given is not None else None
    encoded = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    if found.body is None:
        return Answer(found.status, media_type, b"", encoded)
    is_text = isinstance(found.body, str)
    body = found.body.encode() if is_text else written(found.body)
    usual = "text/plain; charset=utf-8" if is_text else "application/json"
    return Answer(found.status, media_type or usual, body if has_body else b"", encoded)


def _problem(exchange: Exchange, refusal: Refused, headers: Mapping[str, str]) -> Answer:
    told: list[tuple[bytes, bytes]] = []
    if refusal.kind == Kind.UNAUTHENTICATED:
        told.append((b"www-authenticate", b'Bearer realm="ampersand"'))
    if (
        refusal.kind == Kind.THROTTLED
        and headers.get(proxy_calls.RATE_LIMITER, "").lower() == "throttle"
    ):
        told.append((b"x-amp-retryable", b"true"))
    return problems.answer(exchange, refusal, told)
