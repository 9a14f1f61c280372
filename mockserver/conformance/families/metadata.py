"""Object metadata: right calls, and what reading and upserting fields promises."""

from __future__ import annotations

from typing import Any

from mockserver.conformance.calls import Call, RightCalls
from mockserver.conformance.families import connections, crms
from mockserver.conformance.families.connections import Customer
from mockserver.conformance.families.crms import Crm
from mockserver.conformance.families.installations import Site, installed
from mockserver.conformance.lab import Lab


def of_installation(where: Site, name: str = "", **query: str) -> Call:
    """Return the call that reads the metadata of an object through an installation."""
    path = {**where.path, "objectName": name or where.crm.person}
    return Call("getObjectMetadataForInstallation", path, {"groupRef": where.who.group, **query})


def of_connection(of: Crm, who: Customer, name: str = "", **query: str) -> Call:
    """Return the call that reads the metadata of an object through a connection."""
    path = {"provider": of.provider, "objectName": name or of.person}
    return Call("getObjectMetadataForConnection", path, {"groupRef": who.group, **query})


def field(lab: Lab, **changes: Any) -> dict[str, Any]:
    """Return the definition of a field that nobody has."""
    return {
        "fieldName": lab.name("field").replace("-", "_"),
        "displayName": "Contract Test",
        "valueType": "string",
        **changes,
    }


def upsert_body(group: str, name: str, *fields: Any) -> dict[str, Any]:
    """Return an UpsertMetadataRequest for one object."""
    return {"groupRef": group, "fields": {name: list(fields)}}


def connected(lab: Lab) -> tuple[Crm, Customer]:
    """Make a customer who is connected to a CRM, without an installation."""
    of, who = crms.crm(lab), connections.customer(lab)
    connections.at(lab, of.provider, who)
    return of, who


def _upsert_for_installation(lab: Lab) -> Call:
    where, _ = installed(lab)
    body = upsert_body(where.who.group, where.crm.person, field(lab))
    return Call("upsertMetadataForInstallation", where.path, body=body)


def _upsert_for_connection(lab: Lab) -> Call:
    of, who = connected(lab)
    body = upsert_body(who.group, of.person, field(lab))
    return Call("upsertMetadataForConnection", {"provider": of.provider}, body=body)


RIGHT: RightCalls = {
    "getObjectMetadataForInstallation": lambda lab: of_installation(installed(lab)[0]),
    "getObjectMetadataForConnection": lambda lab: of_connection(*connected(lab)),
    "upsertMetadataForInstallation": _upsert_for_installation,
    "upsertMetadataForConnection": _upsert_for_connection,
}
