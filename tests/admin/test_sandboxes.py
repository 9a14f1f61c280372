"""Sandboxes, made and dropped and reset by the control plane."""

from __future__ import annotations

import pytest

from mockserver.state.worlds import MOST
from tests.admin.conftest import within
from tests.client import Client, Response
from tests.conftest import START
from tests.posting import post

TOPICS = "/projects/my-project/topics"


def names(client: Client) -> list[str]:
    return [topic["name"] for topic in client.get(TOPICS).json]


def listed(admin: Client) -> list[str]:
    return [one["name"] for one in admin.get("/sandboxes").json["sandboxes"]]


def test_the_default_sandbox_is_always_there(admin: Client):
    answer = admin.get("/sandboxes").json

    [only] = answer["sandboxes"]
    assert answer["limit"] == MOST
    assert (only["name"], only["isDefault"], only["fixture"]) == ("default", True, "acme")
    assert only["clock"] == {"mode": "frozen", "now": START}
    assert "expiresAt" not in only


def test_a_new_sandbox_starts_as_the_default_one_did(admin: Client, api: Client):
    api.post(TOPICS, {"name": "late"})

    made = admin.post("/sandboxes", {"name": "mine"})

    assert made.status == 201
    assert (made.json["requests"], made.json["seed"], made.json["isDefault"]) == (0, 0, False)
    assert made.json["createdAt"] < made.json["expiresAt"]
    assert "late" not in names(within(api, "mine"))
    assert admin.get("/sandboxes/mine").json["requests"] == 1


def test_a_copy_has_what_the_other_had_and_goes_its_own_way(admin: Client, api: Client):
    api.post(TOPICS, {"name": "before"})

    made = admin.post("/sandboxes", {"name": "copy", "from": {"sandbox": "default"}})
    api.post(TOPICS, {"name": "after"})
    within(api, "copy").post(TOPICS, {"name": "there"})

    assert "fixture" not in made.json
    assert {"before", "there"} < set(names(within(api, "copy")))
    assert "after" not in names(within(api, "copy"))
    assert "there" not in names(api)


def test_a_reset_leads_a_copy_back_to_where_it_was_copied(admin: Client, api: Client):
    api.post(TOPICS, {"name": "before"})
    admin.post("/sandboxes", {"name": "copy", "from": {"sandbox": "default"}})
    within(api, "copy").post(TOPICS, {"name": "there"})

    assert within(admin, "copy").post("/reset").json == {"sandboxes": ["copy"]}

    assert "there" not in names(within(api, "copy"))
    assert "before" in names(within(api, "copy"))


def test_a_sandbox_starts_from_a_snapshot_of_another(admin: Client, api: Client):
    there, control = within(api, "source"), within(admin, "source")
    there.post(TOPICS, {"name": "in-it"})
    control.post("/snapshots", {"name": "kept"})
    there.post(TOPICS, {"name": "too-late"})

    by_name = {"sandbox": "source", "snapshot": "kept"}
    assert admin.post("/sandboxes", {"name": "one", "from": by_name}).status == 201
    assert control.post("/sandboxes", {"name": "two", "from": {"snapshot": "kept"}}).status == 201

    for name in ("one", "two"):
        assert "in-it" in names(within(api, name))
        assert "too-late" not in names(within(api, name))


def test_a_sandbox_starts_from_another_fixture(admin: Client, api: Client):
    made = admin.post("/sandboxes", {"name": "bare", "from": {"fixture": "empty"}})

    assert (made.status, made.json["fixture"]) == (201, "empty")
    assert names(within(api, "bare")) == []
    assert within(admin, "bare").get("/state/topics").json["total"] == 0


def test_a_sandbox_has_a_seed_of_its_own(admin: Client, api: Client):
    made = [
        admin.post("/sandboxes", {"name": "seven", "seed": 7}),
        admin.post("/sandboxes", {"name": "eight", "seed": 8, "from": {"sandbox": "default"}}),
    ]
    topics = [
        within(api, name).post(TOPICS, {"name": "same"}).json["id"]
        for name in ("default", "seven", "eight")
    ]

    assert [answer.json["seed"] for answer in made] == [7, 8]
    assert len(set(topics)) == 3


def test_a_sandbox_has_a_clock_of_its_own(admin: Client):
    within(admin, "mine").post("/clock", {"seconds": 60})

    now = {one["name"]: one["clock"]["now"] for one in admin.get("/sandboxes").json["sandboxes"]}
    assert now["default"] == START
    assert now["mine"] == "2026-02-01T12:01:00.000000Z"


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        ({}, 400, "name"),
        ({"name": "Upper"}, 422, "name"),
        ({"name": "a" * 64}, 422, "name"),
        ({"name": "x", "seed": "7"}, 400, "seed"),
        ({"name": "x", "from": "default"}, 400, "from"),
        ({"name": "x", "from": {"file": "/etc/passwd"}}, 400, "from"),
        ({"name": "default"}, 409, "name"),
        ({"name": "taken"}, 409, "name"),
        ({"name": "sink"}, 422, "name"),
        ({"name": "x", "from": {"sandbox": "takn"}}, 422, "from.sandbox"),
        ({"name": "x", "from": {"snapshot": "nope"}}, 422, "from.snapshot"),
        ({"name": "x", "from": {"fixture": "nope"}}, 422, "from.fixture"),
        ({"name": "x", "from": {"fixture": "../fixtures/acme.yaml"}}, 422, "from.fixture"),
        ({"name": "x", "from": {"fixture": "acme", "sandbox": "default"}}, 422, "from"),
    ],
)
def test_what_cannot_be_made_is_refused_and_nothing_is(
    admin: Client, body: dict[str, object], status: int, name: str
):
    admin.post("/sandboxes", {"name": "taken"})

    answer = admin.post("/sandboxes", body)

    assert answer.status == status, answer.body
    assert name in answer.issue_names
    assert listed(admin) == ["default", "taken"]


def test_a_wrong_name_of_a_source_is_answered_with_the_nearest(admin: Client):
    admin.post("/sandboxes", {"name": "taken"})

    answer = admin.post("/sandboxes", {"name": "x", "from": {"sandbox": "takn"}})

    assert answer.json["remedy"] == "did you mean 'taken'?"


def test_there_are_only_so_many(admin: Client):
    for number in range(MOST - 1):
        admin.mock.worlds.make(f"s{number}")

    answer = admin.post("/sandboxes", {"name": "one-more"})

    assert answer.status == 422
    assert answer.issues[0]["detail"] == "there are 256 sandboxes, which is the most"


def test_a_dropped_sandbox_is_gone(admin: Client, api: Client):
    within(api, "mine").post(TOPICS, {"name": "there"})

    assert admin.delete("/sandboxes/mine").status == 204

    assert listed(admin) == ["default"]
    again = within(api, "mine").get(TOPICS)
    assert again.headers["x-mock-sandbox-created"] == "true"
    assert "there" not in [topic["name"] for topic in again.json]


def test_the_default_sandbox_stays(admin: Client):
    answer = admin.delete("/sandboxes/default")

    assert (answer.status, answer.json["remedy"]) == (409, "reset it: POST /__admin/reset")


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_what_is_not_there_is_404_with_the_nearest_name(admin: Client, method: str):
    admin.post("/sandboxes", {"name": "checkout"})

    answer = admin.call(method, "/sandboxes/chekout")

    assert answer.status == 404
    assert "did you mean 'checkout'?" in answer.json["remedy"]


def test_a_sandbox_may_drop_itself(admin: Client):
    assert within(admin, "mine").delete("/sandboxes/mine").status == 204
    assert listed(admin) == ["default"]


# ------------------------------------------------------------------ reset


def test_a_reset_is_of_the_selected_sandbox_alone(admin: Client, api: Client):
    api.post(TOPICS, {"name": "here"})
    within(api, "mine").post(TOPICS, {"name": "there"})

    assert within(admin, "mine").post("/reset").json == {"sandboxes": ["mine"]}

    assert "there" not in names(within(api, "mine"))
    assert "here" in names(api)


def test_everything_is_reset_when_asked(admin: Client, api: Client):
    api.post(TOPICS, {"name": "here"})
    within(api, "mine").post(TOPICS, {"name": "there"})

    assert admin.post("/reset?all=true").json == {"sandboxes": ["default", "mine"]}

    assert "there" not in names(within(api, "mine"))
    assert "here" not in names(api)


def test_a_reset_takes_only_a_truth_value(admin: Client):
    assert admin.post("/reset?all=perhaps").status == 400


def test_a_reset_empties_the_inbox_and_a_state_reset_leaves_it():
    here = post()
    here.hook("first", "https://sink.localhost/")
    here.emit(2)
    here.turn()
    assert [one["status"] for one in here.deliveries()] == ["delivered"] * 2

    assert here.admin.post("/state/reset").status == 204
    assert [one["status"] for one in here.deliveries()] == ["delivered"] * 2
    assert here.admin.post("/reset").status == 200
    assert here.deliveries() == []


# ------------------------------------------------------------------ seed


def test_the_seed_makes_the_ids_that_follow(admin: Client, api: Client):
    first = api.post(TOPICS, {"name": "a"}).json["id"]
    admin.post("/state/reset")

    assert admin.get("/seed").json == {"seed": 0}
    assert admin.put("/seed", {"seed": 42}).json == {"seed": 42}
    second = api.post(TOPICS, {"name": "a"}).json["id"]
    admin.post("/reset")

    assert first != second
    assert api.post(TOPICS, {"name": "a"}).json["id"] == second, "a reset keeps the seed"


@pytest.mark.parametrize("body", [{}, {"seed": "x"}, {"seed": 1.5}, {"seed": 1, "more": 2}, []])
def test_a_seed_is_a_number(admin: Client, body: object):
    assert admin.put("/seed", body).status == 400
    assert admin.get("/seed").json == {"seed": 0}


def test_what_is_no_json_is_refused_by_its_type(admin: Client):
    yaml = {"content-type": "text/yaml"}
    paths = ["/seed", "/sandboxes", "/snapshots", "/state/records", "/tokens"]

    def send(path: str) -> Response:
        method = "PUT" if path == "/seed" else "POST"
        return admin.call(method, path, raw=b"a: b", headers=yaml)

    assert [send(path).status for path in paths] == [415] * len(paths)
