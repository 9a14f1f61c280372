"""Who gets in with which credential, and for how long."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jwt
import pytest

from mockserver.app import Mock
from tests import calls
from tests.client import BUILDER, KEY, Client
from tests.tokens import NOW, builder_token, customer_token

PROJECT = "/projects/my-project"
#: Of what is built, what a browser may call.
FRONTEND = {
    "getProject",
    "listProviderApps",
    "listProviders",
    "getProvider",
    "listIntegrations",
    "getIntegration",
    "getHydratedRevision",
    "listInstallations",
    "createInstallation",
    "getInstallation",
    "updateInstallation",
    "deleteInstallation",
    "patchObjectConfigContent",
    "listConnections",
    "getConnection",
    "generateConnection",
    "updateConnection",
    "deleteConnection",
    "oauthConnect",
    "oauthUpdate",
    "getObjectMetadataForInstallation",
    "getObjectMetadataForConnection",
    "upsertMetadataForInstallation",
    "upsertMetadataForConnection",
}


def frontends_of(client: Client, project: str) -> tuple[str, str]:
    """Return a frontend key of a project and the id of a JWT key, made where it has none."""
    if project == "my-project":
        return "mock-frontend-key", calls.SIGNING_KEY
    owner = client.as_(bearer=BUILDER)
    pem = owner.get(f"{PROJECT}/jwt-keys/{calls.SIGNING_KEY}").json["publicKeyPem"]
    key = {"label": "UI library", "scopes": ["frontend"]}
    jwt_key = {"label": "the same pair", "algorithm": "RS256", "publicKeyPem": pem}
    return (
        owner.post(f"/projects/{project}/api-keys", key).json["key"],
        owner.post(f"/projects/{project}/jwt-keys", jwt_key).json["kid"],
    )


@pytest.mark.parametrize("name", [operation.operation_id for operation in calls.every()])
def test_a_frontend_key_and_a_customer_get_in_where_frontends_do_and_nowhere_else(
    client: Client, mock: Mock, name: str
):
    project, group = calls.project_of(name), calls.SAMPLES[name].group
    key, kid = frontends_of(client, project)
    by_key = calls.make(client.as_(key=key), name).status
    mock.sandbox.reset()
    frontends_of(client, project)
    token = customer_token(mock, kid=kid, groupRef=group)
    by_token = calls.make(client.as_(bearer=token), name).status

    if name in FRONTEND:
        success = int(calls.CONTRACT.operations[name].success.status)
        assert (by_key, by_token) == (success, success)
    else:
        bearer_only = calls.CONTRACT.operations[name].schemes == {"Bearer"}
        assert (by_key, by_token) == (401 if bearer_only else 403, 403)


@pytest.mark.parametrize(
    ("key", "detail"),
    [
        ("", "unknown API key"),
        ("nobody's", "unknown API key"),
        ("MOCK-FULL-KEY", "unknown API key"),
        ("mock-inactive-key", "inactive API key"),
    ],
)
def test_a_key_that_is_unknown_or_inactive_is_401(client: Client, key: str, detail: str):
    refused = client.as_(key=key).get(PROJECT)

    assert (refused.status, refused.json["detail"]) == (401, detail)
    assert not key or key.encode() not in refused.body


@pytest.mark.parametrize(
    "header", ["nonsense", "Bearer nonsense", "Bearer a.b.c", "Bearer", "Basic dTpw", ""]
)
def test_an_authorization_that_is_no_token_of_ours_is_401(anonymous: Client, header: str):
    refused = anonymous.get(PROJECT, headers={"authorization": header})

    assert refused.status == 401


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_name_of_the_scheme_has_no_case(anonymous: Client, scheme: str):
    assert anonymous.get(PROJECT, headers={"authorization": f"{scheme} {BUILDER}"}).status == 200


def test_of_two_credentials_the_key_counts_unless_only_builders_may_call(client: Client):
    bad_key = client.as_(key="nobody's", bearer=BUILDER)
    bad_token = client.as_(key=KEY, bearer="nonsense")

    assert bad_key.get(PROJECT).status == 401
    assert bad_token.get(PROJECT).status == 200
    assert bad_key.get("/my-info").status == 200
    assert bad_token.get("/my-info").status == 401


def test_a_customer_token_lives_600_seconds_by_the_clock(
    client: Client, mock: Mock, advance: Callable[[float], None]
):
    customer = client.as_(bearer=customer_token(mock))

    advance(599)
    in_time = customer.get(PROJECT)
    advance(1)
    too_late = customer.get(PROJECT)

    assert in_time.status == 200
    assert too_late.status == 401
    assert too_late.json["detail"] == (
        "the token has expired by the sandbox clock, which says 2026-02-01T12:10:00.000000Z"
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": NOW + 601},
        {"iat": NOW - 601, "exp": NOW},
        {"exp": NOW - 1},
        {"iat": NOW + 3600, "exp": NOW + 3700},
        {"kid": calls.NOTHING},
        {"kid": "4d6f8a1c-3e5b-4c7d-8f9a-0b1c2d3e4f02"},  # inactive
        {"kid": "4d6f8a1c-3e5b-4c7d-8f9a-0b1c2d3e4f03"},  # the key of another project
        {"groupRef": ""},
        {"groupRef": 5},
        {"without": ["groupRef"]},
        {"without": ["consumerRef"]},
        {"without": ["exp"]},
        {"without": ["iat"]},
    ],
)
def test_a_customer_token_that_breaks_a_rule_is_401(
    client: Client, mock: Mock, changes: dict[str, Any]
):
    refused = client.as_(bearer=customer_token(mock, **changes)).get(PROJECT)

    assert refused.status == 401
    assert refused.json["remedy"]


def test_a_customer_token_is_signed_with_rs256_only(client: Client, mock: Mock):
    claims = jwt.decode(customer_token(mock), options={"verify_signature": False})
    headers = {"kid": calls.SIGNING_KEY}
    forged = [
        jwt.encode(claims, "x" * 32, algorithm="HS256", headers=headers),
        jwt.encode(claims, "", algorithm="none", headers=headers),
        customer_token(mock).rpartition(".")[0] + ".AAAA",
    ]

    assert [client.as_(bearer=token).get(PROJECT).status for token in forged] == [401] * 3


@pytest.mark.parametrize("how", ["deactivate", "delete"])
def test_a_jwt_key_that_goes_takes_its_tokens_along_at_once(client: Client, mock: Mock, how: str):
    customer = client.as_(bearer=customer_token(mock))
    assert customer.get(PROJECT).status == 200
    path = f"{PROJECT}/jwt-keys/{calls.SIGNING_KEY}"

    if how == "delete":
        client.delete(path)
    else:
        client.patch(path, {"updateMask": ["active"], "jwtKey": {"active": False}})

    assert customer.get(PROJECT).status == 401


def test_a_customer_does_not_reach_another_project(client: Client, mock: Mock):
    customer = client.as_(bearer=customer_token(mock))

    assert customer.get("/projects/mailmonkey-prod").status == 403


def test_a_token_for_a_key_that_cannot_be_read_is_401(client: Client, mock: Mock):
    kid = client.post(f"{PROJECT}/jwt-keys", calls.SAMPLES["createJWTKey"].body).json["kid"]

    assert client.as_(bearer=customer_token(mock, kid=kid)).get(PROJECT).status == 401


@pytest.mark.parametrize(
    ("token", "reached"),
    [
        (BUILDER, {"my-project", "mailmonkey-staging", "mailmonkey-prod"}),
        (calls.MEMBER, {"my-project"}),
        (calls.OUTSIDER, {"globex-project"}),
        (calls.NEWCOMER, set()),
    ],
)
def test_a_builder_reaches_the_projects_they_have_a_role_in(
    client: Client, token: str, reached: set[str]
):
    builder = client.as_(bearer=token)

    for name in ("my-project", "mailmonkey-staging", "mailmonkey-prod", "globex-project"):
        statuses = {
            builder.get(f"/projects/{name}").status,
            builder.get(f"/projects/{name}/topics").status,
            builder.post(f"/projects/{name}/topics", {"name": "reach"}).status,
        }
        assert statuses == ({200, 201} if name in reached else {403})


def test_a_builder_token_of_a_new_person_reaches_nothing(client: Client):
    stranger = client.as_(bearer=builder_token("ada@new.example"))

    assert stranger.get("/projects").json == []
    assert stranger.get(PROJECT).status == 403
    assert stranger.get(f"/orgs/{calls.ACME}").status == 403
