"""A mock with one fault, and the lab that rules are tried in against it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx

from mockserver.app import Mock
from mockserver.conformance import callers, rulebook
from mockserver.conformance.callers import by_bearer, by_key
from mockserver.conformance.door import Door
from mockserver.conformance.findings import Finding
from mockserver.conformance.inprocess import InProcess
from mockserver.conformance.lab import Lab, Parents
from mockserver.conformance.layers import tried
from mockserver.conformance.routes import Routes
from mockserver.conformance.rules import Rule
from mockserver.conformance.target import Project, Target
from mockserver.contract.contract import Contract, load_api
from mockserver.simulation import clock
from mockserver.simulation.clock import SECOND
from tests.client import BUILDER, KEY

CONTRACT: Contract = load_api()


def module_of(rule: Rule) -> str:
    """Return the module of the function that a rule runs."""
    return str(getattr(getattr(rule.run, "func", rule.run), "__module__", ""))


RULES = {rule.id: rule for rule in rulebook.rules(CONTRACT)}
#: Rules that are laws of all nouns, or of the nouns that have no customers.
_MINE = ("laws.", "families.key_", "families.delivery_", "families.account_", "families.service_")
LAWS = [
    rule_id
    for rule_id, rule in RULES.items()
    if module_of(rule).startswith(tuple(f"mockserver.conformance.{part}" for part in _MINE))
]
_ROUTES = Routes(CONTRACT.operations.values())
_RUNS = itertools.count(1)


@dataclass(frozen=True)
class Asked:
    """A request on its way to the mock."""

    method: str
    url: httpx.URL
    headers: httpx.Headers
    content: bytes

    @property
    def operation(self) -> str:
        found = _ROUTES.find(self.method, self.url.raw_path.decode().split("?")[0][3:])
        return found.operation.operation_id if found else ""

    @property
    def body(self) -> Any:
        return json.loads(self.content) if self.content else None

    def with_body(self, body: Any) -> Asked:
        return replace(self, content=json.dumps(body).encode())

    def with_query(self, **query: str | None) -> Asked:
        kept = {name: value for name, value in self.url.params.items() if name not in query}
        added = {name: value for name, value in query.items() if value is not None}
        return replace(self, url=self.url.copy_with(params={**kept, **added}))

    def with_path(self, path: str) -> Asked:
        return replace(self, url=self.url.copy_with(path=path))


@dataclass(frozen=True)
class Told:
    """An answer on its way back."""

    status: int
    headers: httpx.Headers
    content: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.content) if self.content else None

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    def with_body(self, body: Any, status: int = 0) -> Told:
        return replace(self, content=json.dumps(body).encode(), status=status or self.status)

    def only(self, status: int) -> Told:
        return replace(self, status=status, content=b"")


@dataclass
class World:
    """What a fault can reach: the mock behind it, and a memory of its own."""

    mock: Mock
    memory: dict[str, Any] = field(default_factory=dict)
    transport: InProcess = field(init=False)

    def __post_init__(self) -> None:
        self.transport = InProcess(self.mock.asgi)

    def send(self, asked: Asked) -> Told:
        headers = {k: v for k, v in asked.headers.items() if k.lower() != "content-length"}
        request = httpx.Request(asked.method, asked.url, headers=headers, content=asked.content)
        response = self.transport.handle_request(request)
        content = response.read()
        return Told(response.status_code, response.headers, content)

    def undone(self, asked: Asked) -> Told:
        """Answer as if it were done, and forget it."""
        root = self.mock.sandbox.snapshot()
        told = self.send(asked)
        self.mock.sandbox.restore(root)
        return told

    def tick(self) -> None:
        """Turn the clock forward by a second."""
        root = self.mock.sandbox.root
        self.mock.sandbox.root = root.with_clock(clock.advance(root.clock, SECOND))


#: What a fault does in place of the mock.
Fault = Callable[[World, Asked], Told]


class Twisted(httpx.BaseTransport):
    """Sends everything through a fault."""

    def __init__(self, world: World, fault: Fault) -> None:
        self._world = world
        self._fault = fault

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        asked = Asked(request.method, request.url, request.headers, request.read())
        told = self._fault(self._world, asked)
        dropped = {"content-length", "content-encoding"}
        headers = [(k, v) for k, v in told.headers.items() if k.lower() not in dropped]
        stream = httpx.ByteStream(told.content)
        return httpx.Response(told.status, headers=headers, stream=stream, request=request)

    def close(self) -> None:
        self._world.transport.close()


def at(operation: str, fault: Fault) -> Fault:
    """Return a fault that only one operation has."""

    def twist(world: World, asked: Asked) -> Told:
        return fault(world, asked) if asked.operation == operation else world.send(asked)

    return twist


def target(transport: httpx.BaseTransport | None, url: str = "http://127.0.0.1:4010/v1") -> Target:
    """Return the default fixture as a target: my-project, and mailmonkey-prod beside it."""
    return Target(
        url,
        Project("my-project"),
        {
            callers.KEY: by_key(callers.KEY, KEY),
            callers.BEARER: by_bearer(callers.BEARER, BUILDER),
            callers.NEIGHBOUR_KEY: by_key(callers.NEIGHBOUR_KEY, "mock-prod-key"),
        },
        neighbour=Project("mailmonkey-prod"),
        transport=transport,
    )


@contextmanager
def labs(where: Target) -> Iterator[Iterator[Lab]]:
    """Open fresh labs of one run; close the connections after the block."""
    door, parents, run = Door(where, CONTRACT), Parents(), next(_RUNS)
    try:
        yield (Lab(door, f"{run:06x}{number:x}", parents) for number in itertools.count(1))
    finally:
        door.close()


def findings(mock: Mock, fault: Fault, *rule_ids: str) -> list[Finding]:
    """Return what rules come to against a mock with a fault."""
    with labs(target(Twisted(World(mock), fault))) as rooms:
        return [tried(RULES[rule_id], next(rooms)) for rule_id in rule_ids]
