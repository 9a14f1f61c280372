"""JWT keys: public RSA keys that a project's customer tokens are verified with."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from mockserver.rules import records
from mockserver.rules.errors import Kind, Refused, wrong_value
from mockserver.rules.resource import Masks, Reference, Resource
from mockserver.rules.views import without
from mockserver.rules.work import Work
from mockserver.state.tables import Record

_HIDDEN = frozenset({"privateKeyPem"})
_PEM = re.compile(
    r"\s*-----BEGIN ((?:RSA )?PUBLIC KEY)-----\s+([A-Za-z0-9+/=\s]+?)\s*-----END \1-----\s*"
)
_LONGEST_PEM = 20_000
# The algorithm rsaEncryption, in DER.
_RSA = b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00"
_SEQUENCE_HEADERS = (2, 3, 4)  # bytes in front of it, by the length of the key
_HEAD = 32  # characters of base64 that hold both


def _render(key: Record) -> dict[str, Any]:
    # Source: the JWTKey schema, whose algorithm is RSA; requests say RS256.
    return {**without(key, _HIDDEN), "algorithm": "RSA"}


JWT_KEYS = Resource(
    name="jwtKeys",
    noun="JWT key",
    component="JWTKey",
    scope="projectId",
    owner="projects",
    filters=("active",),
    references=(Reference("projectId", "projects", "project", on_delete="cascade"),),
    masks=Masks("jwtKey", ("active", "label")),
    hidden=_HIDDEN,
    render=_render,
)


def create(work: Work, project_id: str, body: Record) -> Record:
    """Register an active key.

    Source: createJWTKey. Assumed: labels need not be unique.
    """
    check_pem(body["publicKeyPem"], strict=work.settings.jwt_pem_strict)
    fields = {
        "projectId": project_id,
        "label": body["label"] if "label" in body else body["name"],
        "algorithm": "RS256",
        "publicKeyPem": body["publicKeyPem"],
        "active": True,
        "createTime": work.now,
        "updateTime": work.now,
    }
    return records.create(work, JWT_KEYS, fields)


def check(key: Record, *, prefix: str) -> None:
    """Check a changed key. Source: CreateJWTKeyRequest bounds the label; Assumed for updates."""
    label, active = key["label"], key["active"]
    if not isinstance(active, bool):
        raise wrong_value(
            f"{prefix}active",
            "not a boolean",
            active,
            remedy="use true or false",
            kind=Kind.INVALID,
        )
    if not isinstance(label, str) or not 1 <= len(label) <= 255:
        raise wrong_value(
            f"{prefix}label",
            "not a label of 1 to 255 characters",
            label,
            remedy="use 1 to 255 characters",
            kind=Kind.INVALID,
        )


def check_pem(text: str, *, strict: bool) -> None:
    """Check a public key: PEM armour around base64, and RSA as far as it can be read.

    Assumed: a text that is PEM but no readable key is taken unless `strict`, because the
    contract's own samples are cut short; tokens signed for it are never accepted.

    Raises:
        Refused: INVALID.
    """
    match = _PEM.fullmatch(text) if len(text) <= _LONGEST_PEM else None
    if match is None or not _is_base64(match[2]):
        raise _invalid_key()
    if not strict and _names_rsa(match[2]):
        return  # readable or not, it is taken: no need to look closer, which is slow at first
    readable, is_rsa = _parse(text)
    if (readable and not is_rsa) or (strict and not is_rsa):
        raise _invalid_key()


def _names_rsa(text: str) -> bool:
    """Tell whether a key in base64 says in its first bytes that it is one of RSA.

    Source: RFC 5280, section 4.1 (SubjectPublicKeyInfo); RFC 3279, section 2.3.1.
    """
    digits = _digits(text)[:_HEAD]
    head = base64.b64decode(digits[: len(digits) // 4 * 4])
    return any(head[size:].startswith(_RSA) for size in _SEQUENCE_HEADERS)


def _is_base64(text: str) -> bool:
    digits = _digits(text)
    try:
        base64.b64decode(digits[: len(digits) // 4 * 4], validate=True)
    except binascii.Error:
        return False
    return bool(digits)


def _digits(text: str) -> str:
    return "".join(text.split()).rstrip("=")


def _parse(text: str) -> tuple[bool, bool]:
    from cryptography.exceptions import UnsupportedAlgorithm  # slow to import
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(text.encode())
    except (ValueError, UnsupportedAlgorithm):
        return False, False
    return True, isinstance(key, RSAPublicKey)


def _invalid_key() -> Refused:
    return wrong_value(
        "publicKeyPem",
        "invalid public key",
        remedy="provide a valid RSA public key in PEM format",
        kind=Kind.INVALID,
    )
