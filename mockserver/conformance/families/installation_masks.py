"""The masks of an installation, each with a value and the place where it is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mockserver.conformance import expect
from mockserver.conformance.families import citing, crms
from mockserver.conformance.families.installation_creation import everything
from mockserver.conformance.families.installations import Site, site
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Strength

PATCH = f"{citing.INSTALLATION}/patch"
MASK = citing.body(PATCH, "updateMask")
IGNORED = citing.body(PATCH, "installation")
INVALID = citing.answer(PATCH, 400)
CONTENT = "config.content"


def subscribing(lab: Lab, of: crms.Crm) -> dict[str, Any]:
    """Return a manifest that reads, writes, subscribes to persons and companies, and proxies."""
    events = [
        {
            "objectName": name,
            "destination": crms.DESTINATION,
            "inheritFieldsAndMapping": True,
            "createEvent": {"enabled": "always"},
        }
        for name in (of.person, of.company)
    ]
    dotted = {"objectName": "ct.dotted"}
    write = [{"objectName": of.person}, {"objectName": of.company}, dotted]
    return crms.manifest(lab, of, subscribe={"objects": events}, write={"objects": write})


def place(lab: Lab) -> tuple[Site, dict[str, Any]]:
    """Make an installation of an integration with a bit of everything."""
    of = crms.crm(lab)
    where = site(lab, of=of, kind=subscribing)
    content = {**everything(where), "subscribe": {"objects": {of.person: subscribed(of.person)}}}
    made: dict[str, Any] = expect.need(lab, where.create(content))
    return where, made


def subscribed(name: str, **parts: Any) -> dict[str, Any]:
    """Return how a customer's config subscribes to an object."""
    return {
        "objectName": name,
        "destination": "ct-events",
        "inheritFieldsAndMappings": True,
        "createEvent": {"enabled": "never"},
        **parts,
    }


def nested(path: str, value: Any) -> dict[str, Any]:
    """Return an object with a value at a path: steps with `/` between."""
    for step in reversed(path.split("/")):
        value = {step: value}
    found: dict[str, Any] = value
    return found


@dataclass(frozen=True, slots=True)
class Change:
    """One mask with a value for it, and where it is shown."""

    name: str
    mask: Callable[[Site], str]
    path: Callable[[Site], str]  # in the body and in the answer, `/` between the steps
    value: Callable[[Lab, Site], Any]
    is_whole: bool = True  # what is shown is the value and nothing of the old
    strength: Strength = Strength.PROMISED


def _reading(lab: Lab, where: Site) -> dict[str, Any]:
    del lab
    return crms.reading(
        where.crm.person,
        "email",
        where.crm.person_fields[2],
        schedule="0 9 * * 1",
        destination="ct-replaced",
    )


def _object(action: str, name: Callable[[Site], str], value: Any, label: str) -> Change:
    return Change(
        label,
        lambda where: f"{CONTENT}.{action}.objects.{name(where).replace('.', chr(92) + '.')}",
        lambda where: f"config/content/{action}/objects/{name(where)}",
        value,
        is_whole=action != "read",  # completed by the manifest
    )


def _map(action: str, value: Any, label: str) -> Change:
    return Change(
        label,
        lambda _: f"{CONTENT}.{action}.objects",
        lambda _: f"config/content/{action}/objects",
        value,
    )


def _proxy(value: bool) -> Change:
    return Change(
        f"proxy-{'on' if value else 'off'}",
        lambda _: f"{CONTENT}.proxy.enabled",
        lambda _: "config/content/proxy/enabled",
        lambda _, __: value,
    )


def _person(where: Site) -> str:
    return where.crm.person


def _company(where: Site) -> str:
    return where.crm.company


CHANGES: tuple[Change, ...] = (
    _object("read", _person, _reading, "read-object"),
    _object(
        "read",
        _company,
        lambda _, where: crms.reading(
            where.crm.company, where.crm.company_fields[1], disabled=True
        ),
        "other-read-object",
    ),
    _object(
        "write",
        _person,
        lambda _, where: {
            "objectName": where.crm.person,
            "deletionSettings": {"enabled": False},
        },
        "write-object",
    ),
    _object(
        "write",
        lambda _: "ct.dotted",
        lambda _, __: {"objectName": "ct.dotted"},
        "write-object-with-a-dot",
    ),
    _map(
        "write",
        lambda _, where: {where.crm.company: {"objectName": where.crm.company}},
        "write-objects",
    ),
    _map("write", lambda _, __: {}, "no-write-objects"),
    _object(
        "subscribe",
        _person,
        lambda _, where: subscribed(where.crm.person, destination="ct-replaced"),
        "subscribe-object",
    ),
    _object(
        "subscribe",
        _company,
        lambda _, where: subscribed(where.crm.company),
        "other-subscribe-object",
    ),
    _map(
        "subscribe",
        lambda _, where: {where.crm.company: subscribed(where.crm.company)},
        "subscribe-objects",
    ),
    _map("subscribe", lambda _, __: {}, "no-subscribe-objects"),
    _proxy(False),
    _proxy(True),
    Change(
        "creator",
        lambda _: "config.createdBy",
        lambda _: "config/createdBy",
        lambda lab, _: f"builder:{lab.name('builder')}",
    ),
)
