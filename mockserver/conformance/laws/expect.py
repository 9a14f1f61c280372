"""What a law may expect of an answer, with every status that the contract leaves open."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from mockserver.conformance.comparison import Difference, differences
from mockserver.conformance.exchange import Exchange
from mockserver.conformance.expect import INVALID
from mockserver.conformance.family import Family, without_value
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Broken, Strength
from mockserver.conformance.things import Record
from mockserver.contract.known import properties_of

#: Absent or foreign: who may not see a record need not learn that it is there.
HIDDEN = frozenset({403, 404})
#: Foreign credentials, too.
KEPT_OUT = frozenset({401, 403, 404})
#: Values that an answer may leave out.
NOTHING: tuple[Any, ...] = ("", [], {}, None)


def granted(exchange: Exchange, what: str = "a right call") -> Exchange:
    """Hold that a call was granted.

    Raises:
        Broken: it was not.
    """
    if exchange.answer.is_success:
        return exchange
    said = exchange.json.get("detail", "") if isinstance(exchange.json, Mapping) else ""
    raise Broken(f"{what} is refused: {exchange}" + (f" ({said})" if said else ""))


def refused(
    exchange: Exchange,
    statuses: Collection[int],
    what: str,
    *,
    strength: Strength | None = None,
) -> None:
    """Hold that a call was refused, with one of some statuses.

    Raises:
        Broken: it was granted, or refused otherwise.
    """
    if exchange.status in statuses:
        return
    wanted = " or ".join(str(status) for status in sorted(statuses))
    if exchange.answer.is_success:
        raise Broken(f"{what} is granted ({exchange.status}), not {wanted}", strength=strength)
    raise Broken(f"{what} is answered {exchange.status}, not {wanted}", strength=strength)


def absent(lab: Lab, exchange: Exchange, what: str) -> None:
    """Hold that a call on what is not there was refused as such.

    Raises:
        Broken: it was not.
    """
    refused(exchange, absent_statuses(lab, exchange.operation_id), what)


def absent_statuses(lab: Lab, operation_id: str) -> frozenset[int]:
    """Return what an operation may answer for a record that is not there.

    404 or 403; where 404 is not declared by name, also what is declared for bad input.
    """
    declared = lab.contract.operations[operation_id].answers
    if "404" in declared:
        return HIDDEN
    return HIDDEN | {status for status in INVALID if str(status) in declared}


def settled(record: Record, family: Family) -> dict[str, Any]:
    """Return a record without the fields that every write of its noun may move."""
    kept = without_value(record, "updateTime")
    for path in family.moves:
        kept = without_value(kept, path)
    return kept


def unshown(
    document: Mapping[str, Any], schema: Mapping[str, Any], sent: Any, got: Any, pointer: str = ""
) -> Iterator[Difference]:
    """Yield where an answer does not show what was sent.

    Only what the schema of the answer declares is looked at. An object with declared properties
    may have more of them than were sent; a map (no declared properties) must be as it was sent.

    Args:
        document: the bundled contract.
        schema: that of the answer.
        sent: the value in the request.
        got: the value in the answer.
        pointer: where both stand.
    """
    properties = properties_of(document, schema)
    if not isinstance(sent, Mapping) or not isinstance(got, Mapping) or not properties:
        yield from differences(sent, got, pointer)
        return
    for name, value in sent.items():
        if name not in properties:
            continue
        below = f"{pointer}/{name}"
        if name not in got and value in NOTHING:
            continue
        if name not in got:
            yield from differences({name: value}, {}, pointer)
        else:
            yield from unshown(document, properties[name], value, got[name], below)
