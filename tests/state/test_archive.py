"""Sandboxes as JSON values, and back."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from mockserver.state import archive
from mockserver.state.archive import ArchiveError, Captured
from mockserver.state.outbox import Message
from mockserver.state.root import ClockState, Root, empty_root
from mockserver.state.sandbox import Sandbox, Snapshot
from mockserver.state.tables import Index, Schema
from mockserver.state.transactions import RootTransaction

SCHEMAS = [Schema("planets", (Index("color", ("color",)),)), Schema("moons")]
MESSAGE = Message("msg_1", "project", "destination", "read", "{}", 5, ("topic",), 2)


def filled() -> Root:
    """Return a root with something everywhere."""
    transaction = RootTransaction(empty_root(SCHEMAS, ClockState("offset", 3, -7)))
    for number in range(700):
        transaction.put("planets", f"p{number}", {"color": "red", "size": [number, None, 0.5]})
    transaction.delete("planets", "p3")
    transaction.put("moons", "m", {"nested": {"true": True}})
    transaction.count("planets")
    for number in range(600):
        transaction.schedule("kind", 1000 - number % 7, {"number": number})
    transaction.unschedule("job_000000000002")
    transaction.set_control("drills", {"bad": {"times": 2}})
    return transaction.committed().numbered().with_outbox((MESSAGE,))


def world(root: Root | None = None) -> Sandbox:
    root = root or filled()
    return Sandbox("default", 4, root, root, fixture="acme", created=1, used=2)


def values_of(*sandboxes: Sandbox) -> list[Any]:
    lines = [orjson.dumps(value) for value in archive.write(map(Captured.of, sandboxes))]
    return [orjson.loads(line) for line in lines]


def back(*sandboxes: Sandbox) -> list[Sandbox]:
    return archive.read(values_of(*sandboxes), SCHEMAS)


def described(root: Root) -> dict[str, Any]:
    """Return everything a root holds, in an order that is its own."""
    return {
        "tables": {
            name: (
                [(one, table.position(one), table[one]) for one in table.order],
                table.next_position,
                {
                    index.name: {key: list(table.found(index.name, key)) for key in entries}
                    for index, entries in zip(table.schema.indexes, table.indexes, strict=False)
                },
            )
            for name, table in root.tables.items()
        },
        "agenda": (list(root.agenda), root.agenda.next_number),
        "rest": (dict(root.counters), root.clock, root.requests, root.outbox, dict(root.controls)),
    }


def test_a_sandbox_comes_back_as_it_went():
    went = world()
    went.snapshots["before"] = Snapshot(empty_root(SCHEMAS), 9)

    [came] = back(went)

    assert (came.name, came.seed, came.fixture) == ("default", 4, "acme")
    assert (came.created, came.used) == (1, 2)
    assert described(came.root) == described(went.root)
    assert described(came.snapshots["before"].root) == described(empty_root(SCHEMAS))
    assert came.snapshots["before"].taken == 9


def test_what_states_share_is_written_once_and_shared_again():
    went = world()
    transaction = RootTransaction(went.root)
    transaction.put("moons", "n", {})
    went.root = transaction.committed()
    fork = Sandbox("fork", 4, went.root, went.baseline)

    values = values_of(went, fork)
    came, again = archive.read(values, SCHEMAS)

    records = [value for value in values if value[0] == "record"]
    assert len(records) == 699 + 2
    assert came.root is again.root
    assert came.root.tables["planets"] is came.baseline.tables["planets"]
    assert came.root.tables["moons"]["m"] is came.baseline.tables["moons"]["m"]


def test_no_value_is_large():
    assert max(len(orjson.dumps(value)) for value in values_of(world())) < 50_000


def test_a_state_goes_on_where_it_was():
    [came] = back(world())
    transaction = RootTransaction(came.root)

    transaction.put("planets", "last", {})

    assert transaction.schedule("kind", 5, {}).id == "job_000000000600"
    assert transaction.count("planets") == 1
    assert list(transaction.committed().tables["planets"].order)[-1] == "last"


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([], "the end is missing"),
        ([["end", 1]], "not a saved state"),
        ([["stars", 1]], "not a saved state: 'stars'"),
        ([["table", "stars", 0], ["end", 0]], "table 'stars' is not known here"),
        (
            [
                ["record", {}],
                ["table", "moons", 2],
                ["rows", [[1, "m", 0], [0, "n", 0]]],
                ["end", 0],
            ],
            "ascending order",
        ),
        ([["table", "moons", 0], ["rows", [[0, "m", 7]]], ["end", 0]], "not a saved state"),
        ([["rows", [[0, "m", 7]]], ["end", 0]], "rows or jobs of nothing"),
        ([["root", {}]], "not a saved state"),
        ([["sandbox", {"name": "x"}]], "not a saved state"),
        ([7], "not a saved state"),
        ([[]], "not a saved state"),
    ],
)
def test_what_describes_no_sandboxes_is_refused(values: list[Any], reason: str):
    with pytest.raises(ArchiveError, match=reason):
        archive.read(values, SCHEMAS)


def test_a_part_of_what_was_written_is_refused():
    values = values_of(world())
    for end in (1, 100, len(values) - 1):
        with pytest.raises(ArchiveError):
            archive.read(values[:end], SCHEMAS)
