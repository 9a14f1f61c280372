"""All sandboxes in one file: taken from it at the start, saved to it from time to time.

A save is whole or not there at all: it is written beside the file, put on the disk, and renamed.
The states are immutable, so a thread writes them while requests are served.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import orjson

from mockserver import __version__
from mockserver.resources.tables import RESOURCES
from mockserver.settings import SettingError
from mockserver.simulation.clock import stamp
from mockserver.state import archive
from mockserver.state.archive import Captured
from mockserver.state.worlds import DEFAULT, Worlds

log = logging.getLogger("mockserver")
_FORMAT = "ampersand-mockserver sandboxes 1"


@dataclass(frozen=True, slots=True)
class Origin:
    """What the states of a file depend on."""

    contract: str  # digest of the bundled contract
    fixture: str
    seed: int


class Keeper:
    """Keeps the sandboxes of a server in a file."""

    def __init__(self, path: Path, *, every: float, origin: Origin, worlds: Worlds) -> None:
        """Take what to keep, and where.

        Args:
            path: the file.
            every: seconds between two saves, when something changed.
            origin: what the states depend on; a file of another origin is refused.
            worlds: the sandboxes.
        """
        self.path = path
        self.every = every
        self.origin = origin
        self.worlds = worlds
        self.saved_at = ""  # when the states that were taken had been saved; empty for a new file
        self._saved: list[Captured] = []
        self._task: asyncio.Task[None] | None = None
        self._one_at_a_time = asyncio.Lock()

    def open(self) -> None:
        """Take the sandboxes from the file; make the file where there is none.

        Raises:
            SettingError: it cannot be read or written, or is no file of ours, in one line.
        """
        for left in self.path.parent.glob(f".{self.path.name}.*.tmp"):  # of a run that was killed
            left.unlink(missing_ok=True)
        if self.path.exists():
            self._take()
        try:
            self._saved = self._captured()
            self._write(self._saved)
        except OSError as error:
            raise self._refused(error.strerror or "cannot be written") from None

    async def start(self) -> None:
        """Save from now on."""
        self._task = asyncio.create_task(self._keep())

    async def close(self) -> None:
        """Save a last time."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        await self._save()

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(self.every)
            now = self._captured()
            if len(now) != len(self._saved) or not all(map(_is_same, now, self._saved)):
                await self._save()

    async def _save(self) -> None:
        # Whoever is cancelled here must not leave a thread behind that renames later.
        await asyncio.shield(asyncio.create_task(self._saving()))

    async def _saving(self) -> None:
        async with self._one_at_a_time:
            now = self._captured()
            try:
                await asyncio.to_thread(self._write, now)
            except OSError as error:
                log.error("not saved: %s: %s", self.path, error.strerror)
            except Exception:  # the next save may go better: the server goes on
                log.exception("defect: not saved: %s", self.path)
            else:
                self._saved = now

    def _captured(self) -> list[Captured]:
        return [Captured.of(sandbox) for sandbox in self.worlds]

    def _write(self, sandboxes: list[Captured]) -> None:
        """Write a file beside the old one, and put it in its place.

        Raises:
            OSError: it could not be written; the old one is as it was.
        """
        beside = self.path.with_name(f".{self.path.name}.{os.getpid()}.tmp")
        header = {
            "format": _FORMAT,
            "version": __version__,
            **asdict(self.origin),
            "saved": stamp(self.worlds.wall()),
        }
        try:
            # Credentials are among the records: nobody else may read them.
            with open(beside, "wb", opener=_private) as file:  # pathlib takes no opener
                for value in chain([header], archive.write(sandboxes)):
                    file.write(orjson.dumps(value) + b"\n")
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self.path)
        except OSError:
            beside.unlink(missing_ok=True)
            raise
        _sync(self.path.parent)

    def _take(self) -> None:
        try:
            with self.path.open("rb") as file:
                lines = self._values(file)
                self._check(next(lines, None))
                sandboxes = archive.read(lines, (one.schema for one in RESOURCES.values()))
        except OSError as error:
            raise self._refused(error.strerror or "cannot be read") from None
        except archive.ArchiveError as error:
            raise self._refused(str(error)) from None
        if not any(sandbox.name == DEFAULT for sandbox in sandboxes):
            raise self._refused("the default sandbox is missing")
        for sandbox in sandboxes:
            self.worlds.adopt(sandbox)

    def _values(self, lines: Iterable[bytes]) -> Iterator[Any]:
        for number, line in enumerate(lines, 1):
            try:
                yield orjson.loads(line)
            except orjson.JSONDecodeError:
                raise self._refused(f"line {number} is no JSON") from None

    def _check(self, header: Any) -> None:
        if not isinstance(header, dict) or header.get("format") != _FORMAT:
            raise self._refused("not a file that --persist of this version has written")
        for name, now in asdict(self.origin).items():
            before = header.get(name)
            if before != now:
                raise self._refused(f"saved with another {name}: {before}, and now it is {now}")
        self.saved_at = str(header.get("saved", ""))

    def _refused(self, reason: str) -> SettingError:
        return SettingError(f"persist {self.path}: {reason}; name another file, or remove this one")


def _is_same(now: Captured, before: Captured) -> bool:
    """Tell whether nothing changed that is worth a save.

    Requests that change nothing but their number are not: each look at the mock would be one.
    """
    one, other = now.root, before.root
    return (
        (now.name, now.seed, one.clock) == (before.name, before.seed, other.clock)
        and now.baseline is before.baseline
        and one.tables is other.tables
        and one.counters is other.counters
        and one.agenda is other.agenda
        and one.outbox is other.outbox
        and one.controls is other.controls
        and now.snapshots == before.snapshots
    )


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync(folder: Path) -> None:
    """Put a rename on the disk. Where folders cannot be opened, the system sees to it itself."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
