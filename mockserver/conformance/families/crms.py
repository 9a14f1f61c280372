"""The CRMs that our integrations speak to, and the manifests and configs that are made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from mockserver.conformance import catalog
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Unreached

#: Name of the destination in our manifests. It need not exist: nothing has to be delivered.
DESTINATION = "ct-webhook"
SCHEDULE = "*/30 * * * *"
SPEC_VERSION = "1.0.0"


@dataclass(frozen=True, slots=True)
class Crm:
    """A provider with two objects, and fields that every account has there."""

    provider: str
    person: str  # object with the fields `email` and those below
    company: str  # object with the fields `name` and those below
    person_fields: tuple[str, ...] = ("phone", "firstname", "lastname")
    company_fields: tuple[str, ...] = ("phone", "website")
    others: Mapping[str, str] = field(default_factory=dict)  # further objects, each with a field


HUBSPOT = Crm(
    "hubspot", "contacts", "companies", others={"deals": "dealname", "tickets": "subject"}
)
SALESFORCE = Crm(
    "salesforce", "contact", "account", others={"lead": "email", "opportunity": "name"}
)
_KNOWN = (HUBSPOT, SALESFORCE)


def crm(lab: Lab, *, besides: str = "") -> Crm:
    """Return the CRM to integrate with; another one than `besides`.

    Raises:
        Unreached: the target lists no provider that can be read and written.
    """
    listed = catalog.providers(lab)
    for one in _KNOWN:
        if one.provider in listed and one.provider != besides:
            return one
    for name, info in sorted(listed.items()):
        support = info.get("support", {})
        if name != besides and support.get("read") and support.get("write"):
            return Crm(name, "contacts", "companies")
    raise Unreached("needs a provider that can be read and written")


def read_object(name: str, required: str, *optional: str, **parts: Any) -> dict[str, Any]:
    """Return a read object of a manifest: one required field, and some the customer may choose."""
    return {
        "objectName": name,
        "destination": DESTINATION,
        "schedule": SCHEDULE,
        "requiredFields": [{"fieldName": required}],
        "optionalFields": [{"fieldName": name} for name in optional],
        **parts,
    }


def manifest(lab: Lab, of: Crm | None = None, **parts: Any) -> dict[str, Any]:
    """Return an integration of a manifest that reads two objects, writes them and has the proxy.

    Args:
        lab: makes the name.
        of: the CRM; None for the usual one.
        parts: replace keys of it; None leaves a key out.
    """
    of = of or crm(lab)
    whole = {
        "name": lab.name("integration"),
        "provider": of.provider,
        "displayName": "Contract Test",
        "read": {
            "objects": [
                read_object(of.person, "email", *of.person_fields),
                read_object(of.company, "name", *of.company_fields),
            ]
        },
        "write": {"objects": [{"objectName": of.person}, {"objectName": of.company}]},
        "proxy": {"enabled": True},
        **parts,
    }
    return {name: value for name, value in whole.items() if value is not None}


def full_manifest(lab: Lab, of: Crm) -> dict[str, Any]:
    """Return an integration of a manifest that says all that can be said."""
    fields = [
        {"fieldName": "email", "mapToName": "mail", "mapToDisplayName": "E-Mail"},
        {"mapToName": "notes", "prompt": "Which field?", "default": of.person_fields[0]},
    ]
    person = read_object(
        of.person,
        "email",
        *of.person_fields,
        mapToName="people",
        mapToDisplayName="Peoplé",
        requiredFields=fields,
        backfill={"defaultPeriod": {"days": 30}},
        delivery={"mode": "onRequest", "pageSize": 50},
    )
    company = read_object(
        of.company,
        "name",
        schedule="0 */4 * * *",
        optionalFields=[{"fieldName": of.company_fields[0], "mapToName": "tel"}],
        optionalFieldsAuto="all",
        backfill={"defaultPeriod": {"fullHistory": True}},
        enabled="always",
    )
    events = {
        "objectName": of.person,
        "destination": "ct-events",
        "inheritFieldsAndMapping": True,
        "createEvent": {"enabled": "always"},
        "updateEvent": {"enabled": "always", "requiredWatchFields": ["email"]},
        "deleteEvent": {"enabled": "always"},
    }
    writes = [
        {"objectName": "people", "inheritMapping": True, "valueDefaults": {"allowAnyFields": True}},
        {"objectName": of.company, "inheritMapping": False},
    ]
    watch = {
        "destination": "ct-schema",
        "schedule": "0 */6 * * *",
        "allObjects": {"fieldCreated": {"enabled": "always"}},
    }
    return manifest(
        lab,
        of,
        displayName="Contract ⟨Test⟩",
        read={"objects": [person, company]},
        write={"objects": writes},
        subscribe={"objects": [events]},
        proxy={"enabled": False, "useModule": False},
        watchSchema=watch,
    )


def proxy_only(lab: Lab, provider: str) -> dict[str, Any]:
    """Return an integration of a manifest that only has the proxy."""
    return {
        "name": lab.name("integration"),
        "provider": provider,
        "proxy": {"enabled": True},
    }


def yaml_of(*integrations: Mapping[str, Any]) -> str:
    """Return a manifest file with some integrations."""
    whole = {"specVersion": SPEC_VERSION, "integrations": [dict(one) for one in integrations]}
    return str(yaml.safe_dump(whole, sort_keys=False))


def content(of: Crm, **parts: Any) -> dict[str, Any]:
    """Return the content of a config that reads persons; `parts` replace keys of it."""
    return {
        "provider": of.provider,
        "read": {"objects": {of.person: reading(of.person, of.person_fields[0])}},
        **parts,
    }


def reading(name: str, *fields: str, **parts: Any) -> dict[str, Any]:
    """Return how a customer's config reads an object."""
    return {
        "objectName": name,
        "selectedFields": dict.fromkeys(fields, True),
        "selectedFieldMappings": {},
        **parts,
    }
