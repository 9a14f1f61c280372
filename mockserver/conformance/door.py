"""The only way to the target: every request of every layer goes through here.

Policy, ledger, rate limit, retries, redaction and the checks of single answers belong to this
door, so that no layer can get around them.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import httpx

from mockserver.conformance.exchange import Answer, Exchange, Request
from mockserver.conformance.flaws import flaws_of
from mockserver.conformance.rules import Inconclusive
from mockserver.conformance.target import Target
from mockserver.contract.contract import Contract

#: Told of every exchange, in order.
Observer = Callable[[Exchange], None]


class Door:
    """Sends requests, and judges each answer by itself."""

    def __init__(self, target: Target, contract: Contract, *observers: Observer) -> None:
        """Open a connection pool to the target; close it with `close()`."""
        self.target = target
        self.contract = contract
        #: What was read of the target once and stays as it is for the run, e.g. its providers.
        self.memory: dict[str, Any] = {}
        self._observers = observers
        self._numbers = itertools.count(1)
        self._client = httpx.Client(transport=target.transport, timeout=30.0)

    def send(self, request: Request) -> Exchange:
        """Send a request and return it with its answer.

        Raises:
            Refused: the profile does not allow it; nothing was sent.
            Inconclusive: no answer that could be judged came.
        """
        answer = self._ask(request)
        flaws = flaws_of(self.contract, request, answer)
        exchange = Exchange(next(self._numbers), request, answer, flaws)
        for observe in self._observers:
            observe(exchange)
        return exchange

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _ask(self, request: Request) -> Answer:
        content = request.content()
        headers = {**request.caller.headers, **request.headers}
        if content is not None and not any(name.lower() == "content-type" for name in headers):
            headers["Content-Type"] = "application/json"
        try:
            response = self._client.request(
                request.method,
                self.target.url + request.path,
                params=list(request.query),
                headers=headers,
                content=content,
            )
        except httpx.TransportError as error:
            raise Inconclusive(f"{request.method} {request.path}: {error}") from error
        return Answer(
            response.status_code,
            {name.lower(): value for name, value in response.headers.items()},
            response.content,
            response.elapsed.total_seconds(),
        )
