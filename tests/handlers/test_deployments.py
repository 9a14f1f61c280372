"""Deployments: manifests that become integrations, through the door users use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockserver.app import Mock
from tests.client import Client
from tests.conftest import digest, make_mock
from tests.deploying import BATCH, INTEGRATIONS, deploy, deployed, names
from tests.manifests import HUBSPOT, LAUGHS, SALESFORCE, hubspot, integration, yaml_of


@pytest.fixture
def before(mock: Mock) -> Callable[[], str]:
    return lambda: digest(mock.sandbox.root)


def test_a_deployment_answers_what_it_deployed_in_the_manifests_order(client: Client):
    deployed(client, integration("earlier"))

    answer = deploy(client, hubspot(), integration())

    assert answer.status == 200
    assert [one["name"] for one in answer.json] == [HUBSPOT, SALESFORCE]
    assert {"earlier", HUBSPOT, SALESFORCE} <= set(names(client))


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

    refused = deploy(client, integration(proxy={"enabled": True}), hubspot(read={"objects": []}))

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
        pytest.param({"sourceYaml": LAUGHS}, ["sourceYaml"], id="laughs"),
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


@pytest.mark.timeout(60)  # a guard against hanging: quadratic work takes far longer
def test_a_bomb_is_refused_quickly(client: Client):

    assert client.put(BATCH, {"sourceYaml": LAUGHS}).status == 422


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


_KEYS = st.sampled_from(
    [
        *("specVersion", "integrations", "name", "provider", "read", "write", "subscribe", "proxy"),
        *("objects", "objectName", "destination", "schedule", "requiredFields", "fieldName"),
    ]
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
