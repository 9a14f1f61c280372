"""What requests probably meant, as the control plane tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from mockserver.admin.requests import journal_of
from mockserver.handlers.call import Call, Deferred, Handler
from mockserver.journal.exchange import Exchange
from mockserver.journal.misses import MOST
from mockserver.journal.observed import Observed
from mockserver.journal.patterns import read_pattern
from mockserver.journal.showing import shown
from mockserver.state.sandbox import Sandbox
from mockserver.state.tables import Record

_LISTED = 20


def near_miss_handlers(observed: Observed) -> Mapping[str, Handler]:
    """Return the handlers of near misses by operationId."""
    desk = _Desk(observed)
    return {
        "listNearMisses": desk.list_near_misses,
        "findOperationsNearRequest": desk.find_operations_near_request,
        "findRequestsNearPattern": desk.find_requests_near_pattern,
    }


@dataclass(frozen=True, slots=True)
class _Desk:
    """Answers for the journals of all sandboxes."""

    observed: Observed

    def list_near_misses(self, _: Call, *, limit: int | None) -> Deferred:
        async def show(sandbox: Sandbox) -> dict[str, Any]:
            journal = journal_of(self.observed, sandbox)
            missed = (one for one in reversed(journal) if not one.is_page)
            nearest = ((one, self.observed.known.nearest(one)) for one in missed)
            latest = islice((pair for pair in nearest if pair[1]), limit or _LISTED)
            found = [{"request": shown(one), **miss} for one, near in latest for miss in near]
            return {"nearMisses": sorted(found, key=_distance)}

        return Deferred(show)

    def find_operations_near_request(self, _: Call, *, body: Record) -> Deferred:
        path, _question, query = body["url"].partition("?")

        async def show(sandbox: Sandbox) -> dict[str, Any]:
            described = Exchange(sandbox, 0, "", 0)
            described.method = body.get("method", "GET").upper()
            described.path, described.query = path.encode(), query.encode()
            return {"nearMisses": self.observed.known.nearest(described)}

        return Deferred(show)

    def find_requests_near_pattern(self, _: Call, *, body: Record) -> Deferred:
        pattern = read_pattern(body)

        async def show(sandbox: Sandbox) -> dict[str, Any]:
            journal = journal_of(self.observed, sandbox)
            ranked = sorted(journal, key=lambda one: (pattern.distance(one), -one.sequence))
            found = [
                {
                    "request": shown(one),
                    "matchResult": {"distance": round(pattern.distance(one), 4)},
                    "differences": pattern.differences(one),
                }
                for one in ranked[:MOST]
            ]
            return {"nearMisses": found}

        return Deferred(show)


def _distance(miss: Mapping[str, Any]) -> float:
    distance: float = miss["matchResult"]["distance"]
    return distance
