"""What a write request asks for, checked before anybody asks the provider.

Source: WriteRequest of the write API; the vendor's guide to write actions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.resources.provider_writes import CREATE, DELETE
from mockserver.resources.write_targets import Target
from mockserver.rules.errors import ABSENT, Issue, Kind, Refused
from mockserver.simulation.clock import SECOND
from mockserver.state.tables import Record

_MINUTE = 60 * SECOND
#: Source: WriteRequest (`deadlineHours`, `retryDeadlineHours`: their defaults).
_DEADLINE = 1  # hour


@dataclass(frozen=True, slots=True)
class Item:
    """One record of a request."""

    identifier: str | None
    record: Mapping[str, Any]  # without its id
    associations: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """A request that makes sense."""

    body: Record

    @property
    def kind(self) -> str:
        """What is done with the records: create, update or delete."""
        return str(self.body["type"])

    @property
    def is_batch(self) -> bool:
        """Whether there may be more than one record."""
        return "batch" in self.body

    @property
    def is_asynchronous(self) -> bool:
        """Whether the answer comes before the write. Assumed: not, unless somebody says so."""
        return bool(self.body.get("mode") == "asynchronous")

    @property
    def all_or_none(self) -> bool:
        """Whether one record that fails keeps the others from being written."""
        return bool(self.body.get("batchPolicy", {}).get("allOrNone", False))

    @property
    def waits(self) -> int:
        """How long the write may be collected with others, in microseconds."""
        return int(self.body.get("autoBatchPolicy", {}).get("maxDelayMinutes", 0) * _MINUTE)

    @property
    def hours(self) -> int:
        """How long the write is tried again."""
        collected = self.body.get("autoBatchPolicy")
        if collected is not None:
            return int(collected.get("retryDeadlineHours", _DEADLINE))
        return int(self.body.get("retryPolicy", {}).get("deadlineHours", _DEADLINE))

    def items(self, id_field: str) -> Iterator[Item]:
        """Yield the records, each with its id taken out if it is one that exists."""
        for _, one in _given(self.body):
            record = dict(one["record"])
            identifier = None
            if self.kind != CREATE:
                name = _id_name(record, id_field)
                identifier = str(record.pop(name)) if name is not None else None
            yield Item(identifier, record, tuple(one.get("associations", ())))


def check(body: Record, target: Target, id_field: str) -> Request:
    """Return a request that makes sense for its target.

    Raises:
        Refused: INVALID, naming each wrong place.
    """
    request = Request(body)
    issues = list(_issues(request, target, id_field))
    if issues:
        first = issues[0]
        raise Refused(Kind.INVALID, first.detail, remedy=first.remedy, issues=issues)
    return request


def _issues(request: Request, target: Target, id_field: str) -> Iterator[Issue]:
    body = request.body
    if ("record" in body) == ("batch" in body):
        detail = "needs exactly one of record and batch"
        yield Issue("body", "record", detail, ABSENT, "send one record, or a batch of 1 to 100")
        return
    if request.kind == DELETE:
        yield from _delete_issues(request, target)
    if request.kind != CREATE:
        for place, one in _given(body):
            if _id_name(one["record"], id_field) is None:
                remedy = "put the provider's id of the record into it, as id"
                yield Issue("body", f"{place}.id", "is required", ABSENT, remedy)


def _delete_issues(request: Request, target: Target) -> Iterator[Issue]:
    """Yield what keeps records from being deleted.

    Source: the vendor's guide to write actions (one at a time, synchronously, if allowed).
    """
    if request.is_batch:
        remedy = "send one request a record"
        yield Issue("body", "batch", "records are deleted one at a time", ABSENT, remedy)
    if request.is_asynchronous:
        remedy = "leave mode out, or use synchronous"
        yield Issue("body", "mode", "records are deleted synchronously", "asynchronous", remedy)
    if not target.may_delete:
        detail = f"the installation's config does not allow deletes of {target.name}"
        remedy = f"set config.content.write.objects.{target.name}.deletionSettings.enabled to true"
        yield Issue("body", "type", detail, DELETE, remedy)


def _given(body: Record) -> list[tuple[str, Record]]:
    """Return the records of a request, each with its place in the body."""
    if "batch" in body:
        return [(f"batch[{number}].record", one) for number, one in enumerate(body["batch"])]
    return [("record", body)]


def _id_name(record: Mapping[str, Any], id_field: str) -> str | None:
    """Return the key that holds a record's id. Assumed: `id` in any case, or the provider's own."""
    wanted = {"id", id_field.lower()}
    found = (name for name, held in record.items() if name.lower() in wanted and _is_id(held))
    return next(found, None)


def _is_id(held: Any) -> bool:
    return (isinstance(held, str) and bool(held)) or (
        isinstance(held, int) and not isinstance(held, bool)
    )
