"""Pages over an index are those of a list turned round, whatever happens in between."""

from __future__ import annotations

from bisect import insort

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.state.ordered import Entry, Ordered
from mockserver.state.root import Root, empty_root
from mockserver.state.tables import Index, Schema
from mockserver.state.transactions import RootTransaction

CHUNK = 256
PETS = Schema("pets", (Index("owner", ("owner",)),))
MINE, THEIRS = ("me",), ("them",)


def filled(positions: list[int]) -> tuple[Ordered, list[Entry]]:
    found, model = Ordered(), list[Entry]()
    for position in positions:
        found = found.add(position, f"id-{position}")
        insort(model, (position, f"id-{position}"))
    return found, model


@given(
    st.sets(st.integers(0, 60)),
    st.none() | st.integers(-2, 62),
    st.integers(0, 70),
)
def test_below_is_what_a_sorted_list_has_below(positions: set[int], bound: int | None, limit: int):
    found, model = filled(sorted(positions))

    expected = [entry for entry in reversed(model) if bound is None or entry[0] < bound]
    assert found.below(bound, limit) == expected[:limit]


@pytest.mark.parametrize("count", [0, 1, CHUNK, CHUNK + 1, 3 * CHUNK])
@pytest.mark.parametrize("bound", [None, 0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 5000])
@pytest.mark.parametrize("limit", [1, CHUNK, CHUNK + 1, 1000])
def test_below_holds_together_at_the_bounds_of_the_chunks(
    count: int, bound: int | None, limit: int
):
    found, model = filled(list(range(count)))

    expected = [entry for entry in reversed(model) if bound is None or entry[0] < bound]
    assert found.below(bound, limit) == expected[:limit]


def make_root(count: int, owner: tuple[str] = MINE) -> Root:
    transaction = RootTransaction(empty_root([PETS]))
    for number in range(count):
        transaction.put("pets", str(number), {"id": str(number), "owner": owner[0]})
    return transaction.committed()


@given(st.integers(0, 30), st.integers(1, 12), st.lists(st.sampled_from("+-x"), max_size=12))
def test_a_walk_meets_what_stays_once_and_in_order(count: int, size: int, steps: list[str]):
    transaction = RootTransaction(make_root(count))
    gone, met, before, late = set[str](), list[str](), None, 0
    waiting = list(steps)
    while True:
        found, before = transaction.page("pets", "owner", MINE, before=before, limit=size)
        met += [str(record["id"]) for record in found]
        assert len(found) == size or before is None
        if before is None:
            break
        step = waiting.pop() if waiting else ""
        if step == "+":  # added meanwhile: on no later page
            late += 1
            transaction.put("pets", f"late-{late}", {"id": f"late-{late}", "owner": "me"})
        elif step == "-":  # deleted meanwhile, the last one met included
            gone.add(met[-1])
            transaction.delete("pets", met[-1])
        elif step == "x":  # somebody else's
            transaction.put("pets", f"x-{late}", {"id": f"x-{late}", "owner": "them"})

    assert met == [str(number) for number in reversed(range(count))]
    assert gone <= set(met)


def test_a_page_that_takes_all_there_is_has_none_after_it():
    transaction = RootTransaction(make_root(4))

    assert transaction.page("pets", "owner", MINE, before=None, limit=4)[1] is None
    assert transaction.page("pets", "owner", MINE, before=None, limit=3)[1] is not None
    assert transaction.page("pets", "owner", THEIRS, before=None, limit=3) == ([], None)


def test_an_index_that_is_not_declared_has_no_page():
    with pytest.raises(KeyError, match="no index"):
        RootTransaction(make_root(1)).page("pets", "name", MINE, before=None, limit=1)


class Touched(tuple[Entry, ...]):
    """A chunk that is only compared by its first entry, and must not be copied."""

    def __reversed__(self):
        raise AssertionError("a chunk far from the page was read")

    def __getitem__(self, place):
        assert place == 0, "a chunk far from the page was read"
        return super().__getitem__(place)


def test_a_page_reads_only_the_chunks_it_takes_from():
    found, model = filled(list(range(40 * CHUNK)))
    chunks: list[tuple[Entry, ...]] = [Touched(chunk) for chunk in found.chunks]
    chunks[5:7] = found.chunks[5:7]
    guarded = Ordered.joined(tuple(chunks), found.size)

    assert guarded.below(6 * CHUNK + 5, 10) == model[6 * CHUNK + 4 : 6 * CHUNK - 6 : -1]
