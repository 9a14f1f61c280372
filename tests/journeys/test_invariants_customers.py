"""What must hold of integrations, connections and what customers may see of them."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.app import Mock
from tests import consenting, uploading
from tests.client import Client
from tests.connecting import BASIC, generate, patch
from tests.customer_samples import HUBSPOT_CONNECTION
from tests.deploying import BATCH, INTEGRATIONS, deploy, deployed, names
from tests.manifests import yaml_of, zip_of
from tests.tokens import customer_token

P = "/projects/my-project"
PROD = "/projects/mailmonkey-prod"
APOLLO = {"name": "sync", "provider": "apollo", "proxy": {"enabled": True}}
CONFIG = {"content": {"provider": "apollo", "proxy": {"enabled": True}}}


@pytest.fixture
def prod(client: Client) -> Client:
    return client.as_(key="mock-prod-key")


def install(client: Client, integration: str = "sync", group: str = "group-1", **body: Any) -> Any:
    answer = client.post(
        f"{INTEGRATIONS}/{integration}/installations",
        {"groupRef": group, "config": CONFIG, **body},
    )
    assert answer.status == 201, answer.body
    return answer.json


def test_invariant_6_an_identical_deploy_changes_nothing_and_a_wrong_one_neither(client: Client):
    others = [one for one in client.get(INTEGRATIONS).json if one["name"] != "sync"]
    first = deployed(client, APOLLO)
    again = deployed(client, APOLLO)
    changed = deployed(client, {**APOLLO, "displayName": "Sync"})
    refused = deploy(client, {**APOLLO, "displayName": "Other"}, {"name": "x", "provider": "none"})

    assert first["id"] == again["id"] == changed["id"]
    assert first["latestRevision"]["id"] == again["latestRevision"]["id"]
    assert first["latestRevision"]["id"] != changed["latestRevision"]["id"]
    assert refused.status == 422
    assert client.get(INTEGRATIONS).json == [*others, changed]


def test_invariant_7_an_uploaded_zip_deploys_like_yaml_and_exactly_one_source_is_taken(
    client: Client,
):
    address = uploading.signed(client)
    uploading.put(client, address["url"], zip_of({"amp.yaml": yaml_of(APOLLO)}))
    source = uploading.gs(address)

    deployed_zip = client.put(BATCH, {"sourceZipUrl": source})

    assert deployed_zip.status == 200, deployed_zip.body
    assert deployed_zip.json == client.put(BATCH, {"sourceYaml": yaml_of(APOLLO)}).json
    assert client.put(BATCH, {}).status == 422
    both = {"sourceZipUrl": source, "sourceYaml": yaml_of(APOLLO)}
    assert client.put(BATCH, both).status == 422


def test_invariant_8_an_old_revision_stays_readable_and_an_installation_keeps_it(client: Client):
    old = deployed(client, APOLLO)["latestRevision"]["id"]
    connection = generate(client)
    made = install(client)

    new = deployed(client, {**APOLLO, "displayName": "Sync"})["latestRevision"]["id"]

    path = f"{INTEGRATIONS}/sync/revisions/{old}:hydrate?connectionId={connection['id']}"
    assert client.get(path).json["id"] == old
    one = f"{INTEGRATIONS}/sync/installations/{made['id']}"
    assert client.get(one).json["config"]["revisionId"] == old
    body = {"updateMask": ["connectionId"], "installation": {"connectionId": connection["id"]}}
    assert client.patch(one, body).json["config"]["revisionId"] == new


def test_invariant_9_a_group_installs_an_integration_once_with_a_connection_of_its_provider(
    client: Client,
):
    deployed(client, APOLLO)
    connection = generate(client)
    foreign = generate(client, provider="gong", apiKey=None, basicAuth=BASIC)

    wrong = client.post(
        f"{INTEGRATIONS}/sync/installations",
        {"groupRef": "group-1", "connectionId": foreign["id"], "config": CONFIG},
    )
    made = install(client)
    again = client.post(
        f"{INTEGRATIONS}/sync/installations", {"groupRef": "group-1", "config": CONFIG}
    )
    other = install(client, "my-integration")

    assert wrong.status in {400, 422}
    assert made["connection"]["id"] == other["connection"]["id"] == connection["id"]
    assert again.status == 400


def test_invariant_10_a_connection_goes_with_its_last_installation_and_not_before(client: Client):
    deployed(client, APOLLO)
    connection, first = generate(client), install(client)
    second = install(client, "my-integration")
    path = f"{P}/connections/{connection['id']}"

    assert client.delete(path).status == 400
    assert client.delete(f"{INTEGRATIONS}/sync/installations/{first['id']}").status == 204
    assert client.get(path).status == 200
    assert client.delete(path).status == 400
    last = f"{INTEGRATIONS}/my-integration/installations/{second['id']}"
    assert client.delete(last).status == 204
    assert client.get(path).status == 404
    unused = generate(client)
    assert client.delete(f"{P}/connections/{unused['id']}").status == 204


def test_invariant_11_an_integration_takes_its_installations_and_their_orphans_with_it(
    client: Client,
):
    deployed(client, APOLLO)
    orphan = generate(client, groupRef="group-1")
    shared = generate(client, groupRef="group-2")
    unused = generate(client, groupRef="group-3")
    install(client)
    install(client, group="group-2")
    kept = install(client, "my-integration", "group-2")

    assert client.delete(f"{INTEGRATIONS}/sync").status == 204

    assert "sync" not in names(client)
    assert [one["id"] for one in client.get(f"{P}/installations").json] == [kept["id"]]
    left = {one["id"] for one in client.get(f"{P}/connections").json}
    assert left == {shared["id"], unused["id"]}
    assert orphan["id"] not in left


def test_invariant_12_each_list_of_installations_is_within_the_wider_one(prod: Client):
    every = ids(prod, f"{PROD}/installations")
    of_group = ids(prod, f"{PROD}/installations?groupRef=xyz-company")
    of_both = ids(
        prod, f"{PROD}/integrations/hubspotIntegration/installations?groupRef=xyz-company"
    )

    assert of_both <= of_group < every
    assert of_both


def ids(client: Client, path: str) -> set[str]:
    return {one["id"] for one in client.get(path).json}


def test_invariant_15_secrets_of_a_connection_are_shown_as_asked_and_never_in_lists(prod: Client):
    path = f"{PROD}/connections/{HUBSPOT_CONNECTION}"
    access, refresh = b"mock-access-token-xyz", b"mock-refresh-token-xyz"

    def shown(query: str) -> tuple[bool, bool]:
        body = prod.get(f"{path}?{query}").body
        return access in body, refresh in body

    assert shown("") == (False, False)
    assert shown("includeCreds=true") == (True, False)
    assert shown("includeRefreshToken=true")[1]
    assert shown("includeCreds=true&includeRefreshToken=true") == (True, True)
    listed = prod.get(f"{PROD}/connections?includeCreds=true&includeRefreshToken=true").body
    assert access not in listed
    assert refresh not in listed


def test_invariant_16_a_forced_refresh_gives_a_new_token_and_a_fresh_one_is_left_alone(
    prod: Client,
):
    path = f"{PROD}/connections/{HUBSPOT_CONNECTION}?includeCreds=true"
    before = prod.get(path).json

    unneeded = prod.get(f"{path}&refresh=ifExpired").json
    forced = prod.get(f"{path}&refresh=force").json

    assert unneeded == before
    assert token_of(forced) != token_of(before)
    assert forced["status"] == "created"


def token_of(connection: Any) -> str:
    return str(connection["oauth2AuthorizationCode"]["accessToken"]["token"])


def test_invariant_17_credentials_of_another_scheme_are_refused_and_change_nothing(client: Client):
    made = generate(client)
    path = f"{P}/connections/{made['id']}?includeCreds=true"
    before = client.get(path).json

    refused = patch(client, made, ["basicAuth"], basicAuth=BASIC)

    assert refused.status == 400
    assert client.get(path).json == before
    assert before["apiKey"] == "key-1"


def test_invariant_19_a_customer_reaches_the_own_group_and_no_other(client: Client, mock: Mock):
    deployed(client, APOLLO)
    mine, theirs = generate(client), generate(client, groupRef="group-2")
    own, foreign = install(client), install(client, group="group-2")
    customer = client.as_(bearer=customer_token(mock))
    paths = {
        f"{P}/connections": (mine, theirs),
        f"{INTEGRATIONS}/sync/installations": (own, foreign),
    }

    for path, (reached, hidden) in paths.items():
        assert ids(customer, path) == {reached["id"]}
        assert customer.get(f"{path}/{reached['id']}").status == 200
        assert customer.get(f"{path}/{hidden['id']}").status in {403, 404}
        assert customer.delete(f"{path}/{hidden['id']}").status in {403, 404}
        assert customer.get(f"{path}?groupRef=group-2").status == 403


def test_invariant_33_nothing_is_connected_before_the_callback_and_a_state_counts_once(
    client: Client,
):
    url = consenting.begin(client)
    back = consenting.decide(client, url, "approve")
    before = client.get(f"{P}/connections").json

    page, message = consenting.come_back(client, back)
    after = client.get(f"{P}/connections").json
    again = consenting.visit(client, back)

    assert before == []
    assert page.status == 200
    assert [one["id"] for one in after] == [message["data"]["connection"]]
    assert again.status >= 400
    assert client.get(f"{P}/connections").json == after


def test_invariant_33_a_denied_consent_connects_nothing_and_says_so_to_the_opener(client: Client):
    back = consenting.decide(client, consenting.begin(client), "deny")

    _, message = consenting.come_back(client, back)

    assert message["eventType"] == "AUTHORIZATION_FAILED"
    assert client.get(f"{P}/connections").json == []
    assert back.startswith("http://127.0.0.1:4010/callbacks/v1/oauth?")
