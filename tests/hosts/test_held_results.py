"""Results that are held back until somebody asks for pages of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.client import Response
from tests.conftest import START
from tests.hosting import Hosted, install, plain
from tests.worlds import GROUP, read_object, reading

MINUTE = 60
SIZE = 50


@pytest.fixture
def here() -> Hosted:
    contact = read_object("contact", requiredFields=["lastname"], mapToName="person")
    contact["delivery"] = {"mode": "onRequest", "pageSize": SIZE}
    manifest = reading(contact, write={"objects": [{"objectName": "contact"}]})
    found = install(manifest, read={"contact": {}}, write={"contact": {}})
    for start in (0, 100):
        batch = [{"record": {"lastname": f"Number {start + n}"}} for n in range(60)]
        assert found.write(batch=batch).status == 200
    assert found.read(sinceTimestamp=START).status == 201
    found.ear.advance(MINUTE)
    return found


def deliver(here: Hosted, pages: Any, name: str = "contact") -> Response:
    path = f"{here.path}/objects/{name}:deliverResults"
    return here.post("read", path, {"groupRef": GROUP, "pages": pages})


def sizes(here: Hosted) -> list[int]:
    return [message["resultInfo"]["numRecords"] for message in here.heard("read")]


def test_nothing_is_delivered_before_it_is_asked_for(here: Hosted):
    assert here.heard("read") == []
    assert len(here.notified("read.triggered.done")) == 1


def test_pages_come_in_order_until_nothing_is_left(here: Hosted):
    assert deliver(here, 1).status == 204
    assert sizes(here) == [50]
    assert deliver(here, 1, "person").status == 204
    assert sizes(here) == [50, 50]
    assert deliver(here, 5).status == 204
    assert deliver(here, 5).status == 204

    messages = here.heard("read")
    assert sizes(here) == [50, 50, 20]
    names = [entry["fields"]["lastname"] for one in messages for entry in one["result"]]
    assert len(set(names)) == 120
    assert {message["objectName"] for message in messages} == {"person"}


def test_no_pages_are_none(here: Hosted):
    assert deliver(here, 0).status == 204
    assert here.heard("read") == []


def test_a_page_is_of_one_read(here: Hosted):
    here.read(sinceTimestamp=START)
    here.ear.advance(MINUTE)

    deliver(here, 10)

    operations = [message["operationId"] for message in here.heard("read")]
    assert sizes(here) == [50, 50, 20, 50, 50, 20]
    assert operations[:3] != operations[3:]
    assert len(set(operations)) == 2


def test_a_record_that_is_gone_by_then_is_left_out(here: Hosted):
    allowed = {"op": "add", "path": "/deletionSettings", "value": {"enabled": True}}
    here.place.json_patch("contact", allowed, action="write")
    gone = here.found(lastname="Number 0")[0]["raw"]["id"]
    here.write(kind="delete", record={"id": gone})

    deliver(here, 1)

    assert sizes(here) == [49]


def test_results_that_are_delivered_as_they_are_read_cannot_be_asked_for():
    refused = deliver(plain(), 1)

    assert refused.status == 400
    assert refused.media_type == "application/json"
    assert "onRequest" in refused.json["remedy"]


@pytest.mark.parametrize("pages", [-1, "1", 1.5, None])
def test_a_number_of_pages_is_a_whole_number(here: Hosted, pages: Any):
    assert deliver(here, pages).status == 400
