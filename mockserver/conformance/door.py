"""The only way to the target: every request of every layer goes through here.

Policy, ledger, rate limit, retries and the checks of single answers belong to this door, so that
no layer can get around them.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable

import httpx

from mockserver.conformance.exchange import Answer, Exchange, Flaw, Request
from mockserver.conformance.flaws import flaws_of
from mockserver.conformance.keeper import Keeper
from mockserver.conformance.memory import Memory
from mockserver.conformance.patience import BUSY, Patience, Turnstile
from mockserver.conformance.rules import Inconclusive, Refused
from mockserver.conformance.target import Target
from mockserver.conformance.wire import Wire, headers_of, transport_to
from mockserver.contract.contract import Contract

#: Told of every exchange, in order.
Observer = Callable[[Exchange], None]


class Door:
    """Sends requests, and judges each answer by itself."""

    def __init__(
        self,
        target: Target,
        contract: Contract,
        *observers: Observer,
        keeper: Keeper | None = None,
        patience: Patience | None = None,
    ) -> None:
        """Open a connection pool to the target; close it with `close()`.

        Without a keeper everything may be sent and nothing is written down: for tests.
        """
        self.target = target
        self.contract = contract
        self.keeper = keeper
        self.memory = Memory()
        self.last: Exchange | None = None  # that was answered
        self.sent = 0  # requests, with every try
        self.answered = 0
        self.waited = 0.0  # seconds, for all that was answered
        self.unsteady: list[Exchange] = []  # a server error first, something else when asked again
        self._observers = observers
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        limits = patience or Patience()
        self.turnstile = Turnstile(limits)
        self._watch = limits.watch
        # For uploads: they go to whatever address the target signs.
        self._client = httpx.Client(transport=target.transport, timeout=limits.timeout)
        transport = target.transport or transport_to(target.url)
        self._wire = Wire(transport, limits.timeout, self._client.headers)

    def send(self, request: Request) -> Exchange:
        """Send a request and return it with its answer.

        Raises:
            Refused: the profile does not allow it; nothing was sent.
            Inconclusive: no answer that could be judged came.
        """
        answer = self.probe(request)
        with self._lock:
            number = next(self._numbers)
            flaws = (
                *flaws_of(self.contract, request, answer),
                *self.memory.flaws_of(self.contract, number, request, answer),
            )
            exchange = Exchange(number, request, answer, flaws)
            self.last = exchange
            for observe in self._observers:
                observe(exchange)
        return exchange

    def probe(self, request: Request) -> Answer:
        """Send a request and return what came without judging it: to find out where the API is.

        Raises:
            Refused: the profile does not allow it; nothing was sent.
            Inconclusive: no answer that could be judged came.
        """
        return self._ask(request) if self.keeper is None else self._kept(self.keeper, request)

    def upload(self, url: str, content: bytes, *, address: str = "") -> int:
        """Put a zip to a signed URL that the target gave, and return the status.

        Args:
            url: what generateUploadUrl answered.
            content: the zip.
            address: the `sourceZipUrl` by which a deploy will name it.

        Raises:
            Refused: the profile only reads, or the URL is none.
            Inconclusive: no answer came.
        """
        if self.keeper is not None and self.keeper.profile.reads_only:
            raise Refused(f"profile {self.keeper.profile.name} uploads nothing")
        if not url.startswith(("http://", "https://")):
            raise Refused("uploads only to http:// and https:// URLs")
        if self.keeper is not None and address:
            self.keeper.manifests.remember(address, content)
        headers = {"Content-Type": "application/zip"}
        return self.turnstile.ask(
            lambda: self._client.put(url, content=content, headers=headers)
        ).status_code

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()
        self._client.close()

    def _kept(self, keeper: Keeper, request: Request) -> Answer:
        route = keeper.admit(request, self.target, self._ask)
        number = keeper.before(request, route)
        answer = self._ask(request)
        keeper.after(route, number, answer)
        return answer

    def _ask(self, request: Request) -> Answer:
        answer = self._answered(request)
        if answer.status < 500 or answer.status in BUSY:
            return answer
        again = self._answered(request)  # a defect repeats; what does not is only told
        if again.status < 500:
            flaw = Flaw("unsteady", f"answered {answer.status} once, then {again.status}")
            self.unsteady.append(Exchange(0, request, answer, (flaw,)))
        return again

    def _answered(self, request: Request) -> Answer:
        content = request.content()
        headers = {**request.caller.headers, **request.headers}
        if content is not None and not any(name.lower() == "content-type" for name in headers):
            headers["Content-Type"] = "application/json"

        started = [0.0]

        def send() -> httpx.Response:
            self.sent += 1
            started.append(self._watch.read())
            return self._wire.send(
                request.method, self.target.url + request.path, request.query, headers, content
            )

        try:
            response = self.turnstile.ask(send)
        except Inconclusive as error:
            raise Inconclusive(f"{request.method} {request.path}: {error}") from error
        except (httpx.InvalidURL, httpx.DecodingError, UnicodeEncodeError) as error:
            raise Inconclusive(f"{request.method} {request.path}: {error}") from error
        seconds = self._watch.read() - started[-1]
        with self._lock:
            self.answered += 1
            self.waited += seconds
        return Answer(response.status_code, headers_of(response), response.content, seconds)

    @property
    def usual_wait(self) -> float:
        """How long an answer took so far, in seconds, on average."""
        return self.waited / max(self.answered, 1)
