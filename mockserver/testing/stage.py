"""What all tests of one process share: a mock, and a sandbox of it for each test."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from mockserver.testing.servers import OwnServer, Server, SharedServer
from mockserver.testing.twin import Twin


class Stage:
    """Starts the mock when the first test needs it, and makes a sandbox for each."""

    def __init__(self, url: str = "", admin_token: str = "") -> None:
        """Say where the mock runs; without a URL, in this process."""
        self._url = url
        self._admin_token = admin_token
        self._tests = 0
        # Others use a shared mock at the same time: what names do not tell apart, chance does.
        self._prefix = f"test-{secrets.token_hex(4)}" if url else "test"

    @cached_property
    def server(self) -> Server:
        """The mock."""
        return SharedServer(self._url, self._admin_token) if self._url else OwnServer({})

    @contextmanager
    def sandbox(self, fixture: str | None = None, seed: int | None = None) -> Iterator[Twin]:
        """Make a sandbox for a block."""
        self._tests += 1
        name = f"{self._prefix}-{self._tests}"
        self.server.open(name, fixture, seed)
        twin = Twin(self.server, name)
        try:
            yield twin
        finally:
            twin.close()
            self.server.drop(name)

    def close(self) -> None:
        """End the mock, or the connections to it."""
        if "server" in self.__dict__:
            self.server.close()
