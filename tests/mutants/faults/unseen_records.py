"""A third round of faults that the suite had not seen: of keys, apps, destinations and topics."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.mutants.faulty import Call, Fault
from tests.mutants.making import asked, edited, fault, granted, listed, put, refused, rows

THIRD = "unseen a third time"


def _known_masks(*known: str) -> Callable[[Call], None]:
    """Pass over unknown paths of a mask, if there is a known one too."""

    def change(body: dict[str, Any], _: Call) -> None:
        mask = body.get("updateMask")
        if isinstance(mask, list):
            body["updateMask"] = [path for path in mask if path in known] or mask

    return asked(change)


def _metadata_merged(call: Call) -> None:
    """Add new metadata to the old instead of replacing it."""
    if "metadata" not in call.body.get("updateMask", []):
        return
    result = call.result
    old = next(row for row in call.before.tables["providerApps"] if row["id"] == result["id"])
    merged = dict(old.get("metadata") or {})
    for name, values in (result.get("metadata") or {}).items():
        merged[name] = {**merged.get(name, {}), **values}
    row = next(row for row in rows(call, "providerApps") if row["id"] == result["id"])
    put(call, "providerApps", {**row, "metadata": merged})
    call.result = {**result, "metadata": merged}


def _one_parameter_value(body: dict[str, Any], _: Call) -> None:
    metadata = body.get("metadata")
    parameters = metadata.get("authQueryParams") if isinstance(metadata, dict) else None
    if isinstance(parameters, dict):
        for name, values in parameters.items():
            parameters[name] = values[:1] if isinstance(values, list) else values


def _apps_of_provider(call: Call) -> None:
    """Delete the other apps of the same provider as well."""
    gone = call.before.tables["providerApps"].get(call.parameters["providerAppId"])
    if gone is not None:
        call.remove(
            "providerApps",
            lambda row: (
                (row["projectId"], row["provider"]) == (gone["projectId"], gone["provider"])
            ),
        )


def _switched_on(call: Call) -> None:
    """Switch a key on when anything else of it changes."""
    result = call.result
    if "active" not in call.body.get("updateMask", []):
        row = next(r for r in rows(call, "apiKeys") if r["key"] == result["key"])
        put(call, "apiKeys", {**row, "active": True})
        call.result = {**result, "active": True}


def _project_as_asked(record: dict[str, Any], call: Call) -> None:
    record["projectId"] = call.parameters["projectIdOrName"]


def _inactive_only(items: list[Any], call: Call) -> list[Any]:
    if call.query.get("active") != "false":
        return items
    return [item for item in items if not item["active"]]


def _taken_name(call: Call) -> None:
    """Let a destination have the name of another one."""
    body = call.body if isinstance(call.body, dict) else {}
    name = (body.get("destination") or {}).get("name")
    given = call.parameters["destination"]
    for row in rows(call, "destinations"):
        if given not in {row["id"], row["name"]} or "name" not in body.get("updateMask", []):
            continue
        twins = [r for r in rows(call, "destinations") if r["name"] == name and r != row]
        if any(twin["projectId"] == row["projectId"] for twin in twins):
            put(call, "destinations", {**row, "name": name})
            shown = ("id", "type", "metadata", "createTime", "updateTime")
            call.status, call.answer_headers["content-type"] = 200, "application/json"
            call.result = {**{k: row[k] for k in shown if k in row}, "name": name}
            return


def _rotates_when_shown(call: Call) -> None:
    if call.query.get("includeSecrets") == "true":
        call.query["rotate"] = "true"


def _never_rotates(call: Call) -> None:
    call.query.pop("rotate", None)


def _own_name_taken(call: Call) -> bool | None:
    """Refuse a topic the name that it has."""
    body = call.body if isinstance(call.body, dict) else {}
    row = call.before.tables["topics"].get(call.parameters["topicId"])
    if row is None or body.get("name") != row["name"]:
        return None
    call.status, call.answer_headers = 409, {"content-type": "application/problem+json"}
    call.result = {"status": 409, "title": "Conflict", "detail": "taken"}
    return True


def _route_to_nothing(call: Call) -> None:
    """Route a topic that there is not."""
    body = call.body
    destinations = call.mock.sandbox.root.tables["destinations"]
    destination = destinations.get(str(body.get("destinationId"))) if body else None
    if call.status != 404 or destination is None:
        return
    number = call.memory["n"] = call.memory.get("n", 0) + 1
    row = {
        "id": f"6f1d2c3b-0000-4000-8000-{number:012}",
        "topicId": body["topicId"],
        "destinationId": destination["id"],
        "projectId": destination["projectId"],
        "createTime": "2026-02-01T12:00:00.000000Z",
    }
    put(call, "topicDestinationRoutes", row)
    call.status, call.answer_headers["content-type"] = 201, "application/json"
    call.result = row


def _routes_of_event(call: Call) -> None:
    """Delete all routes of the same event with the one that was asked for."""
    gone = call.before.tables["eventTopicRoutes"].get(call.parameters["routeId"])
    if gone is not None:
        key = (gone["projectId"], gone["eventType"])
        call.remove("eventTopicRoutes", lambda row: (row["projectId"], row["eventType"]) == key)


def _either_filter(call: Call) -> None:
    """Take two filters as alternatives."""
    topic, destination = call.query.get("topicId"), call.query.get("destinationId")
    if topic and destination:
        call.result = [
            {k: row[k] for k in ("id", "topicId", "destinationId", "projectId", "createTime")}
            for row in rows(call, "topicDestinationRoutes")
            if row["topicId"] == topic or row["destinationId"] == destination
        ]


FAULTS: tuple[Fault, ...] = (
    fault(THIRD, "app-metadata-merged", "updateProviderApp", after=granted(_metadata_merged)),
    fault(THIRD, "one-value-a-parameter", "createProviderApp", before=asked(_one_parameter_value)),
    fault(THIRD, "apps-of-provider-go-too", "deleteProviderApp", after=granted(_apps_of_provider)),
    fault(THIRD, "new-label-switches-on", "updateApiKey", after=granted(_switched_on)),
    fault(
        THIRD,
        "unknown-mask-beside-a-known-one",
        "updateApiKey updateProviderApp",
        before=_known_masks(
            *("active", "label", "scopes", "externalRef", "clientId", "clientSecret", "metadata")
        ),
    ),
    fault(
        THIRD,
        "project-id-as-asked",
        "createTopic createEventTopicRoute createTopicDestinationRoute",
        after=edited(_project_as_asked),
    ),
    fault(THIRD, "active-false-is-a-filter", "listApiKeys", after=listed(_inactive_only)),
    fault(THIRD, "renamed-onto-another", "updateDestination", after=refused(_taken_name)),
    fault(THIRD, "showing-rotates", "getDestination", before=_rotates_when_shown),
    fault(THIRD, "never-rotates", "getDestination", before=_never_rotates),
    fault(
        THIRD,
        "own-name-is-taken",
        "updateTopic",
        before=_own_name_taken,
        is_inferred=True,  # the contract does not say whose topic has the name
    ),
    fault(
        THIRD,
        "absent-topic-is-routed",
        "createTopicDestinationRoute",
        after=refused(_route_to_nothing),
    ),
    fault(
        THIRD, "routes-of-event-go-too", "deleteEventTopicRoute", after=granted(_routes_of_event)
    ),
    fault(THIRD, "either-filter", "listTopicDestinationRoutes", after=granted(_either_filter)),
)
