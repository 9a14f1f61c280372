"""Integrations and revisions, through the door users use."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockserver.app import Mock
from tests.client import Client, Response
from tests.conftest import digest, make_mock
from tests.manifests import HUBSPOT, SALESFORCE, hubspot, integration, read_object, yaml_of
from tests.resources.test_yaml_text import LAUGHS

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


def creation(content: Any = None, **fields: Any) -> dict[str, Any]:
    """Return a body of createIntegration that is right."""
    given = content or integration("created")
    return {
        "name": given["name"],
        "provider": given["provider"],
        "latestRevision": {"specVersion": "1.0.0", "content": given},
        **fields,
    }


def names(client: Client) -> list[str]:
    return [one["name"] for one in client.get(INTEGRATIONS).json]


@pytest.fixture
def before(mock: Mock) -> Callable[[], str]:
    return lambda: digest(mock.sandbox.root)


# ------------------------------------------------------------------ finding them


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


# ------------------------------------------------------------------ creating one


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


# ------------------------------------------------------------------ deploying


def test_a_deployment_answers_what_it_deployed_in_the_manifests_order(client: Client):
    client.post(INTEGRATIONS, creation())

    answer = deploy(client, hubspot(), integration())

    assert answer.status == 200
    assert [one["name"] for one in answer.json] == [HUBSPOT, SALESFORCE]
    assert {"created", HUBSPOT, SALESFORCE} <= set(names(client))


def test_the_same_manifest_again_changes_nothing(client: Client, advance: Callable[[float], None]):
    first = deploy(client, integration(), hubspot()).json
    advance(60)

    assert deploy(client, integration(), hubspot()).json == first


def test_a_changed_manifest_gives_a_new_revision_and_leaves_the_others(
    client: Client, advance: Callable[[float], None]
):
    first, other = deploy(client, integration(), hubspot()).json
    advance(60)

    changed = deployed(client, integration(displayName="New", proxy={"enabled": True}))

    assert changed["id"] == first["id"]
    assert changed["createTime"] == first["createTime"]
    assert changed["updateTime"] == changed["latestRevision"]["createTime"]
    assert changed["latestRevision"]["id"] != first["latestRevision"]["id"]
    assert changed["latestRevision"]["content"]["displayName"] == "New"
    assert client.get(f"{INTEGRATIONS}/{HUBSPOT}").json == other


def test_a_setting_makes_a_revision_of_the_same_manifest():
    client = Client(make_mock(identical_deploy_creates_revision=True))
    first = deployed(client)

    second = deployed(client)

    assert second["id"] == first["id"]
    assert second["latestRevision"]["id"] != first["latestRevision"]["id"]
    assert second["latestRevision"]["content"] == first["latestRevision"]["content"]


def test_one_wrong_integration_keeps_all_from_being_deployed(
    client: Client, before: Callable[[], str]
):
    deployed(client)
    digest_before = before()

    refused = deploy(
        client, integration(proxy={"enabled": True}), hubspot(read={"objects": []})
    )

    assert refused.status == 422
    assert refused.issue_names == ["integrations[1].read.objects"]
    assert before() == digest_before


def test_an_integration_keeps_its_provider(client: Client, before: Callable[[], str]):
    made = deployed(client)
    digest_before = before()
    moved = hubspot() | {"name": SALESFORCE}

    for refused in (
        deploy(client, integration("new"), moved),
        client.post(
            f"{INTEGRATIONS}/{made['id']}/revisions",
            {"sourceYaml": yaml_of(integration("new"), moved)},
        ),
    ):
        assert refused.status == 422
        assert refused.issue_names == ["integrations[1].provider"]
        assert "keep salesforce" in refused.json["remedy"]
    assert before() == digest_before


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ({}, ["sourceYaml", "sourceZipUrl"]),
        ({"other": 1}, ["sourceYaml", "sourceZipUrl"]),
        ({"sourceYaml": yaml_of(), "sourceZipUrl": "gs://a/b"}, ["sourceYaml", "sourceZipUrl"]),
        ({"sourceYaml": 5}, ["sourceYaml"]),
        ({"sourceYaml": ""}, ["sourceYaml"]),
        ({"sourceYaml": "- 1"}, ["sourceYaml"]),
        ({"sourceYaml": "specVersion: ["}, ["sourceYaml"]),
        ({"sourceYaml": "a: \0"}, ["sourceYaml"]),
        ({"sourceYaml": LAUGHS}, ["sourceYaml"]),
        ({"sourceYaml": "a: 1\na: 2"}, ["sourceYaml"]),
        ({"sourceYaml": "specVersion: 1.0.0"}, ["integrations"]),
        ({"sourceYaml": "specVersion: 1.0\nintegrations: []"}, ["specVersion", "integrations"]),
        ({"sourceZipUrl": "gs://nowhere/x.zip"}, ["sourceZipUrl"]),
        ({"sourceZipUrl": "https://example.com/x.zip"}, ["sourceZipUrl"]),
        ({"sourceZipUrl": "file:///etc/passwd"}, ["sourceZipUrl"]),
        ({"sourceZipUrl": "http://[::1"}, ["sourceZipUrl"]),
        ({"sourceZipUrl": ""}, ["sourceZipUrl"]),
    ],
)
@pytest.mark.parametrize("operation", ["batch", "revision"])
def test_a_source_that_cannot_be_used_is_refused_and_changes_nothing(
    client: Client, before: Callable[[], str], operation: str, body: Any, places: list[str]
):
    made = deployed(client)
    digest_before = before()

    if operation == "batch":
        refused = client.put(BATCH, body)
    else:
        refused = client.post(f"{INTEGRATIONS}/{made['id']}/revisions", body)

    wrong_type = body.get("sourceYaml") == 5 and operation == "revision"
    assert refused.status == (400 if wrong_type else 422)
    assert refused.issue_names == places
    assert before() == digest_before


def test_a_bomb_is_refused_quickly(client: Client):
    started = time.perf_counter()

    assert client.put(BATCH, {"sourceYaml": LAUGHS}).status == 422

    assert time.perf_counter() - started < 2


def test_strict_mode_holds_a_yaml_manifest_to_the_contracts_letter(client: Client):
    declared = {"objectName": "contact", "destination": "defaultWebhook"}
    manifest = integration(read={"objects": [declared]})

    assert deploy(client, manifest).status == 200
    refused = deploy(Client(make_mock(strict=True)), manifest)

    assert refused.status == 422
    assert refused.issue_names == ["integrations[0].read.objects[0].schedule"]


@pytest.mark.parametrize("query", ["?destructive=maybe", "?destructive="])
def test_destructive_is_true_or_false(client: Client, query: str):
    refused = deploy(client, integration(), query=query)

    assert refused.status == 422
    assert refused.issue_names == ["destructive"]


# ------------------------------------------------------------------ revisions


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


# ------------------------------------------------------------------ installations


READS_TWO = integration(read={"objects": [read_object(), read_object("lead")]})


def install(client: Client, of: str, group: str) -> dict[str, Any]:
    """Install an integration with Salesforce for a group, which is connected if need be."""
    query = f"provider=salesforce&groupRef={group}"
    if not client.get(f"{PROJECT}/connections?{query}").json:
        connected = client.post(
            f"{PROJECT}/connections:generate",
            {
                "provider": "salesforce",
                "groupRef": group,
                "groupName": group,
                "consumerRef": f"user-of-{group}",
                "consumerName": "User",
                "providerWorkspaceRef": "acme",
                "oauth2AuthorizationCode": {
                    "accessToken": {"token": "at"},
                    "refreshToken": {"token": "rt"},
                },
            },
        )
        assert connected.status == 201, connected.body
    objects = {name: {"objectName": name} for name in ("contact", "lead")}
    made = client.post(
        f"{INTEGRATIONS}/{of}/installations",
        {
            "groupRef": group,
            "config": {"content": {"provider": "salesforce", "read": {"objects": objects}}},
        },
    )
    assert made.status == 201, made.body
    found: dict[str, Any] = made.json
    return found


def read_config(client: Client, installation: dict[str, Any]) -> dict[str, Any]:
    path = f"{INTEGRATIONS}/{SALESFORCE}/installations/{installation['id']}"
    found: dict[str, Any] = client.get(path).json["config"]
    return found


@pytest.mark.parametrize("operation", ["batch", "revision"])
@pytest.mark.parametrize("destructive", [False, True])
def test_a_destructive_deployment_pauses_what_is_not_read_any_more(
    client: Client, operation: str, destructive: bool
):
    deployed(client, READS_TWO)
    one, two = install(client, SALESFORCE, "group-1"), install(client, SALESFORCE, "group-2")
    source = {"sourceYaml": yaml_of(integration())}  # reads contacts only
    query = f"?destructive={str(destructive).lower()}"

    if operation == "batch":
        assert client.put(f"{BATCH}{query}", source).status == 200
    else:
        path = f"{INTEGRATIONS}/{SALESFORCE}/revisions{query}"
        assert client.post(path, source).status == 201

    for installation in (one, two):
        config = read_config(client, installation)
        objects = config["content"]["read"]["objects"]
        assert objects["lead"].get("disabled", False) is destructive
        assert "disabled" not in objects["contact"]
        assert config["revisionId"] == installation["config"]["revisionId"]


def test_deleting_an_integration_takes_its_installations_and_what_only_they_used(client: Client):
    deployed(client, READS_TWO, READS_TWO | {"name": "other"})
    kept = install(client, "other", "group-1")
    shared = install(client, SALESFORCE, "group-1")
    alone = install(client, SALESFORCE, "group-2")
    assert shared["connection"]["id"] == kept["connection"]["id"]

    deleted = client.delete(f"{INTEGRATIONS}/{SALESFORCE}")

    assert (deleted.status, deleted.body) == (204, b"")
    assert client.get(f"{INTEGRATIONS}/{SALESFORCE}").status == 404
    assert client.delete(f"{INTEGRATIONS}/{SALESFORCE}").status == 404
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


# ------------------------------------------------------------------ anything at all

_KEYS = st.sampled_from(
    ["specVersion", "integrations", "name", "provider", "read", "write", "objects", "objectName"]
    + ["destination", "schedule", "requiredFields", "fieldName", "subscribe", "proxy", "backfill"]
)
_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from(["1.0.0", "salesforce", "contact", "*/30 * * * *", "always"])
)
_TREES = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text() | st.text("abc:-[]{}&*!#|>'\"%@`, \n\t~?<0.1", max_size=60))
def test_any_text_is_answered(mock: Mock, text: str):
    answer = Client(mock).put(BATCH, {"sourceYaml": text})

    assert answer.status in {200, 400, 422}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(_TREES)
def test_any_integration_is_answered(mock: Mock, tree: Any):
    answer = deploy(Client(mock), tree, {"name": "a", "provider": "salesforce", "read": tree})

    assert answer.status in {200, 422}
