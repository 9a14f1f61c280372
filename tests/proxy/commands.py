"""Starts the real `mockserver proxy` as a process."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

_CALL = re.compile(r"Call\s+(http://\S+)/v1")


@dataclass
class Process:
    """A running proxy; after the block, how it ended and what it wrote."""

    url: str
    process: subprocess.Popen[str]
    code: int | None = None
    out: str = ""
    err: str = ""
    lines: list[str] = field(default_factory=list)

    def kill(self) -> None:
        """End it as a crash would."""
        self.process.kill()
        self.process.wait(20)


@contextmanager
def proxy_process(upstream: str, *arguments: str, folder: Path) -> Iterator[Process]:
    """Run `mockserver proxy` on a free port until the block ends; Ctrl-C ends it."""
    command = [sys.executable, "-m", "mockserver", "proxy", "--port", "0", "--upstream", upstream]
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        process = subprocess.Popen(
            [*command, *arguments], stdout=out, stderr=err, text=True, cwd=folder
        )
        running = Process("", process)
        try:
            running.url = _url(process, out, err)
            yield running
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            running.code = process.wait(60)
            running.out, running.err = _read(out), _read(err)


def _url(process: subprocess.Popen[str], out: IO[str], err: IO[str]) -> str:
    while "Ctrl-C" not in (banner := _read(out)):
        assert process.poll() is None, _read(err)
        time.sleep(0.05)
    found = _CALL.search(banner)
    assert found, banner
    return found[1]


def _read(stream: IO[str]) -> str:
    stream.seek(0)
    return stream.read()


def eventually(path: Path, has: str) -> str:
    """Wait until a file has a text, and return it; the test's time limit ends it otherwise."""
    while not (path.exists() and has in (text := path.read_text(encoding="utf-8"))):
        time.sleep(0.05)
    return text
