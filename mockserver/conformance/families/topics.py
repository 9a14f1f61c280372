"""Topics: right calls, and what only topics promise."""

from __future__ import annotations

from mockserver.conformance.calls import Call, RightCalls
from mockserver.conformance.family import (
    NOT_A_NAME,
    Bound,
    Cascade,
    Family,
    Mask,
    Place,
    Unique,
    Variant,
    in_project,
    marked,
)
from mockserver.conformance.lab import Lab
from mockserver.conformance.right import right_calls
from mockserver.conformance.rules import Strength
from mockserver.conformance.things import make

_TOPICS = "/paths/~1projects~1{projectIdOrName}~1topics"
_LONGEST = 64


def _create(lab: Lab, place: Place) -> Call:
    return Call("createTopic", in_project(lab, place), body={"name": lab.name("Topic")})


def _longest(lab: Lab) -> str:
    return lab.name("t").ljust(_LONGEST, "x")[:_LONGEST]


TOPICS = Family(
    noun="topic",
    variants=(Variant("plain", _create),),
    create="createTopic",
    lists=("listTopics",),
    update="updateTopic",
    delete="deleteTopic",
    masks=(Mask("name", lambda lab: lab.name("Renamed")),),
    unique=(
        Unique("name", f"{_TOPICS}/post/responses/409/description", statuses=frozenset({409})),
    ),
    bounds=(
        Bound(
            "name",
            taken=(_longest, lambda lab: lab.name("UPPER-lower-0-9")),
            refused=(
                marked("t", _LONGEST + 1),
                *(marked(text) for text in NOT_A_NAME),
            ),
            cites=f"{_TOPICS}/post/requestBody/content/application~1json/schema/properties/name"
            "/description",
            on_update=Strength.INFERRED,
        ),
    ),
    cascades=(
        Cascade("event-topic route", "topicId"),
        Cascade("topic-destination route", "topicId"),
    ),
)

FAMILIES: tuple[Family, ...] = (TOPICS,)
RIGHT: RightCalls = right_calls(TOPICS)


def topic(lab: Lab, place: Place | None = None) -> str:
    """Make a topic and return its id."""
    return make(lab, TOPICS, place).id
