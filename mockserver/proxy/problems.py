"""What the proxy answers by itself. Source: RFC 9457; the contract's ApiProblem."""

from __future__ import annotations

import json
from http import HTTPStatus

PROBLEM_JSON = b"application/problem+json"


def problem(status: int, detail: str, remedy: str) -> bytes:
    """Return a problem document in the contract's form.

    `subsystem` says that the proxy wrote it, not the upstream.
    """
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "remedy": remedy,
        "subsystem": "proxy",
        "retryable": status in {502, 504},
    }
    return json.dumps(body).encode()
