"""Where the proxy connects to: the upstream that the operator named, by the rules for addresses."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from mockserver.addresses import AddressRules, Resolve
from mockserver.proxy.upstream import Place, Upstream, UpstreamError, read_place
from tests.proxy.standing import Canned, standing


@pytest.mark.parametrize(
    ("url", "root"),
    [
        ("http://127.0.0.1:4010", "http://127.0.0.1:4010"),
        ("http://127.0.0.1:4010/v1/", "http://127.0.0.1:4010"),
        ("https://API.example.com/v1", "https://api.example.com"),
        ("https://api.example.com:443/", "https://api.example.com"),
        ("https://api.example.com:8443/ampersand/v1", "https://api.example.com:8443/ampersand"),
        ("http://[::1]:80/v1", "http://[::1]"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_an_address_is_the_root_or_its_v1(url: str, root: str):
    assert read_place(url).root == root


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("api.example.com", "not an address"),
        ("ftp://api.example.com", "neither http:// nor https://"),
        ("http://", "not an address"),
        ("http://ann:secret@api.example.com", "credentials"),
        ("http://api.example.com/v1?x=1", "query"),
        ("http://api.example.com:port", "not an address"),
        ("http://api.example.com:99999", "not an address"),
        ("http://[::1", "not an address"),
    ],
)
def test_what_is_no_address_is_refused_with_the_reason(url: str, why: str):
    with pytest.raises(ValueError, match=why) as refused:
        read_place(url)

    assert "secret" not in str(refused.value)


def sent(upstream: Upstream) -> int:
    async def send() -> int:
        try:
            return (await upstream.send("GET", b"/v1/x", [(b"host", b"x")], b"")).status
        finally:
            await upstream.close()

    return asyncio.run(send())


def leading_to(*addresses: str) -> Resolve:
    async def resolver(host: str, port: int) -> Sequence[str]:
        return addresses

    return resolver


def test_the_upstream_itself_is_allowed_although_it_is_private():
    with standing(Canned.json([])) as url:
        upstream = Upstream(read_place(url), rules=AddressRules(), timeout=20, most=1000)

        assert sent(upstream) == 200


def test_a_name_is_resolved_and_its_addresses_are_tried_in_turn():
    with standing(Canned.json([])) as url:
        place = replace(read_place(url), host="api.internal.example")
        resolver = leading_to("127.0.0.2", "127.0.0.1")  # nobody listens at the first
        upstream = Upstream(place, rules=AddressRules(), timeout=20, most=1000, resolver=resolver)

        assert sent(upstream) == 200


@pytest.mark.parametrize("address", ["169.254.169.254", "0.0.0.0", "::ffff:169.254.169.254"])
def test_a_name_that_leads_to_where_credentials_are_is_refused(address: str):
    place = Place("http", "api.example", 80, "")
    upstream = Upstream(
        place, rules=AddressRules(), timeout=20, most=1000, resolver=leading_to(address)
    )

    with pytest.raises(UpstreamError) as refused:
        sent(upstream)

    assert refused.value.status == 502
    assert f"leads to {address}" in refused.value.detail
    assert refused.value.remedy == "--allow-destination api.example:80 opens it"


def test_what_was_allowed_besides_is_connected_to():
    with standing(Canned.json([])) as url:
        place = replace(read_place(url), host="api.example")
        for allowed in ("api.example", "0.0.0.0"):
            upstream = Upstream(
                place,
                rules=AddressRules(frozenset({(allowed, place.port)})),
                timeout=20,
                most=1000,
                resolver=leading_to("0.0.0.0"),
            )

            assert sent(upstream) == 200


def test_a_name_that_leads_nowhere_is_a_502():
    place = read_place("http://nowhere.invalid")

    with pytest.raises(UpstreamError) as refused:
        sent(Upstream(place, rules=AddressRules(), timeout=20, most=1000))

    assert refused.value.status == 502


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """Write a certificate that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


@pytest.mark.parametrize(("name", "trusted"), [("localhost", True), ("other.example", False)])
def test_a_certificate_is_held_against_the_name_not_the_address(
    tmp_path: Path, name: str, trusted: bool
):
    chain, key = certificate(tmp_path, name)
    context = ssl.create_default_context(cafile=str(chain))

    with standing(Canned.json([]), certificate=(chain, key)) as url:
        place = read_place(url.replace("127.0.0.1", "localhost"))
        upstream = Upstream(place, rules=AddressRules(), timeout=20, most=1000, context=context)
        if trusted:
            assert sent(upstream) == 200
        else:
            with pytest.raises(UpstreamError):
                sent(upstream)
