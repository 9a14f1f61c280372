"""What a hydrated revision promises: the manifest, completed with what the provider tells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.conformance import catalog, expect
from mockserver.conformance.calls import Call
from mockserver.conformance.catalog import API_KEY
from mockserver.conformance.comparison import body_of
from mockserver.conformance.families import citing, connections, crms, metadata
from mockserver.conformance.families.connections import connection, customer
from mockserver.conformance.families.crms import Crm
from mockserver.conformance.families.integrations import get, integration
from mockserver.conformance.families.revisions import create, hydrate
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Broken, Rule, Strength, Unreached

Record = Mapping[str, Any]
_CONNECTION = citing.parameter(citing.HYDRATE, 3)
_REVISION = citing.parameter(citing.HYDRATE, 2)
_WHOLE = f"{citing.HYDRATE}/description"


def _place(lab: Lab, manifest: Record, of: Crm) -> tuple[dict[str, Any], dict[str, Any]]:
    return integration(lab, manifest), connections.at(lab, of.provider)


def _hydrated(lab: Lab, made: Record, connected: Record) -> dict[str, Any]:
    """Return a hydrated revision. Our credentials mean nothing to a real provider.

    Raises:
        Unreached: the provider was asked and told nothing.
    """
    exchange = lab.make(hydrate(made, connected))
    if not exchange.answer.is_success:
        raise Unreached(f"{exchange}: the provider tells nothing about our account")
    found: dict[str, Any] = body_of(lab.contract, exchange)
    return found


def _object(found: Record, name: str, action: str = "read") -> dict[str, Any]:
    """Return an object of a hydrated revision."""
    objects = expect.part(found, "content", action, "objects")
    return expect.one(objects, name, f"the object {name}", key="objectName")


def _follows_the_manifest(lab: Lab) -> None:
    of = crms.crm(lab)
    for manifest in (crms.full_manifest(lab, of), crms.manifest(lab, of)):
        made, connected = _place(lab, manifest, of)
        found = _hydrated(lab, made, connected)
        kept = {name: made["latestRevision"][name] for name in ("id", "specVersion", "createTime")}
        expect.holds(kept, found)
        content = found["content"]
        names = ("name", "displayName", "provider", "proxy")
        expect.holds({name: manifest[name] for name in names}, content)
        for action in ("read", "write"):
            declared = [one["objectName"] for one in manifest[action]["objects"]]
            shown = [one["objectName"] for one in expect.part(content, action, "objects")]
            if sorted(declared) != sorted(shown):
                raise Broken(
                    f"{action} objects are {shown}, not {declared}",
                    pointer=f"/content/{action}/objects",
                )
        for declared_object in manifest["write"]["objects"]:
            shown_object = _object(found, declared_object["objectName"], "write")
            kept = {"valueDefaults"} & declared_object.keys()
            expect.holds({key: declared_object[key] for key in kept}, shown_object)
        for declared_object in manifest["read"]["objects"]:
            _is_completed(declared_object, content["read"]["objects"])


def _is_completed(declared: Record, objects: list[dict[str, Any]]) -> None:
    shown = next(one for one in objects if one["objectName"] == declared["objectName"])
    plain = {"destination", "schedule", "mapToName", "mapToDisplayName", "backfill"}
    expect.holds({name: declared[name] for name in plain & declared.keys()}, shown)
    for part in ("requiredFields", "optionalFields"):
        fields = shown.get(part, [])
        for wanted in declared.get(part, []):
            if not any(wanted.items() <= one.items() for one in fields):
                raise Broken(
                    f"{part} of {declared['objectName']} lacks {wanted}",
                    pointer="/content/read/objects",
                )


def _offers_every_field(lab: Lab) -> None:
    of = crms.crm(lab)
    parts = {"optionalFieldsAuto": "all", "optionalFields": [{"fieldName": of.person_fields[0]}]}
    one = crms.read_object(of.person, "email", **parts)
    made, connected = _place(lab, crms.manifest(lab, of, read={"objects": [one]}), of)
    found = _hydrated(lab, made, connected)
    shown = _object(found, of.person)
    known = shown.get("allFieldsMetadata")
    if not known:
        raise Unreached("needs to know the fields of the object")
    offered = {field.get("fieldName") for field in shown.get("optionalFields", [])}
    required = {field.get("fieldName") for field in shown.get("requiredFields", [])}
    missing = known.keys() - offered - required
    if missing:
        raise Broken(
            f"optionalFieldsAuto leaves out {len(missing)}, e.g. {min(missing)}",
            pointer="/content/read/objects/0/optionalFields",
        )
    if offered & required:
        raise Broken(
            "optionalFieldsAuto offers a required field",
            pointer="/content/read/objects/0/optionalFields",
        )


def _tells_what_metadata_tells(lab: Lab) -> None:
    of, who = crms.crm(lab), customer(lab)
    made = integration(lab, crms.manifest(lab, of))
    connected = connections.at(lab, of.provider, who)
    told = expect.need(lab, metadata.of_connection(of, who))
    shown = _object(_hydrated(lab, made, connected), of.person)
    if "displayName" in told:
        expect.same(told["displayName"], shown["displayName"], "the object's label")
    known = shown.get("allFieldsMetadata", {})
    for name, facts in told["fields"].items():
        if name not in known:
            pointer = "/content/read/objects"
            raise Broken(f"allFieldsMetadata lacks {name}, which the metadata has", pointer=pointer)
        for fact, value in facts.items():
            if fact not in known[name]:
                detail = f"allFieldsMetadata lacks {fact} of {name}"
                raise Broken(detail, pointer="/content/read", strength=Strength.INFERRED)
            expect.same(value, known[name][fact], f"{fact} of {name}")
    for field in shown.get("requiredFields", []) + shown.get("optionalFields", []):
        label = told["fields"].get(field["fieldName"], {}).get("displayName")
        if label is not None:
            expect.same(label, field["displayName"], f"the label of {field['fieldName']}")


def _old_stays(lab: Lab) -> None:
    of = crms.crm(lab)
    made, connected = _place(lab, crms.manifest(lab, of), of)
    before = _hydrated(lab, made, connected)
    expect.need(
        lab, create(made, displayName="Changed", write={"objects": [{"objectName": of.person}]})
    )
    newer = expect.need(lab, get(made["id"]))
    after = expect.done(lab, hydrate(made, connected), "hydrating an old revision")
    for name in ("id", "specVersion", "createTime"):
        expect.same(before[name], after[name], f"{name} of an old revision")
    for name in ("displayName", "write"):
        old, new = before["content"][name], after["content"][name]
        expect.same(old, new, f"{name} of an old revision")
    latest = _hydrated(lab, newer, connected)
    expect.holds({"id": newer["latestRevision"]["id"]}, latest)
    expect.holds({"displayName": "Changed"}, latest["content"])


def _refuses_the_unfit(lab: Lab) -> None:
    of = crms.crm(lab)
    made, connected = _place(lab, crms.manifest(lab, of), of)
    path = {"integrationId": made["id"], "revisionId": made["latestRevision"]["id"]}
    other = connection(lab, provider=catalog.provider(lab, API_KEY, besides=of.provider))
    call = Call("getHydratedRevision", path, {"connectionId": other["id"]})
    expect.refused(lab.make(call), "a connection of another provider", expect.UNFIT)
    expect.refused(
        lab.make(hydrate({**made, "latestRevision": {"id": lab.absent()}}, connected)),
        "a revision that never was",
        expect.UNFIT,
    )
    stranger = integration(lab, crms.manifest(lab, of))
    theirs = {**made, "latestRevision": stranger["latestRevision"]}
    answer = lab.make(hydrate(theirs, connected))
    expect.refused(answer, "the revision of another integration", expect.UNFIT)


def _wants_a_connection(lab: Lab) -> None:
    made = integration(lab)
    path = {"integrationId": made["id"], "revisionId": made["latestRevision"]["id"]}
    answer = lab.make(Call("getHydratedRevision", path))
    expect.refused(answer, "hydrating without a connection")
    call = Call("getHydratedRevision", path, {"connectionId": lab.absent()})
    expect.refused(lab.make(call), "hydrating with no known connection", expect.UNFIT)


def _moves_nothing(lab: Lab) -> None:
    of = crms.crm(lab)
    made, connected = _place(lab, crms.manifest(lab, of), of)
    with expect.unmoved(lab, get(made["id"])):
        first = _hydrated(lab, made, connected)
        expect.same(first, _hydrated(lab, made, connected), "the same revision hydrated again")


RULES: tuple[Rule, ...] = (
    Rule("getHydratedRevision", "follows-the-manifest", _WHOLE, _follows_the_manifest),
    Rule(
        "getHydratedRevision",
        "offers-every-field",
        citing.described("HydratedIntegrationObject", "optionalFields"),
        _offers_every_field,
    ),
    Rule(
        "getHydratedRevision",
        "tells-what-metadata-tells",
        citing.described("HydratedIntegrationObject", "allFieldsMetadata"),
        _tells_what_metadata_tells,
    ),
    Rule("getHydratedRevision", "old-revisions-stay", _REVISION, _old_stays),
    Rule(
        "getHydratedRevision",
        "unfit-is-refused",
        _CONNECTION,
        _refuses_the_unfit,
        Strength.INFERRED,
    ),
    Rule("getHydratedRevision", "a-connection-is-needed", _CONNECTION, _wants_a_connection),
    Rule("getHydratedRevision", "moves-nothing", _WHOLE, _moves_nothing),
)
