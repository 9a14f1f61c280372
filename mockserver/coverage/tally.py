"""Counts what is called and how it is answered, as cheaply as every request can afford.

The counts do not depend on the journal, which lets go of its oldest entries.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from mockserver.contract.operations import Operation
from mockserver.journal.exchange import Exchange, header
from mockserver.state.sandbox import Sandbox


@dataclass(slots=True)
class Tally:
    """The counts of one sandbox, or of several together."""

    #: By operationId, status, and whether the answer was not the contract's on purpose.
    answers: Counter[tuple[str, int, bool]] = field(default_factory=Counter)
    #: Of calls that succeeded, by operationId and the name of a query parameter.
    parameters: Counter[tuple[str, str]] = field(default_factory=Counter)
    #: Of calls that succeeded, by operationId and the media type of the request's body.
    bodies: Counter[tuple[str, str]] = field(default_factory=Counter)
    #: By operationId, status and media type of the answer.
    contents: Counter[tuple[str, int, str]] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        """Add the counts of another sandbox."""
        self.answers.update(other.answers)
        self.parameters.update(other.parameters)
        self.bodies.update(other.bodies)
        self.contents.update(other.contents)


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
        faulty = exchange.transport_fault or bool(exchange.fault)
        tally.answers[name, status, faulty] += 1
        if exchange.answer and not faulty:
            media_type = _media_type(header(exchange.answer_headers, b"content-type"))
            tally.contents[name, status, media_type] += 1
        if status >= 400 or faulty:
            return
        if exchange.query and declared:
            for parameter in _names(exchange.query, declared):
                tally.parameters[name, parameter] += 1
        if exchange.body:
            tally.bodies[name, _media_type(header(exchange.headers, b"content-type"))] += 1


def _names(query: bytes, declared: Mapping[bytes, str]) -> Collection[str]:
    """Return the declared parameters that a query gives."""
    found = set()
    for part in query.split(b"&"):
        name = part.partition(b"=")[0]
        known = declared.get(unquote_to_bytes(name) if b"%" in name else name)
        if known is not None:
            found.add(known)
    return found


def _media_type(value: bytes) -> str:
    return value.partition(b";")[0].strip().lower().decode("latin-1")
