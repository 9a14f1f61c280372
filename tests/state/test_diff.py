"""What differs between two states: applied to the one, it gives the other."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.state import archive
from mockserver.state.absent import ABSENT
from mockserver.state.archive import Captured
from mockserver.state.diff import Difference, FieldChange, diff, differing
from mockserver.state.root import Root, empty_root
from mockserver.state.sandbox import Sandbox
from mockserver.state.tables import Index, Record, Schema
from mockserver.state.transactions import RootTransaction

SCHEMAS = [Schema("planets", (Index("color", ("color",)),)), Schema("moons")]
EMPTY = empty_root(SCHEMAS)

SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | st.floats(-3, 3) | st.text(max_size=2)
VALUES = st.recursive(
    SCALARS,
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(st.text("a~/", max_size=2), children)
    ),
    max_leaves=6,
)
RECORDS = st.fixed_dictionaries(
    {}, optional={"color": SCALARS, "size": VALUES, "a/b": VALUES, "~": VALUES}
)
IDS = st.sampled_from([f"id-{number}" for number in range(8)])
WRITES = st.lists(
    st.tuples(st.sampled_from(["planets", "moons"]), IDS, st.none() | RECORDS), max_size=25
)


def written(root: Root, writes: list[tuple[str, str, Record | None]]) -> Root:
    """Return a root after some writes; None deletes."""
    transaction = RootTransaction(root)
    for table, identifier, record in writes:
        if record is None:
            transaction.delete(table, identifier)
        else:
            transaction.put(table, identifier, record)
    return transaction.committed()


def content(root: Root) -> dict[str, dict[str, Record]]:
    return {name: dict(zip(table.order, table, strict=True)) for name, table in root.tables.items()}


def applied(found: Difference, before: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return what a content becomes by a difference."""
    after = copy.deepcopy(before)
    for gone in found.deleted:
        assert exactly(after[gone.table].pop(gone.id), gone.record)
    for change in found.changed:
        for field in change.fields:
            after[change.table][change.id] = replaced(after[change.table][change.id], field)
    for come in found.created:
        assert come.id not in after[come.table]
        after[come.table][come.id] = come.record
    return after


def replaced(value: Any, field: FieldChange) -> Any:
    parts = [part.replace("~1", "/").replace("~0", "~") for part in field.path.split("/")[1:]]
    return _replaced(value, parts, field)


def _replaced(value: Any, parts: list[str], field: FieldChange) -> Any:
    if not parts:
        assert exactly(value, field.before)
        return field.after
    if isinstance(value, list):
        place = int(parts[0])
        return [
            _replaced(item, parts[1:], field) if number == place else item
            for number, item in enumerate(value)
        ]
    new = _replaced(value.get(parts[0], ABSENT), parts[1:], field)
    rest = {name: item for name, item in value.items() if name != parts[0]}
    return rest if new is ABSENT else {**rest, parts[0]: new}


def exactly(one: Any, other: Any) -> bool:
    """Tell whether two JSON values are the same: true is no 1."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(exactly(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(exactly, one, other))
    return type(one) is type(other) and one == other


def kept(root: Root) -> Root:
    """Return a root as it comes back from a file: nothing is shared with the one that went."""
    sandbox = Sandbox("default", 0, root, root)
    values = copy.deepcopy(list(archive.write([Captured.of(sandbox)])))
    return archive.read(values, SCHEMAS)[0].root


@given(first=WRITES, then=WRITES, other=WRITES)
@settings(deadline=None)
def test_applied_to_the_one_it_gives_the_other(first: Any, then: Any, other: Any):
    start = written(EMPTY, first)
    later, elsewhere = written(start, then), written(start, other)

    for before, after in [
        (start, later),
        (later, start),
        (later, elsewhere),
        (EMPTY, later),
        (kept(start), later),
        (kept(later), later),
    ]:
        found = diff(before, after)
        assert exactly(applied(found, content(before)), content(after))
        assert bool(found) is not exactly(content(before), content(after))


@given(before=VALUES, after=VALUES)
def test_two_values_differ_where_they_say_so(before: Any, after: Any):
    value = before
    for field in differing(before, after):
        value = replaced(value, field)
    assert exactly(value, after)


def many(number: int) -> Root:
    return written(EMPTY, [("planets", f"id-{n}", {"size": n}) for n in range(number)])


def test_it_compares_what_the_two_do_not_share_and_nothing_else():
    class Counting(dict[str, Any]):
        looks = 0

        def get(self, *asked: Any) -> Any:
            Counting.looks += 1
            return super().get(*asked)

    big = written(EMPTY, [("moons", f"id-{n}", Counting(size=n)) for n in range(5000)])
    later = written(big, [("moons", f"id-{n * 400}", Counting(size=-1 - n)) for n in range(10)])
    Counting.looks = 0

    found = diff(big, later)

    assert len(found.changed) == 10
    assert Counting.looks == 20  # one field of ten records, in each of the two


def test_a_record_that_is_written_as_it_was_is_no_change():
    start = many(300)

    assert not diff(start, written(start, [("planets", "id-7", {"size": 7})]))


def test_a_record_made_anew_under_its_id_is_a_change():
    start = many(3)
    later = written(start, [("planets", "id-1", None), ("planets", "id-1", {"size": 9})])

    [change] = diff(start, later).changed

    assert (change.id, change.fields) == ("id-1", (FieldChange("/size", 1, 9),))


def test_what_was_restored_differs_by_what_came_since():
    sandbox = Sandbox("default", 0, many(600), many(0))
    snapshot = sandbox.snapshot()
    sandbox.root = written(sandbox.root, [("planets", "id-5", {"size": 0})])
    sandbox.restore(snapshot)
    sandbox.root = written(sandbox.root, [("planets", "new", {})])

    found = diff(snapshot, sandbox.root)

    assert [entry.id for entry in found.created] == ["new"]
    assert not found.changed
    assert not found.deleted


def test_only_the_tables_that_are_asked_for_are_looked_at():
    later = written(EMPTY, [("planets", "a", {}), ("moons", "b", {})])

    assert [entry.id for entry in diff(EMPTY, later, ["moons"]).created] == ["b"]


def test_created_records_come_in_the_order_in_which_they_were_made():
    later = written(EMPTY, [("moons", name, {}) for name in ("c", "a", "b")])

    assert [entry.id for entry in diff(EMPTY, later).created] == ["c", "a", "b"]


def test_an_absent_value_is_no_null():
    [gone] = differing({"a": None}, {})
    assert (gone.path, gone.before, gone.after) == ("/a", None, ABSENT)
    assert str(gone.after) == "ABSENT"
