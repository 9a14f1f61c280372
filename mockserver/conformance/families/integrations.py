"""Integrations: right calls, and what each operation of them promises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.conformance import expect
from mockserver.conformance.calls import Call, RightCalls
from mockserver.conformance.families import crms
from mockserver.conformance.family import Family, Place, Spelling, Variant, here, in_project
from mockserver.conformance.lab import Lab
from mockserver.conformance.right import right_calls
from mockserver.conformance.rules import Strength


def create(lab: Lab, manifest: Mapping[str, Any] | None = None, place: Place | None = None) -> Call:
    """Return a right call of createIntegration, of a manifest's integration."""
    content = dict(manifest or crms.manifest(lab))
    body = {
        "name": content["name"],
        "provider": content["provider"],
        "latestRevision": {"specVersion": crms.SPEC_VERSION, "content": content},
    }
    return Call("createIntegration", in_project(lab, place or here(lab)), body=body)


def get(name: str, path: Mapping[str, str] | None = None) -> Call:
    """Return the call that reads an integration by its id or name."""
    return Call("getIntegration", {**(path or {}), "integrationIdOrName": name})


def integration(
    lab: Lab, manifest: Mapping[str, Any] | None = None, place: Place | None = None
) -> dict[str, Any]:
    """Make an integration and return it as it is read."""
    caller = place.caller if place else None
    call = create(lab, manifest, place)
    expect.need(lab, call, caller=caller)
    made: dict[str, Any] = expect.need(lab, get(call.body["name"], call.path), caller=caller)
    return made


def batch(*integrations: Mapping[str, Any]) -> Call:
    """Return a call of batchUpsertIntegrations with a manifest given as YAML."""
    return Call("batchUpsertIntegrations", body={"sourceYaml": crms.yaml_of(*integrations)})


INTEGRATIONS = Family(
    noun="integration",
    variants=(
        Variant("usual", lambda lab, place: create(lab, place=place)),
        Variant(
            "full",
            lambda lab, place: create(lab, crms.full_manifest(lab, crms.crm(lab)), place),
        ),
    ),
    create="createIntegration",
    lists=("listIntegrations",),
    get="getIntegration",
    delete="deleteIntegration",
    spellings=(
        Spelling(
            "name",
            {"getIntegration": Strength.PROMISED, "deleteIntegration": Strength.INFERRED},
        ),
    ),
    # The name stands in two places of the body: uniqueness has rules of its own.
    may_repeat=False,
)

FAMILIES: tuple[Family, ...] = (INTEGRATIONS,)
RIGHT: RightCalls = {
    **right_calls(INTEGRATIONS),
    "batchUpsertIntegrations": lambda lab: batch(crms.manifest(lab)),
}
