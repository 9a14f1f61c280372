"""Write requests that make no sense: refused in words, before anybody asks the provider."""

from __future__ import annotations

from typing import Any

import pytest

from tests.hosting import Hosted, plain
from tests.worlds import GROUP


@pytest.fixture
def here() -> Hosted:
    return plain(deletionSettings={"enabled": True})


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"type": "create"}, "exactly one of record and batch"),
        ({"type": "create", "record": {}, "batch": [{"record": {}}]}, "exactly one"),
        ({"type": "create", "batch": []}, "too few items"),
        ({"type": "create", "batch": [{"record": {}}] * 101}, "too many items"),
        ({"type": "create", "batch": [{}]}, "record is required"),
        ({"type": "create", "record": 1}, "wrong type"),
        ({"type": "upsert", "record": {}}, "use 'create', 'update', 'delete'"),
        ({"type": "create", "record": {}, "mode": "later"}, "unsupported mode"),
        ({"type": "update", "record": {"phone": "1"}}, "record.id"),
        ({"type": "update", "record": {"id": True}}, "record.id"),
        ({"type": "update", "record": {"id": ""}}, "record.id"),
        ({"type": "update", "batch": [{"record": {"id": "1"}}, {"record": {}}]}, "batch[1]"),
        ({"type": "delete", "record": {}}, "record.id"),
        ({"type": "delete", "batch": [{"record": {"id": "1"}}]}, "one at a time"),
        ({"type": "delete", "mode": "asynchronous", "record": {"id": "1"}}, "synchronously"),
        ({"type": "create", "record": {}, "retryPolicy": {"deadlineHours": 49}}, "too large"),
        ({"type": "create", "record": {}, "autoBatchPolicy": {}}, "maxDelayMinutes"),
    ],
)
def test_a_request_that_makes_no_sense_is_400_in_words(
    here: Hosted, body: dict[str, Any], words: str
):
    path = f"{here.path}/objects/contact"

    refused = here.post("write", path, {"groupRef": GROUP, **body})

    assert refused.status == 400
    assert refused.media_type == "text/plain"
    assert words in refused.body.decode()


def test_nothing_is_deleted_unless_the_customer_allows_it():
    here = plain()
    identifier = here.created(lastname="Park")

    refused = here.write(kind="delete", record={"id": identifier})

    assert refused.status == 400
    assert b"deletionSettings.enabled" in refused.body
    assert here.found(lastname="Park") != []


def test_deletes_can_be_allowed_by_a_patch_of_the_config():
    here = plain()
    identifier = here.created(lastname="Park")
    change_one = {"op": "add", "path": "/deletionSettings", "value": {"enabled": True}}
    here.place.json_patch("contact", change_one, action="write")

    assert here.write(kind="delete", record={"id": identifier}).status == 200


@pytest.mark.parametrize("name", ["lead", "nothing", "contact%2F"])
def test_an_object_that_the_manifest_does_not_write_is_refused(here: Hosted, name: str):
    refused = here.write(name, record={"lastname": "P"})

    assert refused.status == 400
    assert b"use one of: contact" in refused.body


def test_an_object_that_the_customer_did_not_choose_is_refused():
    here = plain()
    here.place.configure(here.made, "write.objects", write={"objects": {}})

    refused = here.write(record={"lastname": "P"})

    assert refused.status == 400
    assert b"add config.content.write.objects.contact" in refused.body
