"""Laws of every operation: how it takes the project of its path, and what it does not know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial

from mockserver.conformance import callers, registry
from mockserver.conformance.calls import Call
from mockserver.conformance.expect import INVALID
from mockserver.conformance.lab import Lab
from mockserver.conformance.laws.creating import read_project
from mockserver.conformance.laws.expect import HIDDEN, KEPT_OUT, granted, refused
from mockserver.conformance.naming import PROJECT
from mockserver.conformance.rules import Rule, Strength
from mockserver.conformance.texts import of_parameter, said
from mockserver.contract.contract import Contract
from mockserver.contract.operations import Operation


def rules(contract: Contract, right: Mapping[str, object]) -> Iterator[Rule]:
    """Yield the laws of every operation that has a right call."""
    for operation_id in right:
        operation = contract.operations[operation_id]
        if _has_project(operation):
            yield from _of_project(contract, operation)
        text = said(contract, operation_id)
        run = partial(_unknown_query, operation_id)
        yield Rule(operation_id, "unknown-query-is-ignored", text, run, Strength.INFERRED)


def _has_project(operation: Operation) -> bool:
    return any(p.name == PROJECT and p.place == "path" for p in operation.parameters)


def _of_project(contract: Contract, operation: Operation) -> Iterator[Rule]:
    operation_id = operation.operation_id
    text = of_parameter(contract, operation_id, PROJECT)
    # What changes the project itself is only tried on projects of our own: see `naming`.
    if operation_id != "updateProject":
        yield from _of_spellings(operation_id, text)
    yield Rule(operation_id, "absent-project-is-refused", text, partial(_absent, operation_id))
    if _names_more(operation):
        run = partial(_through_a_foreign_project, operation_id)
        name, needs = "not-through-a-foreign-project", frozenset({"neighbour"})
        yield Rule(operation_id, name, said(contract, operation_id), run, needs=needs)


def _of_spellings(operation_id: str, text: str) -> Iterator[Rule]:
    for field in ("id", "name"):
        run = partial(_takes, operation_id, field)
        yield Rule(operation_id, f"takes-the-project-{field}", text, run)
    run = partial(_takes, operation_id, "NAME")
    yield Rule(operation_id, "takes-the-project-name-in-capitals", text, run, Strength.INFERRED)


def right_call(lab: Lab, operation_id: str) -> Call:
    """Return a right call of an operation, from the table of all nouns."""
    return registry.right_calls()[operation_id](lab)


def _takes(operation_id: str, field: str, lab: Lab) -> None:
    project = read_project(lab)
    spelling = {"id": project["id"], "name": project["name"], "NAME": project["name"].upper()}
    call = right_call(lab, operation_id)
    call = replace(call, path={**call.path, PROJECT: spelling[field]})
    granted(lab.make(call), f"a right call with the {field} of the project")


def _absent(operation_id: str, lab: Lab) -> None:
    call = right_call(lab, operation_id)
    call = replace(call, path={**call.path, PROJECT: lab.absent()})
    # Source: listJWTKeys declares 400 for an invalid project; where only bad input is declared,
    # that may be the answer.
    answers = lab.contract.operations[operation_id].answers
    allowed = HIDDEN | {status for status in INVALID if str(status) in answers}
    refused(lab.make(call), allowed, "a call below a project that is not there")


def _names_more(operation: Operation) -> bool:
    return any(p.place == "path" and p.name != PROJECT for p in operation.parameters)


def _through_a_foreign_project(operation_id: str, lab: Lab) -> None:
    """Hold that what lies below our project is not below another, for those who see that one."""
    call = right_call(lab, operation_id)
    path = {**call.path, PROJECT: lab.neighbour.given}
    call = replace(call, path=path, caller=callers.NEIGHBOUR_KEY)
    # Source: getInstallation and others declare no 404 but 400.
    answers = lab.contract.operations[operation_id].answers
    allowed = KEPT_OUT | {status for status in INVALID if str(status) in answers}
    refused(lab.make(call), allowed, "a call on what is ours, through another project")


def _unknown_query(operation_id: str, lab: Lab) -> None:
    call = right_call(lab, operation_id)
    call = replace(call, query={**call.query, "ct-unknown": "1"})
    granted(lab.make(call), "a right call with an unknown query parameter")
