"""A root as a fixture: every record in full, so that it loads back equal."""

from __future__ import annotations

from typing import Any

from mockserver.contract.documents import yaml_of
from mockserver.resources.tables import RESOURCES
from mockserver.state.root import Root

#: What is half done, or follows from the rest, and has no place in a fixture.
_UNDER_WAY = frozenset(
    {
        "destinationHealth",
        "downloads",
        "heldResults",
        "missedMessages",
        "oauthSessions",
        "readSchedules",
        "schemaWatches",
        "uploads",
    }
)


def export(root: Root) -> dict[str, Any]:
    """Return the sections of a fixture that holds what `root` holds."""
    return {
        name: [dict(record) for record in root.tables[name]]
        for name in RESOURCES
        if len(root.tables[name]) and name not in _UNDER_WAY
    }


def text(root: Root) -> str:
    """Return a fixture file, in YAML, that holds what `root` holds."""
    sections = export(root)
    if not sections:
        return "# an empty world\n"
    return yaml_of(sections)
