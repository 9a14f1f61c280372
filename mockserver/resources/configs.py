"""Configs: a group's answers to what a manifest leaves open, completed and checked.

Source: the Config component and the vendor's guides to manifests and installations. A config
names its objects in maps, a manifest in lists; both by the provider's name of the object.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mockserver.resources import config_checks, manifests
from mockserver.resources.config_checks import Context
from mockserver.rules.errors import Issue, Kind, Refused
from mockserver.state.tables import Record

_EVENTS = ("createEvent", "updateEvent", "deleteEvent", "otherEvents")
ACTIONS = ("read", "write", "subscribe")
#: The component of the contract that one object's config has, by action.
COMPONENTS: Mapping[str, str] = {
    "read": "BaseReadConfigObject",
    "write": "BaseWriteConfigObject",
    "subscribe": "BaseSubscribeConfigObject",
}


def find_name(names: Iterable[str], wanted: str) -> str:
    """Return the name that a path parameter means: the same one, else the same but for its case.

    Assumed: without either it means itself, which nothing has.
    """
    known = list(names)
    folded = (name for name in known if name.lower() == wanted.lower())
    return wanted if wanted in known else next(folded, wanted)


def manifest_objects(manifest: Record, action: str) -> Mapping[str, Record]:
    """Return the objects of one action of a manifest by their name."""
    readers = {
        "read": manifests.read_objects,
        "write": manifests.write_objects,
        "subscribe": manifests.subscribe_objects,
    }
    return readers[action](manifest)


def complete(context: Context, content: Record) -> dict[str, Any]:
    """Return the content of a new installation's config, completed from the manifest and checked.

    Source: createInstallation. Assumed: what a client leaves out comes from the manifest
    (schedule, destination, backfill, subscribe objects, required fields).

    Raises:
        Refused: UNPROCESSABLE with one issue per wrong place.
    """
    manifest = context.manifest
    completed: dict[str, Any] = {"provider": content["provider"]}
    for action in ACTIONS:
        given = content.get(action)
        if action == "subscribe" and given is None and "subscribe" in manifest:
            given = {"objects": {name: {} for name in manifest_objects(manifest, action)}}
        if given is not None:
            completed[action] = {
                "objects": {
                    name: complete_object(context, action, name, config)
                    for name, config in given.get("objects", {}).items()
                }
            }
    if "proxy" in content:
        completed["proxy"] = {"enabled": content["proxy"].get("enabled", False)}
    refuse_mistakes(config_checks.content_issues(context, completed))
    return completed


def complete_object(context: Context, action: str, name: str, config: Record) -> dict[str, Any]:
    """Return one object's config, completed from the manifest.

    Raises:
        Refused: UNPROCESSABLE when the manifest has no such object for this action, or the
            object's own name is another.
    """
    place = f"{context.prefix}{action}.objects.{name}"
    declared = manifest_objects(context.manifest, action).get(name)
    if declared is None:
        known = ", ".join(manifest_objects(context.manifest, action)) or "none"
        detail = f"the manifest has no {action} object {name}"
        refuse_mistakes([Issue("body", place, detail, name, f"use one of: {known}")])
        raise AssertionError(place)
    if config.get("objectName", name) != name:
        detail = "objectName differs from its key"
        issue = Issue("body", f"{place}.objectName", detail, config["objectName"], f"use {name}")
        refuse_mistakes([issue])
    # Assumed: keys that the contract does not know are ignored, as everywhere.
    config = context.work.known(COMPONENTS[action], config)
    if action == "read":
        return _read(name, declared, config)
    if action == "subscribe":
        return _subscribe(name, declared, config)
    return {"objectName": name, **config}


def refuse_mistakes(issues: list[Issue]) -> None:
    """Refuse a config with mistakes; without any, do nothing.

    Raises:
        Refused: UNPROCESSABLE.
    """
    if issues:
        first = issues[0]
        raise Refused(Kind.UNPROCESSABLE, first.detail, remedy=first.remedy, issues=issues)


def _read(name: str, declared: Record, config: Record) -> dict[str, Any]:
    required = {
        f["fieldName"]: True for f in declared.get("requiredFields", []) if "fieldName" in f
    }
    completed: dict[str, Any] = {
        "objectName": name,
        "schedule": declared.get("schedule", ""),
        "destination": declared["destination"],
        **config,
    }
    completed["selectedFields"] = {**config.get("selectedFields", {}), **required}
    completed["selectedFieldMappings"] = dict(config.get("selectedFieldMappings", {}))
    if "backfill" in declared and "backfill" not in config:
        completed["backfill"] = declared["backfill"]
    return completed


def _subscribe(name: str, declared: Record, config: Record) -> dict[str, Any]:
    # The manifest says inheritFieldsAndMapping, a config inheritFieldsAndMappings.
    completed: dict[str, Any] = {
        "objectName": name,
        "destination": declared["destination"],
        "inheritFieldsAndMappings": declared.get("inheritFieldsAndMapping", False),
    }
    for event in _EVENTS:
        if event in declared:
            completed[event] = _event(declared[event])
    return {**completed, **config}


def _event(declared: Any) -> Any:
    """Translate an event of a manifest: `selected` is no word of a config.

    Assumed: watching the selected fields is written as no list at all.
    """
    if not isinstance(declared, Mapping):
        return declared
    event = {"enabled": "always", **declared}
    if event.get("watchFieldsAuto") == "selected":
        del event["watchFieldsAuto"]
    return event
