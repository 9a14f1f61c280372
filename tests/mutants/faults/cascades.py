"""Deletes that leave too much, or take too much."""

from __future__ import annotations

from typing import Any

from tests.mutants.faulty import Fault
from tests.mutants.making import fault, granted

CASCADE = "cascade"


def _keep(*tables: str) -> Any:
    return granted(lambda call: call.bring_back(*tables))


def _drop_all(table: str) -> Any:
    return granted(lambda call: call.remove(table, lambda _: True))


FAULTS: tuple[Fault, ...] = (
    fault(
        CASCADE,
        "topic-leaves-event-routes",
        "deleteTopic",
        after=_keep("eventTopicRoutes"),
        is_inferred=True,  # nobody says that routes go along
    ),
    fault(
        CASCADE,
        "topic-leaves-destination-routes",
        "deleteTopic",
        after=_keep("topicDestinationRoutes"),
        is_inferred=True,  # as above
    ),
    fault(
        CASCADE,
        "destination-leaves-routes",
        "deleteDestination",
        after=_keep("topicDestinationRoutes"),
        is_inferred=True,  # as above
    ),
    fault(
        CASCADE,
        "integration-leaves-installations",
        "deleteIntegration",
        after=_keep("installations"),
    ),
    fault(
        CASCADE, "installation-keeps-connection", "deleteInstallation", after=_keep("connections")
    ),
    fault(CASCADE, "topic-takes-all-routes", "deleteTopic", after=_drop_all("eventTopicRoutes")),
    fault(
        CASCADE,
        "route-takes-all-routes",
        "deleteTopicDestinationRoute",
        after=_drop_all("topicDestinationRoutes"),
    ),
)
