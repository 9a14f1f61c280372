"""References, uniqueness and what a deletion takes along."""

from __future__ import annotations

import pytest

from mockserver.rules import records
from mockserver.rules.errors import Kind, Refused
from mockserver.rules.work import Work
from tests.rules.shop import GOODS, NOTES, ORDERS, SHELVES, SHOPS, make_work, sizes


@pytest.fixture
def work() -> Work:
    """Two shops; the first has two shelves, the first of them an article."""
    work = make_work()
    records.create(work, SHOPS, {"id": "s1", "name": "One"})
    records.create(work, SHOPS, {"id": "s2", "name": "Two"})
    records.create(work, SHELVES, {"id": "h1", "shopId": "s1", "label": "A"})
    records.create(work, SHELVES, {"id": "h2", "shopId": "s1", "label": "B"})
    records.create(work, GOODS, {"id": "g1", "shopId": "s1", "shelfId": "h1"})
    return work


def test_a_reference_to_nothing_is_refused_and_named(work: Work):
    with pytest.raises(Refused) as refused:
        records.create(work, GOODS, {"shopId": "s1", "shelfId": "nope"})
    assert refused.value.kind is Kind.NOT_FOUND
    assert [(i.place, i.name, i.value) for i in refused.value.issues] == [
        ("body", "shelfId", "nope")
    ]
    assert sizes(work)["goods"] == 1


@pytest.mark.parametrize("wrong", [None, 5, ["s1"], {"id": "s1"}, True])
def test_a_reference_that_is_no_text_points_at_nothing(work: Work, wrong: object):
    with pytest.raises(Refused) as refused:
        records.create(work, SHELVES, {"shopId": wrong, "label": "C"})
    assert refused.value.kind is Kind.NOT_FOUND


def test_a_reference_into_another_scope_points_at_nothing(work: Work):
    with pytest.raises(Refused) as refused:
        records.create(work, GOODS, {"shopId": "s2", "shelfId": "h1"})
    assert refused.value.kind is Kind.NOT_FOUND


def test_an_optional_reference_may_be_left_out(work: Work):
    records.create(work, GOODS, {"shopId": "s2"})
    assert sizes(work)["goods"] == 2


def test_a_value_that_is_taken_is_refused_on_create(work: Work):
    with pytest.raises(Refused) as refused:
        records.create(work, SHELVES, {"shopId": "s1", "label": "A"})
    assert refused.value.kind is Kind.CONFLICT
    assert refused.value.detail == "this label is taken"
    assert refused.value.remedy == "take another"
    assert [(i.name, i.value) for i in refused.value.issues] == [("label", "A")]


def test_a_value_that_is_taken_is_refused_on_update(work: Work):
    shelf = records.get(work, SHELVES, "s1", "h2", parameter="shelfId")
    with pytest.raises(Refused) as refused:
        records.update(work, SHELVES, shelf, {**shelf, "label": "A"}, prefix="shelf.")
    assert refused.value.kind is Kind.CONFLICT
    assert [issue.name for issue in refused.value.issues] == ["shelf.label"]
    assert records.get(work, SHELVES, "s1", "h2", parameter="shelfId")["label"] == "B"


def test_a_record_may_keep_its_own_unique_value(work: Work):
    shelf = records.get(work, SHELVES, "s1", "h1", parameter="shelfId")
    assert records.update(work, SHELVES, shelf, {**shelf, "floor": 2})["floor"] == 2


def test_a_value_that_was_given_up_is_free_again(work: Work):
    shelf = records.get(work, SHELVES, "s1", "h1", parameter="shelfId")
    records.update(work, SHELVES, shelf, {**shelf, "label": "Z"})
    records.create(work, SHELVES, {"shopId": "s1", "label": "A"})

    records.delete(work, SHELVES, records.get(work, SHELVES, "s1", "h2", parameter="shelfId"))
    records.create(work, SHELVES, {"shopId": "s1", "label": "B"})


def test_uniqueness_ends_at_the_scope(work: Work):
    records.create(work, SHELVES, {"shopId": "s2", "label": "A"})
    assert sizes(work)["shelves"] == 3


def test_folded_values_are_compared_without_case(work: Work):
    with pytest.raises(Refused) as refused:
        records.create(work, SHOPS, {"name": "ONE"})
    assert refused.value.kind is Kind.CONFLICT


def test_absent_values_are_never_taken(work: Work):
    records.create(work, SHELVES, {"shopId": "s1"})
    records.create(work, SHELVES, {"shopId": "s1"})
    assert sizes(work)["shelves"] == 4


def test_deleting_takes_along_what_cascades_over_every_level(work: Work):
    records.delete(work, SHOPS, records.get(work, SHOPS, None, "s1", parameter="shop"))

    assert sizes(work) == {"shops": 1, "shelves": 0, "goods": 0, "orders": 0, "notes": 0}


def test_deleting_leaves_the_records_of_others(work: Work):
    records.delete(work, SHOPS, records.get(work, SHOPS, None, "s2", parameter="shop"))

    assert sizes(work) == {"shops": 1, "shelves": 2, "goods": 1, "orders": 0, "notes": 0}


def test_a_record_that_keeps_its_reference_survives(work: Work):
    records.create(work, NOTES, {"id": "n1", "goodId": "g1"})
    records.delete(work, GOODS, records.get(work, GOODS, "s1", "g1", parameter="good"))

    assert records.get(work, NOTES, None, "n1", parameter="note")["goodId"] == "g1"


def test_what_is_still_used_cannot_be_deleted(work: Work):
    records.create(work, ORDERS, {"goodId": "g1"})
    with pytest.raises(Refused, match="1 order still uses this article") as refused:
        records.delete(work, GOODS, records.get(work, GOODS, "s1", "g1", parameter="good"))
    assert refused.value.kind is Kind.IN_USE
    assert refused.value.remedy == "delete the order first"

    records.create(work, ORDERS, {"goodId": "g1"})
    with pytest.raises(Refused, match="2 orders still use this article"):
        records.delete(work, GOODS, records.get(work, GOODS, "s1", "g1", parameter="good"))


def test_a_use_far_down_the_cascade_stops_the_whole_deletion(work: Work):
    order = records.create(work, ORDERS, {"goodId": "g1"})
    shop = records.get(work, SHOPS, None, "s1", parameter="shop")
    with pytest.raises(Refused) as refused:
        records.delete(work, SHOPS, shop)
    assert refused.value.kind is Kind.IN_USE

    records.delete(work, ORDERS, order)
    records.delete(work, SHOPS, shop)
    assert sizes(work)["shelves"] == 0
