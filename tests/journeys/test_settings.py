"""What each switch changes; both positions of every switch that has an effect."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mockserver.settings import SettingError
from tests import calls
from tests.client import Client
from tests.conftest import digest, make_mock

BEARER_ONLY = [o.operation_id for o in calls.every() if o.schemes == {"Bearer"}]
BUILDERS_UPSTREAM = [
    "getOrg",
    "updateOrg",
    "listOrgBuilders",
    "createOrgInvite",
    "listOrgInvites",
    "getOrgInvite",
    "deleteOrgInvite",
    "getOrgBillingAccount",
    "listOrgClaimedDomains",
]


def using(**settings: Any) -> Client:
    return Client(make_mock(**settings))


@pytest.mark.parametrize("name", BEARER_ONLY)
def test_a_full_key_may_call_for_its_owner_where_the_setting_lets_it(name: str):
    # Not recorded: the contract has no such switch, so its judge would rightly object.
    opened, closed = (using(bearer_only_accepts_api_key=on, record="") for on in (True, False))

    assert calls.make(opened, name).status == int(calls.CONTRACT.operations[name].success.status)
    assert calls.make(opened.as_(key="mock-frontend-key"), name).status == 403
    assert calls.make(closed, name).status == 401


def test_a_key_that_calls_for_its_owner_is_shown_the_owner():
    opened = using(bearer_only_accepts_api_key=True, record="")

    assert opened.get("/my-info").json["builder"]["id"] == calls.JANE


def test_a_key_has_nobody_to_call_for_without_an_owner(tmp_path: Path):
    fixture = tmp_path / "ownerless.yaml"
    fixture.write_text(
        "orgs: [{label: Nobody's}]\n"
        'projects: [{name: lonely, appName: Lonely, orgId: "Nobody\'s"}]\n'
        "apiKeys: [{key: lonely-key, projectId: lonely, label: Key}]\n"
    )
    opened = using(bearer_only_accepts_api_key=True, fixture=str(fixture))

    assert opened.as_(key="lonely-key").get("/my-info").status == 403


@pytest.mark.parametrize("name", BUILDERS_UPSTREAM)
def test_organizations_are_closed_to_keys_where_the_setting_says_so(name: str):
    strict, usual = (using(strict_bearer_org=on) for on in (True, False))

    refused = calls.make(strict, name)

    assert refused.status == 403
    assert refused.json["detail"] == "this endpoint requires a builder session token"
    assert calls.make(strict.as_(bearer="mock-builder-token"), name).status < 300
    assert calls.make(usual, name).status < 300


def test_a_strict_mock_takes_no_body_beyond_the_letter_of_the_contract():
    strict = using(strict=True)
    keys, webhook = (
        "/projects/my-project/jwt-keys",
        "/projects/my-project/destinations/defaultWebhook",
    )
    whole = {
        "updateMask": ["metadata"],
        "destination": {"metadata": {"url": "https://example.com"}},
    }
    sample = calls.SAMPLES["createJWTKey"].body
    legacy = {"name": "a", "algorithm": "RS256", "publicKeyPem": calls.SHORT_PEM}

    assert strict.post(keys, sample).status == 201
    assert strict.post(keys, {**sample, "algorithm": "RSA"}).status == 400
    assert strict.post(keys, legacy).status == 400
    assert strict.patch(webhook, whole).status == 400
    assert using(strict=False).patch(webhook, whole).status == 200


def test_oauth_connect_takes_either_name_of_the_project_while_the_setting_allows_it():
    others = {"groupRef": "g", "consumerRef": "c", "provider": "hubspot"}
    by_id = {**others, "projectId": "my-project"}
    by_either = {**others, "projectIdOrName": "my-project"}
    both, one = (using(accept_legacy_project_key=on) for on in (True, False))

    assert both.post("/oauth-connect", by_id).status != 400
    assert both.post("/oauth-connect", by_either).status != 400
    assert one.post("/oauth-connect", by_id).status != 400
    refused = one.post("/oauth-connect", by_either)
    assert (refused.status, refused.issue_names) == (400, ["projectId"])


def test_without_that_name_the_other_relaxations_stay():
    client = using(accept_legacy_project_key=False)
    body = {**calls.SAMPLES["createJWTKey"].body, "algorithm": "RSA"}

    assert client.post("/projects/my-project/jwt-keys", body).status == 201


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_catalog_of_ones_own_is_served_and_checked_against(tmp_path: Path, wrapped: bool):
    hubspot = using().get("/providers/hubspot").json
    catalog = {"acmeCrm": {**hubspot, "name": "acmeCrm", "displayName": "Acme CRM"}}
    file = tmp_path / "catalog.json"
    file.write_text(json.dumps({"timestamp": "now", "catalog": catalog} if wrapped else catalog))
    fixture = tmp_path / "small.yaml"
    fixture.write_text(
        "orgs: [{label: Acme}]\n"
        "projects: [{name: small, appName: Small, orgId: Acme}]\n"
        "apiKeys: [{key: small-key, projectId: small, label: Key}]\n"
    )
    client = using(catalog=str(file), fixture=str(fixture)).as_(key="small-key")
    app = {"clientId": "a", "clientSecret": "b", "scopes": ["c"]}

    assert client.get("/providers").json == catalog
    assert client.get("/providers/hubspot").status == 404
    made = client.post("/projects/small/provider-apps", {**app, "provider": "acmeCrm"})
    other = client.post("/projects/small/provider-apps", {**app, "provider": "hubspot"})
    assert (made.status, other.status) == (200, 422)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a": {"name": "a"}}', '{"catalog": 5}'])
def test_a_catalog_that_cannot_be_used_is_refused_at_the_start(tmp_path: Path, text: str):
    file = tmp_path / "catalog.json"
    file.write_text(text)

    with pytest.raises(SettingError, match=r"catalog\.json"):
        make_mock(catalog=str(file))


def test_a_public_url_begins_every_absolute_address():
    body = calls.SAMPLES["createBillingAccountSession"].body
    path = calls.path_of("createBillingAccountSession")
    named, unnamed = using(public_url="https://mock.example.com/"), using()

    assert named.post(path, body).json["url"].startswith("https://mock.example.com/_provider/")
    assert unnamed.post(path, body).json["url"].startswith("http://127.0.0.1:4010/_provider/")


def test_one_seed_makes_one_world_and_another_seed_another():
    def story(seed: int) -> tuple[list[bytes], str]:
        client = using(seed=seed)
        names = ("createTopic", "createApiKey", "createJWTKey", "createDestination")
        answers = [calls.make(client, name).body for name in names]
        secret = client.get(f"{calls.path_of('listDestinations')}/newHook?includeSecrets=true")
        return [*answers, secret.body], digest(client.mock.sandbox.root)

    first, again, other = story(7), story(7), story(8)

    assert first == again
    assert first[1] != other[1]
    assert all(one != two for one, two in zip(first[0], other[0], strict=True))


@pytest.mark.parametrize(("fixture", "projects"), [("acme", 4), ("empty", 1)])
def test_a_fixture_says_what_is_there_at_the_start(fixture: str, projects: int):
    mock = make_mock(fixture=fixture)

    assert len(mock.sandbox.root.tables["projects"]) == projects


def test_an_answer_may_be_made_to_wait():
    assert using(latency=1).get("/projects").status == 200
