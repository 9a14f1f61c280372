"""What the counts say about the contracts, as JSON.

A point is something that a suite can exercise: an operation, one of its declared answers, one of
its query parameters, one of the media types that it takes. An answer that a rule made on purpose
against the contract exercises nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mockserver.contract.operations import Operation
from mockserver.coverage.tally import Answered, Tally, media_type

#: What is measured; the last one is all of them together.
MEASURES = ("operations", "answers", "parameters", "mediaTypes", "all")
DEFAULT = "default"


def build(
    contracts: Mapping[str, Mapping[str, Operation]], tally: Tally, sandboxes: Sequence[str]
) -> dict[str, Any]:
    """Return the report.

    Args:
        contracts: the operations of each contract, by base path.
        tally: the counts.
        sandboxes: whose counts these are.
    """
    rows = [
        _row(base, operation, tally)
        for base, operations in contracts.items()
        for operation in operations.values()
    ]
    return finished(sandboxes, rows)


def finished(sandboxes: Sequence[str], rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return a report of some operations, with its summary."""
    return {
        "sandboxes": list(sandboxes),
        "requests": sum(row["requests"] for row in rows),
        "summary": summarize(rows),
        "operations": list(rows),
    }


def merge(reports: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Add up reports of the same contracts, e.g. of the shards of a suite.

    Raises:
        ValueError: they are not of the same operations.
    """
    first, *others = reports
    rows = [dict(row) for row in first["operations"]]
    sandboxes = list(first["sandboxes"])
    for other in others:
        names = [row["operationId"] for row in other["operations"]]
        if names != [row["operationId"] for row in rows]:
            raise ValueError("the reports are of different contracts")
        rows = [_added(*pair) for pair in zip(rows, other["operations"], strict=True)]
        sandboxes += [name for name in other["sandboxes"] if name not in sandboxes]
    return finished(sandboxes, rows)


def summarize(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return how many points of each measure were exercised."""
    points: dict[str, list[bool]] = {name: [] for name in MEASURES[:-1]}
    for row in rows:
        points["operations"].append(row["requests"] > row["transportFaults"])
        for measure in ("answers", "parameters", "mediaTypes"):
            points[measure] += [one["requests"] > 0 for one in row[measure]]
    every = [one for found in points.values() for one in found]
    return {name: _share(found) for name, found in {**points, "all": every}.items()}


def _share(points: Sequence[bool]) -> dict[str, Any]:
    covered, total = sum(points), len(points)
    percent = round(100 * covered / total, 1) if total else 100.0
    # Rounding must not say that everything is there when it is not.
    if covered < total:
        percent = min(percent, 99.9)
    return {"covered": covered, "total": total, "percent": percent}


def _row(base: str, operation: Operation, tally: Tally) -> dict[str, Any]:
    name = operation.operation_id
    calls = [(one, number) for one, number in tally.answers() if one.operation_id == name]
    given, contents, bodies = _counted(operation, calls)
    named = {status: given.pop(int(status), 0) for status in operation.answers if status.isdigit()}
    others = [{"status": status, "requests": number} for status, number in sorted(given.items())]
    if DEFAULT in operation.answers:
        named[DEFAULT] = sum(given.values())
    return {
        "operationId": name,
        "method": operation.method,
        "path": f"{base}{operation.path}",
        "tag": operation.tag,
        "summary": operation.summary,
        "requests": sum(number for _, number in calls),
        "transportFaults": sum(number for one, number in calls if one.is_faulty),
        "answers": [
            {"status": status, "requests": number, "mediaTypes": _names(contents[status])}
            for status, number in sorted(named.items())
        ],
        "otherStatuses": others,
        "parameters": [
            {"name": one.name, "requests": tally.parameters[name, one.name]}
            for one in operation.parameters
            if one.place == "query"
        ],
        "mediaTypes": [
            {"name": one.media_type, "requests": bodies[one.media_type]} for one in operation.bodies
        ],
    }


def _counted(
    operation: Operation, calls: Iterable[tuple[Answered, int]]
) -> tuple[Counter[int], dict[str, Counter[str]], Counter[str]]:
    """Return calls by status, by declared answer and its media type, by type of the body."""
    given: Counter[int] = Counter()
    contents: dict[str, Counter[str]] = defaultdict(Counter)
    bodies: Counter[str] = Counter()
    for one, number in calls:
        if one.is_faulty:
            continue
        given[one.status] += number
        status = str(one.status) if str(one.status) in operation.answers else DEFAULT
        if one.media_type:
            contents[status][media_type(one.media_type)] += number
        if one.body_type:
            bodies[media_type(one.body_type)] += number
    return given, contents, bodies


def _names(counted: Counter[str]) -> list[dict[str, Any]]:
    return [{"name": name, "requests": number} for name, number in sorted(counted.items())]


def _added(row: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Add up what two reports say of one operation."""
    return {
        **row,
        "requests": row["requests"] + other["requests"],
        "transportFaults": row["transportFaults"] + other["transportFaults"],
        "answers": _joined("status", row["answers"], other["answers"]),
        "otherStatuses": _joined("status", row["otherStatuses"], other["otherStatuses"]),
        "parameters": _joined("name", row["parameters"], other["parameters"]),
        "mediaTypes": _joined("name", row["mediaTypes"], other["mediaTypes"]),
    }


def _joined(
    key: str, left: Sequence[Mapping[str, Any]], right: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    found: dict[Any, dict[str, Any]] = {}
    for one in (*left, *right):
        before = found.get(one[key])
        if before is None:
            found[one[key]] = dict(one)
            continue
        before["requests"] += one["requests"]
        if "mediaTypes" in one:
            before["mediaTypes"] = _joined("name", before["mediaTypes"], one["mediaTypes"])
    return list(found.values())
