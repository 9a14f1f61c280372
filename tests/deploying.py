"""Deploys manifests in tests."""

from __future__ import annotations

from typing import Any

from tests.client import Client, Response
from tests.manifests import yaml_of

PROJECT = "/projects/my-project"
INTEGRATIONS = f"{PROJECT}/integrations"
BATCH = f"{PROJECT}/integrations:batch"
NOBODY = "00000000-0000-4000-8000-000000000000"


def deploy(client: Client, *integrations: Any, query: str = "") -> Response:
    return client.put(f"{BATCH}{query}", {"sourceYaml": yaml_of(*integrations)})


def deployed(client: Client, *integrations: Any) -> dict[str, Any]:
    """Deploy one integration or more, and return the first as it is then."""
    answer = deploy(client, *integrations)
    assert answer.status == 200, answer.body
    found: dict[str, Any] = answer.json[0]
    return found


def names(client: Client) -> list[str]:
    return [one["name"] for one in client.get(INTEGRATIONS).json]
