"""Creating, finding, listing, updating and showing records of any resource."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.rules import records, views
from mockserver.rules.errors import Kind, Refused
from mockserver.rules.resource import Masks, index_name
from mockserver.rules.work import Work
from mockserver.simulation.clock import SECOND, stamp
from mockserver.state.tables import Record
from tests.rules.shop import GOODS, ORDERS, SHELVES, SHOPS, make_work

NOW = stamp(SECOND)
LATER = stamp(61 * SECOND)


@pytest.fixture
def work() -> Work:
    work = make_work()
    records.create(work, SHOPS, {"id": "s1", "name": "One"})
    records.create(work, SHOPS, {"id": "s2", "name": "Two"})
    return work


def shelf(work: Work, label: str, *, shop: str = "s1", **fields: object) -> Record:
    return records.create(work, SHELVES, {"shopId": shop, "label": label, **fields})


def test_a_new_record_gets_an_id_and_its_time(work: Work):
    made = records.create(work, SHOPS, {"name": "three"})
    assert made["createTime"] == NOW
    assert "updateTime" not in made
    assert work.tx.get("shops", made["id"]) == made


def test_a_new_record_keeps_the_id_and_time_it_came_with(work: Work):
    made = records.create(work, SHOPS, {"id": "mine", "name": "x", "createTime": LATER})
    assert (made["id"], made["createTime"]) == ("mine", LATER)


def test_a_new_record_never_takes_the_id_of_another(work: Work):
    foreseen = make_work().new_id("shops")
    records.create(work, SHOPS, {"id": foreseen, "name": "was here first"})

    made = records.create(work, SHOPS, {"name": "comes second"})

    assert made["id"] != foreseen
    assert work.tx.get("shops", foreseen) != made


def test_a_record_without_times_gets_none(work: Work):
    good = records.create(work, GOODS, {"shopId": "s1"})
    assert set(records.create(work, ORDERS, {"goodId": good["id"]})) == {"id", "goodId"}


def test_folded_fields_are_kept_in_lower_case_and_what_was_given_is_left_alone(work: Work):
    given = {"name": "MIXED Case"}
    assert records.create(work, SHOPS, given)["name"] == "mixed case"
    assert given == {"name": "MIXED Case"}


def test_fold_leaves_what_is_no_text():
    assert records.fold(SHOPS, {"name": None, "id": "A"}) == {"name": None, "id": "A"}
    assert records.fold(SHOPS, {"id": "A"}) == {"id": "A"}


def test_a_record_is_found_by_id_and_by_name_in_any_case(work: Work):
    shop = work.tx.get("shops", "s1")
    for wanted in ("s1", "one", "ONE", "One"):
        assert records.find(work, SHOPS, None, wanted) == shop
    assert records.find(work, SHOPS, None, "S1") is None


def test_names_that_are_not_folded_are_compared_exactly(work: Work):
    shelf(work, "Left")
    assert records.find(work, SHELVES, "s1", "Left") is not None
    assert records.find(work, SHELVES, "s1", "left") is None


def test_an_id_counts_before_a_name(work: Work):
    records.create(work, SHOPS, {"id": "s3", "name": "s1"})
    found = records.find(work, SHOPS, None, "s1")
    assert found is not None
    assert found["id"] == "s1"


def test_a_record_of_another_owner_is_not_found(work: Work):
    made = shelf(work, "Left")
    for wanted in (made["id"], "Left"):
        assert records.find(work, SHELVES, "s1", wanted) == made
        assert records.find(work, SHELVES, "s2", wanted) is None
        assert records.find(work, SHELVES, None, wanted) is None


def test_getting_what_is_not_there_names_the_parameter(work: Work):
    with pytest.raises(Refused, match="shelf not found") as refused:
        records.get(work, SHELVES, "s1", "nope", parameter="shelfId")
    assert refused.value.kind is Kind.NOT_FOUND
    assert [(i.place, i.name, i.value) for i in refused.value.issues] == [
        ("path", "shelfId", "nope")
    ]


floors = st.sampled_from([1, 2, None])
colours = st.sampled_from(["red", "blue", None])
shelves = st.lists(st.tuples(st.sampled_from(["s1", "s2"]), floors, colours), max_size=12)


@given(shelves)
def test_a_list_holds_what_matches_every_filter_oldest_first(rows: list[tuple[str, object, str]]):
    work = make_work()
    for name in ("s1", "s2"):
        records.create(work, SHOPS, {"id": name, "name": name})
    made = [
        shelf(work, str(number), shop=shop, floor=floor, colour=colour)
        for number, (shop, floor, colour) in enumerate(rows)
    ]

    for shop, floor, colour in product(["s1", "s2"], [1, 2, 3, None], ["red", "green", None]):
        wanted = [
            row
            for row in made
            if row["shopId"] == shop
            and floor in {None, row["floor"]}
            and colour in {None, row["colour"]}
        ]
        assert records.listed(work, SHELVES, shop, {"floor": floor, "colour": colour}) == wanted


def test_a_list_ignores_filters_that_nobody_declared(work: Work):
    made = shelf(work, "Left")
    assert records.listed(work, SHELVES, "s1", {"label": "Right"}) == [made]
    assert records.listed(work, SHELVES, "s1") == [made]


def test_a_resource_without_owner_lists_everything(work: Work):
    assert [shop["id"] for shop in records.listed(work, SHOPS, None)] == ["s1", "s2"]


def test_every_list_and_lookup_has_its_index():
    names = {index.name for index in SHELVES.indexes}
    assert names == {
        index_name(fields)
        for fields in [
            ("shopId",),
            ("shopId", "label"),
            ("shopId", "floor"),
            ("shopId", "colour"),
            ("shopId", "floor", "colour"),
        ]
    }


def test_an_update_moves_the_update_time_and_folds(work: Work):
    shop = records.get(work, SHOPS, None, "s1", parameter="shop")
    work.at = 61 * SECOND

    changed = records.update(work, SHOPS, shop, {**shop, "name": "NEW"})

    assert changed == {**shop, "name": "new", "updateTime": LATER}
    assert work.tx.get("shops", "s1") == changed
    assert shop["name"] == "one"


def test_a_patch_changes_what_its_mask_names_and_moves_the_update_time(work: Work):
    made = shelf(work, "Left", floor=1)
    body = {"updateMask": ["floor"], "shelf": {"floor": 2, "label": "ignored"}}

    changed = records.patch(work, SHELVES, made, body)

    assert changed == {**made, "floor": 2, "updateTime": NOW}


def test_a_patch_with_an_empty_mask_changes_nothing_not_even_the_time(work: Work):
    made = shelf(work, "Left")
    assert records.patch(work, SHELVES, made, {"updateMask": [], "shelf": {"floor": 2}}) is made


def test_a_patch_is_held_to_the_rules_of_the_noun(work: Work):
    made = shelf(work, "Left")
    seen = []

    def check(record: Record, /, *, prefix: str) -> None:
        seen.append((record["floor"], prefix))
        raise Refused(Kind.UNPROCESSABLE, "no such floor")

    body = {"updateMask": ["floor"], "shelf": {"floor": 99}}
    with pytest.raises(Refused, match="no such floor"):
        records.patch(work, SHELVES, made, body, check)
    assert seen == [(99, "shelf.")]
    assert work.tx.get("shelves", made["id"]) == made


def test_a_patch_cannot_take_a_taken_value(work: Work):
    shelf(work, "Left")
    made = shelf(work, "Right")
    with pytest.raises(Refused) as refused:
        records.patch(work, SHELVES, made, {"updateMask": ["label"], "shelf": {"label": "Left"}})
    assert [issue.name for issue in refused.value.issues] == ["shelf.label"]


def test_strict_settings_refuse_tolerated_masks():
    tolerant = replace(SHELVES, masks=Masks("shelf", ("label",), tolerated=("floor",)))
    body = {"updateMask": ["floor"], "shelf": {"floor": 2}}
    for strict in (False, True):
        work = make_work(strict=strict)
        records.create(work, SHOPS, {"id": "s1", "name": "one"})
        made = shelf(work, "Left")
        if strict:
            with pytest.raises(Refused, match="Invalid update mask"):
                records.patch(work, tolerant, made, body)
        else:
            assert records.patch(work, tolerant, made, body)["floor"] == 2


def test_a_resource_without_masks_cannot_be_patched(work: Work):
    with pytest.raises(TypeError, match="shops declares no masks"):
        records.patch(work, SHOPS, {"id": "s1"}, {"updateMask": []})


def test_a_view_leaves_out_what_is_hidden_and_the_record_as_it_is(work: Work):
    made = shelf(work, "Left", secret="key")
    shown = views.show(SHELVES, made)
    assert "secret" not in shown
    assert {**shown, "secret": "key"} == made


def test_a_view_with_nothing_to_hide_is_the_record_itself(work: Work):
    made = records.create(work, GOODS, {"shopId": "s1"})
    assert views.show(GOODS, made) is made


def test_a_resource_may_render_itself(work: Work):
    loud = replace(SHELVES, render=lambda record: {"label": record["label"].upper()})
    assert views.show(loud, shelf(work, "Left")) == {"label": "LEFT"}
