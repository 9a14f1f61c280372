"""What installing refuses, and that a refusal leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from mockserver.conformance import catalog, expect
from mockserver.conformance.catalog import API_KEY
from mockserver.conformance.families import citing, connections, crms
from mockserver.conformance.families.connections import connection, customer
from mockserver.conformance.families.installation_creation import listed, listed_everywhere
from mockserver.conformance.families.installations import Record, Site, installed, site
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Broken, Rule, Strength

_POST = f"{citing.INSTALLATIONS}/post"
_WHOLE = f"{_POST}/description"
_CONNECTION = citing.body(_POST, "connectionId")
_CREATOR = citing.body(_POST, "config", "createdBy")
_REVISION = citing.body(_POST, "config", "revisionId")
_READ_OBJECTS = citing.described("BaseReadConfig", "objects")
_SCHEDULE = citing.described("BaseReadConfigObject", "schedule")
_PERIOD = citing.described("DefaultPeriodConfig")


def _wants_a_connection(lab: Lab) -> None:
    where = site(lab)
    lonely = customer(lab)
    connection(lab, who=lonely, provider=catalog.provider(lab, API_KEY))
    _refused(lab, where, "a group without a connection", group=lonely.group, connectionId=None)
    _refused(lab, where, "a connection that never was", connectionId=lab.absent())


def _wants_a_fitting_connection(lab: Lab) -> None:
    where = site(lab)
    other = connection(lab, who=where.who, provider=catalog.provider(lab, API_KEY))
    _refused(lab, where, "a connection of another provider", connectionId=other["id"])
    stranger = connections.at(lab, where.crm.provider)
    _refused(lab, where, "a connection of another group", connectionId=stranger["id"])


def _refused(lab: Lab, where: Site, what: str, *, group: str = "", **changes: Any) -> None:
    ref = group or where.who.group
    with expect.unmoved(lab, listed(where, groupRef=ref), listed_everywhere(groupRef=ref)):
        answer = lab.make(where.create(groupRef=ref, **changes))
        expect.refused(answer, what, expect.UNFIT)


def _one_for_each_group(lab: Lab) -> None:
    where, made = installed(lab)
    rows = listed(where, groupRef=where.who.group)
    with expect.unmoved(lab, rows, where.get(made)):
        answer = lab.make(where.create())
        expect.refused(answer, "a second installation of a group", expect.CONFLICT)


def _absent_is_refused(lab: Lab) -> None:
    where = site(lab)
    absent = Site(where.crm, {"id": lab.absent()}, where.who, where.connection)
    expect.gone(lab.make(absent.create()), "an integration that never was")
    rows = expect.read(lab, listed_everywhere(groupRef=where.who.group))
    if rows:
        raise Broken("an installation of an integration that never was is listed")


@dataclass(frozen=True, slots=True)
class Wrong:
    """A content of a config that the manifest or the contract does not allow."""

    name: str
    content: Callable[[Site], Record]
    cites: str
    strength: Strength = Strength.PROMISED


def _with(**parts: Any) -> Callable[[Site], Record]:
    """Return what makes a content whose person is read with some parts."""

    def make(where: Site) -> Record:
        of = where.crm
        one = crms.reading(of.person, of.person_fields[0], **parts)
        return crms.content(of, read={"objects": {of.person: one}})

    return make


def _unknown(action: str) -> Callable[[Site], Record]:
    def make(where: Site) -> Record:
        parts = {"destination": crms.DESTINATION, "inheritFieldsAndMappings": True}
        one = {"objectName": "ct_unknown", **(parts if action == "subscribe" else {})}
        if action == "read":
            one = crms.reading("ct_unknown", "email")
        return crms.content(where.crm, **{action: {"objects": {"ct_unknown": one}}})

    return make


WRONG: tuple[Wrong, ...] = (
    Wrong("unknown-read-object", _unknown("read"), _READ_OBJECTS),
    Wrong(
        "unknown-write-object",
        _unknown("write"),
        citing.described("BaseWriteConfigObject", "objectName"),
    ),
    Wrong(
        "unknown-subscribe-object",
        _unknown("subscribe"),
        citing.described("BaseSubscribeConfigObject", "objectName"),
        Strength.INFERRED,
    ),
    Wrong("schedule-of-words", _with(schedule="now and then"), _SCHEDULE),
    Wrong("schedule-of-four-fields", _with(schedule="*/30 * * *"), _SCHEDULE),
    Wrong("schedule-too-often", _with(schedule="*/5 * * * *"), _SCHEDULE, Strength.INFERRED),
    Wrong(
        "backfill-of-both-lengths",
        _with(backfill={"defaultPeriod": {"days": 30, "fullHistory": True}}),
        _PERIOD,
    ),
    Wrong(
        "backfill-of-neither-length",
        _with(backfill={"defaultPeriod": {}}),
        _PERIOD,
        Strength.INFERRED,
    ),
    Wrong(
        "another-provider",
        lambda where: {**crms.content(where.crm), "provider": "ct-no-provider"},
        citing.described("BaseConfigContent", "provider"),
        Strength.INFERRED,
    ),
)


def _refuses(case: Wrong, lab: Lab) -> None:
    where = site(lab)
    what = f"a config with {case.name.replace('-', ' ')}"
    _refused(lab, where, what, config={"content": case.content(where)})


def _wants_mappings(lab: Lab) -> None:
    of = crms.crm(lab)
    asked = [{"fieldName": "email"}, {"mapToName": "priority"}]
    one = crms.read_object(of.person, "email", requiredFields=asked)
    where = site(lab, crms.manifest(lab, of, read={"objects": [one]}), of)
    _refused(lab, where, "a config without a required mapping")
    mapping = {"priority": of.person_fields[1]}
    right = _with(selectedFieldMappings=mapping)(where)
    made = expect.done(lab, where.create(right), "a config with the required mapping")
    shown = expect.part(made, "config", "content", "read", "objects", of.person)
    expect.holds({"selectedFieldMappings": mapping}, shown)


RULES: tuple[Rule, ...] = (
    Rule("createInstallation", "a-connection-is-needed", _WHOLE, _wants_a_connection),
    Rule(
        "createInstallation",
        "connection-must-fit",
        _CONNECTION,
        _wants_a_fitting_connection,
        Strength.INFERRED,
    ),
    Rule(
        "createInstallation", "one-for-each-group", _WHOLE, _one_for_each_group, Strength.INFERRED
    ),
    Rule("createInstallation", "absent-is-refused", citing.parameter(_POST, 1), _absent_is_refused),
    Rule(
        "createInstallation",
        "mappings-are-needed",
        citing.described("IntegrationFieldMapping"),
        _wants_mappings,
        Strength.INFERRED,
    ),
    *(
        Rule(
            "createInstallation",
            f"refuses-{case.name}",
            case.cites,
            partial(_refuses, case),
            case.strength,
        )
        for case in WRONG
    ),
)
