"""An entry of the journal, as people and programs read it: decoded, and without secrets."""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Iterable, Mapping
from typing import Any

from mockserver.contract.recordings import Headers, first
from mockserver.contract.redaction import (
    is_secret_name,
    redact_exchange,
    redact_json,
    redact_path,
    redact_query,
    redact_text,
)
from mockserver.journal.exchange import Exchange
from mockserver.journal.journals import id_of
from mockserver.rules.errors import ABSENT, Issue, Kind
from mockserver.simulation.clock import stamp

_PART = re.compile(r"\[(\d+)\]|([^.\[\]]+)")
_AT_ONCE = 30_000  # bytes, as the journal counts them: some twenty entries, or one large one
_LONGEST_VALUE = 256  # characters of a value that was got


def shown(exchange: Exchange) -> dict[str, Any]:
    """Return an entry, redacted."""
    wire = redact_exchange(exchange.wire())
    url = f"{wire.path}?{wire.query}" if wire.query else wire.path
    entry: dict[str, Any] = {
        **_head(exchange),
        "request": {
            "method": exchange.method,
            "url": url,
            "headers": _headers(wire.request_headers),
            **_body(wire.request_body),
            **_cut("body", exchange.body_size if exchange.is_cut else None),
        },
        "response": {
            "status": exchange.status,
            "headers": _headers(wire.response_headers),
            **_body(wire.response_body),
        },
        "operationId": exchange.operation_id,
        "wasMatched": not exchange.is_unmatched,
        "violations": violations(exchange),
        "timing": {"totalMicroseconds": exchange.elapsed // 1000},
    }
    host = first(wire.request_headers, "host")
    if host:
        entry["request"]["absoluteUrl"] = f"{exchange.scheme}://{host}{exchange.prefix}{url}"
    if exchange.answer_size > len(exchange.answer):
        entry["response"] |= _cut("body", exchange.answer_size)
    return entry | _arranged(exchange, entry["response"])


async def shown_all(exchanges: Iterable[Exchange]) -> list[dict[str, Any]]:
    """Return many entries; others are served meanwhile, because it takes a while."""
    entries, size = [], 0
    for exchange in exchanges:
        entries.append(shown(exchange))
        size += exchange.size
        if size >= _AT_ONCE:
            size = 0
            await asyncio.sleep(0)
    return entries


def _head(exchange: Exchange) -> dict[str, Any]:
    """Return what every entry begins with: which exchange it is, where and when."""
    return {
        "id": id_of(exchange),
        "requestId": exchange.request_id,
        "sandbox": exchange.sandbox.name,
        "loggedDate": exchange.moment // 1000,
        "loggedDateString": stamp(exchange.moment),
    }


def summary(exchange: Exchange) -> dict[str, Any]:
    """Return what the feed tells of an exchange: where to look, not everything."""
    path = redact_path(exchange.path.decode("latin-1"))
    query = redact_query(exchange.query.decode("latin-1"))
    told: dict[str, Any] = {
        **_head(exchange),
        "method": exchange.method,
        "url": f"{path}?{query}" if query else path,
        "operationId": exchange.operation_id,
        "wasMatched": not exchange.is_unmatched,
        "status": exchange.status,
        "violations": len(violations(exchange)),
        "totalMicroseconds": exchange.elapsed // 1000,
    }
    return told | _arranged(exchange, {})


def violations(exchange: Exchange) -> list[dict[str, Any]]:
    """Return what the mock found wrong, as Prism's `sl-violations` writes it."""
    refusal = exchange.refusal
    if refusal is None:
        return []
    if refusal.kind == Kind.DEFECT:
        return [_violation(["response"], "defect", refusal.detail)]
    if not refusal.issues:
        return [_violation(["request"], refusal.kind.value, refusal.detail)]
    return [
        _violation(["request", *place(issue)], issue.code or refusal.kind.value, issue.detail)
        for issue in refusal.issues
    ]


def place(issue: Issue) -> list[str | int]:
    """Return where an issue is: the part of the request, then the way into it."""
    if issue.place == "body":
        return ["body", *(issue.path or _parts(issue))]
    return [issue.place, issue.name] if issue.name else [issue.place]


def _parts(issue: Issue) -> tuple[str | int, ...]:
    """Return the way into the body that a rule names as people write it: `a.b[0]`."""
    if issue.name == "body":
        return ()
    found = _PART.findall(issue.name)
    return tuple(int(index) if index else name for index, name in found)


def got(issue: Issue) -> Any:
    """Return the value that was wrong, without secrets; "absent" in words where none was."""
    value = issue.value
    names = [str(part) for part in issue.path] or [issue.name]
    if value is ABSENT:
        return "nothing, or a value that is not repeated" if issue.place == "header" else "nothing"
    if any(map(is_secret_name, names)):
        return "a value that is not repeated"
    if isinstance(value, str):
        return redact_text(value)[:_LONGEST_VALUE]
    if isinstance(value, dict | list):
        return redact_json(value) if len(value) <= 20 else f"{len(value)} items"
    return value


def _violation(location: Iterable[str | int], code: str, message: str) -> dict[str, Any]:
    text = redact_text(message)
    return {"location": list(location), "severity": "Error", "code": code, "message": text}


def _arranged(exchange: Exchange, response: dict[str, Any]) -> dict[str, Any]:
    """Return what was made to happen on purpose; the fault goes to the response."""
    told: dict[str, Any] = {}
    if exchange.rule is not None:
        told["rule"] = {"id": exchange.rule, "name": exchange.rule_name}
    if exchange.preferred:
        told["preferred"] = exchange.preferred
    if exchange.fault:
        response["fault"] = exchange.fault
    if exchange.transport_fault or exchange.fault:
        told["transportFault"] = True
    return told


def _headers(headers: Headers) -> Mapping[str, str]:
    """Return headers by name; those that were given more than once are joined."""
    joined: dict[str, str] = {}
    for name, value in headers:
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined


def _body(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    try:
        return {"body": body.decode()}
    except UnicodeDecodeError:
        return {"bodyAsBase64": base64.b64encode(body).decode()}


def _cut(name: str, size: int | None) -> dict[str, Any]:
    """Return the note that less was kept than was sent."""
    if size is None:
        return {}
    return {f"{name}Truncated": True} | ({f"{name}Size": size} if size else {})
