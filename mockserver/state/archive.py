"""Sandboxes as a sequence of JSON values, and back: what two states share is written once.

Each value stands alone and is small, so that whoever writes them can pause between any two.

    ["record", …]            a record; the values of each kind are numbered from 0
    ["table", name, next]    a table, its rows in the values that follow:
    ["rows", [[position, id, number of the record], …]]
    ["agenda", next]         what falls due, its jobs in the values that follow:
    ["jobs", [[id, kind, due, payload], …]]
    ["root", …]              a state: numbers of its tables and of its agenda, and the rest
    ["sandbox", …]           a sandbox: numbers of its states
    ["end", number of sandboxes]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any

from immutables import Map

from mockserver.state.agenda import Agenda, Job
from mockserver.state.ordered import Ordered
from mockserver.state.outbox import Message
from mockserver.state.root import ClockState, Root
from mockserver.state.sandbox import Sandbox, Snapshot
from mockserver.state.tables import Record, Schema, Table

_AT_ONCE = 500  # rows or jobs in one value


class ArchiveError(ValueError):
    """The values do not describe sandboxes; says what is wrong."""


@dataclass(frozen=True, slots=True)
class Captured:
    """What is kept of a sandbox: it stays what it was when it was captured."""

    name: str
    seed: int
    fixture: str
    created: int
    used: int
    root: Root
    baseline: Root
    snapshots: Mapping[str, Snapshot]

    @classmethod
    def of(cls, sandbox: Sandbox) -> Captured:
        """Capture a sandbox as it is now."""
        return cls(
            sandbox.name,
            sandbox.seed,
            sandbox.fixture,
            sandbox.created,
            sandbox.used,
            sandbox.root,
            sandbox.baseline,
            dict(sandbox.snapshots),
        )


def write(sandboxes: Iterable[Captured]) -> Iterator[Any]:
    """Yield the values that describe some sandboxes."""
    writer, kept = _Writer(), list(sandboxes)  # identities are good as long as the objects live
    for sandbox in kept:
        yield from writer.sandbox(sandbox)
    yield ["end", len(kept)]


class _Writer:
    """Numbers what was written, so that it is written once. Identity is what counts."""

    def __init__(self) -> None:
        self._numbers: dict[str, dict[int, int]] = {}  # of each kind, by identity

    def sandbox(self, sandbox: Captured) -> Iterator[Any]:
        roots = {
            "root": sandbox.root,
            "baseline": sandbox.baseline,
            **{f"snapshot {name}": one.root for name, one in sandbox.snapshots.items()},
        }
        for root in roots.values():
            yield from self._root(root)
        found = {name: self._number("root", root) for name, root in roots.items()}
        yield [
            "sandbox",
            {
                "name": sandbox.name,
                "seed": sandbox.seed,
                "fixture": sandbox.fixture,
                "created": sandbox.created,
                "used": sandbox.used,
                "root": found["root"],
                "baseline": found["baseline"],
                "snapshots": [
                    [name, one.taken, found[f"snapshot {name}"]]
                    for name, one in sandbox.snapshots.items()
                ],
            },
        ]

    def _root(self, root: Root) -> Iterator[Any]:
        if not self._is_new("root", root):
            return
        tables = [root.tables[name] for name in sorted(root.tables)]
        for table in tables:
            yield from self._table(table)
        yield from self._agenda(root.agenda)
        yield [
            "root",
            {
                "tables": [self._number("table", table) for table in tables],
                "agenda": self._number("agenda", root.agenda),
                "counters": dict(root.counters),
                "clock": asdict(root.clock),
                "requests": root.requests,
                "outbox": [message.as_json() for message in root.outbox],
                "controls": dict(root.controls),
            },
        ]

    def _table(self, table: Table) -> Iterator[Any]:
        if not self._is_new("table", table):
            return
        for identifier in table.order:
            record = table[identifier]
            if self._is_new("record", record):
                yield ["record", record]
        yield ["table", table.schema.name, table.next_position]
        rows = (
            [table.position(one), one, self._number("record", table[one])] for one in table.order
        )
        yield from _parts("rows", rows)

    def _agenda(self, agenda: Agenda) -> Iterator[Any]:
        if self._is_new("agenda", agenda):
            yield ["agenda", agenda.next_number]
            jobs = ([job.id, job.kind, job.due, job.payload] for job in agenda)
            yield from _parts("jobs", jobs)

    def _is_new(self, what: str, one: Any) -> bool:
        numbers = self._numbers.setdefault(what, {})
        if id(one) in numbers:
            return False
        numbers[id(one)] = len(numbers)
        return True

    def _number(self, what: str, one: Any) -> int:
        return self._numbers[what][id(one)]


def _parts(what: str, entries: Iterator[Any]) -> Iterator[Any]:
    while part := list(islice(entries, _AT_ONCE)):
        yield [what, part]


def read(values: Iterable[Any], schemas: Iterable[Schema]) -> list[Sandbox]:
    """Return the sandboxes that values describe.

    Raises:
        ArchiveError: they describe none.
    """
    reader = _Reader({schema.name: schema for schema in schemas})
    try:
        for value in values:
            reader.take(value)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        if isinstance(error, ArchiveError):
            raise
        raise ArchiveError(f"not a saved state: {error!r}") from None
    if not reader.is_complete:
        raise ArchiveError("the end is missing")
    return reader.sandboxes


@dataclass(slots=True)
class _Reader:
    schemas: Mapping[str, Schema]
    records: list[Record] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    agendas: list[Agenda] = field(default_factory=list)
    roots: list[Root] = field(default_factory=list)
    sandboxes: list[Sandbox] = field(default_factory=list)
    is_complete: bool = False
    _begun: tuple[str, Any] | None = None  # the table or agenda whose parts follow
    _parts: list[Any] = field(default_factory=list)

    def take(self, value: Any) -> None:
        what, content = value[0], value[1]
        if what in {"rows", "jobs"}:
            self._parts += content
            return
        self._finish()
        if what == "record":
            self.records.append(content)
        elif what in {"table", "agenda"}:
            self._begun = what, value[1:]
        else:
            self._take_whole(what, content)

    def _take_whole(self, what: str, content: Any) -> None:
        if what == "root":
            self.roots.append(self._root(content))
        elif what == "sandbox":
            self.sandboxes.append(self._sandbox(content))
        elif what == "end" and content == len(self.sandboxes):
            self.is_complete = True
        else:
            raise ArchiveError(f"not a saved state: {what!r}")

    def _finish(self) -> None:
        """Build what was begun, of all its parts: at once, which is faster by far."""
        begun, self._begun = self._begun, None
        parts, self._parts = self._parts, []
        if begun is None:
            if parts:
                raise ArchiveError("not a saved state: rows or jobs of nothing")
        elif begun[0] == "table":
            name, next_position = begun[1]
            self.tables.append(self._table(name, next_position, parts))
        else:
            [next_number] = begun[1]
            self.agendas.append(_agenda(next_number, [Job(*job) for job in parts]))

    def _table(self, name: str, next_position: int, rows: Sequence[Any]) -> Table:
        if name not in self.schemas:
            raise ArchiveError(f"table {name!r} is not known here")
        entries = [(position, one, self.records[number]) for position, one, number in rows]
        return Table.of(self.schemas[name], entries, next_position)

    def _root(self, content: Mapping[str, Any]) -> Root:
        tables = {name: Table(schema) for name, schema in self.schemas.items()}
        for number in content["tables"]:
            tables[self.tables[number].schema.name] = self.tables[number]
        return Root(
            Map(tables),
            Map(content["counters"]),
            ClockState(**content["clock"]),
            content["requests"],
            self.agendas[content["agenda"]],
            tuple(Message.of_json(message) for message in content["outbox"]),
            Map(content["controls"]),
        )

    def _sandbox(self, content: Mapping[str, Any]) -> Sandbox:
        sandbox = Sandbox(
            content["name"],
            content["seed"],
            self.roots[content["root"]],
            self.roots[content["baseline"]],
            fixture=content["fixture"],
            created=content["created"],
            used=content["used"],
        )
        for name, taken, number in content["snapshots"]:
            sandbox.snapshots[name] = Snapshot(self.roots[number], taken)
        return sandbox


def _agenda(next_number: int, jobs: Sequence[Job]) -> Agenda:
    order = Ordered.of([(job.due, job.id) for job in jobs])
    return Agenda(Map({job.id: job for job in jobs}), order, next_number)
