"""Operations, their logs and the progress of backfills: right calls, and what they promise.

A target makes operations of its own accord. Our installations ask for a backfill of everything,
so that there is something to see wherever backfills are run.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.conformance import expect
from mockserver.conformance.calls import Call, RightCalls
from mockserver.conformance.families import crms
from mockserver.conformance.families.crms import Crm
from mockserver.conformance.families.installations import Record, Site, site
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Unreached

EVERYTHING: Mapping[str, Any] = {"defaultPeriod": {"fullHistory": True}}


def reading_all(lab: Lab, of: Crm) -> dict[str, Any]:
    """Return a manifest that reads every object that a CRM has."""
    declared = [crms.read_object(name, required) for name, required in _fields(of).items()]
    return crms.manifest(lab, of, read={"objects": declared})


def _fields(of: Crm) -> dict[str, str]:
    return {of.person: "email", of.company: "name", **of.others}


def backfilled(lab: Lab, backfill: Record = EVERYTHING) -> tuple[Site, dict[str, Any]]:
    """Make an installation that asks for a backfill of every object that its CRM has."""
    where = site(lab, kind=reading_all)
    objects = {
        name: crms.reading(name, required, backfill=backfill)
        for name, required in _fields(where.crm).items()
    }
    content = crms.content(where.crm, read={"objects": objects})
    return where, expect.need(lab, where.create(content))


def listed(where: Site, made: Record, **query: str) -> Call:
    """Return the call that lists the operations of an installation."""
    return Call("listOperations", where.of(made), query)


def progress(where: Site, made: Record, name: str = "") -> Call:
    """Return the call that reads how far the backfill of an object is."""
    path = {**where.of(made), "objectName": name or where.crm.person}
    return Call("getBackfillProgress", path)


def operation(lab: Lab) -> dict[str, Any]:
    """Return an operation of an installation of ours.

    Raises:
        Unreached: the target has made none yet.
    """
    page = expect.need(lab, listed(*backfilled(lab)))
    if not page["results"]:
        raise Unreached("needs an operation; the target has started no backfill")
    found: dict[str, Any] = page["results"][0]
    return found


RIGHT: RightCalls = {
    "listOperations": lambda lab: listed(*backfilled(lab)),
    "getBackfillProgress": lambda lab: progress(*backfilled(lab)),
    "getOperation": lambda lab: Call("getOperation", {"operationId": operation(lab)["id"]}),
    "listOperationLogs": lambda lab: Call(
        "listOperationLogs", {"operationId": operation(lab)["id"]}
    ),
}
