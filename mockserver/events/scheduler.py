"""Keeps what units of work did, does what falls due, hands out what leaves, turns the clock.

Everything here runs in the event loop. Jobs are functions on a transaction, like handlers: they
run to completion, one after another, before anybody looks at the state of a later moment.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import TypeVar

from mockserver.events.dispatcher import Dispatcher
from mockserver.events.fan_out import messages_of
from mockserver.events.fired import MOST_JOBS, Fired
from mockserver.events.registry import JobFunction, Task
from mockserver.events.timers import Timers
from mockserver.events.traffic import Traffic
from mockserver.resources.providers import Catalog
from mockserver.rules.errors import Kind, Refused
from mockserver.rules.resource import Resource
from mockserver.rules.shapes import Shapes
from mockserver.rules.work import Work
from mockserver.settings import Settings
from mockserver.simulation import clock
from mockserver.simulation.identity import Identity
from mockserver.state.agenda import Job
from mockserver.state.outbox import Message
from mockserver.state.root import ClockState
from mockserver.state.sandbox import Sandbox
from mockserver.state.transactions import RootTransaction

T = TypeVar("T")
log = logging.getLogger("mockserver")


class Scheduler:
    """Stands between units of work and the sandboxes that they change."""

    def __init__(
        self,
        *,
        settings: Settings,
        resources: Mapping[str, Resource],
        catalog: Catalog,
        shapes: Shapes,
        jobs: Mapping[str, JobFunction],
        dispatcher: Dispatcher,
        wall: clock.WallClock = clock.wall_clock,
    ) -> None:
        """Take what units of work need, who does jobs, and who delivers messages."""
        self.settings = settings
        self.resources = resources
        self.catalog = catalog
        self.shapes = shapes
        self.jobs = jobs
        self.dispatcher = dispatcher
        self.wall = wall
        self.traffic = Traffic()
        self._turning: dict[int, Fired] = {}  # by id() of a sandbox: what fires as its clock turns
        self._timers = Timers(self._wake)
        dispatcher.attach(self)

    def turning(self, sandbox: Sandbox) -> Fired | None:
        """Return the turn that the sandbox's clock is in, if it is turned just now."""
        return self._turning.get(id(sandbox))

    def now(self, sandbox: Sandbox) -> int:
        """Return the moment by the sandbox's clock: microseconds since 1970-01-01 UTC."""
        return clock.now(sandbox.root.clock, self.wall)

    def work(self, sandbox: Sandbox, moment: int | None = None) -> Work:
        """Return a unit of work at a moment, or now; it is dropped unless it is committed."""
        root = sandbox.root
        return Work(
            RootTransaction(root),
            self.now(sandbox) if moment is None else moment,
            Identity(sandbox.seed),
            self.settings,
            self.resources,
            root.clock.mode == "real",
            self.shapes,
            sandbox.name,
        )

    def commit(self, sandbox: Sandbox, work: Work) -> bool:
        """Keep a unit of work, do what is due by then, and hand out what leaves.

        Returns whether it had done anything.
        """
        before = sandbox.root
        changed = self._keep(sandbox, work)
        if changed and not self._timers.stay_right(before, sandbox):
            self.catch_up(sandbox)
        return changed

    def change(
        self, sandbox: Sandbox, act: Callable[[Work], T], *, generation: int | None = None
    ) -> T | None:
        """Run `act` in a unit of work and commit it; see `Changes.change`."""
        if generation is not None and generation != sandbox.generation:
            return None
        work = self.work(sandbox)
        result = act(work)
        self.commit(sandbox, work)
        return result

    def catch_up(self, sandbox: Sandbox) -> int:
        """Do every job that is due by now, and hand out what leaves; return what time it is."""
        root, now = sandbox.root, self.now(sandbox)
        if self._timers.are_right(sandbox, now):
            return now  # so it is before nearly every request
        first = root.agenda.first()
        if first is None and not root.outbox and sandbox not in self._timers:
            return now
        if first is not None and first.due <= now:
            self._run_due(sandbox, now)
        self._hand_out(sandbox)
        self._arm(sandbox)
        return now

    def begin(self, sandbox: Sandbox) -> None:
        """Do every job that was due before a sandbox began. It is the past: nobody is told."""
        self._run_due(sandbox, self.now(sandbox))
        if sandbox.root.outbox:
            sandbox.root = sandbox.root.with_outbox(())
        sandbox.began = sandbox.root

    async def advance(self, sandbox: Sandbox, to: int, *, start: int | None = None) -> Fired:
        """Turn a clock to a moment, and do on the way what falls due, in order.

        Before it goes on from one due moment to the next, everything handed out at it has been
        delivered, or has failed. The clock stands still at each of them; others are served.

        Args:
            sandbox: the world.
            to: the moment to arrive at.
            start: the moment that `to` was reckoned from, by a clock that runs on; None for now.

        Raises:
            ValueError: `to` is in the past, or too far in the future.
            Refused: CONFLICT while somebody else turns this clock.
        """
        original, start = sandbox.root.clock, self.now(sandbox) if start is None else start
        clock.advance(original, to - start)  # refuses what no clock can do, before anything is done
        if id(sandbox) in self._turning:
            raise _busy()
        fired = self._turning[id(sandbox)] = Fired(start, start)
        generation = sandbox.generation
        try:
            await self._turn(sandbox, to, fired, generation)
        finally:
            del self._turning[id(sandbox)]
            if sandbox.generation == generation:
                self._resume(sandbox, original, fired.end)
        self._arm(sandbox)
        return fired

    def set_clock(self, sandbox: Sandbox, state: ClockState) -> None:
        """Give a sandbox another clock, and do what is due by it.

        Raises:
            Refused: CONFLICT while somebody turns the clock.
        """
        if id(sandbox) in self._turning:
            raise _busy()
        sandbox.root = sandbox.root.with_clock(state)
        self.catch_up(sandbox)

    def empty(self, sandbox: Sandbox) -> None:
        """Let no timer run for a sandbox that starts anew or is gone; the next look arms one."""
        self._timers.disarm(sandbox)

    async def close(self) -> None:
        """Wait for nothing any more, and end the deliveries that are under way."""
        self._timers.close()
        await self.dispatcher.close()

    async def _turn(self, sandbox: Sandbox, to: int, fired: Fired, generation: int) -> None:
        now = fired.start
        while sandbox.generation == generation:
            sandbox.root = sandbox.root.with_clock(clock.freeze(sandbox.root.clock, now))
            fired.end = now
            self._run_due(sandbox, now)
            self._hand_out(sandbox)
            await self.dispatcher.settled(sandbox, now)
            await asyncio.sleep(0)  # others have their turn, even when nothing was delivered
            if fired.jobs_run >= MOST_JOBS:
                break
            if now == to and not self._is_due(sandbox, now):
                return
            first = sandbox.root.agenda.first()
            now = to if first is None else max(now, min(first.due, to))
        fired.complete = False

    def _is_due(self, sandbox: Sandbox, now: int) -> bool:
        first = sandbox.root.agenda.first()
        return bool(sandbox.root.outbox) or (first is not None and first.due <= now)

    def _resume(self, sandbox: Sandbox, original: ClockState, at: int) -> None:
        resumed = clock.freeze(original, at)
        if original.mode != "frozen":
            resumed = ClockState("offset", original.instant, at - self.wall())
        sandbox.root = sandbox.root.with_clock(resumed)

    def _keep(self, sandbox: Sandbox, work: Work) -> bool:
        """Swap in what a unit of work did; tell whether it did anything."""
        transaction = work.tx
        if not isinstance(transaction, RootTransaction):
            raise TypeError("only transactions of a root are kept")
        messages: list[Message] = []
        for outgoing in transaction.outgoing:
            messages += messages_of(work, outgoing, sandbox)
        root = transaction.committed()
        if root is sandbox.root and not messages:
            return False
        sandbox.root = root.with_outbox((*root.outbox, *messages)) if messages else root
        return True

    def _run_due(self, sandbox: Sandbox, now: int) -> None:
        for _ in range(MOST_JOBS):
            job = sandbox.root.agenda.first()
            if job is None or job.due > now:
                return
            self._run(sandbox, job, now)
        log.error("defect: more than %d jobs fell due at once", MOST_JOBS)

    def _run(self, sandbox: Sandbox, job: Job, now: int) -> None:
        sandbox.root = sandbox.root.without_job(job.id)
        fired, error = self._turning.get(id(sandbox)), ""
        work = self.work(sandbox, job.due)
        try:
            self.jobs[job.kind](Task(work, self.catalog, now), job.payload)
            self._keep(sandbox, work)
        except Exception as failure:
            log.exception("defect in job %s %s", job.kind, job.id)
            error = f"{type(failure).__name__}: {failure}"
            sandbox.drop("job", job.id, job.kind, error)
        if fired is not None:
            fired.ran(job, error)

    def _hand_out(self, sandbox: Sandbox) -> None:
        messages = sandbox.root.outbox
        if not messages or sandbox.is_gone:
            return
        sandbox.root = sandbox.root.with_outbox(())
        fired = self._turning.get(id(sandbox))
        if fired is not None:
            now = self.now(sandbox)
            for message in messages:
                fired.sent(message, now)
        generation = sandbox.generation
        self.dispatcher.accept(sandbox, [m.in_generation(generation) for m in messages])

    def _arm(self, sandbox: Sandbox) -> None:
        self._timers.arm(sandbox, self.now(sandbox))

    def _wake(self, sandbox: Sandbox) -> None:
        if id(sandbox) not in self._turning:
            self.catch_up(sandbox)


def _busy() -> Refused:
    return Refused(
        Kind.CONFLICT,
        "the clock is being turned",
        remedy="wait until the advance that is under way has answered",
    )
