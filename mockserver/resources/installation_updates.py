"""Changes of an installation: by update mask, and by JSON Patch of one object.

Each successful change writes a new config of the revision in force.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mockserver.resources import (
    backfills,
    config_checks,
    configs,
    installations,
    integrations,
    notifications,
    object_patches,
    operations,
    read_schedules,
    schema_watches,
)
from mockserver.resources.config_checks import Context
from mockserver.resources.installations import INSTALLATIONS
from mockserver.resources.providers import Catalog
from mockserver.rules import records
from mockserver.rules.errors import ABSENT, Issue, Kind, Refused
from mockserver.rules.masks import unescape
from mockserver.rules.work import Work
from mockserver.state.tables import Record

_OBJECTS = "config.content.{}.objects"
_PREFIX = "installation.config.content."
ALLOWED = (
    "connectionId",
    "config.createdBy",
    "config.content.read.objects.<objectName>",
    "config.content.read.objects.<objectName>.disabled",
    "config.content.write.objects",
    "config.content.write.objects.<objectName>",
    "config.content.subscribe.objects",
    "config.content.subscribe.objects.<objectName>",
    "config.content.proxy.enabled",
)


@dataclass(slots=True)
class Change:
    """An update on its way: what it is checked against, and the content as it will be."""

    context: Context
    catalog: Catalog
    installation: Record
    revision: Record
    content: dict[str, Any]
    connection_id: str
    creator: str


def begin(work: Work, catalog: Catalog, integration: Record, installation: Record) -> Change:
    """Return a change of an installation that changes nothing yet."""
    revision = integrations.latest(work, integration)
    context = installations.context_of(
        work, catalog, integration, revision, installation["groupRef"]
    )
    config = installation["config"]
    return Change(
        context,
        catalog,
        installation,
        revision,
        dict(config["content"]),
        installation["connectionId"],
        config["createdBy"],
    )


def update(
    work: Work, catalog: Catalog, integration: Record, installation: Record, body: Record
) -> Record:
    """Apply an update mask. An empty one changes nothing.

    Source: updateInstallation. A tail after `objects.` is one object's name, escaped or not,
    because the React library does not escape names.

    Raises:
        Refused: INVALID for an unknown mask, one without a value, or a connection that does not
            fit; UNPROCESSABLE for a config that is not allowed.
    """
    named: Sequence[str] = body["updateMask"]
    if not named:
        return installation
    change = begin(work, catalog, integration, installation)
    change.context = replace(change.context, prefix=_PREFIX)
    unknown = [
        Issue("body", f"updateMask[{number}]", "unknown mask", mask, _remedy())
        for number, mask in enumerate(named)
        if not _is_known(mask)
    ]
    if unknown:
        raise Refused(Kind.INVALID, "Invalid update mask", remedy=_remedy(), issues=unknown)
    for mask in dict.fromkeys(named):  # naming one again changes nothing more
        _apply(change, mask, body["installation"])
    return finish(work, change)


def _remedy() -> str:
    quoted = [f"'{mask}'" for mask in ALLOWED]
    return f"Allowed masks: {', '.join(quoted[:-1])} and {quoted[-1]}"


def _is_known(mask: str) -> bool:
    if mask in ALLOWED and "<" not in mask:
        return True
    return any(_tail(mask, action) for action in configs.ACTIONS)


def _tail(mask: str, action: str) -> str:
    prefix = _OBJECTS.format(action) + "."
    return mask[len(prefix) :] if mask.startswith(prefix) else ""


def _apply(change: Change, mask: str, given: Record) -> None:
    if mask == "connectionId":
        change.connection_id = _new_connection(change, _value(given, ("connectionId",), mask))
        return
    config = given.get("config", {})
    if mask == "config.createdBy":
        change.creator = _value(config, ("createdBy",), mask)
        return
    content = config.get("content", {})
    if mask == "config.content.proxy.enabled":
        change.content["proxy"] = {"enabled": _value(content, ("proxy", "enabled"), mask)}
        return
    for action in configs.ACTIONS:
        if mask == _OBJECTS.format(action):
            _replace_all(change, action, _value(content, (action, "objects"), mask))
        elif tail := _tail(mask, action):
            _replace_one(change, action, unescape(tail), content, mask)


def _new_connection(change: Change, connection_id: Any) -> str:
    if not isinstance(connection_id, str):
        raise _valueless("connectionId")
    context = change.context
    name = "installation.connectionId"
    found = installations.fitting_connection(
        context.work, context.integration, context.group_ref, connection_id, name
    )
    return str(found["id"])


def _replace_all(change: Change, action: str, given: Record) -> None:
    completed = {
        name: configs.complete_object(change.context, action, name, config)
        for name, config in given.items()
    }
    change.content[action] = {**change.content.get(action, {}), "objects": completed}


def _replace_one(change: Change, action: str, name: str, content: Record, mask: str) -> None:
    declared = configs.manifest_objects(change.context.manifest, action)
    held = change.content.get(action, {}).get("objects", {})
    switched = name.removesuffix(".disabled")
    if action == "read" and name not in declared and switched != name:
        disabled = _value(content, ("read", "objects", switched, "disabled"), mask)
        config: Record = {**held.get(switched, {}), "disabled": disabled}
        if disabled and switched in held:
            # Nothing but that: pausing works even when the manifest asks for more by now.
            _put(change, action, switched, config)
            return
        name = switched
    else:
        config = _value(content, (action, "objects", name), mask)
    _put(change, action, name, configs.complete_object(change.context, action, name, config))


def _put(change: Change, action: str, name: str, config: Record) -> None:
    held = change.content.get(action, {})
    objects = {**held.get("objects", {}), name: config}
    change.content[action] = {**held, "objects": objects}


def _value(values: Any, path: Sequence[str], mask: str) -> Any:
    for part in path:
        if not isinstance(values, Mapping) or values.get(part) is None:
            raise _valueless(mask)
        values = values[part]
    return values


def _valueless(mask: str) -> Refused:
    detail = "value not found for mask"
    remedy = "put a value into installation for every path of updateMask"
    issue = Issue("body", f"installation.{mask}", "named in updateMask, but has no value")
    return Refused(Kind.INVALID, detail, remedy=remedy, issues=[issue])


def patch_object(
    work: Work,
    change: Change,
    action: str,
    name: str,
    changes: Sequence[Record],
) -> Record:
    """Apply JSON Patch operations to one object's config, all or none.

    Source: patchObjectConfigContent; RFC 6902 (add, remove, replace). Assumed: an object that the
    manifest has and the config lacks begins as its name alone.

    Raises:
        Refused: INVALID for an object the manifest lacks, a path that is not there, or a result
            of the wrong shape; UNPROCESSABLE for a config that is not allowed.
    """
    declared = configs.manifest_objects(change.context.manifest, action)
    name = configs.find_name(declared, name)
    if name not in declared:
        detail = f"the manifest has no {action} object {name}"
        issue = Issue("path", "objectName", detail, name)
        raise Refused(Kind.INVALID, detail, remedy="use an object of the manifest", issues=[issue])
    held = change.content.get(action, {}).get("objects", {})
    patched = object_patches.apply(held.get(name, _begun(action, name)), changes)
    begun = configs.complete_object(change.context, action, name, {})
    mistakes = work.mistakes(configs.COMPONENTS[action], {**begun, **patched})
    if mistakes:
        issues = [
            Issue("body", "changes", f"{m.name or name} {m.detail}", ABSENT, m.remedy)
            for m in mistakes
        ]
        raise Refused(Kind.INVALID, issues[0].detail, remedy=issues[0].remedy, issues=issues)
    _put(change, action, name, configs.complete_object(change.context, action, name, patched))
    return finish(work, change)


def _begun(action: str, name: str) -> dict[str, Any]:
    if action == "read":
        return {"objectName": name, "selectedFields": {}, "selectedFieldMappings": {}}
    return {"objectName": name}


def finish(work: Work, change: Change) -> Record:
    """Check the content as a whole, store it as a new config, and start or end backfills."""
    old = change.installation
    before = old["config"]["content"]
    issues = config_checks.content_issues(change.context, change.content, before)
    configs.refuse_mistakes(issues)
    config = installations.new_config(work, change.revision, change.creator, change.content)
    changed = records.update(
        work, INSTALLATIONS, old, {**old, "config": config, "connectionId": change.connection_id}
    )
    notifications.installation_updated(work, old, changed)
    _follow_reads(work, change, changed)
    return changed


def _follow_reads(work: Work, change: Change, installation: Record) -> None:
    before = change.installation["config"]["content"].get("read", {}).get("objects", {})
    after = installation["config"]["content"].get("read", {}).get("objects", {})
    read_schedules.follow(work, installation)
    schema_watches.follow(work, change.catalog, installation)
    added = {name: config for name, config in after.items() if name not in before}
    integration = change.context.integration
    backfills.start(work, change.catalog, integration, installation, {"objects": added})
    stopped = {name for name, config in after.items() if config.get("disabled", False)}
    operations.cancel(work, installation, "object disabled", stopped)
