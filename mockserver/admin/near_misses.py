"""What requests probably meant, as the control plane tells it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

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
_AT_ONCE = 50  # entries
#: What stands in a path as it is, or is percent-encoded already. Source: RFC 3986, section 3.3.
_LEFT = "/%:@!$&'()*+,;=~"


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
            found: list[dict[str, Any]] = []
            left = limit or _LISTED
            for one in reversed(journal):
                near = [] if one.is_page else self.observed.known.nearest(one)
                found += [{"request": shown(one), **miss} for miss in near]
                left -= bool(near)
                if not left:
                    break
                if near:
                    await asyncio.sleep(0)  # others are served meanwhile
            return {"nearMisses": sorted(found, key=_distance)}

        return Deferred(show)

    def find_operations_near_request(self, _: Call, *, body: Record) -> Deferred:
        path, _question, query = body["url"].partition("?")

        async def show(sandbox: Sandbox) -> dict[str, Any]:
            described = Exchange(sandbox, 0, "", 0)
            described.method = body.get("method", "GET").upper()
            described.path, described.query = quote(path, _LEFT).encode(), query.encode()
            return {"nearMisses": self.observed.known.nearest(described)}

        return Deferred(show)

    def find_requests_near_pattern(self, _: Call, *, body: Record) -> Deferred:
        pattern = read_pattern(body)

        async def show(sandbox: Sandbox) -> dict[str, Any]:
            journal = journal_of(self.observed, sandbox)
            ranked: list[tuple[float, int, Exchange]] = []
            for number, one in enumerate(journal, 1):
                ranked.append((pattern.distance(one), -one.sequence, one))
                if number % _AT_ONCE == 0:
                    await asyncio.sleep(0)  # others are served meanwhile
            found = [
                {
                    "request": shown(one),
                    "matchResult": {"distance": round(distance, 4)},
                    "differences": pattern.differences(one),
                }
                for distance, _, one in sorted(ranked, key=lambda rank: rank[:2])[:MOST]
            ]
            return {"nearMisses": found}

        return Deferred(show)


def _distance(miss: Mapping[str, Any]) -> float:
    distance: float = miss["matchResult"]["distance"]
    return distance
