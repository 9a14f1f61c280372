"""Takes back what is said of parts that nobody could see.

A body that was not recorded, or could not be decoded, breaks nothing; neither does a value that
somebody took out of a recording.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from mockserver.contract.recordings import Exchange
from mockserver.contract.redaction import is_redacted
from mockserver.contract.verdicts import Verdict, Violation


def seen(verdict: Verdict, exchange: Exchange, unread: Collection[str] = ()) -> Verdict:
    """Return a verdict without violations of what could not be seen.

    Args:
        verdict: what the judge said.
        exchange: what it looked at.
        unread: the sides whose body is not known, "request" or "response".
    """
    kept = tuple(v for v in verdict.violations if not _is_unseen(v, exchange, unread))
    return verdict if len(kept) == len(verdict.violations) else replace(verdict, violations=kept)


def _is_unseen(violation: Violation, exchange: Exchange, unread: Collection[str]) -> bool:
    part = violation.location[1] if len(violation.location) > 1 else None
    if part == "body":
        return violation.side in unread or is_redacted(_in_body(violation, exchange))
    if part == "query":
        name = violation.location[2]
        return any(
            key == name and is_redacted(value)
            for key, value in parse_qsl(exchange.query, keep_blank_values=True)
        )
    return False


def _in_body(violation: Violation, exchange: Exchange) -> Any:
    """Return the value at the place of a violation; None where there is none."""
    is_request = violation.side == "request"
    body = exchange.request_body if is_request else exchange.response_body
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return body.decode("utf-8", "replace")
    for part in violation.location[2:]:
        if isinstance(value, dict):
            value = value.get(str(part))
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        else:
            return None
    return value
