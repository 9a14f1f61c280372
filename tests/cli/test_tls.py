"""Serving TLS with a certificate of one's own."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

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


def test_connections_are_broken_under_tls_too(tmp_path: Path):
    certificate, key = make(tmp_path)
    context = ssl.create_default_context(cafile=str(certificate))
    with serving("--tls-cert", str(certificate), "--tls-key", str(key)) as server:
        parts = urlsplit(server.url)

        def received(method: str, path: str, body: bytes = b"") -> bytes:
            head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            with (
                socket.create_connection((parts.hostname, parts.port), timeout=20) as plain,
                context.wrap_socket(
                    plain, server_hostname="127.0.0.1", suppress_ragged_eofs=False
                ) as wire,
            ):
                wire.sendall(head.encode() + body)
                return b"".join(iter(lambda: wire.recv(65536), b""))

        def arm(fault: str) -> None:
            rule = {"id": "broken", "response": {"fault": fault}}
            answer = received("POST", "/__admin/mappings", orjson.dumps(rule))
            assert answer.startswith(b"HTTP/1.1 201 ")

        arm("EMPTY_RESPONSE")
        assert received("GET", "/v1/my-info") == b""
        arm("MALFORMED_RESPONSE_CHUNK")
        assert received("GET", "/v1/my-info").partition(b"\r\n\r\n")[2].startswith(b"\xff")
        arm("RANDOM_DATA_THEN_CLOSE")
        assert len(received("GET", "/v1/my-info")) == 64
        arm("CONNECTION_RESET_BY_PEER")  # TLS tells a reset as an end that nobody announced
        with pytest.raises((ssl.SSLEOFError, ConnectionResetError)):
            received("GET", "/v1/my-info")
        server.errors.seek(0)
        assert server.errors.read() == ""


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
