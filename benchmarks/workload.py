"""What is asked of every server: the routes, and what a right answer is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

KEY = {"X-Api-Key": "mock-full-key"}
PROJECT = "my-project"
CONNECTIONS = 20
#: What is posted to see whether an answer is right: it must be what comes back.
POSTED: Mapping[str, str] = MappingProxyType({"name": "bench-posted"})


@dataclass(frozen=True)
class Route:
    """One request that is measured."""

    name: str
    operation_id: str
    path: str  # below the base path
    status: int
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=lambda: KEY)
    is_right: Callable[[Any], bool] = bool


def _is_project(body: Any) -> bool:
    return isinstance(body, dict) and body.get("name") == PROJECT


def _are_connections(body: Any) -> bool:
    return isinstance(body, list) and len(body) == CONNECTIONS


def _is_topic(body: Any) -> bool:
    return isinstance(body, dict) and body.get("name") == POSTED["name"]


def _are_providers(body: Any) -> bool:
    return isinstance(body, dict) and len(body) >= 100


ROUTES: tuple[Route, ...] = (
    Route("project", "getProject", f"/projects/{PROJECT}", 200, is_right=_is_project),
    Route(
        "connections",
        "listConnections",
        f"/projects/{PROJECT}/connections",
        200,
        is_right=_are_connections,
    ),
    Route("topic", "createTopic", f"/projects/{PROJECT}/topics", 201, "POST", is_right=_is_topic),
    Route("providers", "listProviders", "/providers", 200, is_right=_are_providers),
    Route("401", "getProject", f"/projects/{PROJECT}", 401, headers={"X-Api-Key": "wrong"}),
    Route("404", "getProject", "/projects/no-such-project", 404),
)
