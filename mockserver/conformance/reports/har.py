"""HAR 1.2: every exchange of a run, for tools that read it. Source: the HAR 1.2 specification."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from mockserver import __version__
from mockserver.conformance.exchange import Exchange
from mockserver.conformance.reports.document import Redaction
from mockserver.contract.redaction import redact_headers


def har(exchanges: Iterable[Exchange], url: str, started: str, redaction: Redaction) -> bytes:
    """Return a HAR file.

    Args:
        exchanges: in order.
        url: of the API.
        started: when the run started, RFC 3339. Single requests are not timed by a clock.
        redaction: takes out the secrets.
    """
    log = {
        "version": "1.2",
        "creator": {"name": "mockserver check", "version": __version__},
        "entries": [_entry(one, url, started, redaction) for one in exchanges],
    }
    return json.dumps({"log": log}, ensure_ascii=False).encode()


def _entry(exchange: Exchange, url: str, started: str, redaction: Redaction) -> dict[str, Any]:
    answer = exchange.answer
    milliseconds = round(answer.seconds * 1000, 3)
    return {
        "startedDateTime": started,
        "time": milliseconds,
        "request": _request(exchange, url, redaction),
        "response": {
            "status": answer.status,
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _headers(answer.headers, redaction),
            "content": {
                "size": len(answer.content),
                "mimeType": answer.headers.get("content-type", ""),
                "text": redaction.body(answer.content),
            },
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": len(answer.content),
        },
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "comment": exchange.operation_id,
    }


def _request(exchange: Exchange, url: str, redaction: Redaction) -> dict[str, Any]:
    request = exchange.request
    content = request.content()
    headers = {**request.caller.headers, **request.headers}
    found: dict[str, Any] = {
        "method": request.method,
        "url": url + redaction.path(request.path),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(headers, redaction),
        "queryString": [
            {"name": name, "value": redaction.text(value)} for name, value in request.query
        ],
        "headersSize": -1,
        "bodySize": len(content or b""),
    }
    if content is not None:
        lower = {name.lower(): value for name, value in headers.items()}
        media_type = lower.get("content-type", "application/json")
        found["postData"] = {"mimeType": media_type, "text": redaction.body(content)}
    return found


def _headers(headers: Mapping[str, str], redaction: Redaction) -> list[dict[str, str]]:
    redacted = redact_headers(tuple(headers.items()))
    return [{"name": name, "value": redaction.known(value)} for name, value in redacted]
