"""One sandbox of a mock, as tests see it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

from mockserver.testing.clock import Clock
from mockserver.testing.control import Control
from mockserver.testing.deliveries import Deliveries
from mockserver.testing.exchanges import Asked, CallRefused
from mockserver.testing.faults import Fault, describe
from mockserver.testing.journal import Requests
from mockserver.testing.servers import Credentials, Server, sandbox_prefix
from mockserver.testing.states import Difference

if TYPE_CHECKING:
    import httpx

_KEY = b"x-api-key"
_BEARER = b"authorization"


class Twin:
    """A sandbox: its state, clock, inbox, journal and faults are nobody else's."""

    def __init__(self, server: Server, name: str) -> None:
        """Stand for the sandbox `name` of a server, which is there."""
        self._server = server
        self._prefix = sandbox_prefix(name)
        self._snapshots = 0
        self._client: httpx.Client | None = None
        self.name = name
        #: Every route of the control plane, for what has no method here.
        self.control = Control(server, self._prefix)
        self.clock = Clock(self.control)
        self.deliveries = Deliveries(self.control)
        self.requests = Requests(self.control)

    def __repr__(self) -> str:
        return f"<mock {self.name}>"

    @property
    def url(self) -> str:
        """Where code under test finds this sandbox, without `/v1`. Asking opens the port."""
        return self._server.origin + self._prefix

    @property
    def api_key(self) -> str:
        """A key of the first project, with all scopes."""
        return self._credentials.api_key

    @property
    def bearer(self) -> str:
        """The token of the first builder."""
        return self._credentials.bearer

    @property
    def project(self) -> str:
        """The name of the project that `api_key` belongs to."""
        return self._credentials.project

    @property
    def client(self) -> httpx.Client:
        """A client of httpx that calls `/v1` with `api_key`; in process, it needs no port."""
        if self._client is None:
            import httpx  # a tenth of a second that not every test needs

            self._client = httpx.Client(
                transport=self._server.transport(),
                base_url=f"http://{self._server.authority}{self._prefix}/v1",
                headers={"X-Api-Key": self.api_key},
                trust_env=False,
                timeout=60,
            )
        return self._client

    def call(
        self,
        operation_id: str,
        /,
        *,
        api_key: str | None = None,
        bearer: str | None = None,
        **given: Any,
    ) -> Any:
        """Call an operation; return its JSON, its text, or None.

        The credential is the one that the operation takes, of the first project or builder.

        Args:
            operation_id: as in the contract, e.g. `createTopic`.
            api_key: another key to call with.
            bearer: a token to call with.
            given: parameters as in the contract, or in snake case; `body` is sent as JSON.
                `projectIdOrName` is this project where it is not given.

        Raises:
            CallRefused: the mock refused, and why.
            TypeError: there is no such operation or parameter, or one is missing.
        """
        __tracebackhide__ = True  # pytest shows the line of the test
        composed = self._server.operations.compose(operation_id, given, lambda: self.project)
        headers = []
        if bearer is None and api_key is None:
            if "Bearer" in composed.schemes and len(composed.schemes) == 1:
                bearer = self.bearer
            elif composed.schemes:
                api_key = self.api_key
        if api_key is not None:
            headers.append((_KEY, api_key.encode()))
        if bearer is not None:
            headers.append((_BEARER, b"Bearer " + bearer.encode()))
        if composed.body:
            headers.append((b"content-type", b"application/json"))
        answered = self._server.send(
            Asked(
                composed.method,
                self._prefix + composed.path,
                composed.query,
                headers,
                composed.body,
            )
        )
        if answered.status >= 400:
            raise CallRefused(operation_id, answered)
        return answered.content

    def seed(self, parts: Mapping[str, Any] | None = None, /, **sections: Any) -> list[Any]:
        """Add records as a fixture file has them, e.g. `seed(topics=[{...}])`; all or none.

        Returns:
            table and id of each that was added.

        Raises:
            CallRefused: one of them breaks a rule; says which, and why.
        """
        made: list[Any] = self.control.post("/state/records", {**(parts or {}), **sections})[
            "created"
        ]
        return made

    def diff(self, since: str = "baseline", until: str = "current") -> Difference:
        """Tell what changed since the start of the sandbox, or between two snapshots."""
        return Difference(self.control.get("/state/diff", **{"from": since, "to": until}))

    def snapshot(self, name: str | None = None) -> str:
        """Keep the present state; return the name to restore it by."""
        if name is None:
            self._snapshots += 1
            name = f"snapshot-{self._snapshots}"
        self.control.post("/snapshots", {"name": name})
        return name

    def restore(self, name: str) -> None:
        """Go back to a snapshot: records, clock, and what falls due."""
        self.control.post(f"/snapshots/{name}/restore")

    def reset(self) -> None:
        """Go back to the start of the sandbox; journal, inbox and faults are emptied."""
        self.control.post("/reset")

    def fault(self, operation_id: str, **what: Any) -> Fault:
        """Make an operation misbehave; the fault is over when it is removed, or its block ends.

        Args:
            operation_id: as in the contract.
            what: `status`, a declared one; `body`, in place of a made-up one; `times`, after which
                it is over; `delay` in seconds; `fault`, one of WireMock's socket faults; `request`,
                a request pattern that must fit as well.

        Raises:
            CallRefused: the contract does not allow such an answer; says where it breaks it.
        """
        mapping = self.control.post("/mappings", describe(operation_id, **what))
        return Fault(self.control, mapping["id"])

    @contextmanager
    def fork(self, name: str) -> Iterator[Twin]:
        """Make a copy of this sandbox as it is now, for a block."""
        body = {"name": name, "from": {"sandbox": self.name}}
        self.control.post("/sandboxes", body)
        twin = Twin(self._server, name)
        try:
            yield twin
        finally:
            twin.close()
            self._server.drop(name)

    def close(self) -> None:
        """Close the client; the sandbox stays."""
        if self._client is not None:
            self._client.close()
            self._client = None

    @cached_property
    def _credentials(self) -> Credentials:
        return self._server.credentials(self.name)
