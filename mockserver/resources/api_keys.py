"""API keys of a project: their scopes, and whether they are active."""

from __future__ import annotations

from typing import Any

from mockserver.rules import records
from mockserver.rules.errors import Issue, Kind, Refused
from mockserver.rules.resource import Masks, Reference, Resource
from mockserver.rules.work import Work
from mockserver.state.tables import Record

#: Source: the scopes that the contract's examples name.
SCOPES = ("full", "frontend")
#: Assumed: a key made without scopes may do everything.
DEFAULT_SCOPES = ("full",)

API_KEYS = Resource(
    name="apiKeys",
    noun="API key",
    component="ApiKey",
    key="key",
    scope="projectId",
    owner="projects",
    filters=("active",),
    references=(Reference("projectId", "projects", "project", on_delete="cascade"),),
    masks=Masks("apiKey", ("active", "label", "scopes")),
    hidden=frozenset({"createTime", "updateTime"}),
)


def create(work: Work, project_id: str, body: Record) -> Record:
    """Create an active key. Source: createApiKey."""
    scopes = body.get("scopes", list(DEFAULT_SCOPES))
    check_scopes(scopes, "scopes")
    fields: dict[str, Any] = {
        "key": work.new_key("apiKeys"),
        "projectId": project_id,
        "label": body["label"],
        "scopes": scopes,
        "active": True,
    }
    return records.create(work, API_KEYS, fields)


def check(key: Record, *, prefix: str) -> None:
    """Check a changed key. Source: updateApiKey."""
    check_scopes(key["scopes"], f"{prefix}scopes")


def check_scopes(scopes: list[str], name: str) -> None:
    """Check the scopes of a key. Assumed: at least one, and none that nobody knows.

    Raises:
        Refused: INVALID, naming each wrong scope.
    """
    remedy = "use 'full', 'frontend' or both"
    issues = [
        Issue("body", f"{name}[{number}]", "unknown scope", scope, remedy)
        for number, scope in enumerate(scopes)
        if scope not in SCOPES
    ]
    if not scopes:
        issues = [Issue("body", name, "a key needs a scope", scopes, remedy)]
    if issues:
        raise Refused(Kind.INVALID, issues[0].detail, remedy=remedy, issues=issues)
