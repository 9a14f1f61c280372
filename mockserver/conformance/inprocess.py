"""A transport of httpx that calls an ASGI application in this process."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future

import httpx


class InProcess(httpx.BaseTransport):
    """Runs the requests of all threads on one event loop, as a server does.

    The first thread that asks runs the loop, until the requests of those that came meanwhile are
    answered too: a loop in a thread of its own would make every single request wait for it.
    """

    def __init__(self, app: object) -> None:
        """Take an ASGI application."""
        self._transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type] # any ASGI application
        self._loop = asyncio.new_event_loop()
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        self._pending = 0  # requests without an answer
        self._is_running = False
        self._idle = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request through the application, and wait for the whole answer."""
        request.read()
        answer: Future[httpx.Response] = Future()
        with self._lock:
            self._pending += 1
            runs_already, self._is_running = self._is_running, True
            if runs_already:
                self._loop.call_soon_threadsafe(self._start, request, answer)
        if not runs_already:
            with self._turn:  # whoever ran the loop before has to be out of it
                self._loop.run_until_complete(self._serve(request, answer))
        return answer.result()

    def close(self) -> None:
        """Close the event loop."""
        self._loop.close()

    async def _serve(self, request: httpx.Request, answer: Future[httpx.Response]) -> None:
        """Answer a request, and those that other threads bring meanwhile."""
        await self._answer(request, answer)
        while True:
            with self._lock:
                if self._pending == 0:
                    self._is_running = False
                    return
                self._idle.clear()
            await self._idle.wait()

    def _start(self, request: httpx.Request, answer: Future[httpx.Response]) -> None:
        task = self._loop.create_task(self._answer(request, answer))
        self._tasks.add(task)  # a loop does not hold its tasks
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, request: httpx.Request, answer: Future[httpx.Response]) -> None:
        try:
            response = await self._handle(request)
        except Exception as error:  # the thread that asked gets it, whatever it is
            answer.set_exception(error)
        else:
            answer.set_result(response)
        finally:
            with self._lock:
                self._pending -= 1
                if self._pending == 0:
                    self._idle.set()

    async def _handle(self, request: httpx.Request) -> httpx.Response:
        body = request.content
        again = httpx.Request(request.method, request.url, headers=request.headers, content=body)
        response = await self._transport.handle_async_request(again)
        # As it was sent: whoever asked undoes a content encoding.
        content = b"".join([part async for part in response.aiter_raw()])
        return httpx.Response(
            response.status_code,
            headers=response.headers.raw,
            stream=httpx.ByteStream(content),
            request=request,
        )
