"""Revisions: right calls, and what deploying and hydrating them promises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.conformance.calls import Call, RightCalls
from mockserver.conformance.families import connections, crms, integrations
from mockserver.conformance.lab import Lab


def create(integration: Mapping[str, Any], **parts: Any) -> Call:
    """Return a right call of createRevision: the manifest as it is, but for some parts."""
    content = {**integration["latestRevision"]["content"], **parts}
    path = {"integrationId": integration["id"]}
    return Call("createRevision", path, body={"sourceYaml": crms.yaml_of(content)})


def hydrate(integration: Mapping[str, Any], connection: Mapping[str, Any]) -> Call:
    """Return the call that hydrates the latest revision of an integration."""
    path = {
        "integrationId": integration["id"],
        "revisionId": integration["latestRevision"]["id"],
    }
    return Call("getHydratedRevision", path, {"connectionId": connection["id"]})


def _hydrate(lab: Lab) -> Call:
    made = integrations.integration(lab)
    return hydrate(made, connections.at(lab, made["provider"]))


RIGHT: RightCalls = {
    "createRevision": lambda lab: create(integrations.integration(lab), displayName="Changed"),
    "getHydratedRevision": _hydrate,
}
