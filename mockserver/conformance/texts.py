"""Texts: values that are easily altered on their way, and where the contract says what it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.conformance.flaws import pointer_of
from mockserver.conformance.lab import Lab
from mockserver.contract.contract import Contract
from mockserver.pointers import escape, parts

_REFERENCE = "#/components/schemas/"


def free_text(lab: Lab) -> str:
    """Return a text that must come back as it is: scripts, quotes, markup, escapes."""
    odd = "Ünï-çødé ß İ 漢字 🎉 \"double\" 'single' \\ / <b>&amp;</b> %20 {{braces}} null true 007"
    return f"{lab.name('Text')} {odd}"


def padded(lab: Lab) -> str:
    """Return a text with blanks around it."""
    return f"  {lab.name('Padded')}  "


def said(contract: Contract, operation_id: str) -> str:
    """Return the pointer of the text that says what an operation does."""
    operation = contract.operations[operation_id]
    node = resolve(contract, pointer_of(operation))
    return pointer_of(operation, "description" if node.get("description") else "summary")


def of_status(contract: Contract, operation_id: str, status: int) -> str:
    """Return the pointer of the text of a declared answer; of the operation's without one."""
    operation = contract.operations[operation_id]
    if str(status) in operation.answers:
        return pointer_of(operation, "responses", str(status), "description")
    return said(contract, operation_id)


def of_parameter(contract: Contract, operation_id: str, name: str) -> str:
    """Return the pointer of the text of a parameter; of the operation's when it has none."""
    operation = contract.operations[operation_id]
    parameters = resolve(contract, pointer_of(operation)).get("parameters", [])
    for number, parameter in enumerate(parameters):
        if parameter["name"] == name and parameter.get("description"):
            return pointer_of(operation, "parameters", str(number), "description")
    return said(contract, operation_id)


def of_field(contract: Contract, operation_id: str, *path: str) -> str:
    """Return the pointer of the text of a field of the request; of the operation's without one.

    The nearest text on the way down counts: a field without one is told by what holds it.
    """
    operation = contract.operations[operation_id]
    if not operation.bodies or operation.bodies[0].schema_pointer is None:
        return said(contract, operation_id)
    pointer, text = operation.bodies[0].schema_pointer, ""
    for step in path:
        pointer = f"{_followed(contract, pointer)}/properties/{escape(step)}"
        node = _at(contract.document, pointer)
        if node is None:
            break
        if _followed_node(contract, pointer).get("description"):
            text = f"{_followed(contract, pointer)}/description"
    return text or said(contract, operation_id)


def resolve(contract: Contract, pointer: str) -> Any:
    """Return what a JSON pointer names in the contract.

    Raises:
        KeyError: it names nothing.
    """
    found = _at(contract.document, pointer)
    if found is None:
        raise KeyError(pointer)
    return found


def _at(document: Any, pointer: str) -> Any:
    for name in parts(pointer):
        if isinstance(document, list):
            document = document[int(name)] if int(name) < len(document) else None
        else:
            document = document.get(name) if isinstance(document, Mapping) else None
    return document


def _followed(contract: Contract, pointer: str) -> str:
    node = _at(contract.document, pointer)
    reference = node.get("$ref", "") if isinstance(node, Mapping) else ""
    if not reference:
        return pointer
    return f"/components/schemas/{reference.removeprefix(_REFERENCE)}"


def _followed_node(contract: Contract, pointer: str) -> Mapping[str, Any]:
    node = _at(contract.document, _followed(contract, pointer))
    return node if isinstance(node, Mapping) else {}
