"""The journal of each sandbox: bounded, the oldest entries go first."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator
from functools import partial

from mockserver.journal.exchange import LARGEST_KEPT, Exchange
from mockserver.state.sandbox import Sandbox

_AN_ENTRY = 1_500  # bytes of an entry besides what was sent: our own headers, too; roughly


class Journal:
    """The latest exchanges of one sandbox, in the order in which they were answered."""

    def __init__(self, *, most: int, most_bytes: int, last: int = 0) -> None:
        """Start empty.

        Args:
            most: entries that are kept.
            most_bytes: bytes that are kept, roughly.
            last: the sequence number before the first entry's.
        """
        self._most, self._most_bytes = most, most_bytes
        self._entries: deque[Exchange] = deque()
        self._last = last
        self.bytes = 0
        self.evicted = 0

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Exchange]:
        """Yield the entries, oldest first."""
        return iter(tuple(self._entries))

    def __reversed__(self) -> Iterator[Exchange]:
        return reversed(tuple(self._entries))

    @property
    def last(self) -> int:
        """The sequence number of the latest entry there ever was; 0 before the first."""
        return self._last

    def add(self, exchange: Exchange) -> None:
        """Keep an exchange, and let go of the oldest ones that are too many."""
        self._last = exchange.sequence = self._last + 1
        size = _AN_ENTRY + len(exchange.path) + len(exchange.query)
        for name, value in exchange.headers:
            size += len(name) + len(value)
        if exchange.body:
            size += _cut_body(exchange)
        answered = len(exchange.answer)
        if answered > LARGEST_KEPT:
            exchange.answer = exchange.answer[:LARGEST_KEPT]
            answered = LARGEST_KEPT
        exchange.size = size = size + answered
        entries = self._entries
        entries.append(exchange)
        self.bytes += size
        if self.bytes > self._most_bytes or len(entries) > self._most:
            self._evict()

    def get(self, identifier: str) -> Exchange | None:
        """Return an entry by its id, or by the `X-Request-Id` of its answer: the latest such."""
        return next(
            (one for one in reversed(self) if identifier in {id_of(one), one.request_id}), None
        )

    def after(self, sequence: int) -> Iterator[Exchange]:
        """Yield the entries that came after a sequence number, oldest first."""
        return (one for one in self if one.sequence > sequence)

    def remove(self, gone: Collection[Exchange]) -> None:
        """Forget some entries."""
        numbers = {one.sequence for one in gone}
        self._entries = deque(one for one in self._entries if one.sequence not in numbers)
        self.bytes = sum(one.size for one in self._entries)

    def clear(self) -> None:
        """Forget every entry. Later ones do not get their numbers."""
        self._entries.clear()
        self.bytes = self.evicted = 0

    def _evict(self) -> None:
        entries = self._entries
        while len(entries) > self._most or (self.bytes > self._most_bytes and len(entries) > 1):
            self.bytes -= entries.popleft().size
            self.evicted += 1


class Journals:
    """The journals of all sandboxes, by name."""

    def __init__(self, *, most: int, most_bytes: int) -> None:
        """Start without any; each keeps `most` entries and about `most_bytes` bytes."""
        self._make = partial(Journal, most=most, most_bytes=most_bytes)
        self._journals: dict[str, Journal] = {}
        self._last: dict[str, int] = {}  # sequence numbers of journals that are gone

    def of(self, sandbox: Sandbox) -> Journal:
        """Return the journal of a sandbox."""
        found = self._journals.get(sandbox.name)
        if found is None:
            found = self._journals[sandbox.name] = self._make(last=self._last.pop(sandbox.name, 0))
        return found

    def add(self, exchange: Exchange) -> None:
        """Keep an exchange in the journal of its sandbox."""
        found = self._journals.get(exchange.sandbox.name)
        if found is None:
            found = self.of(exchange.sandbox)
        found.add(exchange)

    def empty(self, sandbox: Sandbox) -> None:
        """Forget what was asked of a sandbox; its next journal goes on with higher numbers."""
        gone = self._journals.pop(sandbox.name, None)
        if gone is not None:
            self._last[sandbox.name] = gone.last


def id_of(exchange: Exchange) -> str:
    """Return the id of an entry: unique within its sandbox, also after a reset."""
    return str(exchange.sequence)


def _cut_body(exchange: Exchange) -> int:
    """Keep the beginning of a long body; return how many bytes of it are kept."""
    body = exchange.body or b""
    exchange.body_size = max(exchange.body_size, len(body))
    if len(body) > LARGEST_KEPT:
        exchange.body = body = body[:LARGEST_KEPT]
    return len(body)
