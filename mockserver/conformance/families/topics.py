"""Topics: right calls, and what only topics promise."""

from __future__ import annotations

from mockserver.conformance.calls import Call, RightCalls
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Broken, Rule

_TOPICS = "/paths/~1projects~1{projectIdOrName}~1topics"


def create(lab: Lab) -> Call:
    """Return a right call of createTopic."""
    return Call("createTopic", body={"name": lab.name("topic")})


def topic(lab: Lab) -> str:
    """Make a topic and return its id."""
    return str(lab.need(create(lab))["id"])


RIGHT: RightCalls = {
    "createTopic": create,
    "listTopics": lambda _: Call("listTopics"),
    "updateTopic": lambda lab: Call(
        "updateTopic", {"topicId": topic(lab)}, body={"name": lab.name("renamed")}
    ),
    "deleteTopic": lambda lab: Call("deleteTopic", {"topicId": topic(lab)}),
}


def _duplicate_is_refused(lab: Lab) -> None:
    call = create(lab)
    lab.need(call)
    again = lab.make(call)
    if again.status != 409:
        raise Broken(f"a second topic of the same name is answered {again.status}, not 409")


RULES: tuple[Rule, ...] = (
    Rule(
        "createTopic",
        "duplicate-is-refused",
        f"{_TOPICS}/post/responses/409/description",
        _duplicate_is_refused,
    ),
)
