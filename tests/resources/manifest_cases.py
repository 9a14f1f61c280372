"""Manifests that are right, each in its own way, and what they are put together from."""

from __future__ import annotations

from typing import Any

from tests.manifests import hubspot, integration, read_object


def reading(**fields: Any) -> Any:
    return integration(read={"objects": [read_object(**fields)]})


def subscribing(*objects: Any, read: tuple[str, ...] = ("contact",)) -> Any:
    return integration(
        read={"objects": [read_object(name) for name in read]},
        subscribe={"objects": list(objects)},
    )


def subscribed(name: str = "contact", **fields: Any) -> dict[str, Any]:
    return {
        "objectName": name,
        "destination": "defaultWebhook",
        "inheritFieldsAndMapping": True,
        **fields,
    }


WATCH = {"destination": "defaultWebhook", "allObjects": {"fieldCreated": {"enabled": "always"}}}
ALWAYS = {"enabled": "always"}
ON_REQUEST = {"mode": "onRequest", "pageSize": 50}
NESTED = "$['billingaddress']['city']"
WRITE = {"objects": [{"objectName": "lead"}]}

RIGHT = {
    "reads": integration(),
    "two integrations": hubspot(write={"objects": [{"objectName": "contacts"}]}),
    "writes": integration(write={"objects": [{"objectName": "lead", "inheritMapping": True}]}),
    "proxies": integration(proxy={"enabled": True, "useModule": False}),
    "proxy off": integration(proxy={"enabled": False}, write=WRITE),
    "no schedule": integration(
        read={"objects": [{"objectName": "contact", "destination": "defaultWebhook"}]}
    ),
    "empty schedule": reading(schedule=""),
    "days": reading(backfill={"defaultPeriod": {"days": 30}}),
    "no days": reading(backfill={"defaultPeriod": {"days": 0}}),
    "full history": reading(backfill={"defaultPeriod": {"fullHistory": True}}),
    "days, said twice": reading(backfill={"defaultPeriod": {"days": 1, "fullHistory": False}}),
    "on request": reading(delivery=ON_REQUEST),
    "auto": reading(delivery={"mode": "auto"}),
    "delivery by default": reading(delivery={}),
    "always": reading(**ALWAYS),
    "predefined mapping": reading(requiredFields=[{"fieldName": "a", "mapToName": "b"}]),
    "asked mapping": reading(optionalFields=[{"mapToName": "b", "prompt": "Which?"}]),
    "nested field": reading(requiredFields=[{"fieldName": NESTED}]),
    "same field twice": reading(requiredFields=[{"fieldName": "a"}, {"fieldName": "a"}]),
    "every optional": reading(optionalFieldsAuto="all"),
    "events": subscribing(
        subscribed(createEvent=ALWAYS, updateEvent={**ALWAYS, "watchFieldsAuto": "all"})
    ),
    "watched fields": subscribing(
        subscribed(updateEvent={**ALWAYS, "requiredWatchFields": ["phone"]})
    ),
    "other events alone": integration(
        subscribe={
            "objects": [
                {"objectName": "x", "destination": "defaultWebhook", "otherEvents": ["UNDELETE"]}
            ]
        }
    ),
    "five objects": subscribing(
        *(subscribed(name, deleteEvent=ALWAYS) for name in "abcde"), read=tuple("abcde")
    ),
    "watch schema": integration(write=WRITE, watchSchema=WATCH),
    "hourly watch": integration(write=WRITE, watchSchema={**WATCH, "schedule": "0 * * * *"}),
    "module": integration(module="crm", write=WRITE),
    "calendar": integration(
        "cal",
        "google",
        module="calendar",
        read={
            "objects": [read_object("events", backfill={"defaultPeriod": {"days": 28}})],
        },
    ),
    "mail": integration(
        "mail",
        "google",
        module="gmail",
        read={
            "objects": [read_object("events", backfill={"defaultPeriod": {"fullHistory": True}})],
        },
    ),
    "snowflake": integration(
        "snow",
        "snowflake",
        read={
            "objects": [read_object("t", backfill={"defaultPeriod": {"fullHistory": True}})],
        },
    ),
    "unusual name": integration("Mail Monkey / Ünïcode"),
    "unknown keys": {**integration(), "color": "blue", "subscribes": 5},
    "empty keys": {**integration(), "displayName": None, "write": None, "proxy": None},
    "unknown destination": reading(destination="nowhere"),
}
