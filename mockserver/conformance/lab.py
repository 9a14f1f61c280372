"""Where a rule works: calls operations, keeps the trace, makes names that are new in every run."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import quote
from uuid import UUID

from mockserver.conformance import callers
from mockserver.conformance.callers import Caller
from mockserver.conformance.calls import Call
from mockserver.conformance.door import Door
from mockserver.conformance.exchange import NO_BODY, Exchange, Request
from mockserver.conformance.naming import PREFIX as PREFIX  # families read both from here
from mockserver.conformance.naming import PROJECT as PROJECT
from mockserver.conformance.rules import Unreached
from mockserver.conformance.target import Project
from mockserver.contract.contract import Contract
from mockserver.contract.operations import Operation

Made = TypeVar("Made")


class Parents:
    """What rules share: made once, on first use, with the exchanges that made it."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.made: dict[str, tuple[Any, tuple[Exchange, ...]]] = {}
        self.makers: dict[str, Lab] = {}
        self.following = threading.Lock()
        self._making: dict[str, threading.RLock] = {}

    def making(self, key: str) -> threading.RLock:
        """Return what is held while a parent is made: two labs at once get the same one."""
        return self._making.setdefault(key, threading.RLock())


class Lab:
    """What one rule gets. `run` is the mark that everything made by this run carries."""

    def __init__(self, door: Door, run: str, parents: Parents | None = None) -> None:
        """Start an empty trace."""
        self.door = door
        self.run = run
        self.trace: list[Exchange] = []
        self.parents = parents if parents is not None else Parents()
        self._numbers = itertools.count(1)
        self._follower: Lab | None = None  # uses what was made here, which calls through this lab

    @property
    def contract(self) -> Contract:
        """The contract that is held against the target."""
        return self.door.contract

    @property
    def project(self) -> Project:
        """The project that we work in."""
        return self.door.target.project

    @property
    def neighbour(self) -> Project:
        """A second project, whose key sees nothing of the first.

        Raises:
            Unreached: the target has none.
        """
        if self.door.target.neighbour is None:
            reason = self.door.target.missing.get("neighbour", "--neighbour-project")
            raise Unreached(f"needs a second project: {reason}")
        return self.door.target.neighbour

    def name(self, kind: str) -> str:
        """Return a name that nobody has used: letters, digits and dashes, at most 64."""
        return f"{PREFIX}{self.run}-{kind}-{next(self._numbers)}"

    def absent(self) -> str:
        """Return a UUID that nothing has. Profiles let it through: it can name nobody's record."""
        return absent_id(next(self._numbers))

    def shared(self, key: str, make: Callable[[Lab], Made]) -> Made:
        """Return what `make` made in the first lab of this run that asked for `key`.

        Only for parents that no rule changes. The exchanges that made it go into the trace, so
        that a trace is always complete; a second run from scratch makes it anew.
        """
        with self.parents.making(key):
            if key not in self.parents.made:
                start = len(self.trace)
                value = make(self)
                self.parents.made[key] = value, tuple(self.trace[start:])
                self.parents.makers[key] = self
                return value
        value, exchanges = self.parents.made[key]
        self._follow(self.parents.makers[key])
        known = {exchange.number for exchange in self.trace}
        self.trace[:0] = [one for one in exchanges if one.number not in known]
        made: Made = value
        return made

    def caller(self, name: str | Caller) -> Caller:
        """Return a caller by name; one of your own making is returned as it is.

        Raises:
            Unreached: the target has no such credential.
        """
        if isinstance(name, Caller):
            return name
        if name == callers.NONE:
            return Caller()
        found = self.door.target.callers.get(name)
        if found is None:
            reason = self.door.target.missing.get(name, "it was not given")
            raise Unreached(f"needs the credential {name}: {reason}")
        return found

    def call(
        self,
        operation_id: str,
        body: Any = NO_BODY,
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        caller: str | Caller | None = None,
        raw: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Exchange:
        """Call an operation and return what came, whatever it is.

        Args:
            operation_id: whose method and path.
            body: sent as JSON.
            path: values of the path's parameters; the project is filled in.
            query: values of query parameters.
            caller: a credential or its name; None for the one that the operation takes.
            raw: a body that is sent as it is.
            headers: further headers.
        """
        operation = self.contract.operations[operation_id]
        request = Request(
            operation_id,
            operation.method,
            self.path_of(operation, path or {}),
            tuple((query or {}).items()),
            body,
            raw,
            headers or {},
            self.caller(caller or default_caller(operation)),
        )
        return self.send(request)

    def send(self, request: Request) -> Exchange:
        """Send a request that need not be one of the contract's."""
        exchange = self.door.send(request)
        self._note(exchange)
        return exchange

    def _follow(self, maker: Lab) -> None:
        """Let what a maker calls from now on stand in this trace, too: its things are used here."""
        with self.parents.following:  # two at once could come to follow each other
            one: Lab | None = self
            while one is not None:
                if one is maker:
                    return
                one = one._follower
            maker._follower = self

    def _note(self, exchange: Exchange) -> None:
        self.trace.append(exchange)
        if self._follower is not None:
            self._follower._note(exchange)

    def make(self, call: Call, *, caller: str | Caller | None = None) -> Exchange:
        """Send a right call and return what came, whatever it is."""
        return self.call(
            call.operation_id,
            call.body,
            path=call.path,
            query=call.query,
            caller=caller or call.caller,
        )

    def need(self, call: Call, *, caller: str | Caller | None = None) -> Any:
        """Send a right call that a rule stands on; return the body of its answer.

        Raises:
            Unreached: it was not granted. The rule about the call itself tells that.
        """
        exchange = self.make(call, caller=caller)
        if not exchange.answer.is_success:
            raise Unreached(f"{exchange} was needed first")
        return exchange.json

    def path_of(self, operation: Operation, given: Mapping[str, str]) -> str:
        """Return the encoded path of an operation; the project is filled in."""
        values = {PROJECT: self.project.given, **given}
        path = operation.path
        for parameter in operation.parameters:
            if parameter.place == "path":
                value = quote(str(values[parameter.name]), safe="")
                path = path.replace("{" + parameter.name + "}", value)
        return path


def absent_id(number: int) -> str:
    """Return the UUID of nothing with a number: version 4, all but the number and version zero."""
    return str(UUID(f"00000000-0000-4000-8000-{number:012x}"))


def default_caller(operation: Operation) -> str:
    """Return the caller that an operation is for."""
    if operation.is_public:
        return callers.NONE
    return callers.BEARER if operation.schemes == {"Bearer"} else callers.KEY
