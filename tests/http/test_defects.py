"""Mistakes of the mock itself: a wrong answer never leaves, and leaves nothing behind.

The handlers here are wrong on purpose; everything around them is what the mock is made of.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import pytest

from mockserver.handlers.call import Call, Handler, Prepared
from mockserver.handlers.registry import platform_handlers
from mockserver.http.plans import House
from mockserver.http.server import Served, build
from mockserver.resources.providers import Catalog
from mockserver.rules.errors import Issue, Kind, Refused
from tests.client import Client, Response
from tests.conftest import make_mock

TOPICS = "/projects/my-project/topics"
TIME = "2026-02-01T12:00:00.000000Z"
TOPIC = {"id": "t", "name": "n", "projectId": "p", "createTime": TIME}


async def no_pages(_scope: object, _receive: object, _send: object) -> None:
    raise AssertionError("no test here asks for a page")


def with_handlers(**handlers: Handler) -> Client:
    """Return a client of a mock in which some operations have other handlers."""
    mock = make_mock(record="")  # wrong on purpose: nothing for the judge
    house = House(mock.contract, mock.settings, Catalog({}), mock.scheduler)
    asgi = build(
        [Served("/v1", house, {**platform_handlers(), **handlers})],
        settings=mock.settings,
        worlds=mock.worlds,
        scheduler=mock.scheduler,
        pages=no_pages,
        page_prefixes=(),
        open_prefixes=("/v1",),
        name="defects",
    )
    return Client(replace(mock, asgi=asgi))


def write(call: Call) -> None:
    call.work.tx.put("topics", "t", {**TOPIC, "projectId": call.project_id})
    call.work.new_id("topics")


def returning(value: Any) -> Handler:
    def handler(call: Call, **_: Any) -> Any:
        write(call)
        return value

    return handler


def raising(error: Exception) -> Handler:
    def handler(call: Call, **_: Any) -> Any:
        write(call)
        raise error

    return handler


def list_topics(handler: Handler) -> tuple[Response, bool]:
    """Return the answer of GET topics with another handler, and whether the world changed."""
    client = with_handlers(listTopics=handler)
    before = client.mock.sandbox.root
    answer = client.get(TOPICS)
    now = client.mock.sandbox.root
    return answer, now.tables is not before.tables or now.counters is not before.counters


def test_a_right_answer_of_another_handler_is_given_and_kept():
    answer, changed = list_topics(returning([TOPIC]))

    assert (answer.status, answer.json, changed) == (200, [TOPIC], True)


@pytest.mark.parametrize(
    ("value", "pointer", "keyword"),
    [
        ([TOPIC, {**TOPIC, "name": 1}], "/1/name", "type"),
        ([{**TOPIC, "createTime": "yesterday"}], "/0/createTime", "format"),
        ([{"id": "t"}], "/0", "required"),
        ({"topics": []}, "/", "type"),
        (None, "/", "type"),
        ("", "/", "type"),
        (Prepared("wrong topics", [TOPIC, 1]), "/1", "type"),
    ],
)
def test_an_answer_that_breaks_the_contract_is_500_with_the_place(
    caplog: pytest.LogCaptureFixture, value: Any, pointer: str, keyword: str
):
    with caplog.at_level(logging.ERROR, logger="mockserver"):
        answer, changed = list_topics(returning(value))

    expected = f"the mock's answer breaks the contract at {pointer}: {keyword}"
    assert (answer.status, answer.media_type) == (500, "application/problem+json")
    assert answer.json["detail"] == expected
    assert "mistake of the mock" in answer.json["remedy"]
    assert expected in caplog.text
    assert not changed


UNWRITABLE = {
    "object": object(),
    "bytes": b"x",
    "set": {1},
    "64 bits exceeded": 2**64,
    "half a surrogate pair": "\ud83e",
    "key that is no text": {1: 2},
}


@pytest.mark.parametrize("name", UNWRITABLE)
def test_a_value_that_json_cannot_hold_is_500(caplog: pytest.LogCaptureFixture, name: str):
    answer, changed = list_topics(returning([{**TOPIC, "extra": UNWRITABLE[name]}]))

    assert (answer.status, answer.media_type) == (500, "application/problem+json")
    assert answer.json["requestId"] == answer.headers["x-request-id"]
    assert not changed


@pytest.mark.parametrize(
    "error",
    [KeyError("secret"), RuntimeError("secret"), AssertionError("secret"), RecursionError()],
)
def test_a_handler_that_fails_is_500_and_the_reason_stays_in_the_log(
    caplog: pytest.LogCaptureFixture, error: Exception
):
    answer, changed = list_topics(raising(error))

    assert answer.status == 500
    assert answer.json["detail"] == "the mock failed; see its log"
    assert b"secret" not in answer.body
    assert "defect in listTopics" in caplog.text
    assert type(error).__name__ in caplog.text
    assert not changed


@pytest.mark.parametrize(
    "refusal",
    [
        Refused(Kind.INVALID, "\ud83e"),
        Refused(Kind.INVALID, "x", issues=[Issue("body", "size", "x", 2**70)]),
        Refused(Kind.INVALID, "x", issues=[Issue("somewhere", "size", "x")]),
        Refused(Kind.INVALID, 1),  # type: ignore[arg-type] # the mistake that is tested
    ],
)
def test_a_problem_that_cannot_be_written_is_500(
    caplog: pytest.LogCaptureFixture, refusal: Refused
):
    client = with_handlers(createDestination=raising(refusal))
    before = client.mock.sandbox.root

    answer = client.post(
        "/projects/my-project/destinations",
        {"name": "a", "type": "webhook", "metadata": {"url": "https://a.example"}},
    )

    assert (answer.status, answer.media_type) == (500, "application/problem+json")
    assert answer.json["status"] == 500
    assert "defect" in caplog.text
    assert client.mock.sandbox.root.tables is before.tables


def test_a_refusal_of_a_handler_drops_what_it_wrote():
    answer, changed = list_topics(raising(Refused(Kind.UNPROCESSABLE, "no")))

    assert (answer.status, answer.json["detail"], changed) == (422, "no", False)


def test_a_body_where_none_is_declared_is_500(caplog: pytest.LogCaptureFixture):
    client = with_handlers(deleteTopic=returning({}))

    answer = client.delete(f"{TOPICS}/x")

    assert answer.status == 500
    assert answer.json["detail"] == "a body where the contract declares none"


def test_after_a_defect_the_next_request_is_answered(caplog: pytest.LogCaptureFixture):
    client = with_handlers(listTopics=raising(RuntimeError()))

    assert client.get(TOPICS).status == 500
    assert client.post(TOPICS, {"name": "next"}).status == 201


def test_an_operation_without_a_handler_stops_the_start():
    handlers: dict[str, Any] = {"listTopics": None}

    with pytest.raises(LookupError, match="listTopics has no handler"):
        with_handlers(**handlers).get(TOPICS)
