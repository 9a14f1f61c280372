"""The faults are many, concern real operations, and without one all is well."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from mockserver.app import Mock
from mockserver.contract.contract import load_api
from tests.client import Client
from tests.mutants.faults import FAULTS
from tests.mutants.faulty import Fault, Faulty
from tests.mutants.variants import VARIANTS


def test_there_are_at_least_380_faults_and_12_legal_variants():
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 380
    assert len({variant.name for variant in VARIANTS}) == len(VARIANTS) >= 12


@pytest.mark.parametrize("fault", [*FAULTS, *VARIANTS], ids=lambda fault: fault.name)
def test_a_fault_concerns_operations_of_the_contract(fault: Fault):
    assert fault.operations <= load_api().operations.keys()
    assert fault.before or fault.after


def test_every_noun_has_its_faults():
    concerned = {name for fault in FAULTS for name in fault.operations}

    missed = load_api().operations.keys() - concerned
    assert missed <= {"acceptInvite", "listOrgClaimedDomains"}


def test_without_a_fault_the_wrapper_is_the_mock(mock: Mock):
    plain = ask(mock.asgi, "GET", "/v1/projects/my-project/topics")

    assert ask(Faulty(mock, None), "GET", "/v1/projects/my-project/topics")[:2] == plain[:2]


def test_a_fault_that_does_nothing_changes_nothing(mock: Mock):
    idle = Fault("idle", "none", frozenset(), before=lambda _: None)

    status, body, headers = ask(Faulty(mock, idle), "GET", "/v1/projects/MY-PROJECT/topics")

    assert (status, body) == ask(mock.asgi, "GET", "/v1/projects/MY-PROJECT/topics")[:2]
    assert headers["content-type"] == "application/json"


def test_a_lost_write_is_answered_and_not_kept(mock: Mock, client: Client):
    lost = next(fault for fault in FAULTS if fault.name == "lost-createTopic")

    status, *_ = ask(
        Faulty(mock, lost), "POST", "/v1/projects/my-project/topics", b'{"name": "lost"}'
    )

    assert status == 201
    assert "lost" not in {t["name"] for t in client.get("/projects/my-project/topics").json}


def ask(app: Any, method: str, path: str, body: bytes = b"") -> tuple[int, bytes, dict[str, str]]:
    headers = {"x-api-key": "mock-full-key", "content-type": "application/json"}
    headers["content-length"] = str(len(body))
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(k.encode(), v.encode()) for k, v in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 4010),
    }
    messages: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        messages.append(message)

    asyncio.run(app(scope, receive, send))
    found = {k.decode(): v.decode() for k, v in messages[0]["headers"]}
    return messages[0]["status"], b"".join(m.get("body", b"") for m in messages[1:]), found
