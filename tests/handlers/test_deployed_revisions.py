"""New revisions, and what becomes of installations when integrations change or go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mockserver.app import Mock
from tests.client import Client
from tests.conftest import digest
from tests.connecting import generate
from tests.deploying import BATCH, INTEGRATIONS, NOBODY, PROJECT, deployed, names
from tests.manifests import HUBSPOT, hubspot, integration, read_object, yaml_of


@pytest.fixture
def before(mock: Mock) -> Callable[[], str]:
    return lambda: digest(mock.sandbox.root)


@pytest.mark.parametrize("by", ["id", "name"])
def test_a_revision_is_created_with_an_empty_answer(client: Client, by: str):
    made = deployed(client)
    manifest = yaml_of(hubspot(), integration(proxy={"enabled": True}))

    created = client.post(f"{INTEGRATIONS}/{made[by]}/revisions", {"sourceYaml": manifest})

    assert (created.status, created.body, created.media_type) == (201, b"", None)
    latest = client.get(f"{INTEGRATIONS}/{made['id']}").json["latestRevision"]
    assert latest["id"] != made["latestRevision"]["id"]
    assert latest["content"] == integration(proxy={"enabled": True})
    assert HUBSPOT not in names(client)


def test_a_revision_is_made_even_of_what_did_not_change(client: Client):
    made = deployed(client)

    client.post(f"{INTEGRATIONS}/{made['id']}/revisions", {"sourceYaml": yaml_of()})

    latest = client.get(f"{INTEGRATIONS}/{made['id']}").json["latestRevision"]
    assert latest["id"] != made["latestRevision"]["id"]
    assert latest["content"] == made["latestRevision"]["content"]


def test_a_revision_needs_a_manifest_that_has_the_integration(
    client: Client, before: Callable[[], str]
):
    made = deployed(client)
    digest_before = before()

    refused = client.post(
        f"{INTEGRATIONS}/{made['id']}/revisions", {"sourceYaml": yaml_of(hubspot())}
    )

    assert refused.status == 422
    assert refused.issue_names == ["integrations"]
    assert before() == digest_before


def test_a_revision_of_nothing_is_404(client: Client):
    refused = client.post(f"{INTEGRATIONS}/{NOBODY}/revisions", {"sourceYaml": yaml_of()})

    assert refused.status == 404


APOLLO = "apolloSync"
READS_ONE = integration(APOLLO, "apollo", read={"objects": [read_object("contacts")]})
READS_TWO = integration(
    APOLLO, "apollo", read={"objects": [read_object("contacts"), read_object("accounts")]}
)


def install(client: Client, of: str, group: str) -> dict[str, Any]:
    """Install an integration with Apollo for a group, which is connected if need be."""
    if not client.get(f"{PROJECT}/connections?provider=apollo&groupRef={group}").json:
        generate(client, groupRef=group)
    objects = {name: {"objectName": name} for name in ("contacts", "accounts")}
    content = {"provider": "apollo", "read": {"objects": objects}}
    made = client.post(
        f"{INTEGRATIONS}/{of}/installations", {"groupRef": group, "config": {"content": content}}
    )
    assert made.status == 201, made.body
    found: dict[str, Any] = made.json
    return found


def read_config(client: Client, installation: dict[str, Any]) -> dict[str, Any]:
    path = f"{INTEGRATIONS}/{APOLLO}/installations/{installation['id']}"
    found: dict[str, Any] = client.get(path).json["config"]
    return found


@pytest.mark.parametrize("operation", ["batch", "revision"])
@pytest.mark.parametrize("destructive", [False, True])
def test_a_destructive_deployment_pauses_what_is_not_read_any_more(
    client: Client, operation: str, destructive: bool
):
    deployed(client, READS_TWO)
    one, two = install(client, APOLLO, "group-1"), install(client, APOLLO, "group-2")
    source = {"sourceYaml": yaml_of(READS_ONE)}
    query = f"?destructive={str(destructive).lower()}"

    if operation == "batch":
        assert client.put(f"{BATCH}{query}", source).status == 200
    else:
        path = f"{INTEGRATIONS}/{APOLLO}/revisions{query}"
        assert client.post(path, source).status == 201

    for installation in (one, two):
        config = read_config(client, installation)
        objects = config["content"]["read"]["objects"]
        assert objects["accounts"].get("disabled", False) is destructive
        assert "disabled" not in objects["contacts"]
        assert config["revisionId"] == installation["config"]["revisionId"]


def test_deleting_an_integration_takes_its_installations_and_what_only_they_used(client: Client):
    deployed(client, READS_TWO, READS_TWO | {"name": "other"})
    kept = install(client, "other", "group-1")
    shared = install(client, APOLLO, "group-1")
    alone = install(client, APOLLO, "group-2")
    assert shared["connection"]["id"] == kept["connection"]["id"]

    deleted = client.delete(f"{INTEGRATIONS}/{APOLLO}")

    assert (deleted.status, deleted.body) == (204, b"")
    assert client.get(f"{INTEGRATIONS}/{APOLLO}").status == 404
    assert client.delete(f"{INTEGRATIONS}/{APOLLO}").status == 404
    left = {one["id"] for one in client.get(f"{PROJECT}/installations").json}
    assert kept["id"] in left
    assert not left & {shared["id"], alone["id"]}
    connections = {one["id"] for one in client.get(f"{PROJECT}/connections").json}
    assert kept["connection"]["id"] in connections
    assert alone["connection"]["id"] not in connections


def test_deleting_an_integration_takes_its_revisions(client: Client, mock: Mock):
    untouched = digest(mock.sandbox.root)
    made = deployed(client)
    deployed(client, integration(proxy={"enabled": True}))
    assert digest(mock.sandbox.root) != untouched

    client.delete(f"{INTEGRATIONS}/{made['id']}")

    tables = mock.sandbox.root.tables
    assert [one for one in tables["revisions"] if one["integrationId"] == made["id"]] == []
