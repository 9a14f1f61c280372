"""Short ways to write a fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from tests.mutants.faulty import Call, Fault, Json, Step

# Operations that faults name together.
INSTALLATIONS = "getInstallation listInstallations listInstallationsForProject"
METADATA = "getObjectMetadataForInstallation getObjectMetadataForConnection"
UPSERTS = "upsertMetadataForInstallation upsertMetadataForConnection"
PATCH = "patchObjectConfigContent"


def fault(
    kind: str,
    name: str,
    operations: str,
    *,
    before: Step | None = None,
    after: Step | None = None,
    profile: str = "own-data",
    is_inferred: bool = False,
) -> Fault:
    """Return a fault; `operations` is a list in words, `*` stands for all."""
    concerned = frozenset() if operations == "*" else frozenset(operations.split())
    return Fault(name, kind, concerned, before, after, profile, is_inferred)


def granted(step: Step) -> Step:
    """Return a step that is taken for 2xx answers only."""

    def taken(call: Call) -> Any:
        return step(call) if call.granted else None

    return taken


def refused(step: Step) -> Step:
    """Return a step that is taken for 4xx answers only."""

    def taken(call: Call) -> Any:
        return step(call) if call.status >= 400 else None

    return taken


def edited(change: Callable[[dict[str, Any], Call], None]) -> Step:
    """Change every record of a granted answer: the object, or each item of the list."""

    def step(call: Call) -> None:
        result = call.result
        if result is None:
            return  # nothing, or plain text
        for record in records(result):
            change(record, call)
        call.result = result

    return granted(step)


def listed(change: Callable[[list[Any], Call], list[Any]]) -> Step:
    """Replace the list of a granted answer."""

    def step(call: Call) -> None:
        if isinstance(call.result, list):
            call.result = change(call.result, call)

    return granted(step)


def records(result: Json) -> Iterator[dict[str, Any]]:
    """Yield the records of an answer, wherever they stand."""
    if isinstance(result, dict) and isinstance(result.get("results"), list):
        result = result["results"]
    for record in result if isinstance(result, list) else [result]:
        if isinstance(record, dict):
            yield record


def asked(change: Callable[[dict[str, Any], Call], None]) -> Step:
    """Change the body of the request, where it is an object."""

    def step(call: Call) -> None:
        body = call.body
        if isinstance(body, dict):
            change(body, call)
            call.body = body

    return step


def forget(call: Call) -> None:
    """Undo what a granted request did."""
    if call.granted:
        call.forget()


def without(*names: str) -> Step:
    """Drop fields from each record of a granted answer."""

    def change(record: dict[str, Any], _: Call) -> None:
        for name in names:
            record.pop(name, None)

    return edited(change)


def setting(**fields: Any) -> Step:
    """Set fields of each record of a granted answer."""
    return edited(lambda record, _: record.update(fields))


def answering(status: int, result: Json = None, media_type: str = "") -> Step:
    """Give a granted answer another status."""

    def step(call: Call) -> None:
        call.status = status
        if result is not None:
            call.result = result
        if media_type:
            call.answer_headers["content-type"] = media_type

    return granted(step)


def typed(media_type: str) -> Step:
    """Give an answer another media type."""

    def step(call: Call) -> None:
        if call.answer:
            call.answer_headers["content-type"] = media_type

    return step


def query_without(*names: str) -> Step:
    """Take parameters out of the query."""

    def step(call: Call) -> None:
        for name in names:
            call.query.pop(name, None)

    return step


def as_key(key: str) -> Step:
    """Let whoever calls with a key or without anything call with another key."""

    def step(call: Call) -> None:
        call.headers["x-api-key"] = key

    return step


def remembered(name: str) -> Step:
    """Fill a required parameter of the query in from an earlier call."""

    def step(call: Call) -> None:
        if name in call.query:
            call.memory[name] = call.query[name]
        else:
            call.query[name] = call.memory.get(name, "")

    return step


def rows(call: Call, table: str) -> list[dict[str, Any]]:
    """Return copies of the records that a table has now."""
    return [dict(row) for row in call.mock.sandbox.root.tables[table]]


def put(call: Call, table: str, row: dict[str, Any]) -> None:
    """Put a record into a table, behind the mock's back."""
    root = call.mock.sandbox.root
    kept = root.tables[table].put(str(row.get("id") or row["key"]), row)
    call.mock.sandbox.restore(replace(root, tables=root.tables.set(table, kept)))
