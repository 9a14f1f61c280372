"""Topics: names that events are routed to within a project."""

from __future__ import annotations

import re

from mockserver.rules.errors import wrong_value
from mockserver.rules.resource import Reference, Resource, Unique

_NAME = re.compile(r"[A-Za-z0-9-]{1,64}", re.ASCII)

TOPICS = Resource(
    name="topics",
    noun="topic",
    component="Topic",
    scope="projectId",
    owner="projects",
    # Names are looked up by fixtures only: the contract's paths take the id of a topic.
    lookups=(),
    # Source: createTopic and updateTopic (409). Assumed: names are compared exactly.
    unique=(
        Unique(
            ("projectId", "name"),
            "a topic with this name already exists in this project",
            "choose a different name",
        ),
    ),
    references=(Reference("projectId", "projects", "project", on_delete="cascade"),),
)


def check(name: str) -> None:
    """Check the name of a topic: 1 to 64 letters, digits and dashes. Source: createTopic."""
    if not _NAME.fullmatch(name):
        raise wrong_value(
            "name", "invalid topic name", name, remedy="use 1 to 64 letters, numbers and dashes"
        )
