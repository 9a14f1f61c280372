"""What the progress of backfills promises."""

from __future__ import annotations

from typing import Any

from mockserver.conformance import catalog, expect
from mockserver.conformance.calls import Call
from mockserver.conformance.catalog import API_KEY
from mockserver.conformance.comparison import instant
from mockserver.conformance.families import citing, crms
from mockserver.conformance.families.installations import Record, Site, installed, site
from mockserver.conformance.families.operation_rules import reached
from mockserver.conformance.families.operations import (
    EVERYTHING,
    backfilled,
    progress,
)
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Broken, Rule, Strength, Unreached

_MISSING = citing.answer(citing.BACKFILL, 404)
_PROCESSED = citing.described("BackfillProgress", "recordsProcessed")
_ESTIMATE = citing.described("BackfillProgress", "recordsEstimatedTotal")
_OPERATION = citing.described("BackfillProgress", "operationId")
_DAYS = citing.described("DefaultPeriodConfig", "days")
_ESTIMATING = frozenset({"hubspot", "salesforce"})


def _running(lab: Lab) -> tuple[Site, dict[str, Any], dict[str, Any]]:
    """Return an installation whose backfill has begun, and its progress.

    Raises:
        Unreached: the target has begun none yet.
    """
    where, made = backfilled(lab)
    exchange = lab.make(progress(where, made))
    if not exchange.answer.is_success:
        raise Unreached("needs a backfill; the target has started none")
    return where, made, expect.read(lab, progress(where, made))


def _is_of_the_object(lab: Lab) -> None:
    where, made, first = _running(lab)
    for name in (where.crm.person, where.crm.company):
        shown = expect.read(lab, progress(where, made, name))
        expect.holds({"installationId": made["id"], "objectName": name}, shown)
        operation = expect.read(lab, Call("getOperation", {"operationId": shown["operationId"]}))
        expect.holds({"installationId": made["id"], "actionType": "read"}, operation)
        about = operation.get("metadata", {})
        if name not in about.get("objects", [name]):
            raise Broken(
                f"the backfill of {name} is an operation on {about['objects']}",
                pointer="/operationId",
            )
        told = about.get("progress", {})
        for key in ("installationId", "objectName", "operationId", "recordsEstimatedTotal"):
            if key in told and key in shown:
                expect.same(shown[key], told[key], f"{key} of the operation's progress")
    other = expect.read(lab, progress(where, made, where.crm.company))
    if other["operationId"] == first["operationId"]:
        raise Broken("the backfills of two objects are one operation", pointer="/operationId")


def _only_grows(lab: Lab) -> None:
    where, made, before = _running(lab)
    for _ in range(3):
        after = expect.read(lab, progress(where, made))
        if after["recordsProcessed"] < before["recordsProcessed"]:
            raise Broken("recordsProcessed went back", pointer="/recordsProcessed")
        if before["operationId"] == after["operationId"]:
            _is_within(after)
        before = after
    _is_within(before)


def _is_within(shown: Record) -> None:
    began, moved = instant(shown.get("createTime")), instant(shown.get("updateTime"))
    if began is not None and moved is not None and moved.before(began):
        raise Broken("updateTime is before createTime", pointer="/updateTime")
    total = shown.get("recordsEstimatedTotal")
    if shown["recordsProcessed"] < 0 or (total is not None and shown["recordsProcessed"] > total):
        raise Broken(
            f"{shown['recordsProcessed']} records processed of {total}", pointer="/recordsProcessed"
        )


def _is_listed(lab: Lab) -> None:
    where, made, found = reached(lab)
    exchange = lab.make(progress(where, made))
    if not exchange.answer.is_success:
        raise Unreached("needs a backfill; the target has started none")
    ids = {one["id"] for one in found}
    if exchange.json["operationId"] not in ids:
        raise Broken("the backfill's operation is not listed", pointer="/operationId")


def _estimates(lab: Lab) -> None:
    where, _, shown = _running(lab)
    if where.crm.provider in _ESTIMATING and "recordsEstimatedTotal" not in shown:
        raise Broken("recordsEstimatedTotal is missing", pointer="/recordsEstimatedTotal")


def _others_do_not_estimate(lab: Lab) -> None:
    listed = catalog.providers(lab)
    readable = [
        name
        for name in sorted(listed, key=lambda name: name not in API_KEY.known)
        if API_KEY.fits(listed[name]) and listed[name].get("support", {}).get("read")
    ]
    if not readable:
        raise Unreached("needs another provider that can be read")
    of = crms.Crm(readable[0], "contacts", "accounts", ("phone",))
    declared = [crms.read_object(of.person, "email", *of.person_fields)]
    where = site(lab, crms.manifest(lab, of, read={"objects": declared}, write=None), of)
    config = crms.reading(of.person, "email", backfill=EVERYTHING)
    made = expect.need(lab, where.create(crms.content(of, read={"objects": {of.person: config}})))
    exchange = lab.make(progress(where, made))
    if not exchange.answer.is_success:
        raise Unreached("needs a backfill; the target has started none")
    expect.lacks("recordsEstimatedTotal", exchange.json, f"a backfill of {of.provider}")


def _none_is_refused(lab: Lab) -> None:
    where, made = installed(lab)
    for name in (where.crm.person, where.crm.company, "ct_unknown"):
        answer = lab.make(progress(where, made, name))
        expect.refused(answer, f"the progress of {name} without a backfill", expect.ABSENT)


def _no_days_are_none(lab: Lab) -> None:
    where, made = backfilled(lab, {"defaultPeriod": {"days": 0}})
    answer = lab.make(progress(where, made))
    expect.refused(answer, "the progress of a backfill of 0 days", expect.ABSENT)


def _absent_is_refused(lab: Lab) -> None:
    where, made, _ = _running(lab)
    for what, call in (
        ("an installation that never was", progress(where, {"id": lab.absent()})),
        ("an unknown object", progress(where, made, "ct_unknown")),
        (
            "another integration",
            progress(Site(where.crm, {"id": lab.absent()}, where.who, where.connection), made),
        ),
    ):
        expect.refused(lab.make(call), f"the progress of {what}", expect.UNFIT)
    expect.need(lab, where.delete(made))
    answer = lab.make(progress(where, made))
    expect.refused(answer, "the progress of a deleted installation", expect.UNFIT)


_ID = "getBackfillProgress"

RULES: tuple[Rule, ...] = (
    Rule(_ID, "is-of-the-object", _OPERATION, _is_of_the_object),
    Rule(_ID, "only-grows", _PROCESSED, _only_grows),
    Rule(_ID, "is-a-listed-operation", _OPERATION, _is_listed),
    Rule(_ID, "crms-are-estimated", _ESTIMATE, _estimates, Strength.INFERRED),
    Rule(_ID, "others-are-not-estimated", _ESTIMATE, _others_do_not_estimate),
    Rule(_ID, "none-before-any", _MISSING, _none_is_refused),
    Rule(_ID, "none-of-no-days", _DAYS, _no_days_are_none),
    Rule(_ID, "absent-is-refused", _MISSING, _absent_is_refused),
)
