"""The clock of a sandbox, as the control plane shows, sets and turns it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.events.scheduler import Scheduler
from mockserver.handlers.call import Call, Deferred, Handler
from mockserver.rules.errors import wrong_value
from mockserver.simulation import clock
from mockserver.simulation.clock import SECOND, stamp
from mockserver.state.root import ClockState
from mockserver.state.sandbox import Sandbox
from mockserver.state.tables import Record


def clock_handlers(scheduler: Scheduler) -> Mapping[str, Handler]:
    """Return the handlers of the clock by operationId."""

    def get_clock(_: Call) -> Deferred:
        async def show(sandbox: Sandbox) -> dict[str, Any]:
            return _shown(scheduler, sandbox)

        return Deferred(show)

    def set_clock(_: Call, *, body: Record) -> Deferred:
        async def put(sandbox: Sandbox) -> dict[str, Any]:
            scheduler.set_clock(sandbox, _state(body, scheduler.now(sandbox)))
            return _shown(scheduler, sandbox)

        return Deferred(put)

    def advance_clock(_: Call, *, body: Record) -> Deferred:
        async def advance(sandbox: Sandbox) -> dict[str, Any]:
            now = scheduler.now(sandbox)
            to = _target(body, now)
            try:
                fired = await scheduler.advance(sandbox, to, start=now)
            except ValueError as error:
                raise _out_of_reach(body, error) from None
            return fired.report()

        return Deferred(advance)

    return {"getClock": get_clock, "setClock": set_clock, "advanceClock": advance_clock}


def _shown(scheduler: Scheduler, sandbox: Sandbox) -> dict[str, Any]:
    state, agenda = sandbox.root.clock, sandbox.root.agenda
    shown = {"mode": state.mode, "now": stamp(scheduler.now(sandbox)), "jobs": len(agenda)}
    if state.mode == "offset":
        shown["offsetSeconds"] = state.offset / SECOND
    first = agenda.first()
    if first is not None:
        shown["nextDue"] = stamp(first.due)
    return shown


def _state(body: Record, now: int) -> ClockState:
    if body["mode"] == "real":
        return ClockState()
    if body["mode"] == "offset":
        return ClockState("offset", offset=round(body.get("offsetSeconds", 0) * SECOND))
    instant = _moment(body, "instant") if "instant" in body else now
    try:
        return clock.freeze(ClockState(), instant)
    except ValueError as error:
        raise wrong_value("instant", str(error), body.get("instant"), remedy=_EARLIER) from None


_EARLIER = "choose an earlier instant"


def _target(body: Record, now: int) -> int:
    if "to" in body:
        return _moment(body, "to")
    return now + int(body["seconds"] * SECOND)


def _moment(body: Record, name: str) -> int:
    try:
        return clock.moment(body[name])
    except (ValueError, OverflowError):
        remedy = "use UTC, e.g. 2026-01-05T09:00:00Z"
        raise wrong_value(
            name, "not a time that a clock shows", body[name], remedy=remedy
        ) from None


def _out_of_reach(body: Record, error: ValueError) -> Exception:
    name = "to" if "to" in body else "seconds"
    return wrong_value(name, str(error), body[name], remedy="choose a nearer instant ahead")
