"""A table and its indexes agree with a plain list of records, whatever happens to them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.state.tables import Index, Schema, Table

SCHEMA = Schema(
    "pets",
    (
        Index("owner", ("owner",)),
        Index("owner+kind", ("owner", "kind")),
        Index("name", ("name",)),
    ),
)
IDS = ["p1", "p2", "p3", "p4", "p5"]

records = st.fixed_dictionaries(
    {"owner": st.sampled_from(["ann", "bob", None])},
    optional={"kind": st.sampled_from(["cat", "dog"]), "name": st.sampled_from(["x", "y", "z"])},
)
puts = st.tuples(st.sampled_from(IDS), records)
deletes = st.tuples(st.sampled_from(IDS), st.none())
steps = st.lists(st.one_of(puts, puts, deletes), max_size=60)


def played(steps: list[tuple[str, dict[str, Any] | None]]) -> tuple[Table, dict[str, Any]]:
    table, model = Table(SCHEMA), dict[str, Any]()
    for identifier, record in steps:
        if record is None:
            table = table.delete(identifier)
            model.pop(identifier, None)
        else:
            table = table.put(identifier, record)
            model[identifier] = record  # a dict keeps the place of a key that is set again
    return table, model


@given(st.lists(records, max_size=5))
def test_a_table_that_is_built_at_once_is_the_one_that_is_built_step_by_step(
    given_records: list[dict[str, Any]],
):
    entries = [
        (number * 2, identifier, record)
        for number, (identifier, record) in enumerate(zip(IDS, given_records, strict=False))
    ]
    stepwise = Table(SCHEMA)
    for position, identifier, record in entries:
        stepwise = replace(stepwise, next_position=position).put(identifier, record)

    assert Table.of(SCHEMA, entries, stepwise.next_position) == stepwise


@given(steps)
def test_records_stand_in_order_of_creation_after_any_changes(steps: list[Any]):
    table, model = played(steps)

    assert list(table) == list(model.values())
    assert list(table.order) == list(model)
    assert len(table) == len(model)
    assert [table.get(identifier) for identifier in IDS] == [model.get(i) for i in IDS]


@given(steps)
def test_every_index_finds_exactly_the_records_with_that_key(steps: list[Any]):
    table, model = played(steps)

    for index in SCHEMA.indexes:
        keys = {index.key(record) for record in model.values()}
        keys |= {tuple([None] * len(index.fields)), tuple(["nobody"] * len(index.fields))}
        for key in keys:
            wanted = [i for i, record in model.items() if index.key(record) == key]
            assert list(table.found(index.name, key)) == wanted
            oldest = next((record for record in model.values() if index.key(record) == key), None)
            assert table.first(index.name, key) == oldest
    for index, entries in zip(SCHEMA.indexes, table.indexes, strict=bool(table.indexes)):
        assert set(entries) == {index.key(record) for record in model.values()}


@given(steps, steps)
def test_a_table_stays_what_it_was_when_others_are_made_of_it(first: list[Any], second: list[Any]):
    table, model = played(first)
    for identifier, record in second:
        changed = table.delete(identifier) if record is None else table.put(identifier, record)
        assert changed.schema is SCHEMA

    assert list(table) == list(model.values())
    assert {i: table.get(i) for i in model} == model


def test_a_record_that_is_made_again_stands_last():
    table = Table(SCHEMA).put("p1", {"owner": "ann"}).put("p2", {"owner": "ann"})
    table = table.delete("p1").put("p1", {"owner": "ann"})
    assert list(table.found("owner", ("ann",))) == ["p2", "p1"]


def test_deleting_an_absent_record_changes_nothing():
    table = Table(SCHEMA)
    assert table.delete("p1") is table


def test_an_absent_field_is_found_as_none():
    table = Table(SCHEMA).put("p1", {"owner": "ann"})
    assert list(table.found("owner+kind", ("ann", None))) == ["p1"]


def test_asking_an_index_that_nobody_declared_is_an_error():
    with pytest.raises(KeyError, match="pets has no index colour"):
        Table(SCHEMA).found("colour", ("red",))
