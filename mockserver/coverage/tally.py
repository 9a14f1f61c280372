"""Counts what is called and how it is answered, as cheaply as every request can afford.

The counts do not depend on the journal, which lets go of its oldest entries.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from mockserver.contract.operations import Operation
from mockserver.journal.exchange import Exchange, header
from mockserver.state.sandbox import Sandbox


class Answered(NamedTuple):
    """What calls have in common that are counted together."""

    operation_id: str
    status: int
    is_faulty: bool  # the answer was, on purpose, not the contract's
    media_type: bytes  # of the answer, as its header says it; empty without a body
    body_type: bytes  # of the request's body, likewise; of calls that succeeded only


@dataclass(slots=True)
class Tally:
    """The counts of one sandbox, or of several together."""

    #: Keys are Answered, as plain tuples: every request makes one.
    calls: dict[tuple[str, int, bool, bytes, bytes], int] = field(default_factory=dict)
    #: Of calls that succeeded, by operationId and the name of a query parameter.
    parameters: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        """Add the counts of another sandbox."""
        for key, number in other.calls.items():
            self.calls[key] = self.calls.get(key, 0) + number
        self.parameters.update(other.parameters)

    def answers(self) -> Iterator[tuple[Answered, int]]:
        """Yield the counts of calls."""
        return ((Answered(*key), number) for key, number in self.calls.items())


class Tallies:
    """The counts of all sandboxes, by name."""

    def __init__(self, contracts: Iterable[Mapping[str, Operation]]) -> None:
        """Take the operations of the contracts: only what they declare is counted."""
        self._parameters: dict[str, dict[bytes, str]] = {}
        for operations in contracts:
            for name, operation in operations.items():
                queried = [one.name for one in operation.parameters if one.place == "query"]
                self._parameters[name] = {one.encode(): one for one in queried}
        self._tallies: dict[str, Tally] = {}

    def of(self, sandbox: Sandbox) -> Tally:
        """Return the counts of a sandbox."""
        found = self._tallies.get(sandbox.name)
        if found is None:
            found = self._tallies[sandbox.name] = Tally()
        return found

    def together(self, sandboxes: Iterable[Sandbox]) -> Tally:
        """Return the counts of some sandboxes, added up."""
        whole = Tally()
        for sandbox in sandboxes:
            whole.add(self.of(sandbox))
        return whole

    def empty(self, sandbox: Sandbox) -> None:
        """Forget the counts of a sandbox."""
        self._tallies.pop(sandbox.name, None)

    def count(self, exchange: Exchange) -> None:
        """Count an exchange that reached an operation."""
        name, status = exchange.operation_id, exchange.status
        declared = self._parameters.get(name)
        if declared is None:
            return
        tally = self.of(exchange.sandbox)
        faulty = exchange.transport_fault or exchange.fault != ""
        succeeded = status < 400 and not faulty
        answered = body = b""
        if exchange.answer:
            answered = header(exchange.plain_headers or (), b"content-type")
        if succeeded and exchange.body:
            body = header(exchange.headers, b"content-type")
        key = (name, status, faulty, answered, body)
        tally.calls[key] = tally.calls.get(key, 0) + 1
        if succeeded and exchange.query and declared:
            for parameter in _names(exchange.query, declared):
                tally.parameters[name, parameter] += 1


def _names(query: bytes, declared: Mapping[bytes, str]) -> Collection[str]:
    """Return the declared parameters that a query gives."""
    found = set()
    for part in query.split(b"&"):
        name = part.partition(b"=")[0]
        known = declared.get(unquote_to_bytes(name) if b"%" in name else name)
        if known is not None:
            found.add(known)
    return found


def media_type(value: bytes) -> str:
    """Return the media type that a Content-Type header names, without its parameters."""
    return value.partition(b";")[0].strip().lower().decode("latin-1")
