"""What happens in a sandbox, told as it happens."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from mockserver.handlers.call import Call, Deferred, Handler, Streamed
from mockserver.journal.observed import Observed
from mockserver.state.sandbox import Sandbox

_HEARTBEAT = 15  # seconds


def event_handlers(observed: Observed) -> Mapping[str, Handler]:
    """Return the handler of the feed by operationId."""

    def stream_events(call: Call, *, since: int | None, heartbeat: int | None) -> Deferred:
        resumed = _resumed(call.headers)

        async def listen(sandbox: Sandbox) -> Streamed:
            happenings = observed.happenings
            parts = observed.feed.stream(
                sandbox,
                first=partial(happenings.missed, sandbox, since if resumed is None else resumed),
                heartbeat=heartbeat or _HEARTBEAT,
                look=partial(happenings.look, sandbox),
            )
            return Streamed("text/event-stream", parts)

        return Deferred(listen)

    return {"streamEvents": stream_events}


def _resumed(headers: Mapping[bytes, bytes]) -> int | None:
    """Return where a client that lost its connection goes on.

    Source: HTML Living Standard, 9.2.4 (`Last-Event-ID`); what is no id of ours is left alone.
    """
    text = headers.get(b"last-event-id", b"").decode("latin-1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
