"""The rules for one object that an integration of a manifest reads or subscribes to.

Every function yields issues; `name` is the path of the object, e.g.
`integrations[0].read.objects[1]`. Source, unless a function says otherwise: the vendor's manifest
guide and its validator.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from mockserver.rules.errors import Issue
from mockserver.state.tables import Record

#: Events that carry the fields of a record, and so need a read object that says which.
_RECORD_EVENTS = ("createEvent", "updateEvent", "deleteEvent", "associationChangeEvent")
#: How far back the events of a Google calendar go, in days.
_CALENDAR_DAYS = 28


def read_issues(content: Record, declared: Record, name: str) -> Iterator[Issue]:
    """Yield everything that is wrong with a read object, but for its names and its schedule."""
    yield from _field_issues(declared, name)
    if "backfill" in declared:
        period = declared["backfill"]["defaultPeriod"]
        place = f"{name}.backfill.defaultPeriod"
        yield from _period_issues(period, place)
        yield from _provider_period_issues(content, declared["objectName"], period, place)
    if "delivery" in declared:
        yield from _delivery_issues(declared["delivery"], f"{name}.delivery")
    if "enabled" in declared:
        yield from _always_issues(declared, name)


def subscribe_issues(declared: Record, read: Collection[str], name: str) -> Iterator[Issue]:
    """Yield everything that is wrong with a subscribe object, but for its names.

    Assumed: a read object is only asked for where an event carries its fields; the validator of
    old asked for one always.
    """
    if any(event in declared for event in _RECORD_EVENTS):
        yield from _inheritance_issues(declared, read, name)
    if "updateEvent" in declared:
        yield from _update_issues(declared["updateEvent"], f"{name}.updateEvent")


def _inheritance_issues(declared: Record, read: Collection[str], name: str) -> Iterator[Issue]:
    if declared["objectName"] not in read:
        detail = "no read object has this name"
        remedy = "declare the object in read too, or leave only otherEvents here"
        yield Issue("body", f"{name}.objectName", detail, declared["objectName"], remedy)
    if not declared.get("inheritFieldsAndMapping", False):
        detail = "is required to be true"
        remedy = "say true: events have the fields of the read object"
        yield Issue("body", f"{name}.inheritFieldsAndMapping", detail, remedy=remedy)


def _update_issues(event: Record, name: str) -> Iterator[Issue]:
    fields = event.get("requiredWatchFields", [])
    if ("watchFieldsAuto" in event) == bool(fields):
        detail = "needs exactly one of watchFieldsAuto and requiredWatchFields"
        yield Issue("body", name, detail, remedy="say which fields to watch, one way")
    for number, field in enumerate(fields):
        if _is_nested(field):
            place = f"{name}.requiredWatchFields[{number}]"
            yield Issue("body", place, "is a nested path", field, "watch the outer field")


def _is_nested(field: str) -> bool:
    """Tell whether a field is a path such as `$['address']['city']`."""
    return field.startswith("$") or "[" in field


def _field_issues(declared: Record, name: str) -> Iterator[Issue]:
    seen: set[str] = set()
    for part in ("requiredFields", "optionalFields"):
        for number, field in enumerate(declared.get(part, ())):
            place = f"{name}.{part}[{number}]"
            if not (field.get("fieldName") or field.get("mapToName")):
                remedy = "give it a fieldName, or a mapToName to ask the customer for"
                yield Issue("body", place, "names no field", remedy=remedy)
            mapped = field.get("mapToName")
            if mapped and mapped in seen:
                detail = "another field of this object has this name"
                remedy = "choose a different name"
                yield Issue("body", f"{place}.mapToName", detail, mapped, remedy)
            seen.add(mapped)


def _period_issues(period: Record, name: str) -> Iterator[Issue]:
    """Yield what is wrong with a backfill period. Assumed: `fullHistory: false` says nothing."""
    if ("days" in period) == period.get("fullHistory", False):
        detail = "needs exactly one of days and fullHistory"
        yield Issue("body", name, detail, remedy="give days, or fullHistory: true")


def _provider_period_issues(
    content: Record, object_name: str, period: Record, name: str
) -> Iterator[Issue]:
    if content["provider"] == "snowflake" and "days" in period:
        remedy = "use fullHistory: true"
        yield Issue("body", f"{name}.days", "snowflake reads its full history only", remedy=remedy)
    if not (_is_calendar(content) and object_name == "events"):
        return
    remedy = f"use days: {_CALENDAR_DAYS} or fewer"
    if period.get("fullHistory", False):
        detail = "calendar events have no full history"
        yield Issue("body", f"{name}.fullHistory", detail, remedy=remedy)
    days = period.get("days", 0)
    if days > _CALENDAR_DAYS:
        detail = f"calendar events go back {_CALENDAR_DAYS} days at most"
        yield Issue("body", f"{name}.days", detail, days, remedy)


def _is_calendar(content: Record) -> bool:
    """Tell whether an integration is with Google Calendar.

    Assumed: it is a provider of its own in some catalogs, and the default module of `google`.
    """
    if content["provider"] == "google":
        return bool(content.get("module", "calendar") == "calendar")
    return bool(content["provider"] == "googleCalendar")


def _delivery_issues(delivery: Record, name: str) -> Iterator[Issue]:
    on_request = delivery.get("mode", "auto") == "onRequest"
    place = f"{name}.pageSize"
    if on_request and "pageSize" not in delivery:
        remedy = "give a page size of 50 to 500"
        yield Issue("body", place, "is required with mode onRequest", remedy=remedy)
    if not on_request and "pageSize" in delivery:
        remedy = "leave it out, or use mode onRequest"
        yield Issue("body", place, "is not allowed with mode auto", delivery["pageSize"], remedy)


def _always_issues(declared: Record, name: str) -> Iterator[Issue]:
    """Yield what keeps an object from being read without asking the customer anything."""
    if not declared.get("schedule"):
        remedy = "an object that is always read needs one"
        yield Issue("body", f"{name}.schedule", "is required with enabled: always", remedy=remedy)
    fields = declared.get("requiredFields", [])
    if not fields:
        detail = "is required with enabled: always"
        remedy = "list the fields to read"
        yield Issue("body", f"{name}.requiredFields", detail, remedy=remedy)
    for number, field in enumerate(fields):
        if not field.get("fieldName"):
            detail = "a field that the customer maps cannot be read without asking"
            remedy = "give it a fieldName"
            yield Issue("body", f"{name}.requiredFields[{number}]", detail, remedy=remedy)
