"""The provider catalog, which is open to everybody."""

from __future__ import annotations

import pytest

from tests.client import Client


def test_the_catalog_holds_101_providers_by_their_keys(anonymous: Client):
    listed = anonymous.get("/providers")

    assert listed.status == 200
    assert len(listed.json) == 101
    assert {"salesforce", "hubspot", "zoomInfo", "mock"} <= listed.json.keys()
    assert all(info["name"] == key for key, info in listed.json.items())


@pytest.mark.parametrize(
    "credential",
    [
        {},
        {"key": "mock-full-key"},
        {"key": "nobody's key"},
        {"key": "mock-inactive-key"},
        {"bearer": "nonsense"},
    ],
)
@pytest.mark.parametrize("path", ["/providers", "/providers/salesforce"])
def test_credentials_are_not_looked_at(client: Client, credential: dict[str, str], path: str):
    assert client.as_(**credential).get(path).status == 200


def test_every_provider_is_answered_alone_as_it_is_listed(anonymous: Client):
    for key, info in anonymous.get("/providers").json.items():
        assert anonymous.get(f"/providers/{key}").json == info


def test_an_oauth_provider_says_how_to_connect(anonymous: Client):
    salesforce = anonymous.get("/providers/salesforce").json

    assert salesforce["authType"] == "oauth2"
    assert salesforce["oauth2Opts"]["grantType"] == "authorizationCodePKCE"
    assert salesforce["oauth2Opts"]["authURL"].startswith("https://{{.workspace}}.my.salesforce")
    assert salesforce["oauth2Opts"]["explicitWorkspaceRequired"] is True
    assert {"name": "workspace"} in salesforce["metadata"]["input"]


@pytest.mark.parametrize(
    ("wrong", "meant"), [("Salesforce", "salesforce"), ("salesforec", "salesforce")]
)
def test_an_unknown_provider_is_404_and_hints_at_the_nearest(
    anonymous: Client, wrong: str, meant: str
):
    refused = anonymous.get(f"/providers/{wrong}")

    assert refused.status == 404
    assert refused.media_type == "application/problem+json"
    assert f"did you mean {meant}?" in refused.json["remedy"]


def test_a_provider_that_resembles_none_is_404_without_a_guess(anonymous: Client):
    refused = anonymous.get("/providers/zzzzzzzzzzzzzzzzzzzzz")

    assert refused.status == 404
    assert "did you mean" not in refused.json["remedy"]
