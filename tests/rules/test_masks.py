"""Field masks: how they are split, and what they may touch."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.rules.errors import Kind, Refused
from mockserver.rules.masks import allowed_list, apply, split
from mockserver.rules.resource import Masks

MASKS = Masks(
    "thing",
    ("name", "active", "metadata.url", "metadata.headers", "secrets.key"),
    tolerated=("metadata",),
    nullable=("metadata.headers",),
)
RECORD: dict[str, Any] = {
    "id": "t1",
    "name": "old",
    "active": True,
    "metadata": {"url": "https://old", "headers": {"A": "1"}, "region": "eu"},
}


@pytest.mark.parametrize(
    ("mask", "parts"),
    [
        ("name", ("name",)),
        ("a.b.c", ("a", "b", "c")),
        (r"objects.interview\.leads", ("objects", "interview.leads")),
        (r"objects.a\.b\.c.fields", ("objects", "a.b.c", "fields")),
        (r"objects.a\:b", ("objects", "a:b")),
        (r"objects.a\/b", ("objects", "a/b")),
        (r"a\\.b", ("a\\", "b")),  # an escaped backslash, then a dot that separates
        (r"a\\\.b", ("a\\.b",)),  # an escaped backslash, then an escaped dot
        (r"a\x.b", (r"a\x", "b")),  # any other backslash stands for itself
        ("a\\", ("a\\",)),
        ("", ("",)),
        (".", ("", "")),
        ("a..b", ("a", "", "b")),
    ],
)
def test_a_mask_is_split_at_its_unescaped_dots(mask: str, parts: tuple[str, ...]):
    assert split(mask) == parts


@given(st.lists(st.text(alphabet=r"ab.:/\é"), min_size=1, max_size=5))
def test_any_names_come_back_when_they_were_escaped(names: list[str]):
    escaped = [name.replace("\\", r"\\").replace(".", r"\.").replace(":", r"\:") for name in names]
    assert split(".".join(escaped)) == tuple(names)


def test_only_what_is_named_changes():
    values = {"name": "new", "active": False, "metadata": {"url": "https://new", "region": "us"}}

    assert apply(MASKS, ["name", "metadata.url"], values, RECORD) == {
        **RECORD,
        "name": "new",
        "metadata": {**RECORD["metadata"], "url": "https://new"},
    }


named = st.lists(st.sampled_from(MASKS.allowed), unique=True)
bodies = st.fixed_dictionaries(
    {
        "name": st.text(max_size=3),
        "active": st.booleans(),
        "metadata": st.fixed_dictionaries({"url": st.text(max_size=3), "headers": st.none()}),
        "secrets": st.fixed_dictionaries({"key": st.text(max_size=3)}),
    }
)


@given(named, bodies)
def test_what_was_given_is_left_as_it_was(masks: list[str], values: dict[str, Any]):
    record, body = copy.deepcopy(RECORD), copy.deepcopy(values)

    apply(MASKS, masks, body, record)

    assert record == RECORD
    assert body == values


@given(named, bodies)
def test_applying_a_mask_twice_is_the_same_as_once(masks: list[str], values: dict[str, Any]):
    once = apply(MASKS, masks, values, RECORD)
    assert apply(MASKS, masks, values, once) == once


@given(st.permutations(MASKS.allowed), bodies)
def test_the_order_of_masks_does_not_matter(masks: list[str], values: dict[str, Any]):
    assert apply(MASKS, masks, values, RECORD) == apply(MASKS, MASKS.allowed, values, RECORD)


def test_a_part_that_was_not_there_is_made():
    assert apply(MASKS, ["secrets.key"], {"secrets": {"key": "k"}}, {"id": "t1"}) == {
        "id": "t1",
        "secrets": {"key": "k"},
    }


@pytest.mark.parametrize("value", [False, 0, "", [], {}])
def test_an_empty_value_is_a_value(value: Any):
    assert apply(MASKS, ["active"], {"active": value}, RECORD)["active"] == value


def test_null_removes_what_may_be_removed():
    changed = apply(MASKS, ["metadata.headers"], {"metadata": {"headers": None}}, RECORD)
    assert changed["metadata"] == {"url": "https://old", "region": "eu"}


def test_null_is_refused_where_nothing_can_be_removed():
    with pytest.raises(Refused, match="name cannot be removed") as refused:
        apply(MASKS, ["name"], {"name": None}, RECORD)
    assert refused.value.kind is Kind.INVALID
    assert [issue.name for issue in refused.value.issues] == ["thing.name"]


def test_an_unknown_mask_is_refused_and_every_place_is_named():
    with pytest.raises(Refused, match="Invalid update mask") as refused:
        apply(MASKS, ["name", "id", "colour"], {"name": "new"}, RECORD)
    assert refused.value.kind is Kind.INVALID
    assert [issue.name for issue in refused.value.issues] == ["updateMask[1]", "updateMask[2]"]
    assert [issue.value for issue in refused.value.issues] == ["id", "colour"]
    assert refused.value.remedy == allowed_list(MASKS)


def test_an_unknown_mask_counts_before_a_missing_value():
    with pytest.raises(Refused, match="Invalid update mask"):
        apply(MASKS, ["name", "colour"], {}, RECORD)


@pytest.mark.parametrize("values", [{}, {"metadata": {}}, {"metadata": None}, {"metadata": "x"}])
def test_a_mask_without_a_value_is_refused_as_the_resource_says(values: dict[str, Any]):
    with pytest.raises(Refused, match="value not found for mask") as refused:
        apply(MASKS, ["metadata.url"], values, RECORD)
    assert refused.value.kind is Kind.UNPROCESSABLE
    assert [issue.name for issue in refused.value.issues] == ["thing.metadata.url"]

    strict = Masks("thing", ("name",), valueless=Kind.INVALID)
    with pytest.raises(Refused) as refused:
        apply(strict, ["name"], {}, RECORD)
    assert refused.value.kind is Kind.INVALID


@pytest.mark.timeout(60)  # a guard against hanging: quadratic work takes far longer
def test_many_unknown_masks_are_refused_at_once():
    with pytest.raises(Refused, match="Invalid update mask") as refused:
        apply(MASKS, [f"x{number}" for number in range(200_000)], {}, RECORD)
    assert refused.value.issues[0].name == "updateMask[0]"


def test_a_mask_that_is_named_again_changes_nothing_more():
    assert apply(MASKS, ["name"] * 3, {"name": "new"}, RECORD) == {**RECORD, "name": "new"}
    with pytest.raises(Refused) as refused:
        apply(MASKS, ["name"] * 3, {}, RECORD)
    assert [issue.name for issue in refused.value.issues] == ["thing.name"]


def test_an_empty_list_of_masks_changes_nothing():
    assert apply(MASKS, [], {"name": "new"}, RECORD) == RECORD


def test_a_tolerated_mask_replaces_the_whole_and_is_unknown_under_strict():
    values = {"metadata": {"url": "https://new"}}
    assert apply(MASKS, ["metadata"], values, RECORD)["metadata"] == {"url": "https://new"}
    with pytest.raises(Refused, match="Invalid update mask"):
        apply(MASKS, ["metadata"], values, RECORD, tolerant=False)


def test_the_remedy_names_every_allowed_mask_and_no_tolerated_one():
    assert allowed_list(Masks("t", ("label",))) == "Allowed masks: 'label'"
    assert allowed_list(Masks("t", ("a", "b", "c"), tolerated=("d",))) == (
        "Allowed masks: 'a', 'b' and 'c'"
    )
