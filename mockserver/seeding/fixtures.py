"""The fixtures that a running mock can start sandboxes from, and what is added to them later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import Any

from mockserver.contract.contract import Contract
from mockserver.resources.providers import Catalog
from mockserver.rules.shapes import Shapes
from mockserver.rules.work import Work
from mockserver.seeding import loader
from mockserver.seeding.loader import Loader
from mockserver.seeding.source import Source, available, locate, read
from mockserver.settings import Settings
from mockserver.state.root import ClockState, Root
from mockserver.state.transactions import RootTransaction, Write

_Stamp = tuple[int, int]  # of a file: when it was changed, and its size
_MOST_KEPT = 16
_SEEDED = "seeded"  # counts how often something was added


@dataclass(slots=True)
class Fixtures:
    """Loads fixtures, and remembers what they gave: a root is a value."""

    settings: Settings
    catalog: Catalog
    contract: Contract
    clock_state: ClockState  # how a fresh sandbox tells the time
    shapes: Shapes
    _loaded: dict[tuple[Path, int, _Stamp], Root] = field(default_factory=dict)
    _one_at_a_time: Lock = field(default_factory=Lock)  # threads load, so that others are served

    @property
    def file(self) -> Path:
        """The file that the mock was started with.

        Raises:
            FixtureError: there is none.
        """
        return locate(self.settings.fixture)

    @property
    def default(self) -> str:
        """The name of the fixture that the mock was started with."""
        return self.file.stem

    def names(self) -> dict[str, Path]:
        """Return the files by name: the shipped ones, and the one of the start."""
        return {**available(), self.default: self.file}

    def load(self, path: Path, seed: int) -> Root:
        """Return the root that a file describes under a seed.

        Raises:
            FixtureError: with file, line and reason.
        """
        key = (path, seed, _stamp(path))
        with self._one_at_a_time:
            root = self._loaded.get(key)
            if root is None:
                root = loader.load(
                    read(path),
                    settings=self.settings,
                    catalog=self.catalog,
                    contract=self.contract,
                    clock_state=self.clock_state,
                    known=self.shapes,
                    seed=seed,
                )
                while len(self._loaded) >= _MOST_KEPT:
                    del self._loaded[next(iter(self._loaded))]
                self._loaded[key] = root
        return root

    def add(self, work: Work, content: Mapping[str, Any]) -> list[Write]:
        """Add what the content of a fixture describes to a world, through the same rules.

        What it describes has happened: nobody is told of it. Return what was created.

        Raises:
            FixtureError: with the place and the reason; the work must be dropped then.
        """
        if not isinstance(work.tx, RootTransaction):
            raise TypeError("only what is a transaction of a root knows what was written")
        transaction, source = work.tx, Source(Path("body"), dict(content))
        work = replace(work, shapes=self.shapes, at=loader.moment_of(source, work.now))
        before, number = len(transaction.writes), transaction.count(_SEEDED) + 1
        Loader(source, work, self.catalog, self.contract, number).load()
        transaction.outgoing.clear()
        return [write for write in transaction.writes[before:] if write.before is None]


def _stamp(path: Path) -> _Stamp:
    try:
        found = path.stat()
    except OSError:
        return 0, 0  # reading it will say what is wrong
    return found.st_mtime_ns, found.st_size
