"""What creating and changing fields promises: the answer, the metadata then, whose they are."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from mockserver.conformance import catalog, expect
from mockserver.conformance.calls import Call
from mockserver.conformance.catalog import API_KEY
from mockserver.conformance.comparison import body_of
from mockserver.conformance.families import citing, connections, crms, revisions
from mockserver.conformance.families.connections import connection, customer
from mockserver.conformance.families.installations import Site, installed, site
from mockserver.conformance.families.metadata import (
    field,
    of_connection,
    of_installation,
    upsert_body,
)
from mockserver.conformance.families.metadata_rules import told
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Broken, Rule, Strength, Unreached

Fields = dict[str, Any]
_INSTALLATION = "upsertMetadataForInstallation"
_CONNECTION = "upsertMetadataForConnection"
_TEXTS: Mapping[str, str] = {
    _INSTALLATION: f"{citing.UPSERT_FOR_INSTALLATION}/description",
    _CONNECTION: f"{citing.UPSERT_FOR_CONNECTION}/description",
}
_TYPES = citing.described("FieldDefinition", "valueType")
VALUE_TYPES = (
    "string",
    "boolean",
    "date",
    "datetime",
    "singleSelect",
    "multiSelect",
    "int",
    "float",
    "reference",
)
ACTIONS = ("create", "update", "none")


def upsert(where: Site, operation_id: str, *fields: Fields, name: str = "", **body: Any) -> Call:
    """Return a call of either upsert, for the customer of a site."""
    whole = upsert_body(where.who.group, name or where.crm.person, *fields) | body
    if operation_id == _INSTALLATION:
        return Call(operation_id, where.path, body=whole)
    return Call(operation_id, {"provider": where.crm.provider}, body=whole)


def _upserted(lab: Lab, call: Call) -> dict[str, Any]:
    """Return the results. Our credentials mean nothing to a real provider.

    Raises:
        Unreached: the provider took nothing.
    """
    exchange = lab.make(call)
    if not exchange.answer.is_success:
        raise Unreached(f"{exchange}: the provider takes no fields of our account")
    answer = body_of(lab.contract, exchange)
    if answer.get("success") is not True:
        raise Broken("a right upsert has no success", pointer="/success")
    found: dict[str, Any] = answer["fields"]
    return found


def _result(results: dict[str, Any], where: Site, wanted: Fields, name: str = "") -> Fields:
    """Return what became of one field; it is known by the name that was asked for."""
    of_object = results.get(name or where.crm.person, {})
    result = of_object.get(wanted["fieldName"])
    if result is None:
        raise Broken(f"the answer does not tell about {wanted['fieldName']}", pointer="/fields")
    if result["action"] not in ACTIONS:
        raise Broken(f"action is {result['action']!r}", pointer="/fields")
    found: Fields = result
    return found


def _shown(lab: Lab, where: Site, result: Fields, name: str = "") -> Fields:
    """Return the metadata of a field; providers may mark the names of custom ones."""
    fields = told(lab, of_connection(where.crm, where.who, name))["fields"]
    wanted = result["fieldName"].lower()
    found = [one for key, one in fields.items() if key.lower() in {wanted, f"{wanted}__c"}]
    if len(found) != 1:
        raise Broken(f"{len(found)} fields of the metadata are called {wanted}")
    shown: Fields = found[0]
    return shown


def _creates(operation_id: str, lab: Lab) -> None:
    where, _ = installed(lab)
    wanted = field(lab)
    result = _result(_upserted(lab, upsert(where, operation_id, wanted)), where, wanted)
    if result["action"] != "create":
        raise Broken(f"a new field has the action {result['action']!r}", pointer="/fields")
    shown = _shown(lab, where, result)
    expect.holds({"displayName": wanted["displayName"], "valueType": "string"}, shown)
    if shown.get("isCustom") is False:
        raise Broken("a field of our own is not custom", pointer="/fields")
    through = expect.done(lab, of_installation(where))["fields"]
    if shown["fieldName"] not in through:
        raise Broken("the field is missing in the metadata of the installation", pointer="/fields")
    hydrated = expect.done(lab, revisions.hydrate(where.integration, where.connection))
    objects = hydrated["content"]["read"]["objects"]
    known = next(one for one in objects if one["objectName"] == where.crm.person)
    if shown["fieldName"] not in known.get("allFieldsMetadata", {}):
        raise Broken("the field is missing in the hydrated revision", pointer="/content/read")


def _repeats(operation_id: str, lab: Lab) -> None:
    where, _ = installed(lab)
    wanted = field(lab)
    call = upsert(where, operation_id, wanted)
    before = _shown(lab, where, _result(_upserted(lab, call), where, wanted))
    again = _result(_upserted(lab, call), where, wanted)
    if again["action"] == "create":
        raise Broken("the same field is created again", pointer="/fields")
    expect.same(before, _shown(lab, where, again), "a field that was upserted again")
    renamed = {**wanted, "displayName": "Renamed"}
    result = _result(_upserted(lab, upsert(where, operation_id, renamed)), where, wanted)
    if result["action"] != "update":
        raise Broken(f"a changed field has the action {result['action']!r}", pointer="/fields")
    expect.holds({"displayName": "Renamed"}, _shown(lab, where, result))


def _takes_types(operation_id: str, lab: Lab) -> None:
    where, _ = installed(lab)
    fields = [_typed(lab, where, name) for name in VALUE_TYPES]
    results = _upserted(lab, upsert(where, operation_id, *fields))
    for one in fields:
        shown = _shown(lab, where, _result(results, where, one))
        expect.same(one["displayName"], shown["displayName"], "displayName")
        # Providers have fewer types of numbers than the contract, and other ways to refer.
        if one["valueType"] not in {"int", "float", "reference"}:
            expect.same(one["valueType"], shown.get("valueType"), "valueType")


def _typed(lab: Lab, where: Site, value_type: str) -> Fields:
    parts: Fields = {"valueType": value_type, "displayName": f"Of type {value_type}"}
    if value_type.endswith("Select"):
        parts["stringOptions"] = {"values": ["One", "Two"], "valuesRestricted": True}
    if value_type == "reference":
        target = where.crm.company
        parts["association"] = {"associationType": "lookup", "targetObject": target}
    return field(lab, **parts)


def _refuses_types(operation_id: str, lab: Lab) -> None:
    where, _ = installed(lab)
    good = field(lab)
    _upserted(lab, upsert(where, operation_id, field(lab)))
    with expect.unmoved(lab, of_connection(where.crm, where.who)):
        for value_type in ("text", "String", "", "other"):
            wrong = field(lab, valueType=value_type)
            for fields in ((wrong,), (good, wrong)):
                answer = lab.make(upsert(where, operation_id, *fields))
                expect.refused(answer, f"the value type {value_type!r}", {400}, is_declared=True)


def _takes_several_objects(operation_id: str, lab: Lab) -> None:
    where, _ = installed(lab)
    one, two, three = field(lab), field(lab), field(lab)
    names = (where.crm.person, where.crm.company)
    fields = {names[0]: [one, two], names[1]: [three]}
    results = _upserted(lab, upsert(where, operation_id, fields=fields))
    for name, wanted in ((names[0], one), (names[0], two), (names[1], three)):
        _shown(lab, where, _result(results, where, wanted, name), name)
    for name, strange in ((names[1], one), (names[0], three)):
        known = told(lab, of_connection(where.crm, where.who, name))["fields"]
        if strange["fieldName"].lower() in {key.lower() for key in known}:
            raise Broken(f"a field of another object is shown by {name}", pointer="/fields")


def _others_stay(operation_id: str, lab: Lab) -> None:
    where, _ = installed(lab)
    who = customer(lab)
    other = Site(where.crm, where.integration, who, connections.at(lab, where.crm.provider, who))
    expect.need(lab, other.create())
    theirs = of_connection(where.crm, other.who)
    told(lab, theirs)
    with expect.unmoved(lab, theirs):
        _upserted(lab, upsert(where, operation_id, field(lab)))


def _absent_is_refused(operation_id: str, lab: Lab) -> None:
    where = site(lab)  # connected, not installed
    expect.need(lab, of_connection(where.crm, where.who))
    elsewhere = customer(lab)
    connection(lab, who=elsewhere, provider=catalog.provider(lab, API_KEY))
    groups = [customer(lab).group, elsewhere.group]
    if operation_id == _INSTALLATION:
        groups.append(where.who.group)
    with expect.unmoved(lab, of_connection(where.crm, where.who)):
        for group in groups:
            answer = lab.make(upsert(where, operation_id, field(lab), groupRef=group))
            expect.refused(answer, "a field for a group without access", expect.ABSENT)


def _other_providers_are_refused(operation_id: str, lab: Lab) -> None:
    name = catalog.provider(lab, API_KEY)
    where = site(lab, crms.proxy_only(lab, name), crms.Crm(name, "contacts", "companies"))
    expect.need(lab, where.create({"provider": name, "proxy": {"enabled": True}}))
    answer = lab.make(upsert(where, operation_id, field(lab)))
    expect.refused(answer, f"a field of {name}", {400}, is_declared=True)


def _both(
    name: str, run: Any, cites: str = "", strength: Strength = Strength.PROMISED
) -> tuple[Rule, ...]:
    return tuple(
        Rule(operation_id, name, cites or text, partial(run, operation_id), strength)
        for operation_id, text in _TEXTS.items()
    )


_MISSING: Mapping[str, str] = {
    _INSTALLATION: citing.answer(citing.UPSERT_FOR_INSTALLATION, 404),
    _CONNECTION: citing.answer(citing.UPSERT_FOR_CONNECTION, 404),
}

RULES: tuple[Rule, ...] = (
    *_both("creates-a-field", _creates),
    *_both("same-again-is-no-new-field", _repeats),
    *_both("takes-every-type", _takes_types, _TYPES),
    *_both("unknown-types-are-refused", _refuses_types, _TYPES),
    *_both("takes-several-objects", _takes_several_objects),
    *_both("leaves-other-groups-alone", _others_stay),
    *_both("other-providers-are-refused", _other_providers_are_refused),
    *(
        Rule(operation_id, "absent-is-refused", text, partial(_absent_is_refused, operation_id))
        for operation_id, text in _MISSING.items()
    ),
)
