"""Serving TLS with a certificate of one's own."""

from __future__ import annotations

import ipaddress
import ssl
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.cli.command import Command
from tests.server import serving


def make(folder: Path, *, password: bytes | None = None) -> tuple[Path, Path]:
    """Write a certificate of localhost and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName(
        [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    )
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    cover: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if password is not None:
        cover = serialization.BestAvailableEncryption(password)
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, cover)
    )
    return folder / "cert.pem", folder / "key.pem"


def test_it_serves_tls_and_says_so_in_its_addresses(tmp_path: Path):
    certificate, key = make(tmp_path)
    context = ssl.create_default_context(cafile=str(certificate))
    with serving("--tls-cert", str(certificate), "--tls-key", str(key)) as server:
        assert server.url.startswith("https://127.0.0.1:")
        request = urllib.request.Request(  # noqa: S310 # our own server
            f"{server.url}/v1/generate-upload-url", headers={"X-Api-Key": "mock-full-key"}
        )
        with urllib.request.urlopen(request, timeout=20, context=context) as answer:  # noqa: S310 # the same
            assert orjson.loads(answer.read())["url"].startswith(f"{server.url}/_storage/")


def test_one_file_may_hold_both(tmp_path: Path):
    certificate, key = make(tmp_path)
    both = tmp_path / "both.pem"
    both.write_bytes(key.read_bytes() + certificate.read_bytes())
    with serving("--tls-cert", str(both)) as server:
        assert server.url.startswith("https://")


def test_files_that_cannot_be_used_are_refused_in_one_line(tmp_path: Path, command: Command):
    certificate, key = (str(path) for path in make(tmp_path))
    (tmp_path / "locked").mkdir()
    _, locked = (str(path) for path in make(tmp_path / "locked", password=b"secret"))

    assert command.refuses("serve", "--tls-key", key).startswith("--tls-key needs --tls-cert")
    missing = command.refuses("serve", "--tls-cert", "nope.pem")
    assert missing == "cannot read nope.pem: No such file or directory"
    for files in ((key, certificate), (certificate, locked), (certificate, "")):
        refusal = command.refuses("serve", "--tls-cert", files[0], "--tls-key", files[1])
        assert "no certificate in PEM with its own key, unencrypted" in refusal


@pytest.mark.parametrize("flag", ["--tls-cert", "--tls-key", "--admin-token", "--log-requests"])
def test_the_help_names_the_flag(command: Command, flag: str):
    assert flag in command("serve", "--help").out
