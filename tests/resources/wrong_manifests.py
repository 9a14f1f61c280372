"""Manifests that are wrong, and the places where each is."""

from __future__ import annotations

from typing import Any

from tests.manifests import integration, manifest, read_object
from tests.resources.manifest_cases import (
    ALWAYS,
    NESTED,
    WATCH,
    WRITE,
    reading,
    subscribed,
    subscribing,
)

READ = "integrations[0].read.objects[0]"
SUBSCRIBED = "integrations[0].subscribe.objects[0]"


#: Mistakes of a manifest, of an integration, and of its lists of objects.
MANIFESTS: dict[str, tuple[Any, set[str]]] = {
    # The shape that the contract declares.
    "no mapping": (manifest("salesforce"), {"integrations[0]"}),
    "a number": (manifest(integration(5)), {"integrations[0].name"}),
    "no name": (
        manifest({"provider": "salesforce", "proxy": {"enabled": True}}),
        {"integrations[0].name"},
    ),
    "null name": (manifest(integration(None)), {"integrations[0].name"}),
    "objects of another type": (
        manifest(integration(read={"objects": {"contact": {}}})),
        {"integrations[0].read.objects"},
    ),
    "object of another type": (
        manifest(integration(read={"objects": [None, "contact"]})),
        {"integrations[0].read.objects[0]", "integrations[0].read.objects[1]"},
    ),
    "no destination": (
        manifest(integration(read={"objects": [{"objectName": "contact", "schedule": ""}]})),
        {f"{READ}.destination"},
    ),
    "a word of its own": (manifest(reading(enabled="never")), {f"{READ}.enabled"}),
    "no field at all": (
        manifest(reading(requiredFields=[{}])),
        {f"{READ}.requiredFields[0].fieldName"},
    ),
    "negative days": (
        manifest(reading(backfill={"defaultPeriod": {"days": -1}})),
        {f"{READ}.backfill.defaultPeriod.days"},
    ),
    "page too small": (
        manifest(reading(delivery={"mode": "onRequest", "pageSize": 49})),
        {f"{READ}.delivery.pageSize"},
    ),
    "page too large": (
        manifest(reading(delivery={"mode": "onRequest", "pageSize": 501})),
        {f"{READ}.delivery.pageSize"},
    ),
    "no watched objects": (
        manifest(integration(write=WRITE, watchSchema={"destination": "d"})),
        {"integrations[0].watchSchema.allObjects"},
    ),
    # The manifest as a whole.
    "no version": ({"integrations": [integration()]}, {"specVersion"}),
    "another version": ({**manifest(), "specVersion": "2.0.0"}, {"specVersion"}),
    "a number as version": ({**manifest(), "specVersion": 1.0}, {"specVersion"}),
    "no integrations": ({"specVersion": "1.0.0"}, {"integrations"}),
    "empty integrations": ({"specVersion": "1.0.0", "integrations": []}, {"integrations"}),
    "integrations of another type": (
        {"specVersion": "1.0.0", "integrations": {"a": 1}},
        {"integrations"},
    ),
    "empty": ({}, {"specVersion", "integrations"}),
    "one name twice": (manifest(integration(), integration()), {"integrations[1].name"}),
    # An integration.
    "empty name": (manifest(integration(" ")), {"integrations[0].name"}),
    "unknown provider": (manifest(integration("a", "nobody")), {"integrations[0].provider"}),
    "wrong case": (manifest(integration("a", "Salesforce")), {"integrations[0].provider"}),
    "empty provider": (manifest(integration("a", "")), {"integrations[0].provider"}),
    "unknown module": (manifest(integration(module="hr", write=WRITE)), {"integrations[0].module"}),
    "does nothing": (manifest({"name": "a", "provider": "salesforce"}), {"integrations[0]"}),
    "only watches": (manifest(integration(watchSchema=WATCH)), {"integrations[0]"}),
    "cannot write": (
        manifest(integration("a", "snowflake", write=WRITE)),
        {"integrations[0].write"},
    ),
    "cannot read": (
        manifest(integration("a", "notion", read={"objects": [read_object()]})),
        {"integrations[0].read"},
    ),
    "cannot subscribe": (
        manifest(
            integration(
                "a",
                "intercom",
                subscribe={"objects": [subscribed(createEvent=None, otherEvents=["x"])]},
            )
        ),
        {"integrations[0].subscribe"},
    ),
    "cannot proxy": (
        manifest(integration("a", "xero", proxy={"enabled": True})),
        {"integrations[0].proxy"},
    ),
    # Blocks and objects.
    "empty read": (manifest(integration(read={})), {"integrations[0].read.objects"}),
    "empty write": (
        manifest(integration(write={"objects": []})),
        {"integrations[0].write.objects"},
    ),
    "empty subscribe": (
        manifest(integration(subscribe={"objects": []})),
        {"integrations[0].subscribe.objects"},
    ),
    "proxy without a word": (manifest(integration(proxy={})), {"integrations[0].proxy.enabled"}),
    "object twice": (
        manifest(integration(read={"objects": [read_object(), read_object()]})),
        {"integrations[0].read.objects[1].objectName"},
    ),
    "written twice": (
        manifest(integration(write={"objects": [{"objectName": "a"}, {"objectName": "a"}]})),
        {"integrations[0].write.objects[1].objectName"},
    ),
    "empty names": (
        manifest(reading(objectName="", destination="")),
        {f"{READ}.objectName", f"{READ}.destination"},
    ),
    "written without a name": (
        manifest(integration(write={"objects": [{"objectName": ""}]})),
        {"integrations[0].write.objects[0].objectName"},
    ),
}

#: Mistakes of single objects, and of what watches the schema.
OBJECTS: dict[str, tuple[Any, set[str]]] = {
    # Read objects.
    "no cron": (manifest(reading(schedule="hourly")), {f"{READ}.schedule"}),
    "every minute": (manifest(reading(schedule="* * * * *")), {f"{READ}.schedule"}),
    "every five minutes": (manifest(reading(schedule="*/5 * * * *")), {f"{READ}.schedule"}),
    "the second object": (
        manifest(integration(read={"objects": [read_object(), read_object("b", schedule="x")]})),
        {"integrations[0].read.objects[1].schedule"},
    ),
    "mapped twice": (
        manifest(reading(requiredFields=[{"mapToName": "a"}], optionalFields=[{"mapToName": "a"}])),
        {f"{READ}.optionalFields[0].mapToName"},
    ),
    "a field without a name": (
        manifest(reading(requiredFields=[{"fieldName": ""}])),
        {f"{READ}.requiredFields[0]"},
    ),
    "days and full history": (
        manifest(reading(backfill={"defaultPeriod": {"days": 5, "fullHistory": True}})),
        {f"{READ}.backfill.defaultPeriod"},
    ),
    "neither days nor full history": (
        manifest(reading(backfill={"defaultPeriod": {}})),
        {f"{READ}.backfill.defaultPeriod"},
    ),
    "no full history": (
        manifest(reading(backfill={"defaultPeriod": {"fullHistory": False}})),
        {f"{READ}.backfill.defaultPeriod"},
    ),
    "on request without a page": (
        manifest(reading(delivery={"mode": "onRequest"})),
        {f"{READ}.delivery.pageSize"},
    ),
    "auto with a page": (
        manifest(reading(delivery={"mode": "auto", "pageSize": 100})),
        {f"{READ}.delivery.pageSize"},
    ),
    "a page by default": (
        manifest(reading(delivery={"pageSize": 100})),
        {f"{READ}.delivery.pageSize"},
    ),
    "always without a schedule": (
        manifest(reading(enabled="always", schedule="")),
        {f"{READ}.schedule"},
    ),
    "always without fields": (
        manifest(reading(enabled="always", requiredFields=[])),
        {f"{READ}.requiredFields"},
    ),
    "always with a question": (
        manifest(reading(enabled="always", requiredFields=[{"mapToName": "a"}])),
        {f"{READ}.requiredFields[0]"},
    ),
    # Subscribe objects.
    "events without a read object": (
        manifest(subscribing(subscribed("lead", createEvent=ALWAYS))),
        {f"{SUBSCRIBED}.objectName"},
    ),
    "events without reading": (
        manifest(integration(subscribe={"objects": [subscribed(deleteEvent=ALWAYS)]})),
        {f"{SUBSCRIBED}.objectName"},
    ),
    "events without fields": (
        manifest(
            subscribing(subscribed(inheritFieldsAndMapping=False, associationChangeEvent=ALWAYS))
        ),
        {f"{SUBSCRIBED}.inheritFieldsAndMapping"},
    ),
    "an update of nothing": (
        manifest(subscribing(subscribed(updateEvent=ALWAYS))),
        {f"{SUBSCRIBED}.updateEvent"},
    ),
    "an update of no fields": (
        manifest(subscribing(subscribed(updateEvent={"requiredWatchFields": []}))),
        {f"{SUBSCRIBED}.updateEvent"},
    ),
    "an update said twice": (
        manifest(
            subscribing(
                subscribed(updateEvent={"watchFieldsAuto": "all", "requiredWatchFields": ["a"]})
            )
        ),
        {f"{SUBSCRIBED}.updateEvent"},
    ),
    "a nested update": (
        manifest(subscribing(subscribed(updateEvent={"requiredWatchFields": ["a", NESTED]}))),
        {f"{SUBSCRIBED}.updateEvent.requiredWatchFields[1]"},
    ),
    "six objects": (
        manifest(
            subscribing(
                *(subscribed(name, deleteEvent=ALWAYS) for name in "abcdef"), read=tuple("abcdef")
            )
        ),
        {"integrations[0].subscribe.objects"},
    ),
    "subscribed twice": (
        manifest(subscribing(subscribed(deleteEvent=ALWAYS), subscribed(createEvent=ALWAYS))),
        {"integrations[0].subscribe.objects[1].objectName"},
    ),
    # Watching the schema.
    "watched too often": (
        manifest(integration(write=WRITE, watchSchema={**WATCH, "schedule": "*/30 * * * *"})),
        {"integrations[0].watchSchema.schedule"},
    ),
    "watched never": (
        manifest(integration(write=WRITE, watchSchema={**WATCH, "schedule": ""})),
        {"integrations[0].watchSchema.schedule"},
    ),
    "reported nowhere": (
        manifest(integration(write=WRITE, watchSchema={**WATCH, "destination": ""})),
        {"integrations[0].watchSchema.destination"},
    ),
    # What providers ask for.
    "a calendar of a month": (
        manifest(
            integration(
                "a",
                "google",
                read={"objects": [read_object("events", backfill={"defaultPeriod": {"days": 29}})]},
            )
        ),
        {f"{READ}.backfill.defaultPeriod.days"},
    ),
    "a calendar of all times": (
        manifest(
            integration(
                "a",
                "google",
                read={
                    "objects": [
                        read_object("events", backfill={"defaultPeriod": {"fullHistory": True}})
                    ]
                },
            )
        ),
        {f"{READ}.backfill.defaultPeriod.fullHistory"},
    ),
    "a part of snowflake": (
        manifest(
            integration(
                "a",
                "snowflake",
                read={"objects": [read_object("t", backfill={"defaultPeriod": {"days": 5}})]},
            )
        ),
        {f"{READ}.backfill.defaultPeriod.days"},
    ),
}


WRONG = MANIFESTS | OBJECTS
