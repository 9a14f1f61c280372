"""What installations refuse to become, where they are found, and what goes when they go."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from mockserver.conformance import expect
from mockserver.conformance.calls import Call
from mockserver.conformance.families import citing, connections, crms
from mockserver.conformance.families.config_patches import patch, selecting
from mockserver.conformance.families.connections import connection, customer
from mockserver.conformance.families.installation_creation import listed, listed_everywhere
from mockserver.conformance.families.installation_masks import (
    CONTENT,
    INVALID,
    PATCH,
    nested,
    place,
)
from mockserver.conformance.families.installations import Record, Site, installed
from mockserver.conformance.families.integrations import get, integration
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Broken, Rule

_DELETE = f"{citing.INSTALLATION}/delete/description"
_PARENT = citing.parameter(PATCH, 1)
#: Paths that are none of the masks of the contract.
NOT_MASKS = (
    "id",
    "groupRef",
    "group.groupName",
    "healthStatus",
    "integrationId",
    "createTime",
    "connection",
    "connection.id",
    "config",
    "config.id",
    "config.revisionId",
    "config.content",
    "config.content.provider",
    "config.content.read",
    "config.content.read.objects",
    "config.content.read.objects.",
    "config.content.write",
    "config.content.subscribe",
    "config.content.proxy",
    "config.content.ct.objects",
    "config.content.ct.objects.contacts",
    "config.ctNonsense",
    "ctNonsense",
    "",
)


def _filled(where: Site) -> dict[str, Any]:
    """Return the values of everything, so that only the mask is wrong."""
    of = where.crm
    content = {
        "provider": of.provider,
        "read": {"objects": {of.person: crms.reading(of.person, "email")}},
        "write": {"objects": {of.company: {"objectName": of.company}}},
        "subscribe": {"objects": {}},
        "proxy": {"enabled": False},
    }
    config = {
        "id": "ct-config",
        "createdBy": "builder:ct",
        "revisionId": "ct-revision",
        "content": content,
        "ctNonsense": "ct",
    }
    return {
        "connectionId": where.connection["id"],
        "connection": {"id": where.connection["id"]},
        "config": config,
        "id": "ct-installation",
        "groupRef": "ct-group",
        "healthStatus": "unhealthy",
        "ctNonsense": "ct",
    }


def _refuses_unknown_masks(lab: Lab) -> None:
    where, made = place(lab)
    body = _filled(where)
    with expect.unmoved(lab, where.get(made)):
        for mask in NOT_MASKS:
            for masks in ((mask,), ("config.createdBy", mask), (mask, "config.createdBy")):
                answer = lab.make(where.update(made, *masks, **body))
                expect.refused(answer, f"the mask {mask!r}", {400}, is_declared=True)


def _refuses_missing_values(lab: Lab) -> None:
    where, made = place(lab)
    name = where.crm.person
    known = nested("config/createdBy", "builder:ct")
    masks = (
        "connectionId",
        "config.createdBy",
        f"{CONTENT}.proxy.enabled",
        f"{CONTENT}.read.objects.{name}",
        f"{CONTENT}.write.objects",
        f"{CONTENT}.write.objects.{name}",
        f"{CONTENT}.subscribe.objects",
        f"{CONTENT}.subscribe.objects.{name}",
    )
    with expect.unmoved(lab, where.get(made)):
        for mask in masks:
            answer = lab.make(where.update(made, mask))
            expect.refused(answer, f"{mask} without a value", {400}, is_declared=True)
            if mask != "config.createdBy":
                answer = lab.make(where.update(made, "config.createdBy", mask, **known))
                expect.refused(answer, f"{mask} without a value", {400}, is_declared=True)


def _refuses_wrong_values(lab: Lab) -> None:
    where, made = place(lab)
    name = where.crm.person
    unknown: Record = {"objectName": "ct_unknown"}
    cron = crms.reading(name, "email", schedule="now and then")
    both = {"defaultPeriod": {"days": 3, "fullHistory": True}}
    wrong = (
        ("read", "ct_unknown", crms.reading("ct_unknown", "email")),
        ("write", "ct_unknown", unknown),
        ("read", name, cron),
        ("read", name, crms.reading(name, "email", backfill=both)),
    )
    with expect.unmoved(lab, where.get(made)):
        for action, key, value in wrong:
            body = nested(f"config/content/{action}/objects/{key}", value)
            body["config"]["createdBy"] = "builder:ct"
            masks = ("config.createdBy", f"{CONTENT}.{action}.objects.{key}")
            answer = lab.make(where.update(made, *masks, **body))
            expect.refused(answer, f"a wrong {action} config of {key}")
        body = nested("config/content/write/objects", {"ct_unknown": unknown})
        answer = lab.make(where.update(made, f"{CONTENT}.write.objects", **body))
        expect.refused(answer, "an unknown object to write")


def _below(where: Site, made: Record) -> tuple[Call, ...]:
    """Return a right call of each operation on an installation, in an order that may be tried."""
    proxy = nested("config/content/proxy/enabled", False)
    return (
        where.get(made),
        where.update(made, f"{CONTENT}.proxy.enabled", **proxy),
        Call("listOperations", where.of(made)),
        where.delete(made),
    )


def _is_of_its_integration(number: int, lab: Lab) -> None:
    where, made = installed(lab)
    other = Site(where.crm, integration(lab), where.who, where.connection)
    with expect.unmoved(lab, where.get(made), listed(where)):
        call = _below(other, made)[number]
        what = f"{call.operation_id} below another integration"
        expect.refused(lab.make(call), what, expect.UNFIT)
        absent = Site(where.crm, {"id": lab.absent()}, where.who, where.connection)
        call = _below(absent, made)[number]
        what = f"{call.operation_id} below an integration that never was"
        expect.refused(lab.make(call), what, expect.UNFIT)


def _absent_is_refused(number: int, lab: Lab) -> None:
    where, made = installed(lab)
    with expect.unmoved(lab, where.get(made), listed(where)):
        call = _below(where, {"id": lab.absent()})[number]
        what = f"{call.operation_id} of an installation that never was"
        expect.refused(lab.make(call), what, expect.UNFIT)


def _is_deleted(lab: Lab) -> None:
    where, made = installed(lab)
    who = customer(lab)
    other = Site(where.crm, where.integration, who, connections.at(lab, where.crm.provider, who))
    second = expect.need(lab, other.create())
    with expect.unmoved(lab, other.get(second), get(where.integration["id"])):
        expect.done(lab, where.delete(made), "deleting an installation")
    for number, call in enumerate(_below(where, made)):
        expect.refused(lab.make(call), f"{call.operation_id} after delete, {number}", expect.UNFIT)
    patched = lab.make(patch(where, made, selecting(where.crm.person_fields[1])))
    expect.refused(patched, "patching a deleted installation", expect.UNFIT)
    group = {"groupRef": where.who.group}
    calls = (listed(where), listed(where, **group), listed_everywhere(), listed_everywhere(**group))
    for call in calls:
        expect.none(expect.read(lab, call), made["id"], "a deleted installation")


def _can_be_made_again(lab: Lab) -> None:
    where, made = installed(lab)
    expect.done(lab, where.delete(made), "deleting an installation")
    connected = connections.at(lab, where.crm.provider, where.who)
    again = Site(where.crm, where.integration, where.who, connected)
    second = expect.done(lab, again.create(), "installing again")
    if second["id"] == made["id"]:
        raise Broken("a new installation has the id of a deleted one", pointer="/id")
    if second["config"]["id"] == made["config"]["id"]:
        raise Broken("a new config has the id of a deleted one", pointer="/config/id")
    expect.one(expect.read(lab, listed(again)), second["id"], "an installation made again")


def _connection(identifier: str) -> Call:
    return Call("getConnection", {"connectionId": identifier})


def _takes_its_connection_along(lab: Lab) -> None:
    where, made = installed(lab)
    expect.done(lab, where.delete(made), "deleting an installation")
    identifier = where.connection["id"]
    expect.gone(lab.make(_connection(identifier)), "the connection of a deleted installation")
    rows = expect.read(lab, Call("listConnections", {}, {"groupRef": where.who.group}))
    expect.none(rows, identifier, "the connection of a deleted installation")


def _leaves_the_shared_connection(lab: Lab) -> None:
    where, made = installed(lab)
    other = Site(where.crm, integration(lab), where.who, where.connection)
    second = expect.need(lab, other.create())
    shared = _connection(where.connection["id"])
    with expect.unmoved(lab, other.get(second), shared):
        expect.done(lab, where.delete(made), "deleting an installation")
    expect.done(lab, other.delete(second), "deleting the last installation")
    expect.gone(lab.make(shared), "a connection whose last installation was deleted")


def _leaves_other_connections(lab: Lab) -> None:
    where, made = installed(lab)
    beside = [
        connection(lab, who=where.who),
        connections.at(lab, where.crm.provider, customer(lab, group=where.who.group)),
        connections.at(lab, where.crm.provider),
    ]
    with expect.unmoved(lab, *(_connection(one["id"]) for one in beside)):
        expect.done(lab, where.delete(made), "deleting an installation")


def _each(name: str, cites: str, run: Callable[[int, Lab], None]) -> tuple[Rule, ...]:
    """Return a rule for each operation on an installation."""
    names = ("getInstallation", "updateInstallation", "listOperations", "deleteInstallation")
    return tuple(
        Rule(operation_id, name, cites, partial(run, number))
        for number, operation_id in enumerate(names)
    )


RULES: tuple[Rule, ...] = (
    Rule("updateInstallation", "unknown-masks-are-refused", INVALID, _refuses_unknown_masks),
    Rule("updateInstallation", "missing-values-are-refused", INVALID, _refuses_missing_values),
    Rule(
        "updateInstallation",
        "wrong-values-are-refused",
        citing.described("BaseReadConfig", "objects"),
        _refuses_wrong_values,
    ),
    *_each("is-of-its-integration", _PARENT, _is_of_its_integration),
    *_each("absent-installation-is-refused", citing.parameter(PATCH, 2), _absent_is_refused),
    Rule("deleteInstallation", "is-gone-from-every-list", _DELETE, _is_deleted),
    Rule("deleteInstallation", "can-be-made-again", _DELETE, _can_be_made_again),
    Rule("deleteInstallation", "takes-its-connection-along", _DELETE, _takes_its_connection_along),
    Rule(
        "deleteInstallation", "leaves-a-shared-connection", _DELETE, _leaves_the_shared_connection
    ),
    Rule("deleteInstallation", "leaves-other-connections", _DELETE, _leaves_other_connections),
)
