"""What lists of operations promise: pages, single operations, their logs, whose they are."""

from __future__ import annotations

from typing import Any

from mockserver.conformance import expect
from mockserver.conformance.calls import Call
from mockserver.conformance.comparison import instant
from mockserver.conformance.families import citing, connections
from mockserver.conformance.families.connections import customer
from mockserver.conformance.families.installations import Record, Site
from mockserver.conformance.families.operations import backfilled, listed
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Broken, Rule, Strength, Unreached

_PAGE_SIZE = citing.parameter(citing.OPERATIONS, 3)
_TOKEN = citing.parameter(citing.OPERATIONS, 4)
_DONE = citing.described("PaginationInfo", "done")
_NEXT = citing.described("PaginationInfo", "nextPageToken")
_STATUS = citing.described("Operation", "status")
_ID = citing.described("Operation", "id")
_WHOLE = f"{citing.OPERATION}/description"
STATUSES = ("success", "failure", "in_progress")
ACTIONS = ("read", "write", "subscribe")
#: What an operation never changes.
FIXED = ("id", "projectId", "integrationId", "installationId", "configId", "actionType")
_MOST_PAGES = 50


def _page(lab: Lab, where: Site, made: Record, **query: str) -> tuple[list[Any], str | None]:
    """Return the operations of a page, and the token of the next one."""
    body = expect.done(lab, listed(where, made, **query), "a page of operations")
    pagination = body["pagination"]
    token = pagination.get("nextPageToken")
    if pagination["done"] and token is not None:
        raise Broken("done is true and there is a nextPageToken", pointer="/pagination")
    if not pagination["done"] and not token:
        raise Broken("done is false and there is no nextPageToken", pointer="/pagination")
    size = int(query.get("pageSize", "200"))
    if len(body["results"]) > size:
        raise Broken(f"a page of {size} has {len(body['results'])}", pointer="/results")
    return body["results"], token


def _walk(lab: Lab, where: Site, made: Record, size: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    query = {"pageSize": str(size)}
    for _ in range(_MOST_PAGES):
        results, token = _page(lab, where, made, **query)
        found += results
        if token is None:
            return found
        query["pageToken"] = token
    raise Broken(f"pages of {size} do not end")


def reached(lab: Lab) -> tuple[Site, dict[str, Any], list[dict[str, Any]]]:
    """Make an installation with operations; return where, it and them.

    Raises:
        Unreached: the target has made none yet.
    """
    where, made = backfilled(lab)
    found = _walk(lab, where, made, 200)
    if not found:
        raise Unreached("needs an operation; the target has started no backfill")
    return where, made, found


def _pages_hold_all(lab: Lab) -> None:
    where, made, found = reached(lab)
    wanted = sorted(one["id"] for one in found)
    if len(set(wanted)) != len(wanted):
        raise Broken("an operation is listed more than once", pointer="/results")
    for size in (1, 2, 3, len(found), len(found) + 1, 1000):
        ids = [one["id"] for one in _walk(lab, where, made, size)]
        if sorted(ids) != wanted:
            twice = len(ids) - len(set(ids))
            less = len(set(wanted) - set(ids))
            raise Broken(f"pages of {size}: {twice} listed again, {less} missing")
    everything, _ = _page(lab, where, made)
    if sorted(one["id"] for one in everything) != wanted:
        raise Broken("without a page size not all are listed", pointer="/results")


def _pages_are_full(lab: Lab) -> None:
    where, made, found = reached(lab)
    if len(found) < 2:
        raise Unreached("needs two operations")
    results, token = _page(lab, where, made, pageSize="1")
    if len(results) != 1 or token is None:
        raise Broken(
            f"the first page of 1 of {len(found)} has {len(results)}",
            pointer="/results",
            strength=Strength.INFERRED,
        )
    first, _ = _page(lab, where, made, pageSize="1", pageToken=token)
    again, _ = _page(lab, where, made, pageSize="1", pageToken=token)
    expect.same([one["id"] for one in first], [one["id"] for one in again], "the same page again")


def _refuses_page_sizes(lab: Lab) -> None:
    where, made = backfilled(lab)
    for size in ("0", "-1", "1001", "100000", "abc", "1.5"):
        answer = lab.make(listed(where, made, pageSize=size))
        expect.refused(answer, f"pageSize={size}")


def _takes_page_sizes(lab: Lab) -> None:
    where, made = backfilled(lab)
    for size in ("1", "1000"):
        _page(lab, where, made, pageSize=size)


def _refuses_foreign_tokens(lab: Lab) -> None:
    where, made, found = reached(lab)
    if len(found) < 2:
        raise Unreached("needs two operations")
    who = customer(lab)
    other = Site(where.crm, where.integration, who, connections.at(lab, where.crm.provider, who))
    second = expect.need(lab, other.create(made["config"]["content"]))
    _, token = _page(lab, where, made, pageSize="1")
    for what, one in (("of another installation", token), ("of nothing", "ct-no-token")):
        answer = lab.make(listed(other, second, pageToken=str(one)))
        expect.refused(answer, f"a page token {what}")


def _belong_to_it(lab: Lab) -> None:
    where, made, found = reached(lab)
    owner = {
        "installationId": made["id"],
        "integrationId": where.integration["id"],
        "projectId": made["projectId"],
        "configId": made["config"]["id"],
    }
    for one in found:
        expect.holds(owner, one)
        for name, known in (("status", STATUSES), ("actionType", ACTIONS)):
            if one[name] not in known:
                raise Broken(f"{name} is {one[name]!r}", pointer=f"/results/{name}")
    who = customer(lab)
    other = Site(where.crm, where.integration, who, connections.at(lab, where.crm.provider, who))
    second = expect.need(lab, other.create())
    ids = {one["id"] for one in found}
    theirs = {one["id"] for one in _walk(lab, other, second, 200)}
    if ids & theirs:
        raise Broken("another installation lists the same operations", pointer="/results")


def _single_equals_entry(lab: Lab) -> None:
    _, _, found = reached(lab)
    for one in found[:3]:
        shown = expect.read(lab, Call("getOperation", {"operationId": one["id"]}))
        expect.holds({name: one[name] for name in FIXED}, shown)
        expect.same(_facts(one), _facts(shown), "an operation when it is read")


def _facts(seen: Record) -> dict[str, Any]:
    """Return what an operation tells and does not change while it runs."""
    metadata = seen.get("metadata", {})
    progress = metadata.get("progress", {})
    fixed = ("installationId", "objectName", "operationId", "recordsEstimatedTotal")
    return {
        "createTime": seen.get("createTime"),
        "objects": metadata.get("objects"),
        **{name: progress.get(name) for name in fixed},
    }


def _absent_is_refused(lab: Lab) -> None:
    for name in ("getOperation", "listOperationLogs"):
        answer = lab.make(Call(name, {"operationId": lab.absent()}))
        expect.refused(answer, f"{name} of nothing", expect.UNFIT)


def _logs(lab: Lab) -> None:
    _, _, found = reached(lab)
    for one in found[:3]:
        lines = expect.read(lab, Call("listOperationLogs", {"operationId": one["id"]}))
        for line in lines:
            owner = line["message"].get("operation_id", one["id"])
            if owner != one["id"]:
                raise Broken("a log line is of another operation", pointer="/message/operation_id")
            if instant(line["timestamp"]) is None:
                raise Broken(
                    f"timestamp is {line['timestamp']!r}",
                    pointer="/timestamp",
                    strength=Strength.INFERRED,
                )


def _last_status(lab: Lab) -> None:
    where, made, _ = reached(lab)
    before = _statuses(lab, where, made)
    seen = expect.read(lab, where.get(made)).get("lastOperationStatus")
    after = _statuses(lab, where, made)
    if seen not in before | after:
        wanted = " or ".join(sorted(before | after))
        raise Broken(
            f"lastOperationStatus is {seen!r}, that of the latest operation {wanted}",
            pointer="/lastOperationStatus",
        )


def _statuses(lab: Lab, where: Site, made: Record) -> set[str]:
    """Return the statuses of the latest operation; of all that began with it."""
    found = _walk(lab, where, made, 200)
    times = {one["id"]: instant(one.get("createTime")) for one in found}
    latest = [
        one
        for one in found
        if not any((t := times[one["id"]]) and u and t.before(u) for u in times.values())
    ]
    return {one["status"] for one in latest}


RULES: tuple[Rule, ...] = (
    Rule("listOperations", "pages-hold-all", _TOKEN, _pages_hold_all),
    Rule("listOperations", "pages-are-full", _PAGE_SIZE, _pages_are_full),
    Rule("listOperations", "page-sizes-out-of-bounds-are-refused", _PAGE_SIZE, _refuses_page_sizes),
    Rule("listOperations", "page-sizes-at-the-bounds-are-taken", _PAGE_SIZE, _takes_page_sizes),
    Rule(
        "listOperations",
        "foreign-tokens-are-refused",
        _NEXT,
        _refuses_foreign_tokens,
        Strength.INFERRED,
    ),
    Rule(
        "listOperations",
        "are-of-the-installation",
        citing.described("Operation", "installationId"),
        _belong_to_it,
    ),
    Rule("getOperation", "equals-the-entry", _WHOLE, _single_equals_entry),
    Rule("getOperation", "absent-is-refused", _ID, _absent_is_refused),
    Rule(
        "listOperationLogs",
        "are-of-the-operation",
        citing.described("Log", "message"),
        _logs,
    ),
    Rule(
        "getInstallation",
        "last-status-is-of-the-latest",
        citing.described("Installation", "lastOperationStatus"),
        _last_status,
    ),
)
