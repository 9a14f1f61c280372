"""What object metadata promises: names, fields, the read-only ones, and whose they are."""

from __future__ import annotations

from functools import partial
from typing import Any

from mockserver.conformance import catalog, expect
from mockserver.conformance.calls import Call
from mockserver.conformance.catalog import API_KEY
from mockserver.conformance.comparison import body_of
from mockserver.conformance.families import citing, connections, crms
from mockserver.conformance.families.connections import connection, customer
from mockserver.conformance.families.installations import Site, site
from mockserver.conformance.families.metadata import connected, of_connection, of_installation
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Broken, Rule, Strength, Unreached

_VIA_INSTALLATION = f"{citing.METADATA_OF_INSTALLATION}/description"
_VIA_CONNECTION = f"{citing.METADATA_OF_CONNECTION}/description"
_FIELDS = citing.described("ObjectMetadata", "fields")
_NAME = citing.described("ObjectMetadata", "name")
_MAPPED = citing.described("ObjectMetadata", "mappedObjectName")
_EITHER_NAME = citing.parameter(citing.METADATA_OF_INSTALLATION, 2)
_INSTALLATION = "getObjectMetadataForInstallation"
_CONNECTION = "getObjectMetadataForConnection"
#: The provider's name of persons is mapped to this in our manifests.
PEOPLE = "ctpeople"


def told(lab: Lab, call: Call) -> dict[str, Any]:
    """Return metadata. Our credentials mean nothing to a real provider.

    Raises:
        Unreached: the provider was asked and told nothing.
    """
    exchange = lab.make(call)
    if not exchange.answer.is_success:
        raise Unreached(f"{exchange}: the provider tells nothing about our account")
    found: dict[str, Any] = body_of(lab.contract, exchange)
    return found


def mapping(lab: Lab, of: crms.Crm) -> dict[str, Any]:
    """Return a manifest that maps the name of persons."""
    one = crms.read_object(of.person, "email", *of.person_fields, mapToName=PEOPLE)
    two = crms.read_object(of.company, "name")
    return crms.manifest(lab, of, read={"objects": [one, two]})


def mapped(lab: Lab) -> Site:
    """Make an installation of an integration that maps the name of persons."""
    where = site(lab, kind=mapping)
    expect.need(lab, where.create())
    return where


def _call(lab: Lab, operation_id: str, **query: str) -> Call:
    """Return a right call of either operation, for a customer who has all it takes."""
    if operation_id == _INSTALLATION:
        return of_installation(mapped(lab), **query)
    of, who = connected(lab)
    return of_connection(of, who, **query)


def _keys_are_names(operation_id: str, lab: Lab) -> None:
    found = told(lab, _call(lab, operation_id))
    expect.same(crms.crm(lab).person, found["name"], "the name of the object")
    if not found["fields"]:
        raise Broken("the object has no fields", pointer="/fields")
    for name, facts in found["fields"].items():
        if facts.get("fieldName") != name:
            raise Broken(
                f"the key {name} holds the field {facts.get('fieldName')}",
                pointer=f"/fields/{name}/fieldName",
            )


def _leaves_out_read_only(operation_id: str, lab: Lab) -> None:
    call = _call(lab, operation_id)
    everything = told(lab, call)["fields"]
    writable = {name: one for name, one in everything.items() if one.get("readOnly") is not True}
    if len(writable) == len(everything):
        raise Unreached("needs an object with a field that cannot be written")
    for value, wanted in (("true", writable), ("false", everything)):
        query = {**call.query, "excludeReadOnly": value}
        found = expect.done(lab, Call(call.operation_id, call.path, query))
        expect.same(wanted, found["fields"], f"the fields with excludeReadOnly={value}")


def _native_only(lab: Lab) -> None:
    where = mapped(lab)
    found = told(lab, of_connection(where.crm, where.who))
    expect.lacks("mappedObjectName", found, "the metadata of a connection")
    answer = lab.make(of_connection(where.crm, where.who, PEOPLE))
    if answer.answer.is_success:
        detail = "a mapped name is understood without an installation"
        raise Broken(detail, strength=Strength.INFERRED)


def _either_name(lab: Lab) -> None:
    where = mapped(lab)
    native = told(lab, of_installation(where))
    expect.same(PEOPLE, native.get("mappedObjectName"), "mappedObjectName")
    alias = expect.done(lab, of_installation(where, PEOPLE), "asking by the mapped name")
    expect.same(native, alias, "the metadata by the mapped name")
    plain = told(lab, of_installation(where, where.crm.company))
    expect.lacks("mappedObjectName", plain, "an object that is not mapped")
    expect.same(where.crm.company, plain["name"], "the name of the object")


def _agree(lab: Lab) -> None:
    where = mapped(lab)
    direct = told(lab, of_connection(where.crm, where.who))
    found = expect.done(lab, of_installation(where))
    kept = {name: found.get(name) for name in direct}
    expect.same(direct, kept, "the metadata through the installation")


def _wants_an_installation(lab: Lab) -> None:
    where = mapped(lab)
    told(lab, of_installation(where))
    who = customer(lab)
    connections.at(lab, where.crm.provider, who)
    alone = Site(where.crm, where.integration, who, where.connection)
    absent = Site(where.crm, {"id": lab.absent()}, where.who, where.connection)
    for what, one in (
        ("a group that has only connected", alone),
        ("an integration that never was", absent),
    ):
        answer = lab.make(of_installation(one))
        expect.refused(answer, f"the metadata of {what}", expect.UNFIT)


def _wants_a_connection(lab: Lab) -> None:
    of, who = connected(lab)
    told(lab, of_connection(of, who))
    nobody, elsewhere = customer(lab), customer(lab)
    connection(lab, who=elsewhere, provider=catalog.provider(lab, API_KEY, besides=of.provider))
    for what, one in (("nobody", nobody), ("a group connected elsewhere", elsewhere)):
        answer = lab.make(of_connection(of, one))
        expect.refused(answer, f"the metadata of {what}", expect.UNFIT)


def _unknown_object(operation_id: str, lab: Lab) -> None:
    call = _call(lab, operation_id)
    told(lab, call)
    path = {**call.path, "objectName": "ct_unknown_object"}
    answer = lab.make(Call(call.operation_id, path, call.query))
    expect.refused(answer, "the metadata of an unknown object", expect.UNFIT)


RULES: tuple[Rule, ...] = (
    *(
        Rule(name, "keys-are-names", _FIELDS, partial(_keys_are_names, name))
        for name in (_INSTALLATION, _CONNECTION)
    ),
    *(
        Rule(
            name,
            "leaves-out-what-is-read-only",
            citing.parameter(operation, 4),
            partial(_leaves_out_read_only, name),
        )
        for name, operation in (
            (_INSTALLATION, citing.METADATA_OF_INSTALLATION),
            (_CONNECTION, citing.METADATA_OF_CONNECTION),
        )
    ),
    *(
        Rule(
            name,
            "unknown-objects-are-refused",
            _NAME,
            partial(_unknown_object, name),
            Strength.INFERRED,
        )
        for name in (_INSTALLATION, _CONNECTION)
    ),
    Rule(_CONNECTION, "knows-native-names-only", _MAPPED, _native_only),
    Rule(_INSTALLATION, "takes-either-name", _EITHER_NAME, _either_name),
    Rule(_INSTALLATION, "agrees-with-the-connection", _VIA_INSTALLATION, _agree),
    Rule(_INSTALLATION, "an-installation-is-needed", _VIA_INSTALLATION, _wants_an_installation),
    Rule(_CONNECTION, "a-connection-is-needed", _VIA_CONNECTION, _wants_a_connection),
)
