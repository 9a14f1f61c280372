"""Named snapshots: taken, listed, gone back to, deleted."""

from __future__ import annotations

import pytest

from tests.admin.conftest import within
from tests.client import Client
from tests.conftest import START

TOPICS = "/projects/my-project/topics"


def names(client: Client) -> set[str]:
    return {topic["name"] for topic in client.get(TOPICS).json}


def test_a_snapshot_is_gone_back_to_as_often_as_wanted(admin: Client, api: Client):
    api.post(TOPICS, {"name": "kept"})
    taken = admin.post("/snapshots", {"name": "with-topic"})
    assert taken.status == 201

    for number in range(2):
        api.post(TOPICS, {"name": f"late-{number}"})
        assert admin.post("/snapshots/with-topic/restore").json == taken.json
        assert names(api) & {"kept", "late-0", "late-1"} == {"kept"}


def test_the_clock_goes_back_as_well(admin: Client):
    admin.post("/snapshots", {"name": "then"})
    admin.post("/clock", {"seconds": 3600})

    admin.post("/snapshots/then/restore")

    assert admin.get("/clock").json["now"] == START


def test_snapshots_are_listed_and_shown(admin: Client, api: Client):
    api.get(TOPICS)
    for name in ("first", "second"):
        admin.post("/snapshots", {"name": name})

    listed = admin.get("/snapshots").json["snapshots"]

    assert [one["name"] for one in listed] == ["first", "second"]
    assert admin.get("/snapshots/first").json == listed[0]
    assert (listed[0]["requests"], listed[0]["records"] > 100) == (2, True)


def test_a_reset_leaves_the_snapshots(admin: Client, api: Client):
    api.post(TOPICS, {"name": "kept"})
    admin.post("/snapshots", {"name": "with-topic"})
    admin.post("/reset")
    assert "kept" not in names(api)

    admin.post("/snapshots/with-topic/restore")

    assert "kept" in names(api)


def test_a_snapshot_belongs_to_its_sandbox(admin: Client):
    admin.post("/snapshots", {"name": "mine"})

    assert within(admin, "other").get("/snapshots/mine").status == 404
    assert within(admin, "other").post("/snapshots", {"name": "mine"}).status == 201


def test_a_deleted_snapshot_is_gone_and_its_name_free(admin: Client):
    admin.post("/snapshots", {"name": "mine"})

    assert admin.delete("/snapshots/mine").status == 204

    assert admin.post("/snapshots/mine/restore").status == 404
    assert admin.delete("/snapshots/mine").status == 404
    assert admin.post("/snapshots", {"name": "mine"}).status == 201


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"name": 7}, 400),
        ({"name": "mine", "root": {}}, 400),
        ({"name": ""}, 422),
        ({"name": "a/b"}, 422),
        ({"name": "x" * 101}, 422),
        ({"name": "baseline"}, 422),
        ({"name": "current"}, 422),
        ({"name": "mine"}, 409),
    ],
)
def test_what_is_no_new_name_is_refused(admin: Client, body: dict[str, object], status: int):
    admin.post("/snapshots", {"name": "mine"})

    answer = admin.post("/snapshots", body)

    assert answer.status == status, answer.body
    assert [one["name"] for one in admin.get("/snapshots").json["snapshots"]] == ["mine"]


def test_a_sandbox_has_only_so_many(admin: Client):
    sandbox = admin.mock.sandbox
    admin.post("/snapshots", {"name": "first"})
    for number in range(999):
        sandbox.snapshots[f"s{number}"] = sandbox.snapshots["first"]

    answer = admin.post("/snapshots", {"name": "one-more"})

    assert answer.status == 422
    assert answer.issues[0]["remedy"] == "delete one that nobody needs"
