"""The journal of a sandbox, as the control plane lists, searches and empties it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.handlers.call import Call, Deferred, Handler
from mockserver.journal.exchange import Exchange
from mockserver.journal.journals import Journal
from mockserver.journal.observed import Observed
from mockserver.journal.patterns import Pattern, read_pattern
from mockserver.journal.showing import shown, shown_all
from mockserver.rules.errors import Issue, Kind, Refused, not_found
from mockserver.simulation import clock
from mockserver.state.sandbox import Sandbox
from mockserver.state.tables import Record

_LISTED = 100


def request_handlers(observed: Observed) -> Mapping[str, Handler]:
    """Return the handlers of the journal by operationId."""
    desk = _Desk(observed)
    return {
        "listRequests": desk.list_requests,
        "clearRequests": desk.clear_requests,
        "getRequest": desk.get_request,
        "removeRequest": desk.remove_request,
        "findRequests": desk.find_requests,
        "countRequests": desk.count_requests,
        "removeRequests": desk.remove_requests,
        "listUnmatchedRequests": desk.list_unmatched_requests,
    }


def journal_of(observed: Observed, sandbox: Sandbox) -> Journal:
    """Return the journal of a sandbox.

    Raises:
        Refused: CONFLICT when there is none: an empty answer would look as if nothing was asked.
    """
    if not observed.is_kept:
        remedy = "start the mock without --no-journal"
        raise Refused(Kind.CONFLICT, "the journal is switched off", remedy=remedy)
    return observed.journals.of(sandbox)


@dataclass(frozen=True, slots=True)
class _Desk:
    """Answers for the journals of all sandboxes."""

    observed: Observed

    def list_requests(
        self,
        _: Call,
        *,
        limit: int | None,
        since: str | None,
        operation_id: str | None,
        status: int | None,
        after: str | None,
    ) -> Deferred:
        moment = _moment(since)

        async def show(sandbox: Sandbox) -> dict[str, Any]:
            journal = journal_of(self.observed, sandbox)
            before = self._found(journal, after, "query").sequence if after else None
            found = [
                one
                for one in reversed(journal)
                if (before is None or one.sequence < before)
                and (moment is None or one.moment >= moment)
                and operation_id in {None, one.operation_id}
                and status in {None, one.status}
            ]
            return await _page(journal, found, limit or _LISTED)

        return Deferred(show)

    def clear_requests(self, _: Call) -> Deferred:
        async def clear(sandbox: Sandbox) -> None:
            journal_of(self.observed, sandbox).clear()

        return Deferred(clear)

    def get_request(self, _: Call, *, request_id: str) -> Deferred:
        async def show(sandbox: Sandbox) -> dict[str, Any]:
            found = self._found(journal_of(self.observed, sandbox), request_id)
            nearest = self.observed.known.nearest(found, 1)
            return shown(found) | ({"nearMiss": nearest[0]} if nearest else {})

        return Deferred(show)

    def remove_request(self, _: Call, *, request_id: str) -> Deferred:
        async def remove(sandbox: Sandbox) -> None:
            journal = journal_of(self.observed, sandbox)
            journal.remove([self._found(journal, request_id)])

        return Deferred(remove)

    def find_requests(self, _: Call, *, body: Record) -> Deferred:
        pattern = read_pattern(body)

        async def find(sandbox: Sandbox) -> dict[str, Any]:
            return {"requests": await shown_all(self._like(sandbox, pattern))}

        return Deferred(find)

    def count_requests(self, _: Call, *, body: Record) -> Deferred:
        pattern = read_pattern(body)

        async def count(sandbox: Sandbox) -> dict[str, Any]:
            return {"count": len(self._like(sandbox, pattern))}

        return Deferred(count)

    def remove_requests(self, _: Call, *, body: Record) -> Deferred:
        pattern = read_pattern(body)

        async def remove(sandbox: Sandbox) -> dict[str, Any]:
            found = self._like(sandbox, pattern)
            self.observed.journals.of(sandbox).remove(found)
            return {"serveEvents": await shown_all(found)}

        return Deferred(remove)

    def list_unmatched_requests(self, _: Call, *, limit: int | None) -> Deferred:
        async def show(sandbox: Sandbox) -> dict[str, Any]:
            journal = journal_of(self.observed, sandbox)
            found = [one for one in reversed(journal) if one.is_unmatched]
            return await _page(journal, found, limit or _LISTED)

        return Deferred(show)

    def _like(self, sandbox: Sandbox, pattern: Pattern) -> list[Exchange]:
        journal = journal_of(self.observed, sandbox)
        return [one for one in reversed(journal) if pattern.fits(one)]

    @staticmethod
    def _found(journal: Journal, identifier: str, place: str = "path") -> Exchange:
        found = journal.get(identifier)
        if found is not None:
            return found
        if place == "path":
            raise not_found("request", "requestId", identifier)
        detail = "no entry of the journal has this id"
        issue = Issue("query", "after", detail, identifier)
        raise Refused(Kind.INVALID, f"after: {detail}", remedy="list anew", issues=[issue])


async def _page(journal: Journal, found: list[Exchange], limit: int) -> dict[str, Any]:
    listed = await shown_all(found[:limit])
    answer: dict[str, Any] = {
        "requests": listed,
        "meta": {"total": len(found), "kept": len(journal), "evicted": journal.evicted},
    }
    if len(found) > len(listed):
        answer["next"] = listed[-1]["id"]
    return answer


def _moment(since: str | None) -> int | None:
    if since is None:
        return None
    try:
        return clock.moment(since)
    except (ValueError, OverflowError):
        detail = "is no time that a clock shows"
        remedy = "use UTC, e.g. 2026-01-05T09:00:00Z"
        issue = Issue("query", "since", detail, since, remedy)
        raise Refused(Kind.INVALID, f"since {detail}", remedy=remedy, issues=[issue]) from None
