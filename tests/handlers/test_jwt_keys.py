"""JWT keys, through the door users use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests import calls
from tests.client import Client
from tests.conftest import make_mock

KEYS = "/projects/my-project/jwt-keys"
KEY = f"{KEYS}/{calls.SIGNING_KEY}"
NEW = calls.SAMPLES["createJWTKey"].body
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
SPKI = RSA_KEY.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
PKCS1 = RSA_KEY.public_bytes(Encoding.PEM, PublicFormat.PKCS1).decode()
EC_KEY = (
    ec.generate_private_key(ec.SECP256R1())
    .public_key()
    .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    .decode()
)
NO_KEYS = [
    "",
    "MIIBIjANBgkqhkiG9w0BAQEFAAOC",
    "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----",
    "-----BEGIN PUBLIC KEY-----\nnot base64!\n-----END PUBLIC KEY-----",
    SPKI.replace("PUBLIC", "PRIVATE"),
    SPKI.replace("END PUBLIC", "END RSA PUBLIC"),
    SPKI + SPKI,
    EC_KEY,
]


def update(client: Client, *mask: str, **values: Any) -> Any:
    return client.patch(KEY, {"updateMask": list(mask), "jwtKey": values})


@pytest.mark.parametrize("pem", [SPKI, PKCS1, calls.SHORT_PEM], ids=["SPKI", "PKCS1", "short"])
def test_a_created_key_is_active_and_found_by_its_kid(client: Client, pem: str):
    created = client.post(KEYS, {**NEW, "publicKeyPem": pem})

    assert created.status == 201
    assert created.json.keys() == {"kid"}
    got = client.get(f"{KEYS}/{created.json['kid']}").json
    assert got == {
        "id": created.json["kid"],
        "projectId": calls.MY_PROJECT,
        "label": "new",
        "algorithm": "RSA",
        "publicKeyPem": pem,
        "active": True,
        "createTime": "2026-02-01T12:00:00.000000Z",
        "updateTime": "2026-02-01T12:00:00.000000Z",
    }
    assert [key for key in client.get(KEYS).json if key["id"] == got["id"]] == [got]


def test_the_algorithm_is_shown_as_rsa_everywhere(client: Client):
    shown = [*client.get(KEYS).json, client.get(KEY).json, update(client, "label", label="a").json]

    assert {key["algorithm"] for key in shown} == {"RSA"}


def test_a_private_half_is_never_shown(client: Client):
    answers = [client.get(KEYS), client.get(KEY), update(client, "label", label="a")]

    assert all(
        b"PRIVATE" not in answer.body and b"private" not in answer.body for answer in answers
    )


def test_a_key_may_be_created_as_the_sample_of_the_contract_does_it(client: Client):
    body = {"name": "production-key-1", "algorithm": "RSA", "publicKeyPem": calls.SHORT_PEM}

    kid = client.post(KEYS, body).json["kid"]

    assert client.get(f"{KEYS}/{kid}").json["label"] == "production-key-1"


@pytest.mark.parametrize("algorithm", ["HS256", "rs256", "", "none"])
def test_another_algorithm_is_400(client: Client, algorithm: str):
    refused = client.post(KEYS, {**NEW, "algorithm": algorithm})

    assert (refused.status, refused.issue_names) == (400, ["algorithm"])
    assert refused.json["detail"] == "unsupported algorithm"
    assert refused.media_type == "application/json"


@pytest.mark.parametrize("pem", NO_KEYS)
def test_what_is_no_public_key_is_400(client: Client, pem: str):
    refused = client.post(KEYS, {**NEW, "publicKeyPem": pem})

    assert (refused.status, refused.issue_names) == (400, ["publicKeyPem"])
    assert refused.json["detail"] == "invalid public key"
    assert "RSA" in refused.json["remedy"]


@pytest.mark.parametrize("label", ["", "x" * 256])
def test_a_label_has_1_to_255_characters(client: Client, label: str):
    created = client.post(KEYS, {**NEW, "label": label})
    changed = update(client, "label", label=label)

    assert (created.status, created.issue_names) == (400, ["label"])
    assert (changed.status, changed.issue_names) == (400, ["jwtKey.label"])


def test_two_keys_may_have_one_label(client: Client):
    kids = {client.post(KEYS, NEW).json["kid"] for _ in range(2)}

    assert len(kids) == 2


@pytest.mark.parametrize(("query", "shown"), [("", 2), ("?active=false", 2), ("?active=true", 1)])
def test_a_list_of_keys_can_be_narrowed_to_active_ones(client: Client, query: str, shown: int):
    listed = client.get(f"{KEYS}{query}")

    assert (listed.status, len(listed.json)) == (200, shown)


def test_a_filter_that_is_no_boolean_is_400(client: Client):
    refused = client.get(f"{KEYS}?active=perhaps")

    assert (refused.status, refused.issue_names) == (400, ["active"])


def test_an_update_changes_only_what_its_mask_names(
    client: Client, advance: Callable[[float], None]
):
    old = client.get(KEY).json
    advance(60)

    changed = update(client, "active", active=False, label="ignored", other={"a": 1})

    assert changed.status == 200
    assert changed.json == {**old, "active": False, "updateTime": "2026-02-01T12:01:00.000000Z"}
    assert client.get(KEY).json == changed.json


def test_an_unknown_mask_is_400_and_names_the_allowed_ones(client: Client):
    refused = update(client, "label", "name", label="a", name="b")

    assert (refused.status, refused.issue_names) == (400, ["updateMask[1]"])
    assert refused.json["detail"] == "Invalid update mask"
    assert refused.json["remedy"] == "Allowed masks: 'active' and 'label'"


def test_an_empty_mask_is_400(client: Client):
    refused = update(client, label="a")

    assert (refused.status, refused.issue_names) == (400, ["updateMask"])


@pytest.mark.parametrize("name", ["active", "label"])
def test_a_path_of_the_mask_without_a_value_is_422(client: Client, name: str):
    refused = update(client, name)

    assert (refused.status, refused.issue_names) == (422, [f"jwtKey.{name}"])
    assert refused.json["detail"] == "value not found for mask"


@pytest.mark.parametrize(
    ("name", "value"), [("active", None), ("active", "yes"), ("label", None), ("label", 5)]
)
def test_a_value_of_the_wrong_type_is_400(client: Client, name: str, value: Any):
    refused = update(client, name, **{name: value})

    assert (refused.status, refused.issue_names) == (400, [f"jwtKey.{name}"])


def test_a_deleted_key_is_gone(client: Client):
    deleted = client.delete(KEY)

    assert (deleted.status, deleted.body) == (204, b"")
    for again in (client.get(KEY), client.delete(KEY), update(client, "label", label="a")):
        assert (again.status, again.media_type) == (404, "application/json")
        assert again.json["detail"] == "JWT key not found"
    assert calls.SIGNING_KEY not in [key["id"] for key in client.get(KEYS).json]


def test_a_frontend_key_does_not_reach_jwt_keys(client: Client):
    frontend = client.as_(key="mock-frontend-key")

    for name in ("listJWTKeys", "createJWTKey", "getJWTKey", "updateJWTKey", "deleteJWTKey"):
        refused = calls.make(frontend, name)
        assert (refused.status, refused.media_type) == (403, "application/json")


def test_when_switched_to_strict_only_keys_that_can_be_read_are_taken():
    strict = Client(make_mock(jwt_pem_strict=True))

    taken = [strict.post(KEYS, {**NEW, "publicKeyPem": pem}).status for pem in (SPKI, PKCS1)]
    short = strict.post(KEYS, {**NEW, "publicKeyPem": calls.SHORT_PEM})

    assert taken == [201, 201]
    assert (short.status, short.json["detail"]) == (400, "invalid public key")
