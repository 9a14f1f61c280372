"""What rules say of answers: one function for each kind of expectation, each raising `Broken`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from mockserver.conformance.callers import Caller
from mockserver.conformance.calls import Call
from mockserver.conformance.comparison import Difference, body_of, differences, shown
from mockserver.conformance.exchange import Exchange
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Broken, Strength, Unreached
from mockserver.pointers import escape

#: Input that is not acceptable. The contract often leaves open which of the two it is.
INVALID = frozenset({400, 422})
#: Something in the path that is not there, or is not the caller's.
ABSENT = frozenset({403, 404, 410})
#: Something that a query or a body names and that is not there, or does not fit.
UNFIT = INVALID | ABSENT
#: What stands in the way is another record.
CONFLICT = frozenset({400, 409, 422})
Record = Mapping[str, Any]


def granted(exchange: Exchange, what: str = "a right request") -> Any:
    """Return the body of an answer that must be a success."""
    if not exchange.answer.is_success:
        raise Broken(f"{what} is refused with {exchange.status}")
    return exchange.json


def done(
    lab: Lab,
    call: Call,
    what: str = "a right request",
    *,
    caller: str | Caller | None = None,
) -> Any:
    """Send a call that must be granted; return its answer without what no contract knows."""
    exchange = lab.make(call, caller=caller)
    granted(exchange, what)
    return body_of(lab.contract, exchange)


def need(lab: Lab, call: Call, *, caller: str | Caller | None = None) -> Any:
    """Send a call that a rule stands on; return its answer without what no contract knows.

    Raises:
        Unreached: it was not granted. The rule about the call itself tells that.
    """
    exchange = lab.make(call, caller=caller)
    if not exchange.answer.is_success:
        raise Unreached(f"{exchange} was needed first")
    return body_of(lab.contract, exchange)


def refused(
    exchange: Exchange,
    what: str,
    statuses: Collection[int] = INVALID,
    *,
    is_declared: bool = False,
) -> None:
    """Hold that a request was refused.

    Args:
        exchange: the request with its answer.
        what: the request, for people: "a topic without a name".
        statuses: the legal answers.
        is_declared: the contract names the status for this mistake; otherwise another 4xx is only
            suspect.
    """
    if exchange.answer.is_success:
        raise Broken(f"{what} is granted with {exchange.status}")
    if exchange.status not in statuses:
        wanted = " or ".join(str(status) for status in sorted(statuses))
        strength = None if is_declared else Strength.INFERRED
        raise Broken(f"{what} is answered {exchange.status}, not {wanted}", strength=strength)


def gone(exchange: Exchange, what: str) -> None:
    """Hold that what was asked for is not there."""
    if exchange.answer.is_success:
        raise Broken(f"{what} is still answered {exchange.status}")
    if exchange.status not in ABSENT:
        raise Broken(f"{what} is answered {exchange.status}, not 404", strength=Strength.INFERRED)


def holds(expected: Any, got: Any, pointer: str = "") -> None:
    """Hold that a value has everything that is expected of it. Further keys do not count."""
    if isinstance(expected, Mapping) and isinstance(got, Mapping):
        for name, value in expected.items():
            below = f"{pointer}/{escape(str(name))}"
            if name not in got:
                raise Broken(f"{below} is missing; expected {shown(value)}", pointer=below)
            holds(value, got[name], below)
        return
    if isinstance(expected, list) and isinstance(got, list) and len(expected) == len(got):
        for number, (left, right) in enumerate(zip(expected, got, strict=True)):
            holds(left, right, f"{pointer}/{number}")
        return
    for difference in differences(expected, got, pointer):
        raise Broken(str(difference), pointer=difference.pointer)


def same(expected: Any, got: Any, what: str, *, strength: Strength | None = None) -> None:
    """Hold that two values are the same, times as instants."""
    for difference in differences(expected, got):
        raise broken_at(difference, what, strength)


def broken_at(difference: Difference, what: str, strength: Strength | None = None) -> Broken:
    """Return the verdict on a difference."""
    return Broken(f"{what}: {difference}", pointer=difference.pointer, strength=strength)


def part(seen: Any, *steps: str) -> Any:
    """Return what stands at a path of an answer; it must be there, also where it is optional."""
    pointer = ""
    for step in steps:
        pointer += f"/{escape(step)}"
        if not isinstance(seen, Mapping) or step not in seen:
            raise Broken(f"{pointer} is missing", pointer=pointer)
        seen = seen[step]
    return seen


def lacks(name: str, got: Record, what: str, *, strength: Strength | None = None) -> None:
    """Hold that an object does not have a key."""
    if name in got:
        raise Broken(f"{what} shows {name}", pointer=f"/{escape(name)}", strength=strength)


def one(rows: Any, identifier: str, what: str, key: str = "id") -> dict[str, Any]:
    """Return the one entry of a list that has an id."""
    found = [row for row in _rows(rows) if row.get(key) == identifier]
    if len(found) != 1:
        times = "not listed" if not found else f"listed {len(found)} times"
        raise Broken(f"{what} is {times}")
    return found[0]


def none(rows: Any, identifier: str, what: str, key: str = "id") -> None:
    """Hold that a list does not show an id."""
    if any(row.get(key) == identifier for row in _rows(rows)):
        raise Broken(f"{what} is listed")


def ours(rows: Any, identifiers: Iterable[str]) -> set[str]:
    """Return which of our ids a list shows; each at most once."""
    wanted = set(identifiers)
    found = [row["id"] for row in _rows(rows) if row.get("id") in wanted]
    if len(found) != len(set(found)):
        raise Broken("a record is listed more than once")
    return set(found)


def _rows(rows: Any) -> list[dict[str, Any]]:
    if not isinstance(rows, list):
        raise Broken("the answer is no list")
    return [row for row in rows if isinstance(row, dict)]


def read(lab: Lab, call: Call) -> Any:
    """Return what a read shows of something that is there."""
    return done(lab, call, "reading what was made")


#: What operations move that the target runs of its own accord. Source: Installation.
_OF_OPERATIONS = frozenset({"healthStatus", "lastOperationStatus"})


def steady(seen: Any) -> Any:
    """Return what a read shows without what moves by itself while operations run."""
    if isinstance(seen, list):
        return [steady(entry) for entry in seen]
    if not isinstance(seen, Mapping) or "config" not in seen:
        return seen
    kept = {name: value for name, value in seen.items() if name not in _OF_OPERATIONS}
    connection = kept.get("connection")
    if isinstance(connection, Mapping):
        kept["connection"] = {k: v for k, v in connection.items() if k != "status"}
    return kept


@contextmanager
def unmoved(lab: Lab, *calls: Call) -> Iterator[None]:
    """Hold that some reads show the same before and after the block."""
    before = [steady(read(lab, call)) for call in calls]
    yield
    for call, seen in zip(calls, before, strict=True):
        same(seen, steady(read(lab, call)), f"{call.operation_id} shows a change")
