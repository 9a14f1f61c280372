"""Messages that carry records to a destination: their envelope, and how much goes into one.

Source: webhook.yaml; the vendor's guide to webhooks (300 KB a message, more by download).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from mockserver.resources import downloads, groups
from mockserver.resources.groups import CONSUMERS, GROUPS
from mockserver.rules.work import Work
from mockserver.state.tables import Record

#: Bytes of a message at most. Assumed: a kilobyte has a thousand of them, which is safe both ways.
LARGEST = 300_000
_DIGITS = 10  # of the number of records
_READ = "read"
_SUBSCRIBE = "subscribe"
SCHEMA = "schema.watch"
_RESULT = 100  # bytes of a result that has nothing in it, and of its name


def of_read(
    work: Work, installation: Record, operation: Record, read_type: str, **names: str
) -> dict[str, Any]:
    """Return the envelope of a read's messages, without their results.

    Args:
        work: the unit of work.
        installation: what was read for.
        operation: the read.
        read_type: `backfill`, `scheduled` or `triggered`.
        names: `objectName` and `rawObjectName`.
    """
    told = _envelope(work, installation, _READ, names)
    return {**told, "operationId": operation["id"], "readType": read_type}


def of_event(work: Work, installation: Record, **names: str) -> dict[str, Any]:
    """Return the envelope of a message about changes at the provider, without its results."""
    return _envelope(work, installation, _SUBSCRIBE, names)


def of_schema(work: Work, installation: Record, **names: str) -> dict[str, Any]:
    """Return the envelope of a report about fields, without its result."""
    return _envelope(work, installation, SCHEMA, names)


def room(envelope: Mapping[str, Any]) -> int:
    """Return how many bytes a message has for what it reports."""
    return LARGEST - _size(envelope) - _RESULT


def _envelope(
    work: Work, installation: Record, action: str, names: Mapping[str, str]
) -> dict[str, Any]:
    project_id = installation["projectId"]
    connection = work.tx.get("connections", installation["connectionId"]) or {}
    group = groups.shown(work, GROUPS, project_id, installation["groupRef"])
    consumer = groups.shown(work, CONSUMERS, project_id, connection["consumerRef"])
    told: dict[str, Any] = {
        "action": action,
        "projectId": project_id,
        "provider": connection["provider"],
    }
    if "providerWorkspaceRef" in connection:
        told["workspace"] = connection["providerWorkspaceRef"]
    return {
        **told,
        "groupRef": group["groupRef"],
        "groupName": group["groupName"],
        "consumerRef": consumer["consumerRef"],
        "consumerName": consumer["consumerName"],
        "installationId": installation["id"],
        "installationUpdateTime": installation.get("updateTime", installation["createTime"]),
        **names,
        "operationTime": work.now,
    }


def split(
    work: Work, envelope: Mapping[str, Any], entries: Iterable[Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Yield messages with all the entries, in order, none larger than allowed.

    A single entry that is too large for a message has to be downloaded.
    """
    room = LARGEST - _size(_message(envelope, [])) - _DIGITS
    batch: list[Mapping[str, Any]] = []
    used = 0
    for entry in entries:
        size = _size(entry) + 1  # and a comma
        if batch and used + size > room:
            yield _message(envelope, batch)
            batch, used = [], 0
        if size > room:
            yield _by_download(work, envelope, [entry])
        else:
            batch.append(entry)
            used += size
    if batch:
        yield _message(envelope, batch)


def _message(envelope: Mapping[str, Any], entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    info = {"type": "inline", "numRecords": len(entries)}
    return {**envelope, "resultInfo": info, "result": list(entries)}


def _by_download(
    work: Work, envelope: Mapping[str, Any], entries: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    url = downloads.offer(work, orjson.dumps(entries).decode())
    info = {"type": "url", "downloadUrl": url, "numRecords": len(entries)}
    return {**envelope, "resultInfo": info}


def _size(value: Any) -> int:
    return len(orjson.dumps(value))
