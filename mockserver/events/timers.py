"""Wakes somebody up when the next job of a clock that runs by itself falls due."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from mockserver.simulation.clock import SECOND
from mockserver.state.root import ClockState, Root
from mockserver.state.sandbox import Sandbox


@dataclass(slots=True)
class _Timer:
    """When the event loop wakes up for a sandbox, and what for: a job by a clock."""

    handle: asyncio.TimerHandle
    loop: asyncio.AbstractEventLoop
    #: Which job, due when, by which clock: after a restore another job may have the same id.
    meant: tuple[str, int, ClockState]
    mark: object  # of the state that was looked at last

    def is_for(self, root: Root, now: int) -> bool:
        # Nobody asks which loop runs: that is a system call, for every request.
        return self.mark is root.mark and now < self.meant[1] and self.loop.is_running()


class Timers:
    """One timer per sandbox, for the job that falls due first."""

    def __init__(self, wake: Callable[[Sandbox], None]) -> None:
        """Start without any; `wake` is called with the sandbox whose timer runs out."""
        self._wake = wake
        self._timers: dict[str, _Timer] = {}

    def __contains__(self, sandbox: Sandbox) -> bool:
        return sandbox.name in self._timers

    def are_right(self, sandbox: Sandbox, now: int) -> bool:
        """Tell whether a timer runs for this very state of a sandbox, and nothing is due yet."""
        armed = self._timers.get(sandbox.name)
        return armed is not None and armed.is_for(sandbox.root, now)

    def stay_right(self, before: Root, sandbox: Sandbox) -> bool:
        """Tell whether the timer that was right for a state is so for the one that followed.

        So it is after most writes: nothing was scheduled, and nothing leaves.
        """
        root, armed = sandbox.root, self._timers.get(sandbox.name)
        if armed is None or armed.mark is not before.mark or root.outbox:
            return False
        if root.agenda is not before.agenda or root.clock is not before.clock:
            return False
        armed.mark = root.mark
        return True

    def arm(self, sandbox: Sandbox, now: int) -> None:
        """Wake up for the next job of a sandbox, in place of what was waited for before."""
        if sandbox.is_gone:  # timers go by name, which another may have by now
            return
        root = sandbox.root
        first = root.agenda.first()
        if root.clock.mode == "frozen" or first is None:
            self.disarm(sandbox)
            return
        meant = (first.id, first.due, root.clock)
        armed = self._timers.get(sandbox.name)
        if armed is not None and armed.meant == meant and armed.loop.is_running():
            armed.mark = root.mark
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # nobody serves yet; whoever comes first arms it
            return
        self.disarm(sandbox)
        delay = max(first.due - now, 0) / SECOND
        handle = loop.call_later(delay, self._run_out, sandbox)
        self._timers[sandbox.name] = _Timer(handle, loop, meant, root.mark)

    def disarm(self, sandbox: Sandbox) -> None:
        """Let no timer run for a sandbox."""
        armed = self._timers.pop(sandbox.name, None)
        if armed is not None:
            armed.handle.cancel()

    def close(self) -> None:
        """Let no timer run at all."""
        for timer in self._timers.values():
            timer.handle.cancel()
        self._timers.clear()

    def _run_out(self, sandbox: Sandbox) -> None:
        self._timers.pop(sandbox.name, None)
        self._wake(sandbox)
