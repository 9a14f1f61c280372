"""Starts the real command as a process, for tests that need a socket."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

_URL = re.compile(r"https?://\S+?(?=/v1)")


@dataclass(frozen=True)
class Server:
    """A running mock."""

    url: str
    process: subprocess.Popen[str]
    banner: str
    errors: IO[str]  # what it wrote to stderr


@contextmanager
def serving(
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    python: str = sys.executable,
) -> Iterator[Server]:
    """Run `mockserver serve` on a free port until the block ends, by this Python or another."""
    command = [python, "-m", "mockserver", "serve", "--port", "0", *arguments]
    # Nobody reads while the server runs: a pipe would fill with its log and stop it.
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env={**os.environ, **(environment or {})},
        )
        try:
            assert process.stdout is not None
            banner = _read_banner(process.stdout, errors)
            found = _URL.search(banner)
            assert found, banner
            yield Server(found[0], process, banner, errors)
        finally:
            process.terminate()
            process.communicate(timeout=20)


def _read_banner(output: IO[str], errors: IO[str]) -> str:
    lines = []
    for line in output:
        lines.append(line)
        if "Ctrl-C" in line:
            return "".join(lines)
    errors.seek(0)
    raise AssertionError(f"the server did not start: {errors.read()}")
