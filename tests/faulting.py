"""Arms what goes wrong, through the control plane."""

from __future__ import annotations

from typing import Any

from mockserver.app import Mock
from tests.client import Client, Response

TOPICS = "/projects/my-project/topics"


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
