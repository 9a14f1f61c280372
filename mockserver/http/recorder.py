"""Records every exchange to a folder, for a judge that shares no code with the mock.

One process writes two files: `NAME.jsonl`, one exchange a line as its answer ends, and
`NAME.count`, one byte a request as it arrives. A judge that finds fewer lines than bytes knows
that it has not seen everything. Secrets are recorded as they were sent.
"""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import Any

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockserver.http.exchange import BROKEN


class Recording:
    """The two files of one application."""

    def __init__(self, folder: Path, name: str) -> None:
        """Open the files below `folder`, which is made if needed."""
        folder.mkdir(parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        self._lines = os.open(folder / f"{name}.jsonl", flags, 0o600)
        self._count = os.open(folder / f"{name}.count", flags, 0o600)

    def arrived(self) -> None:
        """Count a request."""
        os.write(self._count, b".")

    def finished(self, exchange: dict[str, Any]) -> None:
        """Write an exchange."""
        os.write(self._lines, orjson.dumps(exchange) + b"\n")


class Recorder:
    """The outermost layer: what it sees is what went over the wire."""

    def __init__(self, app: ASGIApp, *, recording: Recording) -> None:
        """Wrap `app`."""
        self.app = app
        self.recording = recording

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        sent: list[bytes] = []
        answer: dict[str, Any] = {"status": None, "headers": []}
        body: list[bytes] = []

        async def listening() -> Message:
            message = await receive()
            if message["type"] == "http.request":
                sent.append(message.get("body", b""))
            return message

        async def watching(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer.update(status=message["status"], headers=list(message["headers"]))
            elif message["type"] == BROKEN:
                answer.update(headers=list(message["headers"]), fault=message["fault"])
                self.recording.finished(_exchange(scope, sent, answer, body))
            else:
                body.append(message.get("body", b""))
                if not message.get("more_body", False):
                    self.recording.finished(_exchange(scope, sent, answer, body))
            await send(message)

        await self.app(scope, listening, watching)


def _exchange(
    scope: Scope, sent: list[bytes], answer: dict[str, Any], body: list[bytes]
) -> dict[str, Any]:
    broken = {"fault": answer["fault"]} if "fault" in answer else {}
    return {
        "method": scope["method"],
        "path": scope["raw_path"].decode("latin-1"),
        "query": scope["query_string"].decode("latin-1"),
        "requestHeaders": _headers(scope["headers"]),
        "requestBody": base64.b64encode(b"".join(sent)).decode(),
        "status": answer["status"],
        "responseHeaders": _headers(answer["headers"]),
        "responseBody": base64.b64encode(b"".join(body)).decode(),
        **broken,
    }


def _headers(headers: list[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
