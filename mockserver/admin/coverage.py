"""How much of the contracts was exercised, as the control plane tells it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.admin.rooms import Rooms
from mockserver.coverage import report
from mockserver.handlers.call import Call, Deferred, Handler
from mockserver.state.sandbox import Sandbox


def coverage_handlers(rooms: Rooms) -> Mapping[str, Handler]:
    """Return the handlers of coverage by operationId."""

    def whose(sandbox: Sandbox, everybody: bool | None) -> list[Sandbox]:
        return list(rooms.worlds) if everybody else [sandbox]

    # The parameter is called `all`, as on reset.
    def get_coverage(_: Call, *, all: bool | None) -> Deferred:
        async def show(sandbox: Sandbox) -> dict[str, Any]:
            counted = whose(sandbox, all)
            tally = rooms.tallies.together(counted)
            return report.build(rooms.counted, tally, [one.name for one in counted])

        return Deferred(show)

    def clear_coverage(_: Call, *, all: bool | None) -> Deferred:
        async def clear(sandbox: Sandbox) -> None:
            for one in whose(sandbox, all):
                rooms.tallies.empty(one)

        return Deferred(clear)

    return {"getCoverage": get_coverage, "clearCoverage": clear_coverage}
