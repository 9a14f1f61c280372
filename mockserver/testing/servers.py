"""The two kinds of mocks that a test can talk to: one of its own, in process, or a shared one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from mockserver.contract.contract import load_api, load_hosts
from mockserver.testing.asgi import Lifetime, exchange
from mockserver.testing.control import Control
from mockserver.testing.exchanges import Answered, Asked, CallRefused
from mockserver.testing.loop import LoopThread
from mockserver.testing.operations import Operations

if TYPE_CHECKING:
    import httpx

    from mockserver.app import Mock
    from mockserver.testing.listening import Listening

DEFAULT = "default"
#: Calls that contracts describe. They may begin without a task; pages and streams may not.
_OF_A_CONTRACT = re.compile(
    r"(?:/__sandbox/[^/]+)?/(?:v1/|__admin/(?!(?:ui|docs|openapi\.json|events)\b))"
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who a sandbox knows: the first of each that its fixture has; empty where it has none."""

    api_key: str
    bearer: str
    project: str


class Server(Protocol):
    """A mock with its sandboxes."""

    #: What opens the control plane; empty where nothing is asked for.
    admin_token: str

    @property
    def origin(self) -> str:
        """Where it can be reached, e.g. `http://127.0.0.1:4010`; a port is opened if need be."""

    @property
    def authority(self) -> str:
        """The Host of requests to it; asking for it opens no port."""

    @property
    def operations(self) -> Operations:
        """The operations that it serves."""

    def send(self, asked: Asked) -> Answered:
        """Send a request; return when it is answered."""

    def transport(self) -> httpx.BaseTransport:
        """Return a transport for a client of httpx; closing it leaves the server as it is."""

    def open(self, name: str, fixture: str | None, seed: int | None) -> None:
        """Make a sandbox, from the server's fixture or another."""

    def drop(self, name: str) -> None:
        """Drop a sandbox; one that is gone already is no error."""

    def credentials(self, name: str) -> Credentials:
        """Tell who a sandbox knows."""

    def close(self) -> None:
        """End it, or the connections to it."""


class OwnServer:
    """A mock in this process: its application lives in one loop thread."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        """Build the mock, with settings as in `mockserver serve`.

        Raises:
            SettingError: a setting cannot be used.
            FixtureError: the fixture cannot be loaded.
        """
        from mockserver.app import create  # it brings the whole server along
        from mockserver.settings import read_settings

        self.mock: Mock = create(read_settings(settings))
        self.admin_token = self.mock.admin_token
        self._breaks = self.mock.breaks()
        self._loop = LoopThread()
        self._life = self._loop.run(Lifetime.begin(self.mock.asgi))
        self._listening: Listening | None = None

    @property
    def origin(self) -> str:
        """Where it can be reached; the first who asks opens a port on loopback."""
        if self._listening is None:
            self._listening = self._loop.run(_listen(self.mock))
        return self._listening.origin

    @property
    def authority(self) -> str:
        """The Host of requests to it."""
        return "localhost" if self._listening is None else self._listening.authority

    @cached_property
    def operations(self) -> Operations:
        """The operations that it serves."""
        return Operations({"": self.mock.contract, **load_hosts()})

    def send(self, asked: Asked) -> Answered:
        """Hand a request to the application; return when it is answered."""
        answering = exchange(self.mock.asgi, asked, self.authority, breaks=self._breaks)
        if _OF_A_CONTRACT.match(asked.path):
            return self._loop.begin(answering)
        return self._loop.run(answering)

    def transport(self) -> httpx.BaseTransport:
        """Return a transport that hands requests to the application."""
        from mockserver.testing.transports import InProcess

        return InProcess(self)

    def open(self, name: str, fixture: str | None, seed: int | None) -> None:
        """Make a sandbox."""
        if fixture is None and seed is None:
            self._loop.run(self._make(name))
        else:
            create_sandbox(self, name, fixture, seed)

    def drop(self, name: str) -> None:
        """Drop a sandbox."""
        self._loop.run(self._drop(name))

    def credentials(self, name: str) -> Credentials:
        """Tell who a sandbox knows."""
        return self._loop.run(self._credentials(name))

    def close(self) -> None:
        """End the server, its deliveries and its thread."""
        if self._listening is not None:
            self._loop.run(self._listening.close())
        self.mock.ending.hurry()  # nobody looks at what would still arrive
        self._loop.run(self._life.end())
        self._loop.close()

    async def _make(self, name: str) -> None:
        self.mock.worlds.make(name)

    async def _drop(self, name: str) -> None:
        self.mock.worlds.drop(name)

    async def _credentials(self, name: str) -> Credentials:
        sandbox = self.mock.worlds.get(name)
        if sandbox is None:
            raise LookupError(f"there is no sandbox {name!r}")
        tables = sandbox.root.tables
        projects = tables["projects"]
        keys = [
            {**key, "project": (projects.get(key["projectId"]) or {}).get("name", "")}
            for key in tables["apiKeys"]
        ]
        return _first(keys, list(tables["builderTokens"]))


class SharedServer:
    """A mock that runs elsewhere, with a sandbox of it for each test."""

    def __init__(self, url: str, admin_token: str = "") -> None:
        """Remember where it is: `http://127.0.0.1:4010`, without a path."""
        import httpx

        self._origin = url.rstrip("/")
        self.authority = httpx.URL(self._origin).netloc.decode("ascii")
        self.admin_token = admin_token
        self._transport = httpx.HTTPTransport()
        # No proxy of the environment: where the server is, is said.
        self._client = httpx.Client(
            base_url=self._origin, transport=self._transport, timeout=60, trust_env=False
        )

    @property
    def origin(self) -> str:
        """Where it can be reached."""
        return self._origin

    @cached_property
    def operations(self) -> Operations:
        """The operations that it serves: those of the contract in this package."""
        return Operations({"": load_api(), **load_hosts()})

    def send(self, asked: Asked) -> Answered:
        """Send a request; return when it is answered.

        Raises:
            httpx.TransportError: the server cannot be reached.
        """
        target = asked.path + (f"?{asked.query}" if asked.query else "")
        answer = self._client.request(
            asked.method, target, headers=list(asked.headers), content=asked.body
        )
        return Answered(answer.status_code, answer.headers.raw, answer.content)

    def transport(self) -> httpx.BaseTransport:
        """Return a transport over the connections that are there."""
        from mockserver.testing.transports import Lent

        return Lent(self._transport)

    def open(self, name: str, fixture: str | None, seed: int | None) -> None:
        """Make a sandbox."""
        create_sandbox(self, name, fixture, seed)

    def drop(self, name: str) -> None:
        """Drop a sandbox."""
        with suppress(CallRefused):  # somebody else dropped it
            Control(self, "").delete(f"/sandboxes/{quote(name, safe='')}")

    def credentials(self, name: str) -> Credentials:
        """Tell who a sandbox knows."""
        found = Control(self, sandbox_prefix(name)).get("/tokens")
        return _first(found["apiKeys"], found["builderTokens"])

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


async def _listen(mock: Mock) -> Listening:
    from mockserver.testing.listening import Listening  # most tests need no port

    return await Listening.open(mock)


def sandbox_prefix(name: str) -> str:
    """Return what the paths of a sandbox begin with."""
    return "" if name == DEFAULT else f"/__sandbox/{name}"


def create_sandbox(server: Server, name: str, fixture: str | None, seed: int | None) -> None:
    """Make a sandbox through the control plane.

    Raises:
        CallRefused: it cannot be made, and why.
    """
    body: dict[str, Any] = {"name": name}
    if fixture is not None:
        body["from"] = {"fixture": fixture}
    if seed is not None:
        body["seed"] = seed
    Control(server, "").post("/sandboxes", body)


def _first(keys: list[dict[str, Any]], tokens: list[Any]) -> Credentials:
    whole = [key for key in keys if key.get("active", True) and "full" in key["scopes"]]
    key = next(iter(whole), {"key": "", "project": ""})
    token = next(iter(tokens), {"token": ""})
    return Credentials(key["key"], token["token"], key["project"])
