"""API keys at the door: which are taken, and what each may call."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mockserver.app import Mock
from mockserver.contract.contract import load_api
from mockserver.contract.operations import Operation
from mockserver.http.access import BUILDERS_UPSTREAM, FRONTEND
from tests.client import BUILDER, KEY, Client
from tests.conftest import make_mock

PROJECT = "/projects/my-project"
ACME = "9f7c3e2a-61b8-4f5c-8d1a-eb24f3b05d79"
OPERATIONS = load_api().operations

#: What the published React library calls. Said again here, so that a change of the mock's own
#: list is noticed.
REACT_LIBRARY = [
    "getProject",
    "listProviderApps",
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
]


def path_of(operation: Operation) -> str:
    """Return a path of an operation below what the key mock-full-key belongs to."""
    path = operation.path.replace("{projectIdOrName}", "my-project").replace("{orgId}", ACME)
    return path.replace("{", "no-").replace("}", "")


def is_bearer_only(operation: Operation) -> bool:
    return operation.schemes == {"Bearer"}


# ---------------------------------------------------------------- which keys are taken


@pytest.mark.parametrize(
    "key", ["wrong", "", " ", "mock-full-ke", "MOCK-FULL-KEY", "mock-full-key ", "\xff", "a" * 5000]
)
def test_an_unknown_key_is_401(client: Client, key: str):
    refused = client.as_(key=key).get(PROJECT)

    assert (refused.status, refused.json["detail"]) == (401, "unknown API key")
    assert refused.headers["www-authenticate"] == 'Bearer realm="ampersand"'


def test_no_key_is_401_and_says_what_to_send(anonymous: Client):
    refused = anonymous.get(PROJECT)

    assert (refused.status, refused.json["detail"]) == (401, "no credential")
    assert "X-Api-Key" in refused.json["remedy"]


def test_an_inactive_key_is_401_until_it_is_activated(client: Client):
    inactive = client.as_(key="mock-inactive-key")
    assert inactive.get(PROJECT).json["detail"] == "inactive API key"
    assert inactive.get(PROJECT).status == 401

    change = {"updateMask": ["active"], "apiKey": {"active": True}}
    client.patch(f"{PROJECT}/api-keys/mock-inactive-key", change)

    assert inactive.get(PROJECT).status == 200


def test_a_key_works_from_its_creation_to_its_deletion(client: Client):
    key = client.post(f"{PROJECT}/api-keys", {"label": "short-lived"}).json["key"]
    assert client.as_(key=key).get(f"{PROJECT}/topics").status == 200

    client.delete(f"{PROJECT}/api-keys/{key}")

    refused = client.as_(key=key).get(f"{PROJECT}/topics")
    assert (refused.status, refused.json["detail"]) == (401, "unknown API key")


def test_a_key_loses_what_its_scopes_lose(client: Client):
    key = client.post(f"{PROJECT}/api-keys", {"label": "shrinking"}).json["key"]

    client.patch(
        f"{PROJECT}/api-keys/{key}", {"updateMask": ["scopes"], "apiKey": {"scopes": ["frontend"]}}
    )

    assert client.as_(key=key).get(f"{PROJECT}/topics").status == 403
    assert client.as_(key=key).get(PROJECT).status == 200


@pytest.mark.parametrize("project", ["globex-project", "mailmonkey-staging"])
def test_the_project_of_another_key_is_403_even_in_the_same_organization(
    client: Client, project: str
):
    assert client.get(f"/projects/{project}").status == 403
    assert client.post(f"/projects/{project}/topics", {"name": "a"}).status == 403


def test_a_key_reaches_its_project_by_id_and_by_name_in_any_case(client: Client):
    for name in ("3b1f6f0e-4c8d-4a7b-9e2f-5d6c7b8a9f01", "my-project", "My-Project"):
        assert client.get(f"/projects/{name}").json["name"] == "my-project"


def test_a_key_reaches_the_organization_of_its_project_only(client: Client):
    assert client.get(f"/orgs/{ACME}").status == 200
    assert client.get("/orgs/1d3e8c54-7b0a-4a63-9b1e-2c5f7d8e9a20").status == 403


# ---------------------------------------------------------------- what a frontend key may call


def test_the_frontend_operations_are_those_of_the_published_library():
    assert set(REACT_LIBRARY) == FRONTEND
    assert set(REACT_LIBRARY) <= set(OPERATIONS)


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_frontend_key_may_call_the_frontend_operations_and_no_other(
    client: Client, is_unchanged: Callable[[], bool], name: str
):
    operation = OPERATIONS[name]

    answer = client.as_(key="mock-frontend-key").call(operation.method, path_of(operation))

    if operation.is_public:
        assert answer.status in {200, 404}
    elif is_bearer_only(operation):
        assert answer.status == 401
    elif name in REACT_LIBRARY:
        assert answer.status not in {401, 403}
    else:
        assert answer.status == 403
        assert answer.json["detail"] == f"a frontend API key may not call {name}"
    assert is_unchanged()


# ---------------------------------------------------------------- what no key may call


@pytest.mark.parametrize("name", [n for n, o in OPERATIONS.items() if is_bearer_only(o)])
def test_an_operation_for_builders_takes_no_api_key(client: Client, name: str):
    operation = OPERATIONS[name]

    refused = client.call(operation.method, path_of(operation))

    assert (refused.status, refused.json["detail"]) == (
        401,
        "this operation needs a builder token",
    )
    assert "mockserver token builder" in refused.json["remedy"]


def test_a_setting_lets_a_full_key_call_them_as_the_owner():
    client = Client(make_mock(bearer_only_accepts_api_key=True))

    info = client.get("/my-info")

    assert info.json["builder"]["primaryEmail"] == "jane@mailmonkey.com"
    assert client.as_(key="mock-frontend-key").get("/my-info").status == 403


def test_a_setting_keeps_organizations_for_builders():
    client = Client(make_mock(strict_bearer_org=True))

    for name in BUILDERS_UPSTREAM:
        operation = OPERATIONS[name]
        refused = client.call(operation.method, path_of(operation))
        assert (refused.status, refused.json["detail"]) == (
            403,
            "this endpoint requires a builder session token",
        )
    assert client.as_(bearer=BUILDER).get(f"/orgs/{ACME}").status == 200
    assert client.get(PROJECT).status == 200


# ---------------------------------------------------------------- which credential counts


@pytest.mark.parametrize("name", [n for n, o in OPERATIONS.items() if o.is_public])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-api-key": "wrong"},
        {"x-api-key": "mock-inactive-key"},
        {"authorization": "Bearer wrong"},
        {"authorization": "Basic \xff"},
    ],
)
def test_a_public_operation_does_not_look_at_credentials(
    anonymous: Client, name: str, headers: dict[str, str]
):
    path = path_of(OPERATIONS[name]).replace("no-provider", "salesforce")

    assert anonymous.get(path, headers=headers).status == 200


@pytest.mark.parametrize(
    ("key", "authorization", "status"),
    [
        (KEY, f"Bearer {BUILDER}", 200),
        (KEY, "Bearer wrong", 200),
        (KEY, "Basic dXNlcjpwYXNz", 200),
        ("wrong", f"Bearer {BUILDER}", 401),
        ("", f"Bearer {BUILDER}", 401),
        ("mock-globex-key", f"Bearer {BUILDER}", 403),
        (None, f"Bearer {BUILDER}", 200),
        (None, f"bearer   {BUILDER} ", 200),
        (None, f"BEARER {BUILDER}", 200),
        (None, BUILDER, 401),
        (None, f"Basic {BUILDER}", 401),
        (None, f"Token {BUILDER}", 401),
        (None, "Bearer", 401),
        (None, "Bearer ", 401),
        (None, "", 401),
    ],
)
def test_of_two_credentials_the_key_counts(
    anonymous: Client, key: str | None, authorization: str, status: int
):
    answer = anonymous.get(PROJECT, headers={"x-api-key": key, "authorization": authorization})

    assert answer.status == status


def test_only_where_no_key_is_taken_the_bearer_counts(anonymous: Client):
    headers = {"x-api-key": "wrong", "authorization": f"Bearer {BUILDER}"}

    assert anonymous.get("/my-info", headers=headers).status == 200
    assert anonymous.get("/my-info", headers={**headers, "authorization": "Basic x"}).status == 401


def test_a_builder_reaches_what_their_role_reaches(mock: Mock):
    owner, member = Client(mock, None, BUILDER), Client(mock, None, "mock-member-token")
    outsider, newcomer = (
        Client(mock, None, f"mock-{who}-token") for who in ("outsider", "newcomer")
    )

    assert [c.get(PROJECT).status for c in (owner, member, outsider, newcomer)] == [
        200,
        200,
        403,
        403,
    ]
    staging = "/projects/mailmonkey-staging"
    assert [c.get(staging).status for c in (owner, member, outsider)] == [200, 403, 403]
    org = f"/orgs/{ACME}"
    assert [c.get(org).status for c in (owner, member, outsider, newcomer)] == [200, 200, 403, 403]
