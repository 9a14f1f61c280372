"""What the proxy knows of one exchange once it was judged, and who is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mockserver.contract.recordings import Exchange
from mockserver.contract.redaction import redact_path, redact_query
from mockserver.contract.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Judged:
    """One exchange and its verdict."""

    number: int  # from 1, in the order in which answers came
    started: int  # microseconds since 1970-01-01 UTC
    duration: int  # microseconds until the upstream's whole answer was there
    exchange: Exchange  # bodies without content coding, secrets still inside
    verdict: Verdict
    url: str  # as the client would write it: the upstream's own address
    request_size: int  # bytes of the bodies on the wire
    response_size: int
    #: Why the bodies could not be judged, e.g. an unknown content coding; empty when they were.
    unread: str = ""


#: Told of every judged exchange, in order, before the answer leaves. It must not wait: a journal,
#: a log or a screen keeps what it is told and writes in its own time.
Witness = Callable[[Judged], None]


def in_one_line(exchange: Exchange) -> str:
    """Return an exchange for people, e.g. `GET /v1/projects -> 200`, without secrets."""
    question = f"?{redact_query(exchange.query)}" if exchange.query else ""
    return f"{exchange.method} {redact_path(exchange.path)}{question} -> {exchange.status}"
