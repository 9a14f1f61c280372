"""What must hold of installations, their operations and the fields of a customer's account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.client import Client, Response
from tests.connecting import imported
from tests.customer_samples import HUBSPOT_CONNECTION, HUBSPOT_INSTALLATION

PROD = "/projects/mailmonkey-prod"
HUBSPOT = f"{PROD}/integrations/hubspotIntegration"
SALESFORCE = f"{PROD}/integrations/mailmonkey-salesforce"
INSTALLATION = f"{HUBSPOT}/installations/{HUBSPOT_INSTALLATION}"
OPERATIONS = f"{INSTALLATION}/operations"
GROUP = "xyz-company"
FIELD = {"fieldName": "loyalty_tier", "displayName": "Loyalty tier", "valueType": "string"}


@pytest.fixture
def prod(client: Client) -> Client:
    return client.as_(key="mock-prod-key")


def change(
    client: Client, *changes: dict[str, Any], name: str = "contacts", **who: str
) -> Response:
    body = {"action": "read", "changes": list(changes), **(who or {"groupRef": GROUP})}
    return client.patch(f"{HUBSPOT}/objects/{name}/config-content", body)


def add(field: str) -> dict[str, Any]:
    return {"op": "add", "path": f"/selectedFields/{field}", "value": True}


REMOVE_MISSING = {"op": "remove", "path": "/selectedFields/nothing"}
MOVE = {"op": "move", "from": "/selectedFields/phone", "path": "/selectedFields/fax"}


@pytest.mark.parametrize(
    ("changes", "name", "who", "status"),
    [
        ([add("city"), REMOVE_MISSING], "contacts", {"groupRef": GROUP}, 400),
        ([REMOVE_MISSING], "contacts", {"groupRef": GROUP}, 400),
        ([MOVE], "contacts", {"groupRef": GROUP}, 400),
        (
            [add("city")],
            "contacts",
            {"groupRef": GROUP, "installationId": HUBSPOT_INSTALLATION},
            400,
        ),
        ([add("city")], "unheardOf", {"groupRef": GROUP}, 400),
        ([add("city")], "contacts", {"groupRef": "nobody"}, 404),
    ],
)
def test_invariant_13_a_patch_that_cannot_be_applied_whole_is_not_applied_at_all(
    prod: Client, changes: list[dict[str, Any]], name: str, who: dict[str, str], status: int
):
    before = prod.get(INSTALLATION).json

    refused = change(prod, *changes, name=name, **who)

    assert refused.status == status
    assert prod.get(INSTALLATION).json == before
    assert change(prod, add("city")).status == 200


def test_invariant_14_every_successful_update_gives_the_config_another_id(prod: Client):
    body = {
        "updateMask": ["connectionId"],
        "installation": {"connectionId": HUBSPOT_CONNECTION},
    }
    seen = [prod.get(INSTALLATION).json["config"]["id"]]

    for update in (lambda: prod.patch(INSTALLATION, body), lambda: change(prod, add("city"))):
        answer = update()
        assert answer.status == 200
        seen.append(answer.json["config"]["id"])
        assert prod.get(INSTALLATION).json["config"]["id"] == seen[-1]
    change(prod, REMOVE_MISSING)

    assert prod.get(INSTALLATION).json["config"]["id"] == seen[-1]
    assert len(set(seen)) == 3


def test_invariant_24_pages_of_one_give_every_operation_once_in_order_and_end(prod: Client):
    every = prod.get(OPERATIONS).json
    walked: list[str] = []
    query = "pageSize=1"
    while True:
        page = prod.get(f"{OPERATIONS}?{query}").json
        walked += [one["id"] for one in page["results"]]
        assert len(page["results"]) == 1
        if page["pagination"]["done"]:
            break
        query = f"pageSize=1&pageToken={page['pagination']['nextPageToken']}"

    assert walked == [one["id"] for one in every["results"]]
    assert len(set(walked)) == len(walked) > 2
    assert every["pagination"] == page["pagination"] == {"done": True}


def test_invariant_24_a_token_is_good_for_its_installation_only(prod: Client):
    token = prod.get(f"{OPERATIONS}?pageSize=1").json["pagination"]["nextPageToken"]
    (other,) = prod.get(f"{SALESFORCE}/installations").json

    path = f"{SALESFORCE}/installations/{other['id']}/operations"

    assert prod.get(f"{path}?pageToken={token}").status == 400
    assert prod.get(f"{OPERATIONS}?pageToken={token}").status == 200
    for size in ("0", "1001", "abc"):
        assert prod.get(f"{OPERATIONS}?pageSize={size}").status == 400


def test_invariant_25_a_backfill_only_moves_forward_and_estimates_where_it_can(
    client: Client, advance: Callable[[float], None]
):
    imported(client)
    integration = "/projects/my-project/integrations/oauth-integration"
    body = {
        "groupRef": "group-1",
        "config": {"content": {"provider": "hubspot", "read": {"objects": {"contacts": CONTACTS}}}},
    }
    made = client.post(f"{integration}/installations", body)
    assert made.status == 201, made.body
    path = f"{integration}/installations/{made.json['id']}/objects"
    seen = []
    for _ in range(60):
        seen.append(client.get(f"{path}/contacts/backfill-progress").json)
        advance(20)

    counts = [one["recordsProcessed"] for one in seen]
    (estimate,) = {one["recordsEstimatedTotal"] for one in seen}
    assert counts == sorted(counts)
    assert counts[0] < counts[-1] == estimate
    assert client.get(f"{path}/companies/backfill-progress").status == 404


CONTACTS = {"objectName": "contacts", "selectedFields": {"phone": True}}


def test_invariant_25_an_object_that_was_never_backfilled_has_no_progress(prod: Client):
    assert prod.get(f"{INSTALLATION}/objects/contacts/backfill-progress").status == 404


def test_invariant_26_the_last_status_of_an_installation_is_that_of_its_newest_operation(
    prod: Client,
):
    for integration in (HUBSPOT, SALESFORCE):
        for installation in prod.get(f"{integration}/installations").json:
            path = f"{integration}/installations/{installation['id']}/operations"
            found = prod.get(path).json["results"]
            newest = max(found, key=lambda one: one["createTime"], default=None)
            status = newest["status"] if newest else None
            assert installation.get("lastOperationStatus") == status


def test_invariant_27_a_field_that_is_made_is_seen_as_custom_by_its_group_alone(prod: Client):
    upsert = f"{HUBSPOT}/object-metadata"
    other = {
        "groupRef": "group-9",
        "consumerRef": "user-9",
        "provider": "hubspot",
        "oauth2AuthorizationCode": {"accessToken": {"token": "access-9"}},
    }
    assert prod.post(f"{PROD}/connections:generate", other).status == 201
    body = {"groupRef": GROUP, "fields": {"contacts": [FIELD]}}

    first = prod.put(upsert, body).json
    again = prod.put(upsert, body).json
    changed = prod.put(
        upsert, {**body, "fields": {"contacts": [{**FIELD, "displayName": "Tier"}]}}
    ).json

    actions = [
        answer["fields"]["contacts"]["loyalty_tier"]["action"] for answer in (first, again, changed)
    ]
    assert actions == ["create", "none", "update"]
    assert fields(prod, GROUP)["loyalty_tier"]["isCustom"] is True
    assert "loyalty_tier" not in fields(prod, "group-9")
    assert b'"loyalty_tier"' in hydrated(prod).body


def hydrated(client: Client) -> Response:
    revision = client.get(HUBSPOT).json["latestRevision"]["id"]
    return client.get(f"{HUBSPOT}/revisions/{revision}:hydrate?connectionId={HUBSPOT_CONNECTION}")


def test_invariant_27_fields_are_made_in_salesforce_and_hubspot_only(prod: Client):
    body = {"groupRef": "group-123", "fields": {"contacts": [FIELD]}}

    assert prod.put(f"{PROD}/providers/apollo/object-metadata", body).status == 400


def fields(client: Client, group: str, query: str = "") -> dict[str, dict[str, Any]]:
    path = f"{PROD}/providers/hubspot/objects/contacts/metadata?groupRef={group}{query}"
    found: dict[str, dict[str, Any]] = client.get(path).json["fields"]
    return found


def test_invariant_28_read_only_fields_can_be_left_out_and_nothing_else_goes(prod: Client):
    every = fields(prod, GROUP)
    writable = fields(prod, GROUP, "&excludeReadOnly=true")

    assert writable == {name: one for name, one in every.items() if not one.get("readOnly")}
    assert len(writable) < len(every)


def test_invariant_28_only_an_installation_tells_what_its_object_is_mapped_to(prod: Client):
    query = f"metadata?groupRef={GROUP}"

    mapped = prod.get(f"{HUBSPOT}/objects/contacts/{query}").json
    plain = prod.get(f"{PROD}/providers/hubspot/objects/contacts/{query}").json

    assert mapped["mappedObjectName"] == "person"
    assert "mappedObjectName" not in plain
