"""Installations: right calls, and what makes one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mockserver.conformance import expect
from mockserver.conformance.calls import Call, RightCalls
from mockserver.conformance.families import connections, crms, integrations
from mockserver.conformance.families.connections import Customer
from mockserver.conformance.families.crms import Crm
from mockserver.conformance.family import (
    Echo,
    Family,
    Filter,
    Mask,
    Place,
    Reference,
    Variant,
    in_project,
    just,
)
from mockserver.conformance.lab import Lab
from mockserver.conformance.right import right_calls

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Site:
    """An integration, and a customer who is connected to its provider."""

    crm: Crm
    integration: Record
    who: Customer
    connection: Record

    @property
    def path(self) -> dict[str, str]:
        """The parameters of the paths below the integration."""
        return {"integrationId": self.integration["id"]}

    def of(self, installation: Record) -> dict[str, str]:
        """Return the parameters of the paths below an installation."""
        return {**self.path, "installationId": installation["id"]}

    def create(self, content: Record | None = None, **changes: Any) -> Call:
        """Return a right call of createInstallation; None leaves a key out."""
        body = {
            "groupRef": self.who.group,
            "connectionId": self.connection["id"],
            "config": {"content": dict(content or crms.content(self.crm))},
            **changes,
        }
        kept = {key: value for key, value in body.items() if value is not None}
        return Call("createInstallation", self.path, body=kept)

    def get(self, installation: Record) -> Call:
        """Return the call that reads an installation."""
        return Call("getInstallation", self.of(installation))

    def delete(self, installation: Record) -> Call:
        """Return the call that deletes an installation."""
        return Call("deleteInstallation", self.of(installation))

    def update(self, installation: Record, *mask: str, **changes: Any) -> Call:
        """Return a call of updateInstallation with a mask and the installation's new parts."""
        body = {"updateMask": list(mask), "installation": changes}
        return Call("updateInstallation", self.of(installation), body=body)


def site(
    lab: Lab,
    manifest: Record | None = None,
    of: Crm | None = None,
    place: Place | None = None,
    *,
    kind: Callable[[Lab, Crm], Record] = crms.manifest,
) -> Site:
    """Connect a new customer to the provider of an integration.

    Args:
        lab: where the rule works.
        manifest: of an integration that only this rule has, and may change; None for the one that
            all rules share.
        of: the CRM; None for the usual one.
        place: another project.
        kind: makes the manifest of the shared integration; there is one for each.
    """
    of = of or crms.crm(lab)
    made = _shared(lab, of, place, kind) if manifest is None else _own(lab, manifest, place)
    who = connections.customer(lab)
    return Site(of, made, who, connections.at(lab, made["provider"], who, place))


def own_site(lab: Lab) -> Site:
    """Connect a new customer to the provider of an integration that only this rule has."""
    return site(lab, crms.manifest(lab))


def _own(lab: Lab, manifest: Record, place: Place | None) -> Record:
    return integrations.integration(lab, manifest, place)


def _shared(lab: Lab, of: Crm, place: Place | None, kind: Callable[[Lab, Crm], Record]) -> Record:
    def make(first: Lab) -> Record:
        return _own(first, kind(first, of), place)

    where = place.name if place else "here"
    return lab.shared(f"{kind.__qualname__} of {of.provider} {where}", make)


def installed(lab: Lab, content: Record | None = None) -> tuple[Site, dict[str, Any]]:
    """Make an installation; return where, and it as its creation showed it."""
    where = site(lab)
    return where, expect.need(lab, where.create(content))


def _create(lab: Lab, place: Place) -> Call:
    # Laws read whole lists, which are short below an integration of its own.
    call = site(lab, crms.manifest(lab), place=place).create()
    return replace(call, path={**in_project(lab, place), **call.path})


def _connection_of(record: Record) -> tuple[tuple[str, str], ...]:
    return (("connection", record["connection"]["id"]),)


INSTALLATIONS = Family(
    noun="installation",
    variants=(Variant("usual", _create),),
    create="createInstallation",
    lists=("listInstallations", "listInstallationsForProject"),
    get="getInstallation",
    update="updateInstallation",
    delete="deleteInstallation",
    values="installation",
    masks=(
        Mask("config.createdBy", lambda lab: f"builder:{lab.name('builder')}"),
        Mask("config.content.proxy.enabled", just(True), falsy=(False,)),
    ),
    # The config is completed from the manifest: what it shows has rules of its own.
    echo={
        "groupRef": Echo("group.groupRef"),
        "connectionId": Echo("connection.id"),
        "config": Echo(None),
    },
    # Each record has an integration of its own: one list shows them all.
    filters=(Filter("groupRef", "group.groupRef", lists=("listInstallationsForProject",)),),
    references=(Reference("connectionId", "connection"),),
    drags=_connection_of,
    drifts=("healthStatus", "lastOperationStatus", "connection.status", "connection.updateTime"),
    moves=("config.id", "config.createTime", "config.revisionId"),
    may_repeat=False,
)

FAMILIES: tuple[Family, ...] = (INSTALLATIONS,)
RIGHT: RightCalls = right_calls(INSTALLATIONS)
