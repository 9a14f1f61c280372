"""A sandbox as tests see it: its state, its journal and its faults, by the control plane."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

import mockserver
from mockserver.testing.reporting import describe
from mockserver.testing.servers import DEFAULT, OwnServer, SharedServer
from mockserver.testing.stage import Stage
from tests.plugin.test_twin import connect

Twin = mockserver.Twin
REFUSED = mockserver.CallRefused


@pytest.fixture(scope="module")
def shared() -> Iterator[Stage]:
    """Return what tests have that share a server which runs elsewhere."""
    server = OwnServer({})
    stage = Stage(server.origin)
    yield stage
    stage.close()
    server.close()


@pytest.fixture(params=["own", "shared"])
def mock(request: pytest.FixtureRequest, stage: Stage, shared: Stage) -> Iterator[Twin]:
    """Return a sandbox of a mock of one's own, and one of a mock that is shared."""
    with {"own": stage, "shared": shared}[request.param].sandbox() as twin:
        yield twin


def names(mock: Twin) -> set[str]:
    return {topic["name"] for topic in mock.call("listTopics")}


# ---------------------------------------------------------------------------- both are alike


def test_calls_client_clock_and_url_are_the_same_for_both(mock: Twin):
    assert (mock.api_key, mock.bearer) == ("mock-full-key", "mock-builder-token")
    assert mock.project == "my-project"
    made = mock.call("createTopic", body={"name": "invoices"})
    assert made in mock.client.get("/projects/my-project/topics").json()
    answer = httpx.get(
        f"{mock.url}/v1/projects/my-project/topics", headers={"X-Api-Key": mock.api_key}
    )
    assert made in answer.json()
    assert mock.clock.freeze("2027-01-01T00:00:00Z").year == 2027
    assert mock.clock.advance(hours=1)["complete"]
    assert mock.clock.now.hour == 1
    with pytest.raises(REFUSED, match="createTopic -> 409 Conflict"):
        mock.call("createTopic", body={"name": "invoices"})


def test_what_was_sent_is_in_the_inbox(mock: Twin):
    connect(mock)
    (delivery,) = mock.deliveries.find("connection.created", destination="hook")
    assert delivery["status"] == "delivered"


# ---------------------------------------------------------------------------- state


def test_records_are_seeded_all_or_none(mock: Twin):
    made = mock.seed(topics=[{"projectId": "my-project", "name": "seeded"}])
    assert [one["table"] for one in made] == ["topics"]
    assert "seeded" in names(mock)
    wrong = [{"projectId": "my-project", "name": "fine"}, {"projectId": "nope", "name": "x"}]
    with pytest.raises(REFUSED, match="nope"):
        mock.seed({"topics": wrong})
    assert "fine" not in names(mock)


def test_the_difference_tells_what_a_test_did(mock: Twin):
    mock.clock.freeze()  # a scheduled read would be a difference too
    assert not mock.diff()
    assert str(mock.diff()) == "nothing changed"
    made = mock.call("createTopic", body={"name": "invoices"})
    before = mock.snapshot("before")
    mock.call("updateTopic", topicId=made["id"], body={"name": "bills"})

    (created,) = mock.diff().created
    assert (created["table"], created["id"]) == ("topics", made["id"])
    assert created["record"]["name"] == "bills"
    (changed,) = mock.diff(since=before).changed
    assert {"path": "/name", "before": "invoices", "after": "bills"} in changed["fields"]
    mock.call("deleteTopic", topicId=made["id"])
    assert mock.diff(since=before).tables() == {"topics": (0, 0, 1)}
    assert str(mock.diff(since=before)).startswith(f"- topics {made['id']} ")
    assert not mock.diff()


def test_a_snapshot_is_gone_back_to(mock: Twin):
    mock.clock.freeze("2027-01-01T00:00:00Z")
    first, second = mock.snapshot(), mock.snapshot()
    assert first != second
    mock.call("createTopic", body={"name": "invoices"})
    mock.clock.advance(hours=1)
    mock.restore(first)
    assert "invoices" not in names(mock)
    assert mock.clock.now.isoformat() == "2027-01-01T00:00:00+00:00"
    with pytest.raises(REFUSED, match="404"):
        mock.restore("never-taken")


def test_a_reset_goes_back_to_the_start_with_everything(mock: Twin):
    mock.call("createTopic", body={"name": "invoices"})
    mock.fault("listTopics", status=500)
    mock.reset()
    assert "invoices" not in names(mock)
    assert len(mock.requests) == 1  # the one of the line above


def test_a_fork_has_what_was_there_and_keeps_to_itself(mock: Twin):
    mock.call("createTopic", body={"name": "invoices"})
    with mock.fork(f"{mock.name}-copy") as copy:
        assert "invoices" in names(copy)
        copy.call("createTopic", body={"name": "theirs"})
    assert "theirs" not in names(mock)
    listed = [one["name"] for one in mock.control.get("/sandboxes")["sandboxes"]]
    assert mock.name in listed
    assert copy.name not in listed


# ---------------------------------------------------------------------------- journal


def test_requests_are_found_and_counted(mock: Twin):
    mock.call("createTopic", body={"name": "invoices"})
    mock.client.get("/projects/my-project/topics")
    mock.client.get("/nowhere")
    assert mock.requests.count() == len(mock.requests) == 3
    assert mock.requests.count("createTopic") == 1
    assert mock.requests.count(method="GET") == 2
    (found,) = mock.requests.find("createTopic", method="POST")
    assert found["response"]["status"] == 201
    assert [one["request"]["method"] for one in mock.requests] == ["POST", "GET", "GET"]
    assert mock.requests.latest(2)[0]["operationId"] == "listTopics"
    pattern = [{"matchesJsonPath": {"expression": "$.name", "equalTo": "invoices"}}]
    assert mock.requests.count(body_patterns=pattern) == 1
    mock.requests.clear()
    assert list(mock.requests) == []


# ---------------------------------------------------------------------------- faults


def test_an_operation_misbehaves_until_the_fault_is_removed(mock: Twin):
    with mock.fault("listTopics", status=500) as fault:
        with pytest.raises(REFUSED) as refused:
            mock.call("listTopics")
        assert refused.value.status == 500
        mock.call("getProject")
    assert mock.call("listTopics")
    assert fault.id


def test_a_fault_may_be_over_after_some_times(mock: Twin):
    mock.fault("listTopics", status=500, times=2)
    for _ in range(2):
        with pytest.raises(REFUSED):
            mock.call("listTopics")
    assert mock.call("listTopics")


def test_a_fault_may_ask_for_more_than_the_operation(mock: Twin):
    unlucky = {"expression": "$.name", "equalTo": "unlucky"}
    pattern = {"bodyPatterns": [{"matchesJsonPath": unlucky}]}
    mock.fault("createTopic", status=409, request=pattern)
    assert mock.call("createTopic", body={"name": "lucky"})
    with pytest.raises(REFUSED, match="409"):
        mock.call("createTopic", body={"name": "unlucky"})


def test_an_operation_may_only_be_slow(mock: Twin):
    mock.fault("listTopics", delay=0.001)
    assert mock.call("listTopics")


def test_a_fault_that_the_contract_does_not_allow_is_refused(mock: Twin):
    with pytest.raises(REFUSED, match="422"):
        mock.fault("listTopics", status=200, body={"no": "list"})


def test_a_connection_can_be_broken_where_there_is_one(mock: Twin):
    url = f"{mock.url}/v1/projects/my-project/topics"
    mock.fault("listTopics", fault="CONNECTION_RESET_BY_PEER", times=1)
    with pytest.raises(httpx.TransportError):
        httpx.get(url, headers={"X-Api-Key": mock.api_key})
    assert httpx.get(url, headers={"X-Api-Key": mock.api_key}).status_code == 200


# ---------------------------------------------------------------------------- worlds


def test_a_sandbox_starts_from_another_fixture_or_seed(stage: Stage, shared: Stage):
    for place in (stage, shared):
        with place.sandbox("frontend") as mock:
            listed = {one["name"] for one in mock.call("listIntegrations")}
            assert "my-integration" in listed
        made = []
        for seed in (7, 7, 8):
            with place.sandbox("empty", seed) as mock:
                made.append(mock.call("createTopic", body={"name": "x"})["id"])
        assert made[0] == made[1] != made[2]
        with pytest.raises(REFUSED, match="no such fixture"), place.sandbox("nope"):
            pass


def test_tests_of_two_processes_do_not_meet_on_one_server(shared: Stage):
    server = shared.server
    stages = [Stage(server.origin) for _ in range(4)]

    def test_run(stage: Stage) -> list[int]:
        found = []
        for number in range(5):
            with stage.sandbox() as mock:
                mock.call("createTopic", body={"name": f"topic-{number}"})
                found.append(len(mock.diff().created))
        stage.close()
        return found

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(test_run, stages)) == [[1] * 5] * 4


def test_a_shared_sandbox_is_dropped_after_its_test_even_if_somebody_did_so_before(shared: Stage):
    with shared.sandbox() as mock:
        mock.control.delete(f"/sandboxes/{mock.name}")
    listed = Twin(shared.server, DEFAULT).control.get("/sandboxes")["sandboxes"]
    assert mock.name not in [one["name"] for one in listed]


def test_running_joins_a_mock_that_runs_already(shared: Stage, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MOCKSERVER_URL", shared.server.origin)
    with mockserver.running() as one, mockserver.running(fixture="empty") as other:
        one.call("createTopic", body={"name": "mine"})
        assert one.url.startswith(f"{shared.server.origin}/__sandbox/run-")
        assert names(other) == set()


def test_a_shared_mock_with_a_token_is_joined_with_it():
    token = "a-token-of-the-team"
    server = OwnServer({"admin_token": token})
    try:
        with pytest.raises(REFUSED, match="needs its token"):
            mockserver.running(url=server.origin).__enter__()
        with mockserver.running(url=server.origin, admin_token=token) as mock:
            assert mock.call("getProject")
        refused = SharedServer(server.origin, "another-token")
        with pytest.raises(REFUSED, match="not the token"):
            refused.open("x", None, None)
        refused.close()
    finally:
        server.close()


# ---------------------------------------------------------------------------- reports


def test_the_report_tells_what_a_test_did(mock: Twin):
    mock.clock.freeze()
    mock.call("createTopic", body={"name": "invoices"})
    with pytest.raises(REFUSED):
        mock.call("createTopic", body={"nam": "invoices"})
    mock.fault("listTopics", status=500)
    with pytest.raises(REFUSED):
        mock.call("listTopics")
    lines = describe(mock).splitlines()
    assert lines[0] == "requests:"
    assert lines[1].startswith("  POST ")
    assert "/v1/projects/my-project/topics -> 201  (createTopic" in lines[1]
    assert "-> 400  (createTopic; " in lines[2]
    assert "-> 500  (listTopics; rule " in lines[3]
    assert lines[4] == "state:"
    assert lines[5].startswith("  + topics ")
    assert "'invoices'" in lines[5]


def test_a_report_never_fails(stage: Stage):
    with stage.sandbox() as gone:
        pass
    stage.server.open("taken-over", None, None)
    stage.server.drop("taken-over")
    gone.control._prefix = "/__sandbox/-"  # a name that no sandbox can have
    assert describe(gone).count("not known: ") == 2
