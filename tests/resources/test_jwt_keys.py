"""Which texts are taken as public keys."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mockserver.resources.jwt_keys import check_pem
from mockserver.rules.errors import Kind, Refused

CUT_SHORT = "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0\n-----END PUBLIC KEY-----\n"


def pem(key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey, form: PublicFormat) -> str:
    return key.public_bytes(Encoding.PEM, form).decode()


@pytest.fixture(scope="module")
def rsa_key() -> rsa.RSAPublicKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()


@pytest.mark.parametrize("form", [PublicFormat.SubjectPublicKeyInfo, PublicFormat.PKCS1])
@pytest.mark.parametrize("strict", [False, True])
def test_an_rsa_key_is_taken_in_both_forms(
    rsa_key: rsa.RSAPublicKey, form: PublicFormat, strict: bool
):
    text = pem(rsa_key, form)
    check_pem(text, strict=strict)
    check_pem(f"\n  {text.replace(chr(10), chr(13) + chr(10))}\n", strict=strict)


def test_a_key_that_is_cut_short_is_taken_unless_strict():
    check_pem(CUT_SHORT, strict=False)
    with pytest.raises(Refused):
        check_pem(CUT_SHORT, strict=True)


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize(
    "text",
    [
        "",
        "AAAA",
        "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----",
        "-----BEGIN PUBLIC KEY-----\n====\n-----END PUBLIC KEY-----",
        "-----BEGIN PUBLIC KEY-----\nAA!A\n-----END PUBLIC KEY-----",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END RSA PUBLIC KEY-----",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
        f"{CUT_SHORT}{CUT_SHORT}",
        f"x{CUT_SHORT}",
        CUT_SHORT.replace("MIIB", "MIIB" * 6000),
    ],
)
def test_what_is_no_key_is_refused(text: str, strict: bool):
    with pytest.raises(Refused, match="invalid public key") as refused:
        check_pem(text, strict=strict)
    assert refused.value.kind is Kind.INVALID
    assert [issue.name for issue in refused.value.issues] == ["publicKeyPem"]


def test_a_key_of_another_algorithm_is_refused():
    curve = ec.generate_private_key(ec.SECP256R1()).public_key()
    with pytest.raises(Refused):
        check_pem(pem(curve, PublicFormat.SubjectPublicKeyInfo), strict=False)
