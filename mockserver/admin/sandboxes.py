"""The sandboxes: listed, made, dropped, put back to their start, and their seed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.admin.rooms import Rooms
from mockserver.handlers.call import Call, Deferred, Handler
from mockserver.rules.errors import Kind, Refused, not_found, wrong_value
from mockserver.seeding.source import FixtureError
from mockserver.simulation.clock import stamp
from mockserver.state.root import Root
from mockserver.state.sandbox import Sandbox
from mockserver.state.tables import Record
from mockserver.state.worlds import MOST, RESERVED, FullError, is_name


def sandbox_handlers(rooms: Rooms) -> Mapping[str, Handler]:
    """Return the handlers of sandboxes and fixtures by operationId."""
    desk = _Desk(rooms)
    return {
        "listSandboxes": desk.list_sandboxes,
        "createSandbox": desk.create_sandbox,
        "getSandbox": desk.get_sandbox,
        "dropSandbox": desk.drop_sandbox,
        "reset": desk.reset,
        "listFixtures": desk.list_fixtures,
        "loadFixture": desk.load_fixture,
        "getSeed": desk.get_seed,
        "setSeed": desk.set_seed,
    }


@dataclass(frozen=True, slots=True)
class _Start:
    """What a new sandbox starts from; without a root, from what the default one started from."""

    root: Root | None = None
    seed: int | None = None
    fixture: str | None = None


@dataclass(frozen=True, slots=True)
class _Desk:
    """Answers for all sandboxes."""

    rooms: Rooms

    def list_sandboxes(self, _: Call) -> dict[str, Any]:
        worlds = self.rooms.worlds
        return {"sandboxes": [shown(self.rooms, one) for one in worlds], "limit": MOST}

    def create_sandbox(self, _: Call, *, body: Record) -> Deferred:
        async def create(selected: Sandbox) -> dict[str, Any]:
            self._check_name(body["name"])
            start = await self._start(selected, body)
            self._check_name(body["name"])  # somebody may have been faster
            try:
                made = self.rooms.worlds.make(
                    body["name"], start.root, seed=start.seed, fixture=start.fixture
                )
            except FullError:
                detail = f"there are {MOST} sandboxes, which is the most"
                raise wrong_value("name", detail, remedy="drop one that nobody needs") from None
            self.rooms.scheduler.catch_up(made)
            return shown(self.rooms, made)

        return Deferred(create)

    def get_sandbox(self, _: Call, *, name: str) -> dict[str, Any]:
        return shown(self.rooms, self._named(name))

    def drop_sandbox(self, _: Call, *, name: str) -> None:
        gone = self._named(name)
        if gone is self.rooms.worlds.default:
            raise Refused(
                Kind.CONFLICT,
                "the default sandbox cannot be dropped",
                remedy="reset it: POST /__admin/reset",
            )
        self.rooms.worlds.drop(name)

    def reset(self, _: Call, *, all: bool | None) -> Deferred:
        async def reset(selected: Sandbox) -> dict[str, Any]:
            wanted = list(self.rooms.worlds) if all else [selected]
            for sandbox in wanted:
                self.rooms.worlds.reset(sandbox)
                self.rooms.scheduler.catch_up(sandbox)
            return {"sandboxes": [sandbox.name for sandbox in wanted]}

        return Deferred(reset)

    def list_fixtures(self, _: Call) -> dict[str, Any]:
        fixtures = self.rooms.fixtures
        default = fixtures.default
        names = sorted(fixtures.names())
        return {"fixtures": [{"name": name, "isDefault": name == default} for name in names]}

    def load_fixture(self, _: Call, *, name: str) -> Deferred:
        async def load(sandbox: Sandbox) -> dict[str, Any]:
            try:
                root = await self._loaded(name, sandbox.seed)
            except FixtureError as error:
                raise Refused(Kind.UNPROCESSABLE, str(error), remedy="mend the file") from None
            if root is None:
                raise not_found("fixture", "name", name)
            if not sandbox.is_gone:
                self.rooms.worlds.start_anew(sandbox, root, name)
                self.rooms.scheduler.catch_up(sandbox)
            return shown(self.rooms, sandbox)

        return Deferred(load)

    def get_seed(self, _: Call) -> Deferred:
        async def show(sandbox: Sandbox) -> dict[str, int]:
            return {"seed": sandbox.seed}

        return Deferred(show)

    def set_seed(self, _: Call, *, body: Record) -> Deferred:
        async def put(sandbox: Sandbox) -> dict[str, int]:
            sandbox.seed = body["seed"]
            return {"seed": sandbox.seed}

        return Deferred(put)

    def _check_name(self, name: str) -> None:
        if name in RESERVED - {self.rooms.worlds.default.name}:
            remedy = "choose another name"
            raise wrong_value("name", "reserved: it means something else", name, remedy=remedy)
        if not is_name(name) or self.rooms.worlds.get(name) is not None:
            raise wrong_value(
                "name",
                "a sandbox with this name already exists",
                name,
                remedy="choose another name, or drop that one first",
                kind=Kind.CONFLICT,
            )

    async def _start(self, selected: Sandbox, body: Record) -> _Start:
        """Find what a new sandbox is to start from."""
        source, seed = body.get("from", {}), body.get("seed")
        if "fixture" in source:
            if len(source) > 1:
                raise wrong_value(
                    "from", "a fixture, or a copy: not both", remedy="give one of them"
                )
            return await self._from_fixture(source["fixture"], seed)
        if source:
            return self._copy(selected, source, seed)
        if seed is None:
            return _Start()
        # Ids of a fixture are made from the seed, so another seed means to load it again.
        return await self._from_fixture(self.rooms.fixtures.default, seed)

    def _copy(self, selected: Sandbox, source: Record, seed: int | None) -> _Start:
        """Find the sandbox, or the snapshot of one, that a new sandbox is a copy of."""
        origin = selected
        if "sandbox" in source:
            name = source["sandbox"]
            found = self.rooms.worlds.get(name)
            if found is None:
                remedy = f"did you mean {self.rooms.worlds.nearest(name)!r}?"
                raise wrong_value("from.sandbox", "no such sandbox", name, remedy=remedy)
            origin = found
        seed = origin.seed if seed is None else seed
        if "snapshot" not in source:
            return _Start(origin.root, seed)
        snapshot = origin.snapshots.get(source["snapshot"])
        if snapshot is None:
            detail = f"sandbox {origin.name!r} has no such snapshot"
            remedy = "take it first: POST /__admin/snapshots"
            raise wrong_value("from.snapshot", detail, source["snapshot"], remedy=remedy)
        return _Start(snapshot.root, seed)

    async def _from_fixture(self, name: str, seed: int | None) -> _Start:
        seed = self.rooms.worlds.default.seed if seed is None else seed
        try:
            root = await self._loaded(name, seed)
        except FixtureError as error:
            raise wrong_value("from.fixture", str(error), remedy="mend the file") from None
        if root is None:
            raise wrong_value(
                "from.fixture",
                "no such fixture",
                name,
                remedy=f"use one of {', '.join(sorted(self.rooms.fixtures.names()))}",
            )
        return _Start(root, seed, name)

    async def _loaded(self, name: str, seed: int) -> Root | None:
        """Return the root of a fixture, loaded while others are served; None when there is none."""
        path = self.rooms.fixtures.names().get(name)
        if path is None:
            return None
        return await asyncio.to_thread(self.rooms.fixtures.load, path, seed)

    def _named(self, name: str) -> Sandbox:
        found = self.rooms.worlds.get(name)
        if found is None:
            nearest = self.rooms.worlds.nearest(name)
            refusal = not_found("sandbox", "name", name)
            refusal.remedy = f"did you mean {nearest!r}? GET /__admin/sandboxes lists them"
            raise refusal
        return found


def shown(rooms: Rooms, sandbox: Sandbox) -> dict[str, Any]:
    """Return what the control plane shows of a sandbox."""
    told: dict[str, Any] = {
        "name": sandbox.name,
        "seed": sandbox.seed,
        "clock": {
            "mode": sandbox.root.clock.mode,
            "now": stamp(rooms.scheduler.now(sandbox)),
        },
        "requests": sandbox.root.requests,
        "snapshots": len(sandbox.snapshots),
        "createdAt": stamp(sandbox.created),
        "lastUsed": stamp(sandbox.used),
        "isDefault": sandbox is rooms.worlds.default,
    }
    if sandbox.fixture:
        told["fixture"] = sandbox.fixture
    expires = rooms.worlds.expires(sandbox)
    if expires is not None:
        told["expiresAt"] = stamp(expires)
    return told
