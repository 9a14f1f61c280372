"""The log: one JSON line for each exchange that breaks the contract, without secrets."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from mockserver.contract.recordings import Exchange, Headers, first
from mockserver.contract.redaction import redact_exchange
from mockserver.proxy.judged import Judged
from mockserver.proxy.moments import stamp

_MOST_VIOLATIONS = 200  # of one exchange
_LONGEST_BODY = 64 * 1024  # bytes that a line holds of a body


class Log:
    """A witness that appends to a file, which only its owner may read."""

    def __init__(self, path: Path) -> None:
        """Open the file; what is there stays.

        Raises:
            OSError: it cannot be written.
        """
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def __call__(self, judged: Judged) -> None:
        """Write a line if there is something to say, in one piece: readers never see half of it."""
        if judged.verdict.violations:
            os.write(self._file, json.dumps(line(judged)).encode() + b"\n")

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)


def line(judged: Judged) -> dict[str, Any]:
    """Return what the log says of an exchange."""
    exchange = redact_exchange(judged.exchange)
    violations = judged.verdict.violations
    written: dict[str, Any] = {
        "number": judged.number,
        "time": stamp(judged.started),
        "milliseconds": round(judged.duration / 1000, 1),
        "operationId": judged.verdict.operation_id,
        "method": exchange.method,
        "path": exchange.path,
        "query": exchange.query,
        "status": exchange.status,
        # With it, an implementation that keeps a journal can find the exchange in it.
        "requestId": first(exchange.response_headers, "x-request-id") or None,
        "violations": [
            {**violation.as_json(), "pointer": violation.pointer}
            for violation in violations[:_MOST_VIOLATIONS]
        ],
    }
    if len(violations) > _MOST_VIOLATIONS:
        written["violationsLeftOut"] = len(violations) - _MOST_VIOLATIONS
    if judged.unread:
        written["unread"] = judged.unread
    written["request"] = _side(exchange, exchange.request_headers, exchange.request_body)
    written["response"] = _side(exchange, exchange.response_headers, exchange.response_body)
    return written


def _side(_: Exchange, headers: Headers, body: bytes) -> dict[str, Any]:
    return {"headers": [list(pair) for pair in headers], **_body(body)}


def _body(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    if len(body) > _LONGEST_BODY:
        text = body[:_LONGEST_BODY].decode("utf-8", "replace")
        return {"text": text, "bytesLeftOut": len(body) - _LONGEST_BODY}
    try:
        return {"json": json.loads(body)}
    except (ValueError, RecursionError):
        return {"text": body.decode("utf-8", "replace")}
