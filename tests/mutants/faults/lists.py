"""Lists, filters, paging, lookups and uniqueness that are wrong."""

from __future__ import annotations

from typing import Any

from tests.mutants.faulty import Call, Fault
from tests.mutants.making import edited, fault, granted, listed, query_without, refused

LIST, FILTER, PAGE = "list", "filter", "paging"
LOOKUP, UNIQUE, GONE = "lookup", "uniqueness", "deleted, yet there"


def _without_newest(items: list[Any], _: Call) -> list[Any]:
    return items[:-1]


def _newest_twice(items: list[Any], _: Call) -> list[Any]:
    return [*items, *items[-1:]]


def _at_most_twenty(items: list[Any], _: Call) -> list[Any]:
    return items[:20]


def _remembered(call: Call) -> bool | None:
    """Read what was read before, although it is gone."""
    kept = call.memory.setdefault("kept", {})
    if call.path in kept and call.method == "GET":
        call.status, call.answer_headers, call.answer = kept[call.path]
        return True
    return None


def _remember(call: Call) -> None:
    if call.granted and call.method == "GET":
        call.memory.setdefault("kept", {})[call.path] = (
            call.status,
            call.answer_headers,
            call.answer,
        )


def _stale(call: Call) -> None:
    """List what was deleted since the list was last made, too."""
    before = call.memory.get("list", [])
    now = call.result
    ids = {item.get("id") for item in now}
    call.result = [*now, *(item for item in before if item.get("id") not in ids)]
    call.memory["list"] = now


def _deleted_again(call: Call) -> None:
    if call.status == 404:
        call.status, call.answer = 204, b""


def _any_filter(call: Call) -> None:
    if len(call.query) > 1:
        last = list(call.query)[-1]
        del call.query[last]


def _inverted(call: Call) -> None:
    if call.query.get("active") == "true":
        call.result = [item for item in call.result if not item["active"]]


def _whole_list(call: Call) -> None:
    """Empty result of a filter becomes everything."""
    if call.query and call.result == []:
        call.memory["empty"] = True
        call.result = list(call.memory.get("all", []))
    elif not call.query:
        call.memory["all"] = call.result


def _second_page_again(call: Call) -> None:
    result = call.result
    if call.query.get("pageToken") and isinstance(result, dict):
        result["results"] = call.memory.get("first", result["results"])
    elif isinstance(result, dict):
        call.memory["first"] = result.get("results")
    call.result = result


def _never_done(call: Call) -> None:
    result = call.result
    result.setdefault("pagination", {})["done"] = False
    call.result = result


def _renamed_apart(call: Call) -> None:
    """Take a duplicate under another name, and answer as if it had the given one."""
    if call.status not in {409, 422} or not isinstance(call.body, dict) or "name" not in call.body:
        return
    tables = {"createTopic": "topics", "createDestination": "destinations"}
    table = call.mock.sandbox.root.tables[tables[call.operation_id]]
    twin = next((row for row in table if row["name"] == call.body["name"]), None)
    if twin is None:
        return
    call.status = 201
    call.answer_headers["content-type"] = "application/json"
    shown = {k: v for k, v in twin.items() if k not in {"projectId", "secrets", "signingKeys"}}
    call.result = {**shown, "id": "7d0f3c4e-0000-4000-8000-00000000abcd"}


def _names_ever(call: Call) -> bool | None:
    """Refuse a name that was used before, though its owner is gone."""
    body = call.body
    name = body.get("name") if isinstance(body, dict) else None
    if not isinstance(name, str):
        return None
    used = call.memory.setdefault("used", set())
    known = name in used
    used.add(name)
    if not known:
        return None
    call.status, call.answer_headers = 409, {"content-type": "application/problem+json"}
    call.result = {"status": 409, "title": "Conflict", "detail": "name taken"}
    return True


def _last_created(call: Call) -> None:
    """Answer with the newest record instead of the one asked for."""
    newest = call.memory.get("newest")
    if newest is not None:
        call.result = newest
    call.memory["newest"] = call.result if newest is None else newest


def _only_ids(call: Call) -> bool | None:
    value = call.parameters.get("integrationIdOrName") or call.parameters.get("destination", "")
    if len(value) == 36 and value.count("-") == 4:
        return None
    call.status, call.answer_headers = 404, {"content-type": "application/problem+json"}
    call.result = {"status": 404, "title": "Not Found", "detail": "not found"}
    return True


FAULTS: tuple[Fault, ...] = (
    fault(LIST, "list-misses-newest", "listTopics listDestinations", after=listed(_without_newest)),
    fault(LIST, "connections-miss-newest", "listConnections", after=listed(_without_newest)),
    fault(
        LIST, "list-has-newest-twice", "listApiKeys listProviderApps", after=listed(_newest_twice)
    ),
    fault(
        LIST,
        "list-is-cut-at-20",
        "listTopics listTopicDestinationRoutes",
        after=listed(_at_most_twenty),
    ),
    fault(
        LIST,
        "list-differs-from-get",
        "listDestinations",
        after=edited(lambda r, _: r.update(name=str(r.get("name")).lower())),
    ),
    fault(
        LIST,
        "installations-empty-for-project",
        "listInstallationsForProject",
        after=listed(lambda items, call: [] if not call.query else items),
    ),
    fault(GONE, "deleted-topic-still-listed", "listTopics", after=granted(_stale)),
    fault(GONE, "deleted-route-still-listed", "listEventTopicRoutes", after=granted(_stale)),
    fault(
        GONE,
        "deleted-is-still-read",
        "getDestination getApiKey getJWTKey getConnection",
        before=_remembered,
        after=_remember,
    ),
    fault(
        GONE,
        "deleted-installation-is-still-read",
        "getInstallation getIntegration",
        before=_remembered,
        after=_remember,
    ),
    fault(
        GONE,
        "second-delete-succeeds",
        "deleteTopic deleteApiKey deleteDestination",
        after=_deleted_again,
    ),
    fault(
        FILTER,
        "group-filter-ignored",
        "listConnections listInstallations",
        before=query_without("groupRef"),
    ),
    fault(FILTER, "provider-filter-ignored", "listConnections", before=query_without("provider")),
    fault(
        FILTER,
        "topic-filter-ignored",
        "listEventTopicRoutes listTopicDestinationRoutes",
        before=query_without("topicId"),
    ),
    fault(
        FILTER,
        "destination-filter-ignored",
        "listTopicDestinationRoutes",
        before=query_without("destinationId"),
    ),
    fault(
        FILTER, "only-one-filter-counts", "listConnections listEventTopicRoutes", before=_any_filter
    ),
    fault(
        FILTER, "active-filter-ignored", "listApiKeys listJWTKeys", before=query_without("active")
    ),
    fault(FILTER, "active-filter-inverted", "listApiKeys", after=granted(_inverted)),
    fault(FILTER, "no-match-means-all", "listConnections", after=granted(_whole_list)),
    fault(
        FILTER,
        "read-only-fields-kept",
        "getObjectMetadataForConnection getObjectMetadataForInstallation",
        before=query_without("excludeReadOnly"),
    ),
    fault(
        FILTER,
        "bad-boolean-accepted",
        "listApiKeys getConnection getProject",
        before=lambda c: (
            [c.query.pop(k) for k, v in list(c.query.items()) if v not in {"true", "false"}]
            and None
        ),
    ),
    fault(PAGE, "page-size-ignored", "listOperations", before=query_without("pageSize")),
    fault(PAGE, "first-page-for-ever", "listOperations", after=granted(_second_page_again)),
    fault(PAGE, "never-done", "listOperations", after=granted(_never_done)),
    fault(
        PAGE,
        "page-size-zero-accepted",
        "listOperations",
        before=lambda call: (
            call.query.update(pageSize="1") if call.query.get("pageSize") == "0" else None
        ),
    ),
    fault(
        LOOKUP, "always-the-same-record", "getDestination getApiKey", after=granted(_last_created)
    ),
    fault(LOOKUP, "integration-not-by-name", "getIntegration", before=_only_ids),
    fault(
        LOOKUP,
        "project-only-lower-case",
        "getProject listTopics",
        after=refused(lambda _: None),
        before=lambda call: setattr(
            call,
            "path",
            call.path
            if call.path.lower() == call.path
            else call.path.replace("/projects/", "/projects/no-"),
        ),
        is_inferred=True,  # names are lower-cased on save; nobody says it of paths
    ),
    fault(UNIQUE, "duplicate-name-accepted", "createTopic createDestination", after=_renamed_apart),
    fault(UNIQUE, "name-never-free-again", "createTopic", before=_names_ever),
)
