"""Exchanges as entries of an HTTP archive, without secrets.

Source: HAR 1.2, http://www.softwareishard.com/blog/har-12-spec/.
"""

from __future__ import annotations

import base64
import json
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from mockserver import __version__
from mockserver.contract.recordings import Headers, first
from mockserver.contract.redaction import redact_exchange, redact_url
from mockserver.proxy.judged import Judged
from mockserver.proxy.moments import stamp

_UNKNOWN = -1  # what HAR writes for a size that was not measured


def opening() -> bytes:
    """Return what stands before the entries of an archive."""
    creator = {"name": "ampersand-mockserver proxy", "version": __version__}
    log = json.dumps({"version": "1.2", "creator": creator, "entries": []})
    return f'{{"log": {log[:-2]}\n'.encode()


CLOSING = b"\n]}}\n"


def entry(judged: Judged) -> dict[str, Any]:
    """Return one exchange as an entry."""
    exchange = redact_exchange(judged.exchange)
    milliseconds = round(judged.duration / 1000, 3)
    root = judged.url.removesuffix(_tail(judged.exchange.path, judged.exchange.query))
    written: dict[str, Any] = {
        "startedDateTime": stamp(judged.started),
        "time": milliseconds,
        "request": {
            "method": exchange.method,
            "url": redact_url(root) + _tail(exchange.path, exchange.query),
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _named(exchange.request_headers),
            "queryString": [
                {"name": name, "value": value}
                for name, value in parse_qsl(exchange.query, keep_blank_values=True)
            ],
            "headersSize": _UNKNOWN,
            "bodySize": judged.request_size,
        },
        "response": {
            "status": exchange.status,
            "statusText": _phrase(exchange.status),
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _named(exchange.response_headers),
            "content": {
                "size": len(exchange.response_body),
                "mimeType": first(exchange.response_headers, "content-type"),
                **_text(exchange.response_body),
            },
            "redirectURL": first(exchange.response_headers, "location"),
            "headersSize": _UNKNOWN,
            "bodySize": judged.response_size,
        },
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
    }
    if exchange.request_body:
        written["request"]["postData"] = {
            "mimeType": first(exchange.request_headers, "content-type"),
            **_text(exchange.request_body),
        }
    return written | _ours(judged)


def _ours(judged: Judged) -> dict[str, Any]:
    """Return what the proxy adds; names with an underscore are for that. Source: HAR 1.2."""
    ours: dict[str, Any] = {
        "_operationId": judged.verdict.operation_id,
        "_violations": [violation.as_json() for violation in judged.verdict.violations[:200]],
    }
    if judged.unread:
        ours["_unread"] = judged.unread
    return ours


def _tail(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path


def _named(headers: Headers) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers]


def _text(body: bytes) -> dict[str, str]:
    try:
        return {"text": body.decode()}
    except UnicodeDecodeError:
        return {"text": base64.b64encode(body).decode(), "encoding": "base64"}


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
