"""Writes what was seen to two files: an archive of the exchanges, and a fixture of the world.

Both are whole at any moment: each is written beside its place and moved there.
"""

from __future__ import annotations

import json
import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from mockserver.proxy.har_writing import CLOSING, entry, opening
from mockserver.proxy.judged import Judged
from mockserver.proxy.world import World

#: Seconds between two savings; longer where writing takes longer.
PAUSE = 2.0
_PATIENCE = 20  # a saving takes a twentieth of the time at most
_CHUNK = 1 << 20
#: More than this does not wait for the next saving.
_MOST_WAITING = 5_000  # exchanges
_LARGEST_WAITING = 64 << 20  # bytes


@dataclass(frozen=True, slots=True)
class Files:
    """Where a recording goes."""

    archive: Path
    fixture: Path

    @classmethod
    def named(cls, name: Path) -> Files:
        """Return both files for the name of either, or for a name without ending."""
        if name.suffix.lower() == ".har":
            return cls(name, name.with_suffix(".yaml"))
        if name.suffix.lower() in {".yaml", ".yml"}:
            return cls(name.with_suffix(".har"), name)
        return cls(name.with_name(f"{name.name}.har"), name.with_name(f"{name.name}.yaml"))


class Recording:
    """A witness that keeps what the contract speaks about, without secrets.

    Entries wait in a file without a name, so that a long recording takes no memory.
    """

    def __init__(self, files: Files, world: World, render: Callable[[World], str]) -> None:
        """Begin a recording.

        Args:
            files: where it goes; what is there is replaced.
            world: what the answers showed.
            render: writes the world as a fixture.

        Raises:
            OSError: the files cannot be written.
        """
        self.files = files
        self.entries = 0
        self._world = world
        self._render = render
        self._spool = tempfile.TemporaryFile()  # noqa: SIM115 # closed by `close`
        self._lock = threading.Lock()  # of what waits
        self._writing = threading.RLock()  # of the spool, the world and the files
        self._waiting: list[Judged] = []
        self._size = 0  # bytes of the bodies that wait
        self._saved = -1
        try:
            self.save()
        except OSError:
            self.close()
            raise

    def __call__(self, judged: Judged) -> None:
        """Keep one exchange, unless the contract does not speak about it: pages, preflights.

        Taking its secrets out waits for the next saving, so that no answer waits for that.
        """
        if judged.verdict.outside:
            return
        with self._lock:
            self._waiting.append(judged)
            self._size += len(judged.exchange.request_body) + len(judged.exchange.response_body)
            full = len(self._waiting) >= _MOST_WAITING or self._size >= _LARGEST_WAITING
        if full:
            self._take_in()

    def _take_in(self) -> None:
        """Write what waits to the spool."""
        with self._writing:
            with self._lock:
                waiting, self._waiting, self._size = self._waiting, [], 0
            self._spool.seek(0, os.SEEK_END)
            for judged in waiting:
                written = json.dumps(entry(judged)).encode()
                self._spool.write((b",\n" if self.entries else b"") + written)
                self.entries += 1
                self._world.note(judged.exchange, judged.verdict.operation_id)
            self._spool.flush()

    def save(self) -> None:
        """Write both files, if something came since they were written.

        Raises:
            OSError: they cannot be written.
        """
        self._take_in()
        with self._writing:
            if self._saved == self.entries:
                return
            replace(self.files.archive, self._pieces(self._spool.tell()))
            replace(self.files.fixture, iter([self._render(self._world).encode()]))
            self._saved = self.entries

    def _pieces(self, size: int) -> Iterator[bytes]:
        yield opening()
        for offset in range(0, size, _CHUNK):
            yield os.pread(self._spool.fileno(), min(_CHUNK, size - offset), offset)
        yield CLOSING

    def close(self) -> None:
        """Forget the entries; the files stay."""
        self._spool.close()


def replace(path: Path, pieces: Iterator[bytes]) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    stream: BinaryIO
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:  # its own name tells nobody anything
        raise OSError(error.errno, error.strerror, str(path)) from None
    try:
        with os.fdopen(descriptor, "wb") as stream:
            for piece in pieces:
                stream.write(piece)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


class Saving:
    """Saves a recording every few seconds, beside the event loop. Use it in a `with` block."""

    def __init__(
        self, recording: Recording, failed: Callable[[OSError], None], wall: Callable[[], int]
    ) -> None:
        """Save `recording` until the block ends.

        Args:
            recording: what is saved.
            failed: told when that does not work; it is tried again.
            wall: the machine's clock, in microseconds.
        """
        self._wall = wall
        self._recording = recording
        self._failed = failed
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="saving", daemon=True)

    def __enter__(self) -> Saving:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _run(self) -> None:
        pause = PAUSE
        while not self._end.wait(pause):
            begun = self._wall()
            try:
                self._recording.save()
            except OSError as error:
                self._failed(error)
            pause = max(PAUSE, _PATIENCE * (self._wall() - begun) / 1_000_000)
