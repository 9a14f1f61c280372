"""Signed addresses for uploads, and what is put there."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from mockserver.app import Mock
from mockserver.resources.signed_urls import LIFETIME
from mockserver.resources.uploads import LARGEST
from tests.client import Client
from tests.conftest import digest, make_mock
from tests.manifests import md5_of
from tests.uploading import GENERATE, ZIP, deploy, gs, put, signed


def test_an_address_is_absolute_signed_and_says_where_it_leads(client: Client):
    address = signed(client)

    url = urlsplit(address["url"])
    assert (url.scheme, url.netloc) == ("http", "127.0.0.1:4010")
    assert url.path == f"/_storage/{address['bucket']}/{address['path']}"
    assert not address["path"].startswith("/")
    assert {"X-Goog-Signature", "X-Goog-Expires"} <= parse_qs(url.query).keys()


def test_every_call_gets_an_address_of_its_own(client: Client):
    assert signed(client)["path"] != signed(client)["path"]


def test_an_address_has_the_public_origin():
    client = Client(make_mock(public_url="https://mock.example"))

    assert signed(client)["url"].startswith("https://mock.example/_storage/")


def test_anybody_with_full_rights_gets_an_address(client: Client, builder: Client):
    assert builder.get(GENERATE).status == 200
    assert client.as_(key="mock-globex-key").get(GENERATE).status == 200
    assert client.as_(key="mock-frontend-key").get(GENERATE).status == 403
    assert client.as_().get(GENERATE).status == 401


@pytest.mark.parametrize("md5", ["nonsense", "", "AAAA", "%FF", "a" * 24, md5_of(b"")[:-2]])
def test_a_checksum_that_is_none_gets_the_declared_422(client: Client, md5: str):
    refused = client.get(f"{GENERATE}?md5={md5}")

    assert refused.status == 422
    assert refused.issues[0]["in"] == "query"


def test_a_plus_sign_of_a_checksum_need_not_be_encoded(client: Client):
    content = next(bytes([n]) for n in range(256) if "+" in md5_of(bytes([n])))
    answer = client.get(f"{GENERATE}?md5={md5_of(content)}")

    assert answer.status == 200
    assert put(client, answer.json["url"], content).status == 200


def test_other_parameters_are_ignored(client: Client):
    assert client.get(f"{GENERATE}?x=1&md6=nonsense").status == 200


def test_a_zip_is_put_without_credentials_and_with_any_media_type(client: Client):
    address = signed(client)

    for media_type in (None, "application/zip", "application/json", "nonsense"):
        answer = put(client, address["url"], headers={"content-type": media_type})
        assert (answer.status, answer.body) == (200, b"")


def test_browsers_may_put_from_anywhere(client: Client):
    address = signed(client)

    preflight = client.as_().call(
        "OPTIONS",
        urlsplit(address["url"]).path,
        root=True,
        headers={"origin": "https://x.example", "access-control-request-method": "PUT"},
    )

    assert preflight.status == 204
    assert put(client, address["url"]).headers["access-control-allow-origin"] == "*"
    assert put(client, address["url"][:-1]).headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("X-Goog-Signature=", "X-Goog-Signature=0"),
        ("X-Goog-Signature=", "X-Goog-Signature=%C3%A4"),
        ("X-Goog-Signature", "X-Other"),
        ("X-Goog-Expires=900", "X-Goog-Expires=9000"),
        ("X-Goog-Expires=900", "X-Goog-Expires=soon"),
        ("X-Goog-Date=2026", "X-Goog-Date=2027"),
        ("X-Goog-Date", "X-Other"),
        ("deployments/", "deployments/0"),
        ("ampersand-mock-uploads", "another-bucket"),
        (".zip", ".zip%2F.."),
    ],
)
def test_a_changed_url_is_refused(client: Client, mock: Mock, old: str, new: str):
    address = signed(client)
    before = digest(mock.sandbox.root)
    assert old in address["url"]

    refused = put(client, address["url"].replace(old, new))

    assert refused.status == 403
    assert b"<Code>SignatureDoesNotMatch</Code>" in refused.body
    assert digest(mock.sandbox.root) == before


def test_a_url_of_another_seed_is_refused(client: Client):
    other = Client(make_mock(seed=1))
    address = signed(client)

    assert put(other, address["url"]).status == 403


def test_a_signature_that_is_good_for_no_record_is_404(client: Client, mock: Mock):
    address = signed(client)
    mock.sandbox.reset()

    assert put(client, address["url"]).status == 404


@pytest.mark.parametrize(
    ("asked", "sent", "status"),
    [
        (None, None, 200),
        (None, md5_of(ZIP), 200),
        (md5_of(ZIP), None, 200),
        (md5_of(ZIP), md5_of(ZIP), 200),
        (None, md5_of(b"other"), 400),
        (md5_of(b"other"), None, 400),
        (md5_of(b"other"), md5_of(ZIP), 400),
        (md5_of(b"other"), md5_of(b"other"), 400),
        (None, "nonsense", 400),
        (None, "ä", 400),
    ],
)
def test_checksums_must_fit_what_was_put(
    client: Client, asked: str | None, sent: str | None, status: int
):
    address = signed(client, asked)

    answer = put(client, address["url"], headers={"content-md5": sent} if sent else {})

    assert answer.status == status
    assert deploy(client, gs(address)).status == (200 if status == 200 else 422)


def test_a_refusal_is_written_as_xml(client: Client):
    address = signed(client, md5_of(b"other"))

    refused = put(client, address["url"])

    assert refused.media_type == "application/xml; charset=UTF-8"
    assert refused.body.startswith(b"<?xml")


def test_what_is_too_large_is_refused_and_not_kept(client: Client):
    address = signed(client)

    refused = put(client, address["url"], b"x" * (LARGEST + 1))

    assert refused.status == 400
    assert b"<Code>EntityTooLarge</Code>" in refused.body
    assert deploy(client, gs(address)).status == 422


def test_the_largest_upload_is_kept(client: Client):
    address = signed(client)

    assert put(client, address["url"], b"x" * LARGEST).status == 200


def test_a_body_that_ends_early_is_not_kept(client: Client):
    address = signed(client)

    refused = put(client, address["url"], headers={"content-length": str(len(ZIP) + 1)})

    assert refused.status == 400
    assert deploy(client, gs(address)).status == 422


def test_an_address_expires_by_the_sandboxs_clock(client: Client, advance: Callable[[float], None]):
    address = signed(client)
    assert put(client, address["url"]).status == 200

    advance(LIFETIME - 1)
    assert put(client, address["url"]).status == 200
    assert deploy(client, gs(address)).status == 200

    advance(1)
    refused = put(client, address["url"])
    assert refused.status == 400
    assert b"expired" in refused.body
    assert deploy(client, gs(address)).status == 422


def test_expired_uploads_are_forgotten(
    client: Client, mock: Mock, advance: Callable[[float], None]
):
    put(client, signed(client)["url"])
    advance(LIFETIME)

    fresh = signed(client)

    uploads = mock.sandbox.root.tables["uploads"]
    assert [upload["path"] for upload in uploads] == [fresh["path"]]


@pytest.mark.parametrize(("method", "status"), [("GET", 403), ("POST", 405), ("DELETE", 405)])
def test_an_address_to_put_to_is_good_for_nothing_else(client: Client, method: str, status: int):
    address = signed(client)
    put(client, address["url"])
    parts = urlsplit(address["url"])

    answer = client.call(method, f"{parts.path}?{parts.query}", root=True)

    assert answer.status == status
