"""Serves the mock with one fault or variant: python -m tests.mutants.serve NAME."""

from __future__ import annotations

import socket
import sys

import uvicorn

from mockserver.app import create
from mockserver.settings import read_settings
from tests.mutants.faults import FAULTS
from tests.mutants.faulty import Faulty
from tests.mutants.variants import VARIANTS

CLEAN = "clean"


def main(name: str) -> None:
    """Print the port on a line of its own, then serve until the process is ended."""
    known = {fault.name: fault for fault in (*FAULTS, *VARIANTS)}
    if name != CLEAN and name not in known:
        sys.exit(f"no fault is called {name!r}")
    mock = create(read_settings({}))
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(256)
    print(listener.getsockname()[1], flush=True)  # noqa: T201 # the runner reads it
    config = uvicorn.Config(
        Faulty(mock, known.get(name)), log_level="error", access_log=False, lifespan="auto"
    )
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main(sys.argv[1])
