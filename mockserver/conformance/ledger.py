"""What a run made, written down before it is made.

A file of JSON lines. The first says which run it is and of which target. Then, for each creating
call, an intent, which is on the disk before the call is sent, and a line with the ids after the
answer; and a line for each id that was deleted. So after a crash at any moment everything can be
found again: by its id, or by the run's mark in its name. No credential is written: an API key,
which is its own id, is known by its hash.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

MADE = "made"
REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Entry:
    """One record that a run made, or meant to make."""

    number: int  # of the intent
    operation_id: str
    place: str  # project or organization in the path; empty without one
    caller: str  # name of the credential
    ids: tuple[str, ...] = ()  # or the hashes of secret ones
    outcome: str = ""  # "made" or "refused"; empty: nobody knows, the run ended before


@dataclass
class Pages:
    """What a ledger says, read back."""

    header: dict[str, Any] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)  # in order
    gone: set[str] = field(default_factory=set)
    places: list[str] = field(default_factory=list)  # the project, then the neighbour


class Ledger:
    """Writes one run's file; without a path it only keeps the entries in memory."""

    def __init__(self, path: Path | None, **header: str) -> None:
        """Open the file.

        Raises:
            OSError: it cannot be written.
        """
        self.path = path
        self.entries: dict[int, Entry] = {}
        self.gone: set[str] = set()
        self._lock = threading.Lock()
        self._file: IO[str] | None = _opened(path) if path else None
        self._write({"ledger": 1, **header}, lasting=True)

    def works_in(self, project: str) -> None:
        """Write down a project that the run works in: its own first, then the neighbour."""
        with self._lock:
            self._write({"works in": project}, lasting=True)

    def intend(self, operation_id: str, place: str, caller: str, *, is_marked: bool = False) -> int:
        """Write down that something is about to be made; return the number of the entry.

        The line is with the operating system before this returns, so that no death of ours can
        lose it. It is forced onto the disk as well, for the death of the machine, unless what is
        made carries the run's mark: that is found by the first line of the file alone.
        """
        with self._lock:
            number = len(self.entries) + 1
            self.entries[number] = Entry(number, operation_id, place, caller)
            line = {"n": number, "makes": operation_id, "in": place, "as": caller}
            self._write(line, lasting=not is_marked)
        return number

    def made(self, number: int, ids: tuple[str, ...]) -> None:
        """Write down which ids came of an intent; an answer may tell none."""
        self._close_entry(number, ids, MADE)

    def refused(self, number: int) -> None:
        """Write down that nothing came of an intent."""
        self._close_entry(number, (), REFUSED)

    def _close_entry(self, number: int, ids: tuple[str, ...], outcome: str) -> None:
        with self._lock:
            self.entries[number] = replace(self.entries[number], ids=ids, outcome=outcome)
            self._write({"n": number, "ids": list(ids), "outcome": outcome})

    def deleted(self, identity: str) -> None:
        """Write down that an id is gone."""
        with self._lock:
            self.gone.add(identity)
            self._write({"gone": identity})

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _write(self, line: dict[str, Any], *, lasting: bool = False) -> None:
        if self._file is None:
            return
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()
        if lasting:
            os.fsync(self._file.fileno())


def _opened(path: Path) -> IO[str]:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    return os.fdopen(handle, "a", encoding="utf-8")


def hashed(secret: str) -> str:
    """Return how a ledger knows an id that is a credential."""
    return "sha256:" + sha256(secret.encode()).hexdigest()


def read_ledger(path: Path) -> Pages:
    """Read a run's file back; a last line that was cut off is left out.

    Raises:
        OSError: it cannot be read.
        ValueError: it is no ledger.
    """
    pages = Pages()
    entries: dict[int, Entry] = {}
    for line in _lines(path):
        if "makes" in line:
            entry = Entry(line["n"], line["makes"], line["in"], line["as"])
            entries[entry.number] = entry
        elif "ids" in line:
            closed = {"ids": tuple(line["ids"]), "outcome": line["outcome"]}
            entries[line["n"]] = replace(entries[line["n"]], **closed)
        elif "works in" in line:
            pages.places.append(line["works in"])
        elif "gone" in line:
            pages.gone.add(line["gone"])
        else:
            pages.header = line
    if "ledger" not in pages.header:
        raise ValueError(f"{path} is no ledger of a run")
    pages.entries = list(entries.values())
    return pages


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            return  # killed while writing it: the call it announces was not sent
