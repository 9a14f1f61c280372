"""Provider apps: right calls, and what only they promise."""

from __future__ import annotations

from mockserver.conformance.calls import Call, RightCalls
from mockserver.conformance.families.providers import oauth_provider
from mockserver.conformance.family import (
    Bound,
    Echo,
    Family,
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


def _minimal(lab: Lab, place: Place) -> Call:
    body = {
        "provider": oauth_provider(lab),
        "clientId": lab.name("Client"),
        "clientSecret": lab.name("client-secret"),
    }
    return Call("createProviderApp", in_project(lab, place), body=body)


def _complete(lab: Lab, place: Place) -> Call:
    call = _minimal(lab, place)
    more = {"externalRef": lab.name("Ref"), "scopes": _scopes(lab), "metadata": _metadata(lab)}
    return Call(call.operation_id, call.path, body={**call.body, **more})


def _scopes(lab: Lab) -> list[str]:
    return ["z.last", lab.name("scope"), "a.first"]  # the order is the builder's


def _metadata(lab: Lab) -> dict[str, object]:
    return {
        "authQueryParams": {"optional_scope": ["b", "a"], "prompt": [lab.name("prompt")]},
        "providerParams": {"packageInstallURL": "https://login.example/p0?x=1", "Key": "Value"},
    }


def _secret(lab: Lab) -> str:
    return lab.name("client-secret")


PROVIDER_APPS = Family(
    noun="provider app",
    variants=(Variant("complete", _complete), Variant("minimal", _minimal)),
    create="createProviderApp",
    lists=("listProviderApps",),
    update="updateProviderApp",
    delete="deleteProviderApp",
    values="providerApp",
    masks=(
        Mask("externalRef", lambda lab: lab.name("Ref"), falsy=("",)),
        Mask("clientId", lambda lab: lab.name("Client")),
        Mask("clientSecret", _secret, echo=Echo(None)),
        Mask("provider", lambda lab: oauth_provider(lab, 1)),
        Mask("scopes", lambda lab: [lab.name("scope")], falsy=([],)),
        Mask(
            "metadata",
            lambda lab: {"providerParams": {"changed": lab.name("value")}},
            falsy=({},),
        ),
    ),
    echo={"clientSecret": Echo(None)},
    secrets=("clientSecret",),
    secret_names=("clientSecret",),
    bounds=(
        Bound(
            "provider",
            refused=(marked("nobodys-crm"),),
            on_update=Strength.INFERRED,
            strength=Strength.INFERRED,
        ),
        Bound("externalRef", taken=(free_text, padded)),
        Bound("clientId", taken=(free_text, padded)),
        Bound("scopes", taken=(just([]), just([f"scope.{number}" for number in range(60)]))),
    ),
)

FAMILIES: tuple[Family, ...] = (PROVIDER_APPS,)
RIGHT: RightCalls = right_calls(PROVIDER_APPS)
