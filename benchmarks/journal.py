"""What noting a request costs: the journal's layer alone, with and without those who note.

    python -m benchmarks.journal

Prints microseconds for each request, the least of many rounds: whoever shares the machine only
adds to them. The journal is full, so that each entry lets go of another one.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Callable, Sequence
from typing import Any

from mockserver.app import Mock, create
from mockserver.http.exchange import Exchange
from mockserver.http.journal import Journal
from mockserver.http.sandboxes import PREFIX, SANDBOX
from mockserver.settings import read_settings

ROUNDS, REQUESTS = 400, 100
HEADERS = [
    (b"host", b"127.0.0.1:4010"),
    (b"x-api-key", b"mock-full-key"),
    (b"user-agent", b"bench/1.0"),
    (b"accept", b"*/*"),
    (b"accept-encoding", b"gzip, deflate"),
    (b"connection", b"keep-alive"),
]
ANSWER = [(b"content-type", b"application/json"), (b"content-length", b"178")]


async def answering(scope: Any, _: Any, send: Any) -> None:
    scope["mockserver"].operation_id = "getProject"
    await send({"type": "http.response.start", "status": 200, "headers": ANSWER})
    await send({"type": "http.response.body", "body": b"x" * 178})


async def nothing(*_: Any) -> Any:
    return None


def scope_of(mock: Mock) -> dict[str, Any]:
    return {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "raw_path": b"/v1/projects/my-project",
        "query_string": b"",
        "headers": list(HEADERS),
        SANDBOX: mock.sandbox,
        PREFIX: "",
    }


async def least(mock: Mock, notes: Sequence[Callable[[Exchange], None]]) -> float:
    layer = Journal(answering, scheduler=mock.scheduler, closed=notes, left_out="/__admin")
    found = float("inf")
    for _ in range(ROUNDS):
        scopes = [scope_of(mock) for _ in range(REQUESTS)]
        began = time.perf_counter()
        for scope in scopes:
            await layer(scope, nothing, nothing)
        found = min(found, (time.perf_counter() - began) / REQUESTS)
    return found * 1e6


async def main() -> None:
    mock = create(read_settings({"journal_entries": 5_000}))
    observed = mock.observed
    every = (*observed.each, mock.tallies.count)
    await least(mock, every)  # the journal is full from here on
    gc.collect()
    gc.freeze()
    bare = await least(mock, ())
    print(f"the layer alone      {bare:5.2f} µs")
    for name, notes in {
        "journal": (observed.journals.add,),
        "metrics": (observed.traffic.count,),
        "coverage": (mock.tallies.count,),
        "all of them": every,
    }.items():
        print(f"+ {name:<18} {await least(mock, notes) - bare:5.2f} µs")


if __name__ == "__main__":
    asyncio.run(main())
