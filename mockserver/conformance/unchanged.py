"""Whether refused calls left everything as it was: what can be read around them, before and after.

Which reads show what a call might have changed is derived from the contract: those of the same
noun whose parameters the call has. Only records that carry the mark of the
lab count: what others do in the same project is theirs.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from mockserver.conformance.calls import Call
from mockserver.conformance.comparison import body_of, differences, entry_of
from mockserver.conformance.lab import PREFIX, PROJECT, Lab
from mockserver.conformance.rules import Broken
from mockserver.contract.contract import Contract
from mockserver.contract.operations import Operation

#: operationId -> key of a record -> the record
Seen = Mapping[str, Mapping[str, Any]]
#: operationId -> reads of another noun that show what it changes.
_MORE: Mapping[str, frozenset[str]] = {
    "createRevision": frozenset({"listIntegrations"}),
    "patchObjectConfigContent": frozenset({"listInstallations"}),
    "addUserToOrg": frozenset({"listOrgBuilders"}),
    "acceptInvite": frozenset({"getMyInfo"}),
}
#: What tells records apart, in order of preference.
_KEYS = ("id", "key", "domain", "name")
_SINGLE = ""


@contextmanager
def unchanged(lab: Lab, call: Call, mark: str = "") -> Iterator[None]:
    """Hold that nothing of ours that `call` might change is changed within the block.

    Args:
        lab: reads.
        call: says where to look.
        mark: of the lab that made what the call names; empty: this one.

    Raises:
        Broken: something was made, changed or deleted.
    """
    reads = list(readers(lab.contract, call))
    marks = {mark or lab.run, lab.run}
    before = _look(lab, reads, marks)
    yield
    _compare(call, before, _look(lab, reads, marks))


def readers(contract: Contract, call: Call) -> Iterator[Call]:
    """Yield the reads that show what a call might change; none for calls that only read.

    A call on one record shows in that record, where the contract has a call that reads one.
    """
    operation = contract.operations[call.operation_id]
    if operation.method == "GET":
        return
    values = {_plain(name): value for name, value in call.path.items()}
    found = [one for one in contract.operations.values() if _shows(one, operation, values)]
    is_on_one = operation.path.partition(":")[0].endswith("}")
    single = [one for one in found if is_on_one and one.path.endswith("}")]
    for other in single or found:
        path = {
            p.name: values[_plain(p.name)]
            for p in other.parameters
            if p.place == "path" and _plain(p.name) in values
        }
        yield Call(other.operation_id, path, caller=call.caller)


def _shows(other: Operation, operation: Operation, values: Mapping[str, str]) -> bool:
    if other.method != "GET" or other.is_public:
        return False
    wanted = [p for p in other.parameters if p.required]
    if any(
        p.place != "path" or not (_plain(p.name) in values or p.name == PROJECT) for p in wanted
    ):
        return False
    if other.operation_id in _MORE.get(operation.operation_id, ()):
        return True
    return _noun(other.path) == _noun(operation.path)


def _noun(path: str) -> str:
    """Return the last word of a path that is no parameter: `topics`."""
    return [part for part in path.split("/") if not part.startswith("{")][-1].partition(":")[0]


def _plain(name: str) -> str:
    return name.removesuffix("OrName")


def _look(lab: Lab, reads: list[Call], marks: Collection[str]) -> Seen:
    return {call.operation_id: dict(_records(lab, call, marks)) for call in reads}


def _records(lab: Lab, call: Call, marks: Collection[str]) -> Iterator[tuple[str, Any]]:
    exchange = lab.make(call)
    if not exchange.answer.is_success:
        return
    if not isinstance(exchange.json, list):
        body = body_of(lab.contract, exchange)
        if isinstance(body, dict):
            yield _SINGLE, body
        return
    for entry in exchange.json:
        if is_marked(entry, marks):
            record = entry_of(lab.contract, call.operation_id, entry)
            yield _key(record), record


def is_marked(record: Any, marks: Collection[str]) -> bool:
    """Tell whether a record carries the mark of a lab."""
    text = json.dumps(record)
    return any(f"{PREFIX}{mark}-" in text for mark in marks)


def _key(record: Any) -> str:
    if isinstance(record, dict):
        for name in _KEYS:
            if isinstance(record.get(name), str):
                return str(record[name])
    return json.dumps(record, sort_keys=True)


def _compare(call: Call, before: Seen, after: Seen) -> None:
    for operation_id, records in before.items():
        now = after[operation_id]
        for key in {**records, **now}:
            told = _told(records.get(key), now.get(key))
            if told:
                where = f"after refused calls of {call.operation_id}, {operation_id}"
                raise Broken(f"{where} {told}")


def _told(before: Any, after: Any) -> str:
    if before is None:
        return "shows a record that was not there before"
    if after is None:
        return "no longer shows a record of ours"
    found = next(differences(before, after), None)
    return f"shows something else: {found}" if found else ""
