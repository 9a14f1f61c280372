"""A fourth round of unseen faults: of masks, of values, and of requests that are refused."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from tests.mutants.faulty import Call, Fault, Step
from tests.mutants.making import PATCH, asked, fault, granted, put, refused, rows

FOURTH = "unseen a fourth time"


def _label_anyway(call: Call) -> None:
    """Change the label although the mask is refused for another path."""
    body = call.body if isinstance(call.body, dict) else {}
    label = (body.get("apiKey") or {}).get("label")
    if isinstance(label, str) and "label" in (body.get("updateMask") or ()):
        for row in rows(call, "apiKeys"):
            if row["key"] == call.parameters["apiKey"]:
                put(call, "apiKeys", {**row, "label": label})


def _route_anyway(call: Call) -> None:
    """Keep a route to a destination that there is not, and refuse it."""
    body = call.body if isinstance(call.body, dict) else {}
    topic = call.mock.sandbox.root.tables["topics"].get(str(body.get("topicId")))
    if topic is not None and isinstance(body.get("destinationId"), str):
        number = call.memory["n"] = call.memory.get("n", 0) + 1
        row = {
            "id": f"6f1d2c3b-0000-4000-8000-{number:012}",
            "topicId": topic["id"],
            "destinationId": body["destinationId"],
            "projectId": topic["projectId"],
            "createTime": "2026-02-01T12:00:00.000000Z",
        }
        put(call, "topicDestinationRoutes", row)


def _broken_anyway(call: Call) -> None:
    """Give up the credentials of a connection that is not deleted after all."""
    for row in rows(call, "connections"):
        if row["id"] == call.parameters["connectionId"] and call.status != 404:
            put(call, "connections", {**row, "status": "bad_credentials"})


def _renamed_anyway(call: Call) -> None:
    name = call.body.get("name") if isinstance(call.body, dict) else None
    for row in rows(call, "topics"):
        if row["id"] == call.parameters["topicId"] and call.status == 409:
            put(call, "topics", {**row, "name": name})


def _folded_mask(body: dict[str, Any], _: Call) -> None:
    """Read the paths of a mask without regard to capitals."""
    mask = body.get("updateMask")
    if isinstance(mask, list):
        known = {path.lower(): path for path in ("active", "label", "scopes", "clientId")}
        body["updateMask"] = [known.get(str(path).lower(), path) for path in mask]


def _text_mask(body: dict[str, Any], _: Call) -> None:
    """Take a text for a list of one."""
    if isinstance(body.get("updateMask"), str):
        body["updateMask"] = [body["updateMask"]]


def _idle_read_map(body: dict[str, Any], _: Call) -> None:
    """Pass over the mask of all read objects, which there is not."""
    mask = body.get("updateMask")
    if isinstance(mask, list):
        body["updateMask"] = [path for path in mask if path != "config.content.read.objects"]


def _empty_is_none(empty: Any) -> Step:
    """Leave a field of a provider app as it is when an empty value is given."""

    def step(call: Call) -> None:
        result = call.result
        old = call.before.tables["providerApps"].get(result["id"]) or {}
        row = next(row for row in rows(call, "providerApps") if row["id"] == result["id"])
        for path in call.body.get("updateMask", []):
            if (call.body.get("providerApp") or {}).get(path) == empty and old.get(path):
                row[path] = result[path] = old[path]
        put(call, "providerApps", row)
        call.result = result

    return granted(step)


def _headers_kept(call: Call) -> None:
    """Keep the headers of a webhook when they are set to null."""
    metadata = (call.body.get("destination") or {}).get("metadata") or {}
    if "metadata.headers" not in call.body.get("updateMask", []) or metadata.get("headers"):
        return
    result = call.result
    old = call.before.tables["destinations"].get(result["id"]) or {}
    headers = old.get("metadata", {}).get("headers")
    row = copy.deepcopy(next(r for r in rows(call, "destinations") if r["id"] == result["id"]))
    if headers:
        row["metadata"]["headers"] = result["metadata"]["headers"] = headers
        put(call, "destinations", row)
        call.result = result


def _metadata_added(call: Call) -> None:
    """Add new metadata of a connection to the old instead of replacing it."""
    if "providerMetadata" in call.body.get("updateMask", []):
        result = call.result
        old = (call.before.tables["connections"].get(result["id"]) or {}).get("providerMetadata")
        merged = {**(old or {}), **(result.get("providerMetadata") or {})}
        row = next(row for row in rows(call, "connections") if row["id"] == result["id"])
        put(call, "connections", {**row, "providerMetadata": merged})
        call.result = {**result, "providerMetadata": merged}


def _changed(name: str, change: Callable[[Any], Any]) -> Step:
    """Make the value of a field right before it is looked at."""

    def step(body: dict[str, Any], _: Call) -> None:
        if name in body:
            body[name] = change(body[name])

    return asked(step)


def _trimmed(value: Any) -> Any:
    return value.strip("-_ ") if isinstance(value, str) else value


def _cut(value: Any) -> Any:
    return value[:128] if isinstance(value, str) else value


def _switch(value: Any) -> Any:
    """Take "false" and 0 for false."""
    switches = {"false": False, "true": True, "0": False, "1": True}
    if isinstance(value, dict) and not isinstance(value.get("active"), bool):
        text = str(value.get("active")).lower()
        return {**value, **({"active": switches[text]} if text in switches else {})}
    return value


def _with_values(value: Any) -> Any:
    """Add null where a change has no value."""
    for change in value if isinstance(value, list) else ():
        if isinstance(change, dict) and change.get("op") in {"add", "replace"}:
            change.setdefault("value", None)
    return value


def _with_slashes(value: Any) -> Any:
    for change in value if isinstance(value, list) else ():
        if isinstance(change, dict) and isinstance(change.get("path"), str):
            change["path"] = "/" + change["path"].lstrip("/")
    return value


def _some_changes(value: Any) -> Any:
    return value or [{"op": "add", "path": "/disabled", "value": False}]


def _own_provider(body: dict[str, Any], call: Call) -> None:
    """Know the provider of a config that does not name it."""
    found = call.parameters["integrationId"]
    config = body.get("config")
    content = config.get("content") if isinstance(config, dict) else None
    for row in rows(call, "integrations"):
        if found in {row["id"], row["name"]} and isinstance(content, dict):
            content.setdefault("provider", row["provider"])


def _pem_of_another(body: dict[str, Any], call: Call) -> None:
    """Take anything for a key."""
    if isinstance(body.get("publicKeyPem"), str) and "BEGIN" not in body["publicKeyPem"]:
        body["publicKeyPem"] = rows(call, "jwtKeys")[0]["publicKeyPem"]


def _known_algorithm(value: Any) -> Any:
    return "RS256" if isinstance(value, str) and value else value


def _fields_chosen(body: dict[str, Any], _: Call) -> None:
    """Take anything but false for a field that is selected."""
    config = body.get("config")
    content = config.get("content") if isinstance(config, dict) else None
    read = content.get("read") if isinstance(content, dict) else None
    objects = read.get("objects") if isinstance(read, dict) else None
    for entry in objects.values() if isinstance(objects, dict) else ():
        if isinstance(entry, dict) and isinstance(entry.get("selectedFields"), dict):
            fields = entry["selectedFields"]
            entry["selectedFields"] = {name: bool(value) for name, value in fields.items()}


FAULTS: tuple[Fault, ...] = (
    fault(FOURTH, "refused-label-is-kept", "updateApiKey", after=refused(_label_anyway)),
    fault(
        FOURTH, "refused-route-is-kept", "createTopicDestinationRoute", after=refused(_route_anyway)
    ),
    fault(FOURTH, "refused-delete-breaks", "deleteConnection", after=refused(_broken_anyway)),
    fault(FOURTH, "refused-rename-is-kept", "updateTopic", after=refused(_renamed_anyway)),
    fault(FOURTH, "mask-folds-case", "updateApiKey updateProviderApp", before=asked(_folded_mask)),
    fault(
        FOURTH,
        "mask-is-a-text",
        "updateApiKey updateProviderApp updateDestination",
        before=asked(_text_mask),
    ),
    fault(FOURTH, "mask-of-all-reads-is-idle", "updateInstallation", before=asked(_idle_read_map)),
    fault(FOURTH, "empty-text-is-no-value", "updateProviderApp", after=_empty_is_none("")),
    fault(FOURTH, "empty-list-is-no-value", "updateProviderApp", after=_empty_is_none([])),
    fault(FOURTH, "headers-never-go", "updateDestination", after=granted(_headers_kept)),
    fault(
        FOURTH,
        "metadata-of-connection-merged",
        "updateConnection",
        after=granted(_metadata_added),
        is_inferred=True,  # the contract does not say that metadata is replaced whole
    ),
    fault(
        FOURTH,
        "project-name-trimmed",
        "createProject",
        before=_changed("name", _trimmed),
        profile="full",
    ),
    fault(
        FOURTH,
        "app-name-of-129-is-cut",
        "createProject",
        before=_changed("appName", _cut),
        profile="full",
    ),
    fault(FOURTH, "switch-by-text", "updateApiKey", before=_changed("apiKey", _switch)),
    fault(FOURTH, "change-without-value-is-null", PATCH, before=_changed("changes", _with_values)),
    fault(FOURTH, "pointer-without-slash", PATCH, before=_changed("changes", _with_slashes)),
    fault(FOURTH, "no-changes-are-taken", PATCH, before=_changed("changes", _some_changes)),
    fault(FOURTH, "config-without-provider", "createInstallation", before=asked(_own_provider)),
    fault(FOURTH, "any-text-is-a-key", "createJWTKey", before=asked(_pem_of_another)),
    fault(
        FOURTH,
        "any-algorithm-is-rs256",
        "createJWTKey",
        before=_changed("algorithm", _known_algorithm),
    ),
    fault(FOURTH, "fields-by-any-value", "createInstallation", before=asked(_fields_chosen)),
)
