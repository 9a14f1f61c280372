"""The contract's text has not changed, and least of all the sentences that rules rest on.

When a pin fails, read the sentence and the rule beside it, decide whether the rule still holds,
then pin the new text.
"""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from mockserver.contract.documents import read_yaml, spec_directory

API = spec_directory() / "api" / "api.yaml"
CONTRACT = "2a4982834f25b0d07cc44ecd6d82ccfbf184d664e18f388d689c8583c7861bcc"
_FIELDS = "requestBody content application/json schema properties"
_SCHEMAS = "components schemas"
_DOMAIN = "84f4be397e646454"

#: operationId (or "" for the document), where its description stands, its hash, what rests on it.
PINS = [
    ("createTopic", f"{_FIELDS} name", "efeb03b37d10cb35", "resources.topics.check"),
    ("createTopic", "responses 409", "38b87bf040ba900d", "resources.topics: unique names"),
    ("updateTopic", "responses 409", "38b87bf040ba900d", "resources.topics: unique names"),
    ("createDestination", f"{_FIELDS} name", "e15c4c222610b4b0", "resources.destinations.check"),
    ("updateDestination", f"{_FIELDS} updateMask", "4ca4a316c4675938", "destinations' masks"),
    ("getDestination", "parameters 2", "81e39876c8b152dd", "destinations.shown_secrets"),
    ("getDestination", "parameters 3", "ec44a0943cf2bed2", "destinations.rotate"),
    (
        "",
        f"{_SCHEMAS} DestinationWithSecrets properties secrets properties webhookSigningKey",
        "951a374d7db53751",
        "destinations.shown_secrets: webhooks only",
    ),
    ("createProject", f"{_FIELDS} name", "54daf562d05b8ed1", "projects: names, lower case"),
    ("createProject", "responses 422", "ca8fead10c4ba59a", "projects.check is UNPROCESSABLE"),
    ("updateProject", f"{_FIELDS} updateMask", "6c876a4a79438f03", "projects' masks"),
    ("updateProject", f"{_FIELDS} project", "723dc8e76d28c621", "masks: unnamed fields ignored"),
    ("getProject", "parameters 1", "a1512c57df6b9d60", "projects.with_entitlements"),
    (
        "",
        f"{_SCHEMAS} Project properties entitlements",
        "c788e9041707557c",
        "projects: entitlements come from fixtures only",
    ),
    ("updateProviderApp", f"{_FIELDS} updateMask", "bbcb93760089063c", "provider apps' masks"),
    ("updateOrg", f"{_FIELDS} updateMask", "a3f930e2c8f4e924", "organizations' masks"),
    (
        "",
        f"{_SCHEMAS} PatchApiKeyRequest properties updateMask",
        "0776d7035eda4676",
        "API keys' masks",
    ),
    ("listApiKeys", "parameters 1", "98ee9b7547eda827", "active=false lists all keys"),
    ("listJWTKeys", "parameters 1", "bb45f9318f1e770b", "active=false lists all keys"),
    ("updateJWTKey", "responses 422", "0873e16afd61599e", "masks.Masks.valueless"),
    (
        "",
        f"{_SCHEMAS} CreateJWTKeyRequest properties algorithm",
        "b508f3f2ee005bf8",
        "jwt_keys.create",
    ),
    ("", f"{_SCHEMAS} UpdateMask", "7c8e981203b6f0c7", "masks.split"),
    ("addUserToOrg", "", "545125d4b67689bf", "handlers.orgs.add_user_to_org"),
    ("checkClaimedDomain", "", "7d42bbda18871c45", "claimed_domains.visible_to"),
    ("checkClaimedDomain", "parameters 0", _DOMAIN, "claimed_domains.normalise"),
    ("claimDomain", f"{_FIELDS} domain", _DOMAIN, "claimed_domains.normalise"),
    ("claimDomain", "responses 409", "75fe48902f5dd033", "claimed domains are unique"),
    ("getProvider", "", "7cafa7ab2ae3f0cf", "the catalog is public"),
    (
        "createBillingAccountSession",
        f"{_FIELDS} timeout",
        "140b946962db1e49",
        "billing.open_session",
    ),
]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    loaded: dict[str, Any] = read_yaml(API)
    return loaded


def test_the_contract_is_the_one_that_was_given():
    assert hashlib.sha256(API.read_bytes()).hexdigest() == CONTRACT


@pytest.mark.parametrize(("operation_id", "place", "digest", "rule"), PINS)
def test_a_sentence_that_a_rule_rests_on_has_not_changed(
    document: dict[str, Any], operation_id: str, place: str, digest: str, rule: str
):
    node: Any = _operation(document, operation_id) if operation_id else document
    for part in place.split():
        node = node[int(part)] if isinstance(node, list) else node[part]

    found = hashlib.sha256(node["description"].encode()).hexdigest()[:16]

    assert found == digest, f"{rule} rests on: {node['description']}"


def _operation(document: dict[str, Any], operation_id: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        node
        for item in document["paths"].values()
        for node in item.values()
        if node["operationId"] == operation_id
    )
    return found
