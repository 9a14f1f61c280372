"""Batches: the outcome of each record, and what allOrNone keeps together."""

from __future__ import annotations

from typing import Any

import pytest

from tests.hosting import Hosted, plain


@pytest.fixture
def here() -> Hosted:
    return plain()


def batch(*records: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"record": record} for record in records]


def test_each_record_of_a_batch_has_its_result(here: Hosted):
    answer = here.write(batch=batch({"lastname": "One"}, {"lastname": "Two"}))

    assert answer.status == 200
    assert (answer.json["successCount"], answer.json["failureCount"]) == (2, 0)
    assert "errors" not in answer.json
    ids = [result["recordId"] for result in answer.json["results"]]
    assert len(set(ids)) == 2
    operation = here.operation(answer.json["operationId"])
    assert operation["result"] == "Batch write completed (2 succeeded, 0 failed)"
    assert operation["metadata"]["successfulRecordIds"] == ids
    assert len(here.found(lastname="One")) == len(here.found(lastname="Two")) == 1


def test_a_record_that_is_refused_does_not_keep_the_others(here: Hosted):
    answer = here.write(batch=batch({"lastname": "One"}, {"firstname": "Two"}))

    assert answer.status == 200
    assert (answer.json["successCount"], answer.json["failureCount"]) == (1, 1)
    assert [result["success"] for result in answer.json["results"]] == [True, False]
    assert answer.json["errors"] == [{"message": "batch[1]: field lastname of contact is required"}]
    operation = here.operation(answer.json["operationId"])
    assert operation["status"] == "failure"
    assert operation["result"] == "Batch write completed (1 succeeded, 1 failed)"


def test_with_all_or_none_one_refused_record_keeps_all_from_being_written(here: Hosted):
    answer = here.write(
        batch=batch({"lastname": "One"}, {"firstname": "Two"}), batchPolicy={"allOrNone": True}
    )

    assert answer.status == 422
    assert (answer.json["successCount"], answer.json["failureCount"]) == (0, 2)
    assert [error["message"] for error in answer.json["errors"]] == [
        "batch[0]: not written: another record of the batch was refused",
        "batch[1]: field lastname of contact is required",
    ]
    assert here.found(lastname="One") == []


def test_with_all_or_none_a_good_batch_is_written(here: Hosted):
    answer = here.write(
        batch=batch({"lastname": "One"}, {"lastname": "Two"}), batchPolicy={"allOrNone": True}
    )

    assert answer.status == 200
    assert answer.json["successCount"] == 2


def test_a_batch_of_which_nothing_is_written_is_422(here: Hosted):
    answer = here.write(batch=batch({"shoe": 1}, {"shoe": 2}))

    assert answer.status == 422
    assert answer.json["successCount"] == 0


def test_a_batch_of_updates_changes_each_record(here: Hosted):
    ids = [here.created(lastname=name) for name in ("One", "Two")]

    answer = here.write(
        kind="update", batch=batch(*({"id": one, "phone": "1"} for one in (*ids, ids[0])))
    )

    assert answer.json["successCount"] == 3
    assert [r["data"]["phone"] for r in answer.json["results"]] == ["1", "1", "1"]


def test_a_hundred_records_are_written_at_once(here: Hosted):
    answer = here.write(batch=batch(*({"lastname": f"Number {n}"} for n in range(100))))

    assert answer.json["successCount"] == 100
    assert len({result["recordId"] for result in answer.json["results"]}) == 100


def test_a_drill_has_every_second_record_of_a_batch_refused(here: Hosted):
    here.drill("partial_batch_write", times=1)
    records = [{"lastname": name} for name in ("One", "Two", "Three")]

    partial, whole = (here.write(batch=batch(*records)) for _ in range(2))

    assert [result["success"] for result in partial.json["results"]] == [True, False, True]
    assert whole.json["failureCount"] == 0


def test_a_throttled_provider_refuses_all_of_a_batch(here: Hosted):
    here.drill("provider_throttled")

    refused = here.write(batch=batch({"lastname": "One"}, {"lastname": "Two"}))

    assert refused.status == 422
    assert "429" in refused.json["errors"][0]["message"]
    assert refused.json["failureCount"] == 2
