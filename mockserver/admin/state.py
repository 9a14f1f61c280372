"""The state of a sandbox: looked at, added to, compared, written down, put back."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.admin import shapes
from mockserver.admin.rooms import Rooms
from mockserver.admin.snapshots import root_of
from mockserver.handlers.call import Call, Deferred, Handler
from mockserver.resources.tables import RESOURCES
from mockserver.rules.errors import Issue, Kind, Refused, not_found, wrong_value
from mockserver.seeding import export
from mockserver.seeding.source import FixtureError, Where
from mockserver.simulation.clock import stamp
from mockserver.state.diff import diff
from mockserver.state.sandbox import Sandbox
from mockserver.state.tables import Record, Table

_LISTED = 100


def state_handlers(rooms: Rooms) -> Mapping[str, Handler]:
    """Return the handlers of the state by operationId."""
    desk = _Desk(rooms)
    return {
        "inspectState": desk.inspect_state,
        "listRecords": desk.list_records,
        "getRecord": desk.get_record,
        "seedRecords": desk.seed_records,
        "diffState": desk.diff_state,
        "exportState": desk.export_state,
        "resetState": desk.reset_state,
    }


@dataclass(frozen=True, slots=True)
class _Desk:
    """Answers for the states of all sandboxes."""

    rooms: Rooms

    def inspect_state(self, _: Call) -> Deferred:
        async def show(sandbox: Sandbox) -> dict[str, Any]:
            root = sandbox.root
            return {
                "sandbox": sandbox.name,
                "tables": [{"name": name, "records": len(root.tables[name])} for name in RESOURCES],
                "requests": root.requests,
                "jobs": len(root.agenda),
                "clock": {
                    "mode": root.clock.mode,
                    "now": stamp(self.rooms.scheduler.now(sandbox)),
                },
            }

        return Deferred(show)

    def list_records(
        self,
        _: Call,
        *,
        table: str,
        limit: int | None,
        after: str | None,
        include_secrets: bool | None,
    ) -> Deferred:
        async def show(sandbox: Sandbox) -> dict[str, Any]:
            found, size = _table(sandbox, table), limit or _LISTED
            entries = found.order.below(_position(after), size + 1)
            records = [
                shapes.record(table, one, found[one], secrets=bool(include_secrets))
                for _, one in entries[:size]
            ]
            page: dict[str, Any] = {"table": table, "records": records, "total": len(found)}
            if len(entries) > size:
                page["next"] = str(entries[size - 1][0])
            return page

        return Deferred(show)

    def get_record(
        self,
        _: Call,
        *,
        table: str,
        id: str,
        include_secrets: bool | None,
    ) -> Deferred:
        async def show(sandbox: Sandbox) -> dict[str, Any]:
            record = _table(sandbox, table).get(id)
            if record is None:
                raise not_found(RESOURCES[table].noun, "id", id)
            return shapes.record(table, id, record, secrets=bool(include_secrets))

        return Deferred(show)

    def seed_records(self, call: Call, *, body: Record) -> dict[str, Any]:
        try:
            writes = self.rooms.fixtures.add(call.work, body)
        except FixtureError as error:
            raise _unfit(error) from None
        made = dict.fromkeys((write.table, write.identifier) for write in writes)
        there = [(table, one) for table, one in made if call.work.tx.get(table, one) is not None]
        return {"created": [{"table": table, "id": one} for table, one in there]}

    def diff_state(
        self,
        _: Call,
        *,
        to: str | None,
        table: str | None,
        include_secrets: bool | None,
        **given: Any,  # `from` is no name of an argument
    ) -> Deferred:
        async def compare(sandbox: Sandbox) -> dict[str, Any]:
            before = root_of(sandbox, given["from"] or "baseline", parameter="from")
            after = root_of(sandbox, to or "current", parameter="to")
            if table is not None:
                _table(sandbox, table)
            found = diff(before, after, None if table is None else [table])
            return shapes.difference(found, secrets=bool(include_secrets))

        return Deferred(compare)

    def export_state(self, _: Call) -> Deferred:
        async def write(sandbox: Sandbox) -> str:
            # Writing much takes a while; a root stays what it is, so others are served meanwhile.
            return await asyncio.to_thread(export.text, sandbox.root)

        return Deferred(write)

    def reset_state(self, _: Call) -> Deferred:
        async def reset(sandbox: Sandbox) -> None:
            self.rooms.worlds.reset_state(sandbox)
            self.rooms.scheduler.catch_up(sandbox)

        return Deferred(reset)


def _table(sandbox: Sandbox, name: str) -> Table:
    found = sandbox.root.tables.get(name)
    if found is None:
        refusal = not_found("table", "table", name)
        refusal.remedy = f"use one of {', '.join(RESOURCES)}"
        raise refusal
    return found


def _position(after: str | None) -> int | None:
    if after is None:
        return None
    if not after.isascii() or not after.isdigit() or len(after) > 18:
        issue = Issue("query", "after", "not what a page gave as next", after)
        remedy = "leave it out, or give `next` of the page before"
        raise Refused(Kind.INVALID, issue.detail, remedy=remedy, issues=[issue])
    return int(after)


def _unfit(error: FixtureError) -> Refused:
    return wrong_value(
        _place(error.where), error.reason, remedy="nothing was added; mend this and send all again"
    )


def _place(where: Where) -> str:
    """Write a place in a body as problems do: `topics[0].name`."""
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in where]
    return "".join(parts).lstrip(".") or "body"
