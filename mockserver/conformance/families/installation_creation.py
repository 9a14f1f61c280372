"""What installing promises: the echo, the completion of the config, the connection behind it."""

from __future__ import annotations

from functools import partial
from typing import Any

from mockserver.conformance import catalog, expect
from mockserver.conformance.calls import Call
from mockserver.conformance.families import citing, connections, crms
from mockserver.conformance.families.connections import connection, customer
from mockserver.conformance.families.installations import Site, installed, own_site, site
from mockserver.conformance.families.integrations import get, integration
from mockserver.conformance.families.revisions import create as revise
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


def listed(where: Site, **query: str) -> Call:
    """Return the call that lists the installations of an integration."""
    return Call("listInstallations", where.path, query)


def listed_everywhere(**query: str) -> Call:
    """Return the call that lists the installations of the project."""
    return Call("listInstallationsForProject", {}, query)


def everything(where: Site) -> dict[str, Any]:
    """Return the content of a config that says all that a customer can choose."""
    of = where.crm
    person = crms.reading(
        of.person,
        *of.person_fields[:2],
        schedule="0 */6 * * *",
        destination="ct-elsewhere",
        selectedFieldMappings={"ct/first": of.person_fields[2]},
        selectedValueMappings={of.person_fields[0]: {"open": "New", "ct~done": ""}},
        dynamicMappingsInput=[
            {"mapToName": "ctDynamic", "fieldName": of.person_fields[0], "prompt": "Which?"}
        ],
        backfill={"defaultPeriod": {"days": 7}},
    )
    history = {"defaultPeriod": {"fullHistory": True}}
    company = crms.reading(of.company, selectedFieldsAuto="all", backfill=history)
    write = {
        "objectName": of.person,
        "deletionSettings": {"enabled": True},
        "selectedFieldSettings": {
            of.person_fields[0]: {
                "default": {"stringValue": "none"},
                "writeOnCreate": "never",
                "writeOnUpdate": "ifEmpty",
            }
        },
    }
    return {
        "provider": of.provider,
        "read": {"objects": {of.person: person, of.company: company}},
        "write": {"objects": {of.person: write, of.company: {"objectName": of.company}}},
        "proxy": {"enabled": True},
    }


def _is_found(lab: Lab) -> None:
    where = site(lab)
    metadata = {"ctFact": {"value": "One", "source": "input"}}
    who, provider = customer(lab), where.crm.provider
    kind = catalog.kind_of(lab, provider)
    connected = connection(lab, kind, who, provider=provider, providerMetadata=metadata)
    where = Site(where.crm, where.integration, who, connected)
    content = everything(where)
    config = {"content": content, "createdBy": "builder:ct-builder"}
    made = expect.done(lab, where.create(config=config), "a right installation")
    revision = where.integration["latestRevision"]["id"]
    wanted = {
        "integrationId": where.integration["id"],
        "projectId": where.integration["projectId"],
        "group": where.connection["group"],
        "connection": {"id": where.connection["id"], "consumer": where.connection["consumer"]},
        "config": {"content": content, "createdBy": "builder:ct-builder", "revisionId": revision},
    }
    expect.holds(wanted, made)
    whole = {**wanted, "id": made["id"]}
    seen = expect.read(lab, where.get(made))
    expect.holds(whole, seen)
    expect.same(made["config"]["id"], seen["config"]["id"], "the id of the config")
    for call in (
        listed(where),
        listed(where, groupRef=where.who.group),
        listed_everywhere(),
        listed_everywhere(groupRef=where.who.group),
    ):
        entry = expect.one(expect.read(lab, call), made["id"], "a new installation")
        expect.holds(whole, entry)
        expect.same(expect.steady(seen), expect.steady(entry), "the installation in the list")
    own = expect.read(lab, Call("getConnection", {"connectionId": connected["id"]}))
    expect.same({**own, "status": ""}, {**seen["connection"], "status": ""}, "its connection")


def _parts_are_enough(lab: Lab) -> None:
    where = site(lab)
    of = where.crm
    for content in (
        {"provider": of.provider, "proxy": {"enabled": True}},
        {"provider": of.provider, "write": {"objects": {of.person: {"objectName": of.person}}}},
        {"provider": of.provider, "read": {"objects": {}}, "proxy": {"enabled": False}},
    ):
        made = expect.done(lab, where.create(content), "a config of one part")
        expect.holds({"config": {"content": content}}, made)
        expect.holds({"config": {"content": content}}, expect.read(lab, where.get(made)))
        expect.need(lab, where.delete(made))
        connected = connections.at(lab, of.provider, where.who)
        where = Site(of, where.integration, where.who, connected)


def _is_completed(lab: Lab) -> None:
    where = site(lab)
    name = where.crm.person
    declared = where.integration["latestRevision"]["content"]["read"]["objects"][0]
    content = crms.content(where.crm)
    given = content["read"]["objects"][name]
    made = expect.done(lab, where.create(content), "a right installation")
    shown = expect.part(made, "config", "content", "read", "objects", name)
    expect.holds({key: declared[key] for key in ("schedule", "destination")}, shown)
    required = {one["fieldName"]: True for one in declared["requiredFields"]}
    expect.holds({"selectedFields": {**given["selectedFields"], **required}}, shown)


def _starts_healthy(lab: Lab) -> None:
    _, made = installed(lab)
    expect.same("healthy", made["healthStatus"], "a new installation's healthStatus")


def _creator_has_a_default(lab: Lab) -> None:
    where, made = installed(lab)
    for seen in (made, expect.read(lab, where.get(made))):
        got = seen["config"]["createdBy"]
        if got != "api:create-installation":
            raise Broken(f"createdBy left out is {got!r}", pointer="/config/createdBy")


def _revision_is_the_latest(lab: Lab) -> None:
    where = own_site(lab)
    old = where.integration["latestRevision"]["id"]
    expect.need(lab, revise(where.integration, displayName="Changed"))
    latest = expect.need(lab, get(where.integration["id"]))["latestRevision"]["id"]
    config = {"content": crms.content(where.crm), "revisionId": old}
    made = expect.done(lab, where.create(config=config), "a right installation")
    expect.same(latest, made["config"]["revisionId"], "the config's revisionId")


def _revision_stays(lab: Lab) -> None:
    where = own_site(lab)
    made = expect.need(lab, where.create())
    with expect.unmoved(lab, where.get(made)):
        expect.need(lab, revise(where.integration, displayName="Changed"))
    latest = expect.need(lab, get(where.integration["id"]))["latestRevision"]["id"]
    changes = {"config": {"content": {"proxy": {"enabled": True}}}}
    expect.need(lab, where.update(made, "config.content.proxy.enabled", **changes))
    seen = expect.read(lab, where.get(made))
    expect.same(latest, seen["config"]["revisionId"], "the config's revisionId after an update")


def _takes_the_groups_connection(lab: Lab) -> None:
    where = site(lab)
    connection(lab, who=where.who)  # of another provider
    connections.at(lab, where.crm.provider)  # of another group
    made = expect.done(lab, where.create(connectionId=None), "leaving connectionId out")
    expect.same(where.connection["id"], made["connection"]["id"], "the group's connection")
    second = Site(where.crm, integration(lab), where.who, where.connection)
    again = expect.done(lab, second.create(connectionId=None), "leaving it out again")
    expect.same(where.connection["id"], again["connection"]["id"], "the group's connection")


def _takes_the_named_connection(lab: Lab) -> None:
    where = site(lab)
    other = customer(lab, group=where.who.group)
    second = connections.at(lab, where.crm.provider, other)
    made = expect.done(lab, where.create(connectionId=second["id"]))
    expect.same(second["id"], made["connection"]["id"], "the connection that was named")
    seen = expect.read(lab, where.get(made))
    expect.holds({"id": second["id"], "consumer": second["consumer"]}, seen["connection"])


def _groups_do_not_meet(lab: Lab) -> None:
    where, made = installed(lab)
    who = customer(lab)
    other = Site(where.crm, where.integration, who, connections.at(lab, where.crm.provider, who))
    second = expect.done(lab, other.create(), "installing for another group")
    for what, one, two in (
        ("installations", made["id"], second["id"]),
        ("configs", made["config"]["id"], second["config"]["id"]),
    ):
        if one == two:
            raise Broken(f"two {what} have one id")
    expect.same(made["id"], expect.need(lab, where.get(made))["id"], "the first installation")


def _name_is_as_good(lab: Lab) -> None:
    where = site(lab)
    named = Site(where.crm, {"id": where.integration["name"]}, where.who, where.connection)
    made = expect.done(lab, named.create(), "naming the integration by its name")
    expect.same(where.integration["id"], made["integrationId"], "integrationId")


def _told_apart(name: str, lab: Lab) -> None:
    first, second = site(lab), own_site(lab)
    shared = Site(first.crm, second.integration, first.who, first.connection)
    homes = {expect.need(lab, one.create())["id"]: one for one in (first, second, shared)}
    places = (first, second) if name == "listInstallations" else (None,)
    for where in places:
        for group in ("", first.who.group, second.who.group, lab.name("nobody")):
            query = {"groupRef": group} if group else {}
            call = listed(where, **query) if where else listed_everywhere(**query)
            right = {
                one
                for one, home in homes.items()
                if (where is None or home.integration["id"] == where.integration["id"])
                and (not group or home.who.group == group)
            }
            _lists(expect.read(lab, call), homes, right, call)


def _lists(rows: Any, homes: dict[str, Site], right: set[str], call: Call) -> None:
    found = expect.ours(rows, homes)
    if found != right:
        more, less = len(found - right), len(right - found)
        asked = "with groupRef" if call.query else "without filter"
        raise Broken(f"{call.operation_id} {asked}: {more} too many, {less} missing")
    if call.query and len(rows) != len(right):
        raise Broken(f"{call.operation_id}: a groupRef finds installations of another group")


RULES: tuple[Rule, ...] = (
    Rule("createInstallation", "is-found-as-given", citing.described("ConfigContent"), _is_found),
    Rule(
        "createInstallation",
        "parts-are-enough",
        citing.described("BaseConfigContent"),
        _parts_are_enough,
    ),
    Rule("createInstallation", "is-completed", _WHOLE, _is_completed, Strength.INFERRED),
    Rule(
        "createInstallation",
        "starts-healthy",
        citing.described("Installation", "healthStatus"),
        _starts_healthy,
        Strength.INFERRED,
    ),
    Rule("createInstallation", "creator-has-a-default", _CREATOR, _creator_has_a_default),
    Rule("createInstallation", "revision-is-the-latest", _REVISION, _revision_is_the_latest),
    Rule(
        "createInstallation",
        "takes-the-groups-connection",
        _CONNECTION,
        _takes_the_groups_connection,
    ),
    Rule(
        "createInstallation", "takes-the-named-connection", _CONNECTION, _takes_the_named_connection
    ),
    Rule("createInstallation", "groups-do-not-meet", _WHOLE, _groups_do_not_meet),
    Rule(
        "createInstallation",
        "name-is-as-good",
        citing.parameter(_POST, 1),
        _name_is_as_good,
        Strength.INFERRED,
    ),
    *(
        Rule(
            name,
            "groups-and-integrations-are-told-apart",
            citing.parameter(operation, number),
            partial(_told_apart, name),
        )
        for name, operation, number in (
            ("listInstallations", f"{citing.INSTALLATIONS}/get", 2),
            ("listInstallationsForProject", citing.PROJECT_INSTALLATIONS, 1),
        )
    ),
    Rule(
        "createRevision",
        "installations-keep-their-revision",
        citing.described("Config", "revisionId"),
        _revision_stays,
    ),
)
