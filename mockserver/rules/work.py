"""A unit of work: what one request, or one fixture, may read, write, ask the time of and name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.rules.resource import Resource
from mockserver.rules.shapes import Mistake, Shapes
from mockserver.settings import Settings
from mockserver.simulation.clock import stamp
from mockserver.simulation.identity import Identity
from mockserver.state.outbox import Direct, Event
from mockserver.state.transactions import Transaction


@dataclass(slots=True)
class Work:
    """Everything a rule needs: the transaction, the moment, the names, the switches."""

    tx: Transaction
    at: int  # the moment of this work, for who makes it; rules ask `moment`
    identity: Identity
    settings: Settings
    resources: Mapping[str, Resource]  # every declared resource by table, for ties between them
    real_time: bool = True  # False when the sandbox clock was frozen or turned
    shapes: Shapes | None = None  # who knows the contract; None where no rule asks
    sandbox: str = "default"  # the name of the world, for addresses that lead back to it
    #: Whether what was read so far is the same until the state changes: nobody asked the time.
    is_lasting: bool = True

    @property
    def moment(self) -> int:
        """Microseconds since 1970-01-01 UTC, by the sandbox's clock."""
        self.is_lasting = False
        return self.at

    def mistakes(self, component: str, value: Any) -> list[Mistake]:
        """Return every place where `value` breaks a component of the contract.

        Raises:
            TypeError: nobody here knows the contract.
        """
        return self._shapes().mistakes(component, value)

    def known(self, component: str, value: Any) -> Any:
        """Return a copy of `value` that keeps only the properties that a component declares.

        Raises:
            TypeError: nobody here knows the contract.
        """
        return self._shapes().known(component, value)

    def _shapes(self) -> Shapes:
        if self.shapes is None:
            raise TypeError("this unit of work cannot check shapes")
        return self.shapes

    def emit(self, event_type: str, project_id: str, data: Mapping[str, Any]) -> None:
        """Let an event be known to whoever routes its type, once this work is kept.

        Args:
            event_type: the wire name, e.g. `installation.created`.
            project_id: where it happened.
            data: the `data` of its notification. Must not be changed afterwards.
        """
        self.tx.send(Event(event_type, project_id, data))

    def send(self, project_id: str, destination: str, body: Mapping[str, Any], kind: str) -> None:
        """Let a message be delivered to one destination, by its name, once this work is kept.

        Args:
            project_id: whose destination it is.
            destination: its name; one that nobody made gets nothing, which is recorded.
            body: the webhook's JSON. Must not be changed afterwards.
            kind: what it is, e.g. `read` or `subscribe`.
        """
        self.tx.send(Direct(project_id, destination, kind, body))

    def schedule(self, kind: str, due: int, payload: Mapping[str, Any]) -> str:
        """Let a job be done at a moment of the sandbox's clock; return its id.

        Args:
            kind: names the function marked `@job(kind)`.
            due: microseconds since 1970-01-01 UTC; now or earlier: as soon as this work is kept.
            payload: JSON types. Must not be changed afterwards.
        """
        return self.tx.schedule(kind, max(due, self.moment), payload).id

    def unschedule(self, job_id: str | None) -> None:
        """Take a job back; an absent one is no error."""
        if job_id is not None:
            self.tx.unschedule(job_id)

    @property
    def now(self) -> str:
        """The moment as RFC 3339."""
        return stamp(self.moment)

    def new_id(self, stream: str) -> str:
        """Return the next UUID of a stream; of a table's stream, the next that no record has."""
        return self._unused(stream, self.identity.uuid)

    def new_key(self, stream: str) -> str:
        """Return the next opaque key of a stream; of a table's, the next that no record has."""
        return self._unused(stream, self.identity.key)

    def new_signing_secret(self, stream: str) -> str:
        """Return the next webhook signing secret of a stream."""
        return self.identity.signing_secret(stream, self.tx.count(stream))

    def _unused(self, stream: str, make: Callable[[str, int], str]) -> str:
        # A fixture may name what an earlier run of the same seed made: those are taken.
        made = make(stream, self.tx.count(stream))
        while stream in self.resources and self.tx.get(stream, made) is not None:
            made = make(stream, self.tx.count(stream))
        return made
