"""The ordered set behaves like a sorted list, at every size."""

from __future__ import annotations

from bisect import insort

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.state.ordered import Entry, Ordered

CHUNK = 256

# Few positions, so that additions and removals meet; a second id at the same position is rare in
# use, and kept apart all the same.
entries = st.tuples(st.integers(0, 40), st.sampled_from(["a", "b"]))
steps = st.lists(st.tuples(st.sampled_from(["add", "remove"]), entries), max_size=120)


def filled(count: int, *, step: int = 1) -> Ordered:
    found = Ordered()
    for position in range(0, count * step, step):
        found = found.add(position, f"id-{position}")
    return found


def check_shape(found: Ordered) -> None:
    assert all(0 < len(chunk) <= CHUNK for chunk in found.chunks)
    flat = [entry for chunk in found.chunks for entry in chunk]
    assert flat == sorted(flat)
    assert len(flat) == found.size


@given(st.lists(st.integers(0, 900), max_size=20))
@settings(deadline=None)
def test_two_versions_tell_what_each_has_for_itself(positions: list[int]):
    old = new = filled(700)
    for position in positions:
        if position < 350:
            new = new.remove(position, f"id-{position}")
        elif position < 700:
            new = new.renew(position, f"id-{position}")
        else:
            new = new.add(position, f"id-{position}")
    check_shape(new)
    old_ids, new_ids = set(old), set(new)

    mine, theirs = old.changed(new)

    gone = {identifier for _, identifier in mine}
    come = {identifier for _, identifier in theirs}
    renewed = {f"id-{position}" for position in positions if 350 <= position < 700}
    assert gone == (old_ids - new_ids) | renewed
    assert come == (new_ids - old_ids) | renewed
    assert old.changed(old) == ([], [])


def test_what_is_absent_is_not_renewed():
    few = filled(3)
    assert few.renew(7, "id-7") is few
    assert Ordered().renew(1, "a") == Ordered()


@given(steps)
def test_any_sequence_of_changes_leaves_what_a_sorted_list_would_hold(
    steps: list[tuple[str, Entry]],
):
    found, model = Ordered(), list[Entry]()
    for verb, entry in steps:
        if verb == "add":
            found = found.add(*entry)
            if entry not in model:
                insort(model, entry)
        else:
            found = found.remove(*entry)
            if entry in model:
                model.remove(entry)

    identifiers = [identifier for _, identifier in model]
    assert list(found) == identifiers
    assert list(reversed(found)) == identifiers[::-1]
    assert found.first() == (identifiers[0] if identifiers else None)
    assert len(found) == len(model)
    check_shape(found)


@settings(deadline=None)  # the processor is shared with other tests
@given(st.permutations(range(600)))
def test_chunks_stay_in_order_and_in_bounds_whatever_the_order_of_arrival(order: list[int]):
    found = Ordered()
    for position in order:
        found = found.add(position, str(position))
    assert list(found) == [str(position) for position in range(600)]
    check_shape(found)

    for position in order[:590]:
        found = found.remove(position, str(position))
    assert list(found) == [str(position) for position in sorted(order[590:])]
    check_shape(found)


@pytest.mark.parametrize("count", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7])
def test_it_holds_together_at_the_bounds_of_its_chunks(count: int):
    found = filled(count)

    assert len(found) == len(list(found)) == count
    assert len(found.chunks) == -(-count // CHUNK)  # appending leaves full chunks behind
    check_shape(found)


def test_a_chunk_that_lost_its_last_entry_goes():
    found = filled(CHUNK + 1).remove(CHUNK, f"id-{CHUNK}")
    assert len(found.chunks) == 1
    assert len(found.remove(0, "id-0")) == CHUNK - 1


def test_an_entry_before_all_others_becomes_the_first():
    assert filled(2 * CHUNK, step=2).add(-1, "new").first() == "new"


def test_removing_what_is_absent_changes_nothing():
    found = filled(3)
    assert found.remove(1, "other") is found
    assert found.remove(99, "id-99") is found
    assert Ordered().remove(0, "id-0") == Ordered()


def test_adding_twice_keeps_one():
    found = filled(3)
    assert found.add(1, "id-1") is found


@given(st.lists(entries, max_size=30), entries)
def test_changes_leave_the_value_they_started_from_as_it_was(before: list[Entry], entry: Entry):
    found = Ordered()
    for each in before:
        found = found.add(*each)
    held = list(found)

    found.add(*entry)
    found.remove(*entry)

    assert list(found) == held


def test_appending_shares_every_chunk_but_the_last():
    before = filled(2 * CHUNK + 5)
    after = before.add(10_000, "late")
    assert all(old is new for old, new in zip(before.chunks[:-1], after.chunks, strict=False))
