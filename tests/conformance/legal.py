"""Ways to be different that the contract allows: no law may speak of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from tests.conformance.twisting import CONTRACT, Asked, Fault, Told, World

_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{6})Z")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_PROJECT = re.compile(r'("projectId":")(rec_[0-9a-f]{32})')
_WITH_UUIDS = re.compile(r"^(list|create|get|update)Projects?$|Org|JWT|MyInfo|Domain|Invite|Upload")
_OTHER = re.compile(r"rec_([0-9a-f]{32})")


def texts(change: Callable[[str], str]) -> Fault:
    """Change the text of every JSON answer."""

    def twist(world: World, asked: Asked) -> Told:
        told = world.send(asked)
        if "json" not in told.headers.get("content-type", ""):
            return told
        return replace(told, content=change(told.content.decode()).encode())

    return twist


def objects(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Fault:
    """Change every object of a success, at any depth but inside of maps."""

    def deep(value: Any) -> Any:
        if isinstance(value, dict):
            inner = {name: deep(item) for name, item in value.items()}
            return change(inner) if "createTime" in value or "projectId" in value else inner
        return [deep(item) for item in value] if isinstance(value, list) else value

    def twist(world: World, asked: Asked) -> Told:
        told = world.send(asked)
        if not told.is_success or "json" not in told.headers.get("content-type", ""):
            return told
        return told.with_body(deep(told.body))

    return twist


def milliseconds(text: str) -> str:
    return _TIME.sub(lambda m: f"{m[1]}.{m[2][:3]}Z", text)


def seconds(text: str) -> str:
    return _TIME.sub(lambda m: f"{m[1]}Z", text)


def elsewhere(text: str) -> str:
    """Write times with the offset of another place."""

    def moved(match: re.Match[str]) -> str:
        at = datetime.fromisoformat(f"{match[1]}.{match[2]}+00:00")
        return at.astimezone(timezone(timedelta(hours=5, minutes=30))).isoformat(
            timespec="microseconds"
        )

    return _TIME.sub(moved, text)


def hidden(world: World, asked: Asked) -> Told:
    """Say 403 where there is nothing."""
    told = world.send(asked)
    operation = CONTRACT.operations.get(asked.operation)
    if told.status != 404 or operation is None or "404" in operation.answers:
        return told
    return told.with_body({**told.body, "status": 403}, 403)


def swapped(world: World, asked: Asked) -> Told:
    """Say 400 for 422 and the other way round, where both can be said."""
    told = world.send(asked)
    operation = CONTRACT.operations.get(asked.operation)
    other = {400: 422, 422: 400}.get(told.status)
    if other is None or operation is None or not operation.declares(other):
        return told
    return told.with_body({**told.body, "status": other}, other)


def backwards(world: World, asked: Asked) -> Told:
    """List in another order."""
    told = world.send(asked)
    if asked.operation.startswith("list") and told.is_success and isinstance(told.body, list):
        return told.with_body(told.body[::-1])
    return told


def other_ids(world: World, asked: Asked) -> Told:
    """Have ids of another shape, but those of projects, organizations and JWT keys."""
    if not asked.operation or _WITH_UUIDS.search(asked.operation):
        return world.send(asked)
    url = asked.url.copy_with(raw_path=_back(asked.url.raw_path.decode()).encode())
    told = world.send(replace(asked, url=url, content=_back(asked.content.decode()).encode()))
    if not told.is_success or "json" not in told.headers.get("content-type", ""):
        return told
    changed = _UUID.sub(lambda m: "rec_" + m[0].replace("-", ""), told.content.decode())
    body = _PROJECT.sub(lambda m: m[1] + _back(m[2]), changed)
    return replace(told, content=body.encode())


def _back(text: str) -> str:
    def dashed(match: re.Match[str]) -> str:
        digits = match[1]
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))

    return _OTHER.sub(dashed, text)


def other_words(world: World, asked: Asked) -> Told:
    told = world.send(asked)
    if told.is_success or not isinstance(told.body, dict):
        return told
    return told.with_body({**told.body, "title": "Nope", "detail": "это невозможно", "remedy": "-"})


def without_update_time(record: dict[str, Any]) -> dict[str, Any]:
    is_required = "publicKeyPem" in record
    return {k: v for k, v in record.items() if k != "updateTime" or is_required}


def with_update_time(record: dict[str, Any]) -> dict[str, Any]:
    """Show an updateTime from the start."""
    if "createTime" not in record:
        return record
    return {"updateTime": record["createTime"], **record}


def with_more(record: dict[str, Any]) -> dict[str, Any]:
    return {**record, "etag": "W/1", "links": {"self": "/x"}, "labels": []}


VARIANTS: dict[str, Fault] = {
    "milliseconds": texts(milliseconds),
    "seconds": texts(seconds),
    "offsets": texts(elsewhere),
    "403 for 404": hidden,
    "400 for 422": swapped,
    "another order": backwards,
    "other ids": other_ids,
    "other words": other_words,
    "no updateTime": objects(without_update_time),
    "updateTime from the start": objects(with_update_time),
    "more fields": objects(with_more),
}
