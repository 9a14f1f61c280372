"""What a pretend provider holds after writes: the seed's records, and what became of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockserver.app import Mock
from mockserver.resources import provider_records, record_stores
from mockserver.resources.record_stores import RecordStore
from mockserver.simulation.clock import moment
from tests.worlds import GROUP, catalog, change, project_id


@contextmanager
def store(
    mock: Mock, provider: str = "salesforce", name: str = "contact", **options: Any
) -> Iterator[RecordStore]:
    with change(mock) as work:
        found = record_stores.open_store(
            work, catalog(), project_id(mock), provider, GROUP, name, **options
        )
        assert found is not None
        yield found


def test_without_writes_the_records_are_the_seeds(mock: Mock):
    with store(mock) as held:
        records = [dict(one.fields) for one in held.all()]
        account = held.account

        assert len(records) == held.count()
        assert records == provider_records.listed(
            account.work, catalog(), account.project_id, "salesforce", GROUP, "contact", 0, 1000
        )


def test_an_unknown_object_has_no_store(mock: Mock):
    with change(mock) as work:
        assert (
            record_stores.open_store(work, catalog(), "p", "salesforce", GROUP, "spaceship") is None
        )


def test_only_what_was_written_is_stored(mock: Mock):
    with store(mock) as held:
        one, two = islice(held.all(), 2)
        held.update(one, {"phone": "1"})
        held.delete(two)
        held.create({"lastname": "Park"})

    assert len(mock.sandbox.root.tables["writtenRecords"]) == 3


def test_a_made_record_that_is_deleted_leaves_nothing(mock: Mock):
    with store(mock) as held:
        held.delete(held.create({"lastname": "Park"}))

    assert len(mock.sandbox.root.tables["writtenRecords"]) == 0


def test_a_window_is_a_part_of_the_whole(mock: Mock):
    with store(mock) as held:
        held.delete(next(held.all()))
        held.create({"lastname": "Park"})
        whole = list(held.all())

        assert list(held.window(3, 7)) == whole[3:7]
        assert list(held.window(len(whole) - 1, len(whole) + 5)) == whole[-1:]
        assert list(held.window(-5, 2)) == whole[:2]


def test_a_change_is_of_the_moment_it_was_written_at(mock: Mock):
    with store(mock) as held:
        now = held.account.work.moment
        made = held.create({"lastname": "Park"})

        assert made.modified == now
        assert list(held.changed(now)) == [made]
        assert list(held.changed(now, now)) == []
        assert made not in list(held.changed(None, now))


def test_a_record_of_the_seed_changed_when_it_says(mock: Mock):
    with store(mock) as held:
        for one in islice(held.all(), 20):
            assert one.modified == moment(one.fields["lastmodifieddate"])


def test_an_id_that_the_provider_writes_as_a_number_stays_one(mock: Mock):
    with store(mock, "zendeskSupport", "tickets") as held:
        made = held.create({"subject": "Help"})

        assert made.fields["id"] == int(made.identifier)
        assert held.get(made.identifier) == made


@pytest.mark.parametrize(
    ("provider", "name", "field"),
    [
        ("salesforce", "lead", "id"),
        ("hubspot", "contacts", "hs_object_id"),
        ("github", "issues", "id"),
    ],
)
def test_new_ids_look_like_the_old_ones_and_never_clash(
    mock: Mock, provider: str, name: str, field: str
):
    with store(mock, provider, name) as held:
        old = [one.fields[field] for one in held.all()]
        new = [held.create({}).fields[field] for _ in range(50)]

    assert len({*old, *new}) == len(old) + 50
    assert {len(str(one)) for one in new} == {len(str(one)) for one in old}


STEPS = st.lists(
    st.tuples(st.sampled_from(["create", "update", "delete"]), st.integers(0, 500)), max_size=30
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_a_store_is_a_list_of_records_whatever_is_done_to_it(mock: Mock, steps: Any):
    taken = mock.sandbox.snapshot()
    with store(mock, "apollo", "contacts") as held:
        model = {one.identifier: dict(one.fields) for one in held.all()}
        for number, (step, choice) in enumerate(steps):
            identifier = list(model)[choice % len(model)]
            old = held.get(identifier)
            assert old is not None
            if step == "create":
                made = held.create({"title": f"step {number}"})
                model[made.identifier] = dict(made.fields)
            elif step == "update":
                changed = held.update(old, {"title": f"step {number}"})
                model[identifier] = dict(changed.fields)
                assert changed.fields["title"] == f"step {number}"
            else:
                held.delete(old)
                del model[identifier]
                assert held.get(identifier) is None

        found = {one.identifier: dict(one.fields) for one in held.all()}
        assert found == model
        assert list(found) == list(model)
        assert held.count() == len(model)
    mock.sandbox.restore(taken)
