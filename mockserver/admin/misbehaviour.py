"""Delays, faults by chance and the rate limit, as the control plane arranges and shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.events.scheduler import Scheduler
from mockserver.faults.armory import Armory
from mockserver.faults.buckets import Bucket
from mockserver.handlers.call import Call, Deferred, Handler
from mockserver.state.sandbox import Sandbox
from mockserver.state.tables import Record


def misbehaviour_handlers(armory: Armory, scheduler: Scheduler) -> Mapping[str, Handler]:
    """Return the handlers by operationId."""
    desk = _Desk(armory, scheduler)
    return {
        "putSettings": desk.put_settings,
        "postSettings": desk.put_settings,
        "getChaos": desk.get_chaos,
        "putChaos": desk.put_chaos,
        "deleteChaos": desk.delete_chaos,
        "getRateLimit": desk.get_rate_limit,
        "putRateLimit": desk.put_rate_limit,
        "deleteRateLimit": desk.delete_rate_limit,
    }


@dataclass(frozen=True, slots=True)
class _Desk:
    """Answers for all sandboxes."""

    armory: Armory
    scheduler: Scheduler

    def put_settings(self, _: Call, *, body: Record) -> Deferred:
        async def put(sandbox: Sandbox) -> Mapping[str, Any]:
            self.armory.set_settings(sandbox, body)
            return self.armory.arms(sandbox).settings

        return Deferred(put)

    def get_chaos(self, _: Call) -> Deferred:
        async def show(sandbox: Sandbox) -> list[dict[str, Any]]:
            return [one.shown() for one in self.armory.arms(sandbox).chances]

        return Deferred(show)

    def put_chaos(self, _: Call, *, body: list[Any]) -> Deferred:
        async def put(sandbox: Sandbox) -> list[dict[str, Any]]:
            chances = self.armory.compile_chances(sandbox, body)
            self.armory.arms(sandbox).chances = chances
            self.armory.settle(sandbox)
            return [one.shown() for one in chances]

        return Deferred(put)

    def delete_chaos(self, _: Call) -> Deferred:
        async def clear(sandbox: Sandbox) -> None:
            self.armory.arms(sandbox).chances = []
            self.armory.settle(sandbox)

        return Deferred(clear)

    def get_rate_limit(self, _: Call) -> Deferred:
        async def show(sandbox: Sandbox) -> dict[str, Any]:
            return self._limit(sandbox)

        return Deferred(show)

    def put_rate_limit(self, _: Call, *, body: Record) -> Deferred:
        async def put(sandbox: Sandbox) -> dict[str, Any]:
            capacity, now = body["capacity"], self.scheduler.now(sandbox)
            bucket = Bucket(capacity, body["refillPerSecond"], float(capacity), now)
            self.armory.set_bucket(sandbox, bucket)
            return self._limit(sandbox)

        return Deferred(put)

    def delete_rate_limit(self, _: Call) -> Deferred:
        async def lift(sandbox: Sandbox) -> None:
            self.armory.set_bucket(sandbox, None)

        return Deferred(lift)

    def _limit(self, sandbox: Sandbox) -> dict[str, Any]:
        bucket = self.armory.arms(sandbox).bucket
        if bucket is None:
            return {"isLimited": False}
        bucket.refill(self.scheduler.now(sandbox))
        return {
            "isLimited": True,
            "capacity": bucket.capacity,
            "refillPerSecond": bucket.refill_per_second,
            "tokens": int(bucket.tokens),
        }
