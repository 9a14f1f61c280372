"""Sticky rules through the control plane: armed, shown, replaced, disarmed; what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.app import Mock
from tests.client import Client
from tests.conftest import make_mock
from tests.faulting import CREATE, TOPIC, TOPICS, arm, control_of, refused


@pytest.fixture
def control(mock: Mock) -> Client:
    return control_of(mock)


def test_a_rule_is_armed_listed_shown_and_disarmed(control: Client, client: Client):
    made = arm(control, CREATE, {"status": 409}, name="taken", metadata={"why": "test"})

    assert control.get(f"/mappings/{made['id']}").json == made
    client.post(TOPICS, {"name": "a"})
    listed = control.get("/mappings").json
    assert listed == {"mappings": [made], "meta": {"total": 1}, "hits": {made["id"]: 1}}

    assert control.delete(f"/mappings/{made['id']}").status == 204
    assert control.get("/mappings").json["mappings"] == []
    assert client.post(TOPICS, {"name": "a"}).status == 201


@pytest.mark.parametrize(("method", "path"), [("DELETE", "/mappings"), ("POST", "/mappings/reset")])
def test_all_rules_are_disarmed_at_once(control: Client, client: Client, method: str, path: str):
    arm(control, CREATE, {"status": 409})
    arm(control, {}, {"status": 503})

    assert control.call(method, path).status == 204

    assert client.post(TOPICS, {"name": "a"}).status == 201


def test_a_rule_is_replaced_and_begins_anew(control: Client, client: Client):
    made = arm(control, CREATE, {"status": 409}, times=1)
    assert client.post(TOPICS, {"name": "a"}).status == 409

    body = {"request": CREATE, "response": {"status": 403}, "times": 1}
    changed = control.put(f"/mappings/{made['id']}", body)

    assert changed.json == {**body, "id": made["id"]}
    assert [client.post(TOPICS, {"name": "a"}).status for _ in range(2)] == [403, 201]


def test_a_rule_with_the_id_of_another_takes_its_place(control: Client):
    for status in (409, 403):
        arm(control, CREATE, {"status": status}, id="mine")

    (kept,) = control.get("/mappings").json["mappings"]
    assert kept["response"] == {"status": 403}


def test_rules_are_imported_all_or_none(control: Client, client: Client):
    arm(control, CREATE, {"status": 409}, id="old")
    good = {"id": "old", "request": CREATE, "response": {"status": 403}}
    bad = {"request": CREATE, "response": {"status": 201, "jsonBody": {}}}

    answer = control.post("/mappings/import", {"mappings": [good, bad]})
    assert refused(answer)[:2] == (422, ["mappings[1].response.jsonBody"])
    assert client.post(TOPICS, {"name": "a"}).status == 409

    answer = control.post("/mappings/import", {"mappings": [good]})
    assert [one["id"] for one in answer.json["mappings"]] == ["old"]
    assert client.post(TOPICS, {"name": "a"}).status == 403


def test_an_import_keeps_or_drops_what_is_there(control: Client):
    arm(control, CREATE, {"status": 409}, id="old")
    arm(control, CREATE, {"status": 409}, id="other")
    new = [{"id": "old", "response": {"status": 403}}, {"id": "new", "response": {"status": 403}}]
    options = {"duplicatePolicy": "IGNORE", "deleteAllNotInImport": True}

    answer = control.post("/mappings/import", {"mappings": new, "importOptions": options})

    kept = {one["id"]: one["response"]["status"] for one in answer.json["mappings"]}
    assert kept == {"old": 409, "new": 403}


def test_ids_follow_from_the_seed():
    first, second = (arm(control_of(make_mock(seed=7)), CREATE)["id"] for _ in range(2))

    assert first == second


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"requests": {}}, "requests"),
    ({"request": {"operation": "x"}}, "request.operation"),
    ({"request": {"operationId": "createTopics"}}, "request.operationId"),
    ({"request": {"operationId": "getHealth"}}, "request.operationId"),
    ({"request": {"headers": {"A": {"equalToXml": "x"}}}}, "request.headers.A.equalToXml"),
    ({"response": {"bodyFileName": "x"}}, "response.bodyFileName"),
    ({"response": {"transformers": []}}, "response.transformers"),
    ({"response": {"status": 99}}, "response.status"),
    ({"response": {"status": "200"}}, "response.status"),
    ({"request": CREATE, "response": {"status": 200}}, "response.status"),
    ({"request": {"operationId": "getJWTKey"}, "response": {"status": 418}}, "response.status"),
    ({"request": CREATE, "response": {"jsonBody": {**TOPIC, "name": 1}}}, "response.jsonBody.name"),
    ({"request": CREATE, "response": {"body": "{}"}}, "response.body"),
    ({"request": CREATE, "response": {"body": "<html>"}}, "response.body"),
    ({"request": CREATE, "response": {"body": "{}", "jsonBody": {}}}, "response.body"),
    (
        {"request": CREATE, "response": {"headers": {"Content-Type": "text/html"}}},
        "response.headers.Content-Type",
    ),
    ({"response": {"headers": {"Content-Length": "1"}}}, "response.headers.Content-Length"),
    ({"response": {"headers": {"A b": "1"}}}, "response.headers.A b"),
    ({"response": {"headers": {"A": "1\r\nB: 2"}}}, "response.headers.A"),
    ({"response": {"headers": []}}, "response.headers"),
    (
        {"request": {"operationId": "deleteTopic"}, "response": {"jsonBody": {}}},
        "response.jsonBody",
    ),
    ({"response": {"status": 204, "jsonBody": {}}}, "response.jsonBody"),
    ({"response": {"fault": "TIMEOUT"}}, "response.fault"),
    ({"response": {"fault": "EMPTY_RESPONSE", "status": 200}}, "response.status"),
    ({"response": {"proceed": True, "status": 200}}, "response.status"),
    ({"response": {"proceed": True, "fault": "EMPTY_RESPONSE"}}, "response.fault"),
    ({"response": {"proceed": "yes"}}, "response.proceed"),
    ({"response": {"fixedDelayMilliseconds": -1}}, "response.fixedDelayMilliseconds"),
    ({"response": {"fixedDelayMilliseconds": 1e9}}, "response.fixedDelayMilliseconds"),
    ({"response": {"delayDistribution": {"type": "normal"}}}, "response.delayDistribution"),
    (
        {"response": {"delayDistribution": {"type": "uniform", "lower": 2, "upper": 1}}},
        "response.delayDistribution.upper",
    ),
    (
        {"response": {"delayDistribution": {"type": "lognormal", "median": 2}}},
        "response.delayDistribution.sigma",
    ),
    (
        {"response": {"chunkedDribbleDelay": {"numberOfChunks": 0, "totalDuration": 1}}},
        "response.chunkedDribbleDelay.numberOfChunks",
    ),
    (
        {"response": {"chunkedDribbleDelay": {"numberOfChunks": 2}}},
        "response.chunkedDribbleDelay.totalDuration",
    ),
    ({"request": CREATE, "response": {"example": "nope"}}, "response.example"),
    ({"requiredScenarioState": "x"}, "requiredScenarioState"),
    ({"scenarioName": ""}, "scenarioName"),
    ({"times": 0}, "times"),
    ({"probability": 0}, "probability"),
    ({"probability": 1.1}, "probability"),
    ({"id": "a b"}, "id"),
    ({"id": "import"}, "id"),
    ({"id": "a", "uuid": "b"}, "uuid"),
    ({"persistent": True}, "persistent"),
    # An address that fits many operations: its body must be legal for each of them.
    (
        {"request": {"urlPathPattern": "/v1/.*"}, "response": {"status": 200, "jsonBody": {}}},
        "response.jsonBody",
    ),
]


@pytest.mark.parametrize(("rule", "name"), REFUSED)
def test_what_cannot_be_armed_is_refused_with_its_place(
    control: Client, client: Client, rule: dict[str, Any], name: str
):
    status, names, detail = refused(control.post("/mappings", rule))

    assert (status, names) == (422, [name])
    assert detail.startswith("/")  # the JSON pointer
    assert control.get("/mappings").json["mappings"] == []
    assert client.get(TOPICS).status == 200


@pytest.mark.parametrize("rule", [[], {"priority": "high"}, {"request": "all"}, {"times": 1.5}])
def test_a_malformed_rule_is_400(control: Client, rule: Any):
    assert control.post("/mappings", rule).status == 400


def test_a_malformed_replacement_or_import_is_400_and_a_wrong_one_422(control: Client):
    made = arm(control, CREATE, {"status": 409})
    path = f"/mappings/{made['id']}"

    assert control.put(path, []).status == 400
    assert refused(control.put(path, {"id": "other"}))[:2] == (422, ["id"])
    assert control.post("/mappings/import", {}).status == 400
    assert control.get(path).json == made


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_rule_that_nobody_armed_is_404(control: Client, method: str):
    body: list[Any] = [{}] if method == "PUT" else []

    assert control.call(method, "/mappings/nope", *body).status == 404


def test_a_status_that_needs_leave_is_armed_with_it(control: Client):
    arm(control, {"operationId": "getJWTKey"}, {"status": 418}, allowInvalid=True)
    arm(control, CREATE, {"body": "<html>", "status": 200}, allowInvalid=True)


FAULTY = {"response": {"fault": "EMPTY_RESPONSE"}}


def test_connections_that_are_not_the_mocks_own_cannot_be_broken(control: Client):
    """In process there is no socket: it is said when the rule is armed, not when it hits."""
    made = arm(control, CREATE)

    for answer in (
        control.post("/mappings", FAULTY),
        control.put(f"/mappings/{made['id']}", FAULTY),
        control.post("/mappings/import", {"mappings": [FAULTY]}),
        control.put("/chaos", [{"fault": "EMPTY_RESPONSE"}]),
    ):
        status, names, detail = refused(answer)
        assert status == 409
        assert names[0].endswith("fault")
        assert "socket" in detail
    assert control.get("/mappings").json["mappings"] == [made]


def test_a_reset_disarms_everything_and_so_does_dropping_a_sandbox(mock: Mock, control: Client):
    there = Client(mock, key=None, prefix="/__sandbox/armed/__admin")
    for one in (control, there):
        arm(one, CREATE, {"status": 409})
        one.put("/settings", {"fixedDelay": 1})
        one.put("/chaos", [{"status": 503}])
        one.put("/rate-limit", {"capacity": 1, "refillPerSecond": 1})

    mock.worlds.reset(mock.sandbox)
    mock.worlds.drop("armed")

    for one in (control, there):
        assert one.get("/mappings").json["mappings"] == []
        assert one.get("/chaos").json == []
        assert one.get("/rate-limit").json == {"isLimited": False}
    assert mock.armory.armed == {}
    mock.worlds.drop("armed")
