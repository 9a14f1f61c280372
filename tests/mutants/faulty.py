"""An application around the mock that misbehaves on purpose: one switchable fault at a time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

from mockserver.app import Mock
from mockserver.contract.operations import Operation
from mockserver.state.root import Root

PREFIX = "/v1"
Json = Any


@dataclass
class Call:
    """One request on its way in, and its answer on the way out. Faults change either."""

    operation_id: str
    parameters: dict[str, str]
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    content: bytes
    mock: Mock
    memory: dict[str, Any]  # of the fault, as long as the server runs
    before: Root  # the state when the request came in
    status: int = 0
    answer_headers: dict[str, str] = field(default_factory=dict)
    answer: bytes = b""

    @property
    def body(self) -> Json:
        """The request's body; None when it is no JSON."""
        return _json(self.content)

    @body.setter
    def body(self, value: Json) -> None:
        self.content = json.dumps(value).encode()
        self.headers["content-length"] = str(len(self.content))

    @property
    def result(self) -> Json:
        """The answer's body; None when it is no JSON."""
        return _json(self.answer)

    @result.setter
    def result(self, value: Json) -> None:
        self.answer = json.dumps(value).encode()

    @property
    def granted(self) -> bool:
        """Whether the answer is a 2xx."""
        return 200 <= self.status < 300

    def forget(self) -> None:
        """Undo what the request did to the records; the answer stays, and no id comes twice."""
        now = self.mock.sandbox.root
        self.mock.sandbox.restore(_with_tables(now, self.before.tables))

    def bring_back(self, *tables: str) -> None:
        """Put the records that the request removed from some tables back."""
        now = self.mock.sandbox.root
        tables_now = now.tables
        for name in tables:
            table = tables_now[name]
            for row in self.before.tables[name]:
                identifier = _identity(row)
                if table.get(identifier) is None:
                    table = table.put(identifier, row)
            tables_now = tables_now.set(name, table)
        self.mock.sandbox.restore(_with_tables(now, tables_now))

    def remove(self, table: str, wanted: Callable[[Mapping[str, Any]], bool]) -> None:
        """Remove records that the request has nothing to do with."""
        now = self.mock.sandbox.root
        left = now.tables[table]
        for row in list(left):
            if wanted(row):
                left = left.delete(_identity(row))
        self.mock.sandbox.restore(_with_tables(now, now.tables.set(table, left)))


def _identity(row: Mapping[str, Any]) -> str:
    return str(row.get("id") or row["key"])


def _with_tables(root: Root, tables: Any) -> Root:
    return replace(root, tables=tables)


def _json(content: bytes) -> Json:
    try:
        return json.loads(content)
    except ValueError:
        return None


Step = Callable[[Call], Any]


@dataclass(frozen=True)
class Fault:
    """One way to be wrong. Steps are called for its operations only; empty means for all."""

    name: str
    kind: str  # the class of the kill table
    operations: frozenset[str]
    before: Step | None = None  # changes the request; returns True to answer by itself
    after: Step | None = None  # changes the answer or the state
    profile: str = "own-data"  # the least profile that can meet it
    is_inferred: bool = False  # no text of the contract forbids it: at most a suspect is due

    def concerns(self, operation_id: str) -> bool:
        """Tell whether an operation is changed by this fault."""
        return not self.operations or operation_id in self.operations


class Faulty:
    """The mock with one fault. Everything outside the API passes as it is."""

    def __init__(self, mock: Mock, fault: Fault | None) -> None:
        """Wrap a mock; without a fault it is the mock, behind the same wrapper."""
        self.mock = mock
        self.fault = fault
        self.memory: dict[str, Any] = {}
        # The most literal template first: `{connectionId}` would take `…:oauth-update` too.
        operations = sorted(mock.contract.operations.values(), key=_literal, reverse=True)
        self._routes = [(op.method, _pattern(op.path), op.operation_id) for op in operations]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self.mock.asgi(scope, receive, send)
            return
        raw_path = scope.get("raw_path", scope["path"].encode()).decode("latin-1").partition("?")[0]
        found = self._find(scope["method"], raw_path.removeprefix(PREFIX))
        if self.fault is None or found is None or not self.fault.concerns(found[0]):
            await self.mock.asgi(scope, receive, send)
            return
        call = await self._call(scope, receive, *found)
        if not (self.fault.before and await _done(self.fault.before(call))):
            await self._ask(scope, call)
        if self.fault.after:
            await _done(self.fault.after(call))
        await _answer(call, send)

    def _find(self, method: str, path: str) -> tuple[str, dict[str, str]] | None:
        for wanted, pattern, operation_id in self._routes:
            match = pattern.fullmatch(path) if wanted == method else None
            if match:
                return operation_id, {k: unquote(v) for k, v in match.groupdict().items()}
        return None

    async def _call(
        self, scope: Any, receive: Any, operation_id: str, values: dict[str, str]
    ) -> Call:
        content, more = b"", True
        while more:
            message = await receive()
            content += message.get("body", b"")
            more = message.get("more_body", False)
        raw = scope.get("raw_path", scope["path"].encode()).decode("latin-1").partition("?")[0]
        return Call(
            operation_id=operation_id,
            parameters=values,
            method=scope["method"],
            path=raw,
            query=dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)),
            headers={k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]},
            content=content,
            mock=self.mock,
            memory=self.memory,
            before=self.mock.sandbox.root,
        )

    async def _ask(self, scope: Any, call: Call) -> None:
        inner = {
            **scope,
            "path": unquote(call.path),
            "raw_path": call.path.encode("latin-1"),
            "query_string": urlencode(call.query).encode(),
            "headers": [
                (k.encode("latin-1"), v.encode("latin-1"))
                for k, v in call.headers.items()
                if k != "accept-encoding"
            ],
        }
        waiting = [{"type": "http.request", "body": call.content, "more_body": False}]

        async def receive() -> dict[str, Any]:
            return waiting.pop(0) if waiting else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                call.status = message["status"]
                call.answer_headers = {
                    k.decode("latin-1").lower(): v.decode("latin-1") for k, v in message["headers"]
                }
            else:
                call.answer += message.get("body", b"")

        await self.mock.asgi(inner, receive, send)


def _literal(operation: Operation) -> int:
    return len(re.sub(r"\{\w+\}", "", operation.path))


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", path)
    text = "".join(
        f"(?P<{part}>[^/]+?)" if n % 2 else re.escape(part) for n, part in enumerate(parts)
    )
    return re.compile(text)


async def _done(result: Any) -> bool:
    if hasattr(result, "__await__"):
        result = await result
    return result is True


async def _answer(call: Call, send: Any) -> None:
    headers = {k: v for k, v in call.answer_headers.items() if k != "content-length"}
    if call.status != 204:
        headers["content-length"] = str(len(call.answer))
    pairs = [(k.encode("latin-1"), v.encode("latin-1")) for k, v in headers.items()]
    await send({"type": "http.response.start", "status": call.status, "headers": pairs})
    await send({"type": "http.response.body", "body": call.answer})
