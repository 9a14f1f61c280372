"""JWT keys: right calls, and what only they promise."""

from __future__ import annotations

from mockserver.conformance.calls import Call, RightCalls
from mockserver.conformance.family import (
    Bound,
    Echo,
    Family,
    Filter,
    Mask,
    Place,
    Variant,
    in_project,
    just,
    marked,
)
from mockserver.conformance.lab import Lab
from mockserver.conformance.right import right_calls
from mockserver.conformance.rules import Strength
from mockserver.conformance.texts import free_text, padded
from mockserver.conformance.tokens import public_pem

_LONGEST = 255
_CERTIFICATE = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"


def _create(lab: Lab, place: Place) -> Call:
    body = {"label": lab.name("Signing-key"), "algorithm": "RS256", "publicKeyPem": public_pem(lab)}
    return Call("createJWTKey", in_project(lab, place), body=body)


def _longest(lab: Lab) -> str:
    return lab.name("label").ljust(_LONGEST, "x")[:_LONGEST]


JWT_KEYS = Family(
    noun="JWT key",
    variants=(Variant("plain", _create),),
    create="createJWTKey",
    lists=("listJWTKeys",),
    get="getJWTKey",
    update="updateJWTKey",
    delete="deleteJWTKey",
    made="kid",
    values="jwtKey",
    masks=(
        Mask("active", just(False), falsy=(False,)),
        Mask("label", lambda lab: lab.name("Relabelled")),
    ),
    # Source: JWTKey, whose algorithm is RSA where the request says RS256. Assumed: the text of a
    # key may be laid out anew, so only its base64 is compared.
    echo={
        "algorithm": Echo("algorithm", just("RSA")),
        "publicKeyPem": Echo("publicKeyPem"),
    },
    filters=(Filter("active", "active", only_true=True, is_open=False),),
    bounds=(
        Bound(
            "label",
            taken=(_longest, lambda lab: lab.name("Label"), free_text, padded),
            refused=(just(""), marked("label", _LONGEST + 1)),
            on_update=None,
        ),
        Bound(
            "publicKeyPem",
            refused=(
                just(""),
                just("no key"),
                just(_CERTIFICATE),
            ),
            cites="/components/schemas/CreateJWTKeyRequest/properties/publicKeyPem/description",
        ),
        Bound(
            "algorithm",
            refused=(just("HS256"), just("ES256"), just("none")),
            strength=Strength.PROMISED,
        ),
    ),
)

FAMILIES: tuple[Family, ...] = (JWT_KEYS,)
RIGHT: RightCalls = right_calls(JWT_KEYS)
