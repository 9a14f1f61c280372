"""Safe to point at a shared environment: what is sent, what is written down, what is left."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from mockserver.app import Mock
from mockserver.conformance.ledger import hashed, read_ledger
from mockserver.conformance.leftovers import clean_up
from mockserver.seeding.export import export
from tests.conformance.checking import CONTRACT, Twisted, check, options

#: What nobody can delete: the contract has no operation for it, or it is withdrawn.
STAYS = {"groups", "consumers", "invites", "operations", "operationLogs", "customFields", "uploads"}
FLAGS = {"rotate", "refresh", "includeCreds", "includeRefreshToken", "includeSecrets"}


def records(mock: Mock) -> dict[str, Any]:
    return {name: rows for name, rows in export(mock.sandbox.root).items() if name not in STAYS}


def test_observe_sends_only_reads_and_leaves_no_ledger(mock: Mock, tmp_path: Path):
    before = export(mock.sandbox.root)
    target = Twisted(mock)

    report = check(target, profile="observe", state=tmp_path).report

    assert {one.method for one in target.asked} == {"GET"}
    assert not any(FLAGS & set(one.url.params) for one in target.asked)
    assert not any("generate-upload-url" in one.url.path for one in target.asked)
    assert export(mock.sandbox.root) == before
    assert not list(tmp_path.iterdir())
    assert not report.deleted


@pytest.mark.parametrize("only", ["createApiKey/*", "createDestination/*", "*Route/*"])
def test_own_data_leaves_nothing_that_can_be_deleted(mock: Mock, tmp_path: Path, only: str):
    before = records(mock)
    report = check(Twisted(mock), only=only, state=tmp_path).report
    assert records(mock) == before
    assert report.deleted > 0


def test_own_data_never_touches_what_was_there(mock: Mock):
    target = Twisted(mock)
    known = {
        row["id"] for rows in export(mock.sandbox.root).values() for row in rows if "id" in row
    }

    check(target, only="*/deleted*")

    writes = [one for one in target.asked if one.method in {"PATCH", "PUT", "DELETE"}]
    assert writes
    assert not [str(one.url) for one in writes if known & set(one.url.path.split("/")[5:])]


def test_an_error_of_the_referee_cleans_up_too(mock: Mock, tmp_path: Path):
    before = records(mock)

    class Failing:
        name, share = "failing", 1.0

        def plan(self, _: Any) -> dict[str, int]:
            return {}

        def run(self, session: Any) -> Any:
            session.lab().call("createTopic", {"name": session.lab().name("topic")})
            yield from ()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(Twisted(mock), layers=[Failing()], state=tmp_path)
    assert records(mock) == before


def test_a_key_is_known_to_the_ledger_by_its_hash(mock: Mock, tmp_path: Path):
    checked = check(Twisted(mock), only="createApiKey/echo*", state=tmp_path)
    (path,) = tmp_path.iterdir()
    text = path.read_text(encoding="utf-8")
    keys = {one.json["key"] for one in checked.exchanges if _makes_key(one)}
    assert keys
    assert not [key for key in keys if key in text]
    assert hashed(keys.pop()) in text
    assert path.stat().st_mode & 0o077 == 0


def _makes_key(exchange: Any) -> bool:
    return bool(exchange.operation_id == "createApiKey" and exchange.answer.is_success)


def test_an_intent_is_written_before_the_call(mock: Mock, tmp_path: Path):
    seen: list[bool] = []

    def look(method: str, path: str, response: httpx.Response) -> httpx.Response:
        if method == "POST" and path.endswith("/topics"):
            (file,) = tmp_path.iterdir()
            intents = file.read_text(encoding="utf-8").count('"makes": "createTopic"')
            seen.append(intents > len(seen))
        return response

    check(Twisted(mock, look), only="createTopic/*", state=tmp_path)
    assert seen
    assert all(seen)


def test_what_is_not_known_by_id_is_found_by_its_mark(mock: Mock, tmp_path: Path):
    """Made, but the answer never came: as if the run was killed between the two."""
    before = records(mock)
    path = tmp_path / "abcdef.jsonl"
    with mock_client(mock) as client:
        topic = client.post("/topics", json={"name": "ct-abcdef-0001-topic-1"})
        other = client.post("/topics", json={"name": "lead-alerts"})
    path.write_text(
        '{"ledger": 1, "run": "abcdef", "url": "http://127.0.0.1:4010/v1"}\n'
        '{"works in": "my-project"}\n'
        '{"n": 1, "makes": "createTopic", "in": "my-project", "as": "key"}\n'
        '{"n": 2, "makes": "createTo',  # cut off
        encoding="utf-8",
    )

    remains = clean_up(options(Twisted(mock)), CONTRACT, path)

    assert (topic.status_code, remains.deleted, remains.failed) == (201, 1, [])
    left = {row["id"] for row in records(mock)["topics"]} - {row["id"] for row in before["topics"]}
    assert left == {other.json()["id"]}
    assert clean_up(options(Twisted(mock)), CONTRACT, path).deleted == 0  # again: nothing to do


def mock_client(mock: Mock) -> httpx.Client:
    return httpx.Client(
        transport=Twisted(mock),
        base_url="http://127.0.0.1:4010/v1/projects/my-project",
        headers={"X-Api-Key": "mock-full-key"},
    )


def test_a_ledger_of_another_target_is_refused(mock: Mock, tmp_path: Path):
    path = tmp_path / "abcdef.jsonl"
    path.write_text('{"ledger": 1, "run": "abcdef", "url": "https://elsewhere/v1"}\n')
    with (
        closing(Twisted(mock)) as target,
        pytest.raises(ValueError, match="the run was of https://elsewhere/v1"),
    ):
        clean_up(options(target), CONTRACT, path)


def test_a_record_that_was_there_is_not_ours_whatever_an_answer_says(mock: Mock):
    with mock_client(mock) as client:
        theirs = client.post("/topics", json={"name": "lead-alerts"}).json()

    def confused(method: str, path: str, response: httpx.Response) -> httpx.Response:
        made = method == "POST" and path.endswith("/topics") and response.status_code == 201
        return httpx.Response(201, json=theirs) if made else response

    check(Twisted(mock, confused), only="createTopic/*")
    assert theirs["id"] in {row["id"] for row in records(mock)["topics"]}


def test_a_delete_that_would_reach_others_is_refused(mock: Mock):
    with mock_client(mock) as client:

        def routed(method: str, path: str, response: httpx.Response) -> httpx.Response:
            if method == "POST" and path.endswith("/topics") and response.status_code == 201:
                body = {"topicId": response.json()["id"], "eventType": "installation.created"}
                assert client.post("/notification-event-topic-routes", json=body).is_success
            return response

        target = Twisted(mock, routed)
        report = check(target, only="deleteTopic/deleted*").report
    assert not [
        one for one in target.asked if one.method == "DELETE" and "/topics/" in one.url.path
    ]
    assert any("deletes nothing under which others have something" in why for why in report.skipped)
    assert any("topic" in line for line in report.left)


def test_the_ledger_reads_back_what_was_written(mock: Mock, tmp_path: Path):
    check(Twisted(mock), only="createTopic/*", state=tmp_path)
    (path,) = tmp_path.iterdir()
    pages = read_ledger(path)
    topics = [entry for entry in pages.entries if entry.operation_id == "createTopic"]
    made = {identity for entry in topics for identity in entry.ids}
    assert pages.header["url"] == "http://127.0.0.1:4010/v1"
    assert pages.places[0] == "my-project"
    assert made
    assert made == pages.gone & made
