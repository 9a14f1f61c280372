"""Named snapshots of a sandbox: a reference to a state, which costs the same at any size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.admin.rooms import Rooms
from mockserver.handlers.call import Call, Deferred, Handler
from mockserver.rules.errors import Issue, Kind, Refused, not_found, wrong_value
from mockserver.simulation.clock import stamp
from mockserver.state.root import Root
from mockserver.state.sandbox import Sandbox, Snapshot
from mockserver.state.tables import Record

BASELINE = "baseline"  # where a reset leads
CURRENT = "current"
_MOST = 1000


def snapshot_handlers(rooms: Rooms) -> Mapping[str, Handler]:
    """Return the handlers of snapshots by operationId."""
    desk = _Desk(rooms)
    return {
        "listSnapshots": desk.list_snapshots,
        "takeSnapshot": desk.take_snapshot,
        "getSnapshot": desk.get_snapshot,
        "deleteSnapshot": desk.delete_snapshot,
        "restoreSnapshot": desk.restore_snapshot,
    }


@dataclass(frozen=True, slots=True)
class _Desk:
    """Answers for the snapshots of all sandboxes."""

    rooms: Rooms

    def list_snapshots(self, _: Call) -> Deferred:
        async def show(sandbox: Sandbox) -> dict[str, Any]:
            found = sandbox.snapshots.items()
            return {"snapshots": [_shown(name, snapshot) for name, snapshot in found]}

        return Deferred(show)

    def take_snapshot(self, _: Call, *, body: Record) -> Deferred:
        async def take(sandbox: Sandbox) -> dict[str, Any]:
            name = body["name"]
            if name in {BASELINE, CURRENT}:
                detail = f"{name} always means the same state"
                raise wrong_value("name", detail, name, remedy="choose another name")
            if name in sandbox.snapshots:
                raise wrong_value(
                    "name",
                    "a snapshot with this name already exists",
                    name,
                    remedy="choose another name, or delete that one first",
                    kind=Kind.CONFLICT,
                )
            if len(sandbox.snapshots) >= _MOST:
                detail = f"the sandbox has {_MOST} snapshots, which is the most"
                raise wrong_value("name", detail, remedy="delete one that nobody needs")
            made = Snapshot(sandbox.snapshot(), self.rooms.worlds.wall())
            sandbox.snapshots[name] = made
            return _shown(name, made)

        return Deferred(take)

    def get_snapshot(self, _: Call, *, name: str) -> Deferred:
        async def show(sandbox: Sandbox) -> dict[str, Any]:
            return _shown(name, _found(sandbox, name))

        return Deferred(show)

    def delete_snapshot(self, _: Call, *, name: str) -> Deferred:
        async def delete(sandbox: Sandbox) -> None:
            _found(sandbox, name)
            del sandbox.snapshots[name]

        return Deferred(delete)

    def restore_snapshot(self, _: Call, *, name: str) -> Deferred:
        async def restore(sandbox: Sandbox) -> dict[str, Any]:
            snapshot = _found(sandbox, name)
            sandbox.restore(snapshot.root)
            self.rooms.scheduler.catch_up(sandbox)
            return _shown(name, snapshot)

        return Deferred(restore)


def root_of(sandbox: Sandbox, name: str, *, parameter: str) -> Root:
    """Return the state that a name stands for.

    Raises:
        Refused: NOT_FOUND when it stands for none.
    """
    if name == BASELINE:
        return sandbox.began
    if name == CURRENT:
        return sandbox.root
    snapshot = sandbox.snapshots.get(name)
    if snapshot is None:
        issue = Issue("query", parameter, "snapshot not found", name)
        known = ", ".join([BASELINE, CURRENT, *list(sandbox.snapshots)[:20]])
        raise Refused(
            Kind.NOT_FOUND, f"snapshot {name!r} not found", remedy=f"use {known}", issues=[issue]
        )
    return snapshot.root


def _found(sandbox: Sandbox, name: str) -> Snapshot:
    snapshot = sandbox.snapshots.get(name)
    if snapshot is None:
        raise not_found("snapshot", "name", name)
    return snapshot


def _shown(name: str, snapshot: Snapshot) -> dict[str, Any]:
    tables = snapshot.root.tables.values()
    return {
        "name": name,
        "takenAt": stamp(snapshot.taken),
        "records": sum(len(table) for table in tables),
        "requests": snapshot.root.requests,
    }
