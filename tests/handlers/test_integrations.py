"""Integrations: found and created, through the door users use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mockserver.app import Mock
from tests.client import Client
from tests.conftest import digest
from tests.deploying import INTEGRATIONS, NOBODY, deploy, deployed
from tests.manifests import SALESFORCE, integration, read_object


def creation(content: Any = None, **fields: Any) -> dict[str, Any]:
    """Return a body of createIntegration that is right."""
    given = content or integration("created")
    return {
        "name": given["name"],
        "provider": given["provider"],
        "latestRevision": {"specVersion": "1.0.0", "content": given},
        **fields,
    }


@pytest.fixture
def before(mock: Mock) -> Callable[[], str]:
    return lambda: digest(mock.sandbox.root)


def test_what_is_deployed_is_listed_once_and_found_by_id_and_by_name(client: Client):
    made = deployed(client)

    assert [one for one in client.get(INTEGRATIONS).json if one["name"] == SALESFORCE] == [made]
    assert client.get(f"{INTEGRATIONS}/{made['id']}").json == made
    assert client.get(f"{INTEGRATIONS}/{SALESFORCE}").json == made


@pytest.mark.parametrize("wanted", [NOBODY, "nobody", "SALESFORCESYNC"])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_an_absent_integration_is_404_with_its_parameter(client: Client, method: str, wanted: str):
    deployed(client)

    refused = client.call(method, f"{INTEGRATIONS}/{wanted}")

    parameter = "integrationIdOrName" if method == "GET" else "integrationId"
    assert refused.status == 404
    assert refused.issue_names == [parameter]


def test_integrations_belong_to_one_project(client: Client):
    made = deployed(client)
    staging = client.as_(key="mock-staging-key")

    for wanted in (made["id"], made["name"]):
        assert staging.get(f"/projects/mailmonkey-staging/integrations/{wanted}").status == 404
        assert staging.delete(f"/projects/mailmonkey-staging/integrations/{wanted}").status == 404
    assert client.get(f"{INTEGRATIONS}/{made['id']}").status == 200


def test_frontend_keys_read_integrations_and_change_none(client: Client):
    made = deployed(client)
    frontend = client.as_(key="mock-frontend-key")

    assert made in frontend.get(INTEGRATIONS).json
    assert frontend.get(f"{INTEGRATIONS}/{made['id']}").json == made
    assert deploy(frontend).status == 403
    assert frontend.post(INTEGRATIONS, creation()).status == 403
    assert frontend.delete(f"{INTEGRATIONS}/{made['id']}").status == 403
    assert frontend.post(f"{INTEGRATIONS}/{made['id']}/revisions", {"sourceYaml": ""}).status == 403


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/projects/%FF/integrations"), ("DELETE", f"{INTEGRATIONS}/%FF")]
)
def test_a_path_that_is_no_text_gets_the_declared_422(client: Client, method: str, path: str):
    assert client.call(method, path).status == 422


def test_an_integration_is_created_with_an_empty_answer(client: Client):
    created = client.post(INTEGRATIONS, creation())

    assert (created.status, created.body, created.media_type) == (201, b"", None)
    assert created.headers["content-length"] == "0"
    found = client.get(f"{INTEGRATIONS}/created").json
    assert found["provider"] == "salesforce"
    assert found["latestRevision"]["specVersion"] == "1.0.0"
    assert found["latestRevision"]["content"] == integration("created")


def test_a_created_integration_keeps_what_the_manifest_schema_knows(client: Client):
    declared = {"objectName": "contact", "destination": "defaultWebhook", "size": 5}
    content = {**integration("created", read={"objects": [declared]}), "color": "blue"}

    assert client.post(INTEGRATIONS, creation(content)).status == 201

    found = client.get(f"{INTEGRATIONS}/created").json["latestRevision"]["content"]
    assert found == integration(
        "created",
        read={
            "objects": [
                {"objectName": "contact", "destination": "defaultWebhook", "schedule": ""},
            ]
        },
    )


WRONG_CREATIONS: dict[str, tuple[dict[str, Any], int, list[str]]] = {
    "another name": (creation(name="other"), 400, ["latestRevision.content.name"]),
    "another provider": (
        creation(provider="hubspot"),
        400,
        ["latestRevision.content.provider"],
    ),
    "no revision": ({"name": "a", "provider": "hubspot"}, 400, ["latestRevision"]),
    "wrong type": (
        creation(integration("created", read={"objects": {}})),
        400,
        ["latestRevision.content.read.objects"],
    ),
    "another version": (
        creation(latestRevision={"specVersion": "1.0", "content": integration("created")}),
        422,
        ["latestRevision.specVersion"],
    ),
    "unknown provider": (
        creation(integration("created", "nobody")),
        422,
        ["latestRevision.content.provider"],
    ),
    "a schedule too often": (
        creation(integration("created", read={"objects": [read_object(schedule="* * * * *")]})),
        422,
        ["latestRevision.content.read.objects[0].schedule"],
    ),
    "does nothing": (
        creation({"name": "created", "provider": "salesforce"}),
        422,
        ["latestRevision.content"],
    ),
}


@pytest.mark.parametrize("name", WRONG_CREATIONS)
def test_a_wrong_creation_is_refused_and_changes_nothing(
    client: Client, before: Callable[[], str], name: str
):
    body, status, places = WRONG_CREATIONS[name]
    digest_before = before()

    refused = client.post(INTEGRATIONS, body)

    assert refused.status == status
    assert refused.issue_names == places
    assert before() == digest_before


def test_a_name_is_taken_once_per_project(client: Client):
    assert client.post(INTEGRATIONS, creation()).status == 201

    refused = client.post(INTEGRATIONS, creation())

    assert refused.status == 422
    assert refused.issue_names == ["name"]
    other = client.as_(key="mock-staging-key")
    assert other.post("/projects/mailmonkey-staging/integrations", creation()).status == 201
