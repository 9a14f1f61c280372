"""The end of the server, and the session of the browser that looks at it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.events.ending import Ending
from mockserver.handlers.call import Call, Handler
from mockserver.rules.errors import Kind, Refused
from mockserver.state.worlds import Worlds


def lifecycle_handlers(ending: Ending, worlds: Worlds) -> Mapping[str, Handler]:
    """Return the handlers by operationId."""

    def shutdown(_: Call) -> dict[str, Any]:
        if ending.stop is None:
            raise Refused(
                Kind.CONFLICT,
                "this mock runs inside another program, which ends it",
                remedy="end that program, or leave the block that runs the mock",
            )
        ending.stop()
        return {"seconds": ending.seconds, "deliveries": ending.pending(worlds)}

    def begin_session(_: Call) -> None:
        """Do nothing: the guard in front, which checked the token, sets the cookie."""

    return {"shutdown": shutdown, "beginSession": begin_session}
