"""Bodies that the contract allows: its own examples, else values made from its schemas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.faults.replies import Reply
from mockserver.faults.surface import Place
from mockserver.pointers import resolve, write
from mockserver.simulation.matchers import PatternError
from mockserver.simulation.samples import Sampler


def examples(place: Place, status: int) -> dict[str, Any]:
    """Return the declared examples of an answer by name; one without a name has the name ""."""
    content = place.content(status)
    if content is None or content.schema_pointer is None:
        return {}
    node = resolve(place.contract.document, content.schema_pointer.removesuffix("/schema"))
    named = {name: one["value"] for name, one in node.get("examples", {}).items() if "value" in one}
    return {"": node["example"], **named} if "example" in node else named


def is_problem(place: Place, status: int) -> bool:
    """Tell whether an answer says what was wrong with a request: as a problem or in words."""
    content = place.content(status)
    if content is None:
        return status >= 400 and place.answer_for(status) is None
    if content.media_type == "text/plain":
        return status >= 400
    return (content.component or "").endswith("Problem")


def check_example(place: Place, status: int, wanted: str) -> Any:
    """Return a declared example by its name.

    Raises:
        PatternError: there is none of that name; says which there are.
    """
    found = examples(place, status)
    if wanted in found and wanted:
        return found[wanted]
    known = ", ".join(filter(None, found))
    where = f"{place.operation.operation_id} {status}"
    detail = f"{where} has no example {wanted[:80]!r}"
    remedy = f"use one of {known}" if known else "leave it out: no example has a name here"
    raise PatternError("/example", detail, remedy)


def make(place: Place, status: int, reply: Reply, *, seed: int) -> Any:
    """Return the body of an answer: the example that is asked for, else the first, else made up.

    Nobody asked for the first one: where it breaks its schema, a rule gets a body that is made up.

    Raises:
        PatternError: there is no such example, or the contract's example breaks its own schema.
    """
    found = examples(place, status)
    if reply.example is not None:
        value = check_example(place, status, reply.example)
    elif found and not reply.dynamic:
        value = next(iter(found.values()))
    else:
        value = _sample(place, status, reply, seed)
    violation = place.violation(status, value)
    if violation is not None and reply.example is None and not reply.is_strict:
        value = _sample(place, status, reply, seed)
        violation = place.violation(status, value)
    if violation is None:
        return value
    path = write(violation.path)
    where = f"{place.operation.operation_id} {status}"
    detail = f"the example of {where} breaks its schema at {path or '/'}: {violation.message[:200]}"
    raise PatternError("/example", detail, "ask for dynamic=true, or for another example")


def _sample(place: Place, status: int, reply: Reply, seed: int) -> Any:
    content = place.content(status)
    if content is None or content.schema_pointer is None:
        return {}
    document = place.contract.response_schemas.document
    schema: Mapping[str, Any] = resolve(document, content.schema_pointer)
    stream = f"samples/{place.operation.operation_id}/{status}/{reply.seed}"
    return Sampler(document, seed=seed, stream=stream, dynamic=reply.dynamic).value(schema)
