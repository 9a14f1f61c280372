"""What a manifest may not say, and what it just may: held through every way to deploy one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from mockserver.conformance import expect
from mockserver.conformance.calls import Call
from mockserver.conformance.families import citing, crms
from mockserver.conformance.families.crms import Crm
from mockserver.conformance.families.integrations import batch, create, get, integration
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Rule, Strength

Parts = dict[str, Any]

_OBJECT = "IntegrationObject"
_SCHEDULE = citing.described(_OBJECT, "schedule")
_PERIOD = citing.described("DefaultPeriod")
_PAGE_SIZE = citing.described("Delivery", "pageSize")
_WATCH = citing.described("WatchSchema", "schedule")
_UPDATE = citing.described("UpdateEvent")


def _reading(**parts: Any) -> Callable[[Crm], Parts]:
    """Return what makes a manifest of one read object with some parts; None leaves one out."""

    def make(of: Crm) -> Parts:
        whole = crms.read_object(of.person, "email", *of.person_fields, **parts)
        kept = {name: value for name, value in whole.items() if value is not None}
        return {"read": {"objects": [kept]}, "write": None}

    return make


def _twice(action: str) -> Callable[[Crm], Parts]:
    def make(of: Crm) -> Parts:
        one = crms.read_object(of.person, "email")
        if action == "write":
            one = {"objectName": of.person}
        parts: Parts = {"write": None, action: {"objects": [one, one]}}
        if action == "subscribe":
            parts["subscribe"] = {"objects": [_subscribed(of), _subscribed(of)]}
        return parts

    return make


def _subscribed(of: Crm, **parts: Any) -> Parts:
    whole = {
        "objectName": of.person,
        "destination": crms.DESTINATION,
        "inheritFieldsAndMapping": True,
        "createEvent": {"enabled": "always"},
        **parts,
    }
    return {name: value for name, value in whole.items() if value is not None}


def _subscribing(**parts: Any) -> Callable[[Crm], Parts]:
    return lambda of: {"subscribe": {"objects": [_subscribed(of, **parts)]}}


def _watching(schedule: str) -> Callable[[Crm], Parts]:
    watch = {
        "destination": crms.DESTINATION,
        "schedule": schedule,
        "allObjects": {"fieldCreated": {"enabled": "always"}},
    }
    return lambda _: {"watchSchema": watch}


def _parts(**parts: Any) -> Callable[[Crm], Parts]:
    return lambda _: parts


def _period(**period: Any) -> Callable[[Crm], Parts]:
    return _reading(backfill={"defaultPeriod": period})


def _delivery(**delivery: Any) -> Callable[[Crm], Parts]:
    return _reading(delivery=delivery)


@dataclass(frozen=True, slots=True)
class Case:
    """One manifest that is right but for some parts, or just right with them."""

    name: str
    parts: Callable[[Crm], Parts]
    cites: str
    strength: Strength = Strength.PROMISED


def _inferred(name: str, parts: Callable[[Crm], Parts], cites: str) -> Case:
    return Case(name, parts, cites, Strength.INFERRED)


_EMPTY: Mapping[str, Any] = {"read": None, "write": None, "proxy": None}
_MAPPED = ({"fieldName": "email", "mapToName": "mail"}, {"mapToName": "mail"})

WRONG: tuple[Case, ...] = (
    Case("schedule-of-four-fields", _reading(schedule="*/30 * * *"), _SCHEDULE),
    Case("schedule-of-six-fields", _reading(schedule="0 */30 * * * *"), _SCHEDULE),
    Case("schedule-of-words", _reading(schedule="now and then"), _SCHEDULE),
    Case("schedule-out-of-range", _reading(schedule="0 25 * * *"), _SCHEDULE),
    Case("schedule-every-minute", _reading(schedule="* * * * *"), _SCHEDULE),
    Case("schedule-every-nine-minutes", _reading(schedule="*/9 * * * *"), _SCHEDULE),
    Case("schedule-twice-in-five-minutes", _reading(schedule="0,5 * * * *"), _SCHEDULE),
    Case("watch-every-half-hour", _watching("*/30 * * * *"), _WATCH),
    Case("watch-at-no-time", _watching("hourly"), _WATCH),
    Case("read-object-twice", _twice("read"), citing.described("IntegrationRead", "objects")),
    Case("write-object-twice", _twice("write"), citing.described("IntegrationWrite", "objects")),
    Case(
        "subscribe-object-twice",
        _twice("subscribe"),
        citing.described("IntegrationSubscribe", "objects"),
    ),
    Case("backfill-of-both-lengths", _period(days=30, fullHistory=True), _PERIOD),
    Case("backfill-of-negative-days", _period(days=-1), citing.described("DefaultPeriod", "days")),
    Case("backfill-of-half-days", _period(days=1.5), citing.described("DefaultPeriod", "days")),
    Case("backfill-without-period", _reading(backfill={}), citing.described("Backfill")),
    Case("request-without-page-size", _delivery(mode="onRequest"), _PAGE_SIZE),
    Case("page-size-without-request", _delivery(mode="auto", pageSize=100), _PAGE_SIZE),
    Case("page-size-too-small", _delivery(mode="onRequest", pageSize=49), _PAGE_SIZE),
    Case("page-size-too-large", _delivery(mode="onRequest", pageSize=501), _PAGE_SIZE),
    Case("delivery-of-no-mode", _delivery(mode="sometimes"), citing.described("Delivery", "mode")),
    Case("enabled-sometimes", _reading(enabled="sometimes"), citing.described(_OBJECT, "enabled")),
    Case("no-object-name", _reading(objectName=None), citing.described(_OBJECT, "objectName")),
    Case("no-destination", _reading(destination=None), citing.described(_OBJECT, "destination")),
    Case(
        "write-without-object-name",
        _parts(write={"objects": [{"inheritMapping": True}]}),
        citing.described("IntegrationWriteObject", "objectName"),
    ),
    Case(
        "update-event-of-both-kinds",
        _subscribing(updateEvent={"watchFieldsAuto": "all", "requiredWatchFields": ["email"]}),
        _UPDATE,
    ),
    Case(
        "event-enabled-sometimes",
        _subscribing(createEvent={"enabled": "sometimes"}),
        citing.described("CreateEvent", "enabled"),
    ),
    Case(
        "watch-without-destination",
        _parts(watchSchema={"allObjects": {}}),
        citing.described("WatchSchema", "destination"),
    ),
    Case("field-of-nothing", _reading(requiredFields=[{}]), citing.described("IntegrationField")),
    Case("no-provider", _parts(provider=None), citing.PROVIDER),
    Case(
        "proxy-of-words",
        _parts(proxy={"enabled": "yes, please"}),
        _PERIOD.replace("DefaultPeriod", "IntegrationProxy"),
    ),
    _inferred(
        "update-event-of-neither-kind", _subscribing(updateEvent={"enabled": "always"}), _UPDATE
    ),
    _inferred("backfill-of-neither-length", _period(), _PERIOD),
    _inferred("nothing-to-do", _parts(**_EMPTY), citing.described("ManifestIntegration")),
    _inferred("no-read-objects", _parts(read={"objects": []}), citing.described("IntegrationRead")),
    _inferred(
        "unknown-module",
        _parts(module="ct-no-module"),
        citing.described("ManifestIntegration", "module"),
    ),
    _inferred(
        "name-mapped-twice",
        _reading(requiredFields=[*_MAPPED]),
        citing.described("IntegrationFieldMapping", "mapToName"),
    ),
    _inferred(
        "always-read-but-mapped",
        _reading(enabled="always", requiredFields=[{"mapToName": "mail"}]),
        citing.described(_OBJECT, "enabled"),
    ),
    _inferred(
        "events-of-an-unread-object",
        _subscribing(objectName="ct_unread"),
        citing.described("IntegrationSubscribeObject", "inheritFieldsAndMapping"),
    ),
)

RIGHT_MANIFESTS: tuple[Case, ...] = (
    Case("schedule-every-ten-minutes", _reading(schedule="*/10 * * * *"), _SCHEDULE),
    Case("schedule-once-a-week", _reading(schedule="30 9 * * 1"), _SCHEDULE),
    Case("watch-every-hour", _watching("0 * * * *"), _WATCH),
    Case("backfill-of-no-days", _period(days=0), citing.described("DefaultPeriod", "days")),
    Case("backfill-of-days", _period(days=365), citing.described("DefaultPeriod", "days")),
    Case("smallest-page", _delivery(mode="onRequest", pageSize=50), _PAGE_SIZE),
    Case("largest-page", _delivery(mode="onRequest", pageSize=500), _PAGE_SIZE),
    Case("delivery-at-once", _delivery(mode="auto"), citing.described("Delivery", "mode")),
    Case("write-only", _parts(read=None), citing.described("ManifestIntegration")),
    Case("read-only", _parts(write=None, proxy=None), citing.described("ManifestIntegration")),
    Case(
        "updates-of-all-fields",
        _subscribing(updateEvent={"enabled": "always", "watchFieldsAuto": "all"}),
        _UPDATE,
    ),
    Case(
        "updates-of-selected-fields",
        _subscribing(updateEvent={"enabled": "always", "watchFieldsAuto": "selected"}),
        _UPDATE,
    ),
    Case(
        "every-optional-field",
        _reading(optionalFieldsAuto="all", optionalFields=None),
        citing.described("OptionalFieldsAutoOption"),
    ),
)


def _refuses_to_create(case: Case, lab: Lab) -> None:
    wrong = _made_of(case, lab)
    expect.refused(lab.make(_created(lab, wrong)), _told(case))
    expect.gone(lab.make(get(wrong["name"])), "an integration of a refused manifest")


def _refuses_to_deploy(case: Case, lab: Lab) -> None:
    wrong, made = _made_of(case, lab), integration(lab)
    with expect.unmoved(lab, get(made["id"])):
        for one in (wrong, _revised(case, lab, made)):
            expect.refused(lab.make(batch(one)), _told(case))
    expect.gone(lab.make(get(wrong["name"])), "an integration of a refused manifest")


def _refuses_to_revise(case: Case, lab: Lab) -> None:
    made = integration(lab)
    source = {"sourceYaml": crms.yaml_of(_revised(case, lab, made))}
    with expect.unmoved(lab, get(made["id"])):
        call = Call("createRevision", {"integrationId": made["id"]}, body=source)
        expect.refused(lab.make(call), _told(case))


def _told(case: Case) -> str:
    return f"a manifest with {case.name.replace('-', ' ')}"


def _made_of(case: Case, lab: Lab) -> Parts:
    of = crms.crm(lab)
    return _without_nothing({**crms.manifest(lab, of), **case.parts(of)})


def _revised(case: Case, lab: Lab, made: expect.Record) -> Parts:
    parts = case.parts(crms.crm(lab))
    return _without_nothing({**made["latestRevision"]["content"], **parts})


def _created(lab: Lab, content: Parts) -> Call:
    body = create(lab, {"provider": crms.crm(lab).provider, **content}).body
    body["latestRevision"]["content"] = content
    return Call("createIntegration", body=body)


def _without_nothing(parts: Parts) -> Parts:
    return {name: value for name, value in parts.items() if value is not None}


def _takes(case: Case, lab: Lab) -> None:
    right = _made_of(case, lab)
    expect.done(lab, create(lab, right), _told(case))
    expect.holds(right, expect.read(lab, get(right["name"]))["latestRevision"]["content"])


def _deploys(case: Case, lab: Lab) -> None:
    right = _made_of(case, lab)
    for shown in expect.done(lab, batch(right), _told(case)):
        expect.holds(right, shown["latestRevision"]["content"])
    expect.holds(right, expect.read(lab, get(right["name"]))["latestRevision"]["content"])


_REFUSALS: Mapping[str, Callable[[Case, Lab], None]] = {
    "createIntegration": _refuses_to_create,
    "batchUpsertIntegrations": _refuses_to_deploy,
    "createRevision": _refuses_to_revise,
}
_GRANTS: Mapping[str, Callable[[Case, Lab], None]] = {
    "createIntegration": _takes,
    "batchUpsertIntegrations": _deploys,
}

RULES: tuple[Rule, ...] = (
    *(
        Rule(name, f"refuses-{case.name}", case.cites, partial(run, case), case.strength)
        for case in WRONG
        for name, run in _REFUSALS.items()
    ),
    *(
        Rule(name, f"takes-{case.name}", case.cites, partial(run, case))
        for case in RIGHT_MANIFESTS
        for name, run in _GRANTS.items()
    ),
)
