"""Loads the fixture again when its file changes."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

from mockserver.events.scheduler import Scheduler
from mockserver.seeding.fixtures import Fixtures
from mockserver.seeding.source import FixtureError
from mockserver.state.root import Root
from mockserver.state.sandbox import Sandbox
from mockserver.state.worlds import Worlds

log = logging.getLogger("mockserver")  # at the level that is shown without any set-up


class Watcher:
    """Gives the sandboxes of a fixture what its file says now."""

    def __init__(self, fixtures: Fixtures, *, worlds: Worlds, scheduler: Scheduler) -> None:
        """Take what loads, what is given anew, and what does what is due."""
        self.fixtures = fixtures
        self.worlds = worlds
        self.scheduler = scheduler
        self._task: asyncio.Task[None] | None = None
        self._end = asyncio.Event()

    async def start(self) -> None:
        """Watch from now on."""
        self._task = asyncio.create_task(self._watch())
        await asyncio.sleep(0)  # it watches when this returns: no change after it is missed

    async def close(self) -> None:
        """Watch no more."""
        self._end.set()
        if self._task is not None:
            await self._task

    async def _watch(self) -> None:
        from watchfiles import awatch  # few starts watch

        file = self.fixtures.file.resolve()

        def is_it(_: Any, path: str) -> bool:
            return Path(path) == file

        # The folder, because editors put another file in the place of the one that is watched.
        changes = awatch(file.parent, watch_filter=is_it, stop_event=self._end, recursive=False)
        try:
            async for _ in changes:
                await self.reload()
        except Exception:  # the system's, mostly: the server goes on without being told of changes
            log.exception("%s is not watched any more", file)

    async def reload(self) -> None:
        """Load the file again; a broken one is told of, and everything stays as it is."""
        name = self.fixtures.default
        concerned = [one for one in self.worlds if one.fixture == name]
        seeds = {one.seed for one in concerned} | {self.worlds.default.seed}
        try:
            roots = {
                seed: await asyncio.to_thread(self.fixtures.load, self.fixtures.file, seed)
                for seed in seeds
            }
        except FixtureError as error:
            log.warning("the fixture stays as it was: %s", error)
            return
        self.worlds.start = roots[self.worlds.default.seed]
        anew = [one.name for one in concerned if self._renew(one, roots[one.seed])]
        log.warning(
            "loaded %s again: %s; others have it after their next reset",
            name,
            f"{', '.join(anew)} started anew" if anew else "every sandbox has changes of its own",
        )

    def _renew(self, sandbox: Sandbox, loaded: Root) -> bool:
        """Give a sandbox another start, and go there unless something was written in it."""
        untouched = sandbox.root.tables is sandbox.began.tables
        sandbox.baseline = loaded
        if untouched:
            now = sandbox.root
            sandbox.restore(replace(loaded, requests=now.requests, clock=now.clock))
            self.scheduler.begin(sandbox)
        self.scheduler.catch_up(sandbox)
        return untouched
