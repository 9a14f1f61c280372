"""Arms what goes wrong, through the control plane."""

from __future__ import annotations

from typing import Any

from mockserver.app import Mock
from tests.client import Client, Response

TOPICS = "/projects/my-project/topics"
#: A request pattern, and a topic that nobody made.
CREATE = {"operationId": "createTopic"}
TOPIC = {
    "id": "b3c4d5e6-f7a8-4b9c-8d0e-1f2a3b4c5d01",
    "projectId": "3b1f6f0e-4c8d-4a7b-9e2f-5d6c7b8a9f01",
    "name": "canned",
    "createTime": "2026-02-01T12:00:00Z",
}


def control_of(mock: Mock) -> Client:
    return Client(mock, key=None, prefix="/__admin")


def arm(control: Client, request: Any = None, response: Any = None, **rule: Any) -> dict[str, Any]:
    """Arm a rule; return it as it is armed."""
    body = {"request": request or {}, "response": response or {}, **rule}
    answer = control.post("/mappings", body)
    assert answer.status == 201, answer.body
    made: dict[str, Any] = answer.json
    return made


def refused(answer: Response) -> tuple[int, list[str], str]:
    """Return the status, the places and the words of a refusal; it must say what would be right."""
    problem = answer.json
    assert problem["remedy"]
    return answer.status, answer.issue_names, problem["detail"]
