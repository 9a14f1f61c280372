"""Topics, through the door users use."""

from __future__ import annotations

import pytest

from tests.client import Client

TOPICS = "/projects/my-project/topics"


def test_a_topic_can_be_created_and_is_listed_once(client: Client):
    created = client.post(TOPICS, {"name": "lead-alerts"})

    assert created.status == 201
    assert [t for t in client.get(TOPICS).json if t["name"] == "lead-alerts"] == [created.json]


@pytest.mark.parametrize("name", ["", "a b", "ä", "x" * 65, "a_b"])
def test_a_topic_name_has_letters_numbers_and_dashes_only(client: Client, name: str):
    refused = client.post(TOPICS, {"name": name})

    assert refused.status == 422
    assert refused.issue_names == ["name"]
