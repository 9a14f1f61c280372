"""A transaction is kept or dropped as a whole; a sandbox swaps roots and nothing else."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mockserver.state.root import ClockState, Root, empty_root
from mockserver.state.sandbox import Sandbox
from mockserver.state.tables import Index, Schema
from mockserver.state.transactions import RootTransaction, Write

PETS = Schema("pets", (Index("owner", ("owner",)),))
OWNERS = Schema("owners")


def make_root(**pets: dict[str, Any]) -> Root:
    transaction = RootTransaction(empty_root([PETS, OWNERS]))
    for identifier, record in pets.items():
        transaction.put("pets", identifier, record)
    return transaction.committed()


def content(root: Root) -> dict[str, list[Any]]:
    return {name: list(table) for name, table in root.tables.items()}


changes = st.lists(
    st.tuples(st.sampled_from("abc"), st.none() | st.fixed_dictionaries({"owner": st.text("xy")})),
    max_size=20,
)


@given(changes)
def test_a_dropped_transaction_leaves_no_trace(steps: list[Any]):
    root = make_root(a={"owner": "x"})
    before = content(root)

    transaction = RootTransaction(root)
    for identifier, record in steps:
        if record is None:
            transaction.delete("pets", identifier)
        else:
            transaction.put("pets", identifier, record)
    transaction.count("pets")

    assert content(root) == before
    assert RootTransaction(root).count("pets") == 0


@given(changes)
def test_replaying_the_write_log_on_the_old_root_gives_the_new_one(steps: list[Any]):
    root = make_root(a={"owner": "x"}, b={"owner": "y"})
    transaction = RootTransaction(root)
    for identifier, record in steps:
        if record is None:
            transaction.delete("pets", identifier)
        else:
            transaction.put("pets", identifier, record)

    replayed = RootTransaction(root)
    for write in transaction.writes:
        assert replayed.get(write.table, write.identifier) == write.before
        if write.after is None:
            replayed.delete(write.table, write.identifier)
        else:
            replayed.put(write.table, write.identifier, write.after)
    assert content(replayed.committed()) == content(transaction.committed())


def test_a_transaction_reads_its_own_writes():
    transaction = RootTransaction(make_root(a={"owner": "x"}))
    transaction.put("pets", "b", {"owner": "x"})
    transaction.put("pets", "a", {"owner": "z"})

    assert transaction.get("pets", "b") == {"owner": "x"}
    assert transaction.find("pets", "owner", ("x",)) == [{"owner": "x"}]
    assert transaction.first("pets", "owner", ("z",)) == {"owner": "z"}
    assert transaction.first("pets", "owner", ("nobody",)) is None
    assert list(transaction.all("pets")) == [{"owner": "z"}, {"owner": "x"}]
    newest = transaction.page("pets", "owner", ("x",), before=None, limit=5)
    assert newest == ([{"owner": "x"}], None)


def test_the_write_log_says_what_was_and_what_became_of_it():
    transaction = RootTransaction(make_root(a={"owner": "x"}))
    transaction.put("pets", "a", {"owner": "y"})
    transaction.put("pets", "b", {"owner": "z"})
    transaction.delete("pets", "a")
    transaction.delete("pets", "nobody")

    assert transaction.writes == [
        Write("pets", "a", {"owner": "x"}, {"owner": "y"}),
        Write("pets", "b", None, {"owner": "z"}),
        Write("pets", "a", {"owner": "y"}, None),
    ]


def test_a_transaction_that_changed_nothing_commits_the_root_it_started_from():
    root = make_root(a={"owner": "x"})
    transaction = RootTransaction(root)
    transaction.get("pets", "a")
    transaction.delete("pets", "nobody")

    assert transaction.committed() is root


def test_what_was_not_touched_is_shared_with_the_old_root():
    root = make_root(a={"owner": "x"})
    transaction = RootTransaction(root)
    transaction.put("pets", "b", {"owner": "y"})

    committed = transaction.committed()
    assert committed.tables["owners"] is root.tables["owners"]
    assert committed.tables["pets"] is not root.tables["pets"]


def test_counters_count_up_from_zero_each_on_its_own_and_are_part_of_the_root():
    transaction = RootTransaction(make_root())
    assert [transaction.count("cats") for _ in range(3)] == [0, 1, 2]
    assert transaction.count("dogs") == 0

    assert RootTransaction(transaction.committed()).count("cats") == 3


def test_clock_and_number_of_requests_survive_a_commit():
    root = make_root().numbered().numbered().with_clock(ClockState("frozen", instant=7))
    transaction = RootTransaction(root)
    transaction.put("pets", "a", {"owner": "x"})

    committed = transaction.committed()
    assert (committed.requests, committed.clock) == (2, ClockState("frozen", instant=7))


def test_a_snapshot_is_not_touched_by_what_happens_later():
    sandbox = make_sandbox(a={"owner": "x"})
    snapshot = sandbox.snapshot()

    write(sandbox, "a", {"owner": "y"})
    write(sandbox, "b", {"owner": "z"})

    assert content(snapshot)["pets"] == [{"owner": "x"}]
    assert content(sandbox.root)["pets"] == [{"owner": "y"}, {"owner": "z"}]


def test_restoring_brings_a_snapshot_back_and_leaves_it_usable():
    sandbox = make_sandbox(a={"owner": "x"})
    write(sandbox, "b", {"owner": "z"})
    snapshot = sandbox.snapshot()
    write(sandbox, "c", {"owner": "z"})

    for _ in range(2):
        sandbox.restore(snapshot)
        assert content(sandbox.root)["pets"] == [{"owner": "x"}, {"owner": "z"}]
        write(sandbox, "d", {"owner": "w"})


def test_a_reset_goes_back_to_the_start_counters_and_clock_included():
    sandbox = make_sandbox(a={"owner": "x"})
    start = sandbox.root
    transaction = RootTransaction(sandbox.root)
    transaction.count("pets")
    sandbox.root = transaction.committed().numbered().with_clock(ClockState("frozen"))

    sandbox.reset()

    assert sandbox.root is start
    assert RootTransaction(sandbox.root).count("pets") == 0


def make_sandbox(**pets: dict[str, Any]) -> Sandbox:
    root = make_root(**pets)
    return Sandbox("default", 0, root, root)


def write(sandbox: Sandbox, identifier: str, record: dict[str, Any]) -> None:
    transaction = RootTransaction(sandbox.root)
    transaction.put("pets", identifier, record)
    sandbox.root = transaction.committed()
