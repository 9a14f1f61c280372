"""API keys: right calls, and what only keys promise."""

from __future__ import annotations

from mockserver.conformance.calls import Call, RightCalls
from mockserver.conformance.family import (
    Bound,
    Family,
    Filter,
    Mask,
    Place,
    Variant,
    in_project,
    just,
)
from mockserver.conformance.lab import Lab
from mockserver.conformance.right import right_calls
from mockserver.conformance.texts import free_text, padded


def _create(lab: Lab, place: Place, *scopes: str) -> Call:
    body: dict[str, object] = {"label": lab.name("Key")}
    if scopes:
        body["scopes"] = list(scopes)
    return Call("createApiKey", in_project(lab, place), body=body)


API_KEYS = Family(
    noun="API key",
    variants=(
        Variant("full", lambda lab, place: _create(lab, place, "full")),
        Variant("frontend", lambda lab, place: _create(lab, place, "frontend")),
        Variant("both", lambda lab, place: _create(lab, place, "full", "frontend")),
        Variant("unscoped", lambda lab, place: _create(lab, place)),
    ),
    create="createApiKey",
    lists=("listApiKeys",),
    get="getApiKey",
    update="updateApiKey",
    delete="deleteApiKey",
    key="key",
    values="apiKey",
    masks=(
        Mask("active", just(False), falsy=(False,)),
        Mask("label", lambda lab: lab.name("Relabelled")),
        Mask("scopes", just(["frontend"])),
    ),
    filters=(Filter("active", "active", only_true=True, is_open=False),),
    bounds=(Bound("label", taken=(free_text, padded)),),
)

FAMILIES: tuple[Family, ...] = (API_KEYS,)
RIGHT: RightCalls = right_calls(API_KEYS)
