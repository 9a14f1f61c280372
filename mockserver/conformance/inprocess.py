"""A transport of httpx that calls an ASGI application in this process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import Future
from typing import Any
from urllib.parse import unquote

import httpx

Message = MutableMapping[str, Any]
Application = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
    Awaitable[None],
]
#: Status, headers and content.
Answered = tuple[int, list[tuple[bytes, bytes]], bytes]


class InProcess(httpx.BaseTransport):
    """Runs the requests of all threads on one event loop, as a server does.

    Source: ASGI 3.0, HTTP. The first thread that asks runs the loop, until the requests of those
    that came meanwhile are answered too: a loop in a thread of its own would make every single
    request wait for it.
    """

    def __init__(self, app: Any) -> None:
        """Take an ASGI application."""
        self._app: Application = app
        self._loop = asyncio.new_event_loop()
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        self._pending = 0  # requests without an answer
        self._is_running = False
        self._idle = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request through the application.

        Raises:
            httpx.RemoteProtocolError: the application answered nothing.
        """
        request.read()
        answer: Future[Answered] = Future()
        with self._lock:
            self._pending += 1
            runs_already, self._is_running = self._is_running, True
            if runs_already:
                self._loop.call_soon_threadsafe(self._start, request, answer)
        if not runs_already:
            with self._turn:  # whoever ran the loop before has to be out of it
                self._loop.run_until_complete(self._serve(request, answer))
        status, headers, content = answer.result()
        return httpx.Response(
            status, headers=headers, stream=httpx.ByteStream(content), request=request
        )

    async def _serve(self, request: httpx.Request, answer: Future[Answered]) -> None:
        """Answer a request, and those that other threads bring meanwhile."""
        await self._answer(request, answer)
        while True:
            with self._lock:
                if self._pending == 0:
                    self._is_running = False
                    return
                self._idle.clear()
            await self._idle.wait()

    def _start(self, request: httpx.Request, answer: Future[Answered]) -> None:
        task = self._loop.create_task(self._answer(request, answer))
        self._tasks.add(task)  # a loop does not hold its tasks
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, request: httpx.Request, answer: Future[Answered]) -> None:
        try:
            answered = await self._call(request, request.content)
        except Exception as error:  # the thread that asked gets it, whatever it is
            answer.set_exception(error)
        else:
            answer.set_result(answered)
        finally:
            with self._lock:
                self._pending -= 1
                if self._pending == 0:
                    self._idle.set()

    async def _call(self, request: httpx.Request, body: bytes) -> Answered:
        start: Message = {}
        chunks: list[bytes] = []
        messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> Message:
            return messages.pop() if messages else {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            elif message["type"] == "http.response.body":
                chunks.append(message.get("body", b""))

        await self._app(_scope(request), receive, send)
        if not start:
            raise httpx.RemoteProtocolError("the application answered nothing", request=request)
        return start["status"], list(start.get("headers", ())), b"".join(chunks)

    def close(self) -> None:
        """End what still runs, such as deliveries that give way to calls, and close the loop."""
        if self._loop.is_closed():
            return
        self._loop.run_until_complete(_end_others())
        self._loop.close()


async def _end_others() -> None:
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


def _scope(request: httpx.Request) -> Message:
    raw_path, _, query = request.url.raw_path.partition(b"?")
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "scheme": request.url.scheme,
        "path": unquote(raw_path.decode("ascii")),
        "raw_path": raw_path,
        "query_string": query,
        "server": (request.url.host, request.url.port),
        "client": ("127.0.0.1", 123),
        "root_path": "",
    }
