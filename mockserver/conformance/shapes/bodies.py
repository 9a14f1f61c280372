"""Rules about request bodies: what a schema forbids is refused, and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial

from mockserver.conformance.attempts import Make, Makes, each
from mockserver.conformance.calls import Call
from mockserver.conformance.exchange import NO_BODY
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Rule, Strength, Unreached
from mockserver.conformance.shapes import mistakes
from mockserver.conformance.shapes.mistakes import Mistake, Mistakes
from mockserver.conformance.shapes.naming import require_named
from mockserver.conformance.shapes.refusals import require_refusal
from mockserver.conformance.shapes.samples import sample
from mockserver.conformance.texts import of_field
from mockserver.contract.contract import Contract
from mockserver.contract.operations import Content, Operation
from mockserver.pointers import write

#: kind of mistake -> name of the rule.
NAMES: Mapping[str, str] = {
    mistakes.REQUIRED: "missing-property-is-refused",
    mistakes.TYPE: "wrong-type-is-refused",
    mistakes.NULL: "null-is-refused",
    mistakes.ENUM: "unknown-member-is-refused",
    mistakes.LENGTH: "length-is-bounded",
    mistakes.PATTERN: "pattern-holds",
    mistakes.NUMBER: "number-is-bounded",
    mistakes.ITEMS: "item-count-is-bounded",
    mistakes.FORMAT: "format-holds",
}
#: Of these, the values beyond the first are tried only at places that the right call has.
_MANY = frozenset({mistakes.TYPE, mistakes.FORMAT})
#: Of these, places that the right call does not have are tried only near the top.
_SHALLOW = frozenset({mistakes.NULL})


def rules(contract: Contract, right: Makes) -> Iterator[Rule]:
    """Yield a rule for every operation with a body and every kind of mistake it can have."""
    maker = Mistakes(contract)
    for operation in contract.operations.values():
        content = json_body(operation)
        if content is None or operation.operation_id not in right:
            continue
        pointer = str(content.schema_pointer)
        possible = maker.of(pointer, sample(contract.document, pointer))
        first: dict[str, Mistake] = {}
        for mistake in possible:
            first.setdefault(mistake.kind, mistake)
        for kind, mistake in first.items():
            run = partial(_refuses, maker, right[operation.operation_id], kind)
            cites = of_field(contract, operation.operation_id, *_names(mistake))
            yield Rule(operation.operation_id, NAMES[kind], cites, run)


def _names(mistake: Mistake) -> Iterator[str]:
    for part in mistake.path:
        if not isinstance(part, str):
            return
        yield part


def json_body(operation: Operation) -> Content | None:
    """Return the JSON body that an operation takes; None when it takes none."""
    return next((c for c in operation.bodies if c.media_type == "application/json"), None)


def _refuses(maker: Mistakes, make: Make, kind: str, lab: Lab) -> None:
    with make.refused(lab) as call:
        _refuse_all(maker, call, kind, lab)


def _refuse_all(maker: Mistakes, call: Call, kind: str, lab: Lab) -> None:
    content = json_body(lab.contract.operations[call.operation_id])
    if content is None or call.body is NO_BODY:
        raise Unreached("needs a body to make wrong")
    found = maker.of(str(content.schema_pointer), call.body)
    chosen = _chosen(mistake for mistake in found if mistake.kind == kind)
    each(chosen, partial(refuse_one, lab, call))


def _chosen(found: Iterator[Mistake]) -> Iterator[Mistake]:
    seen: set[tuple[str | int, ...]] = set()
    for mistake in found:
        is_again = mistake.kind in _MANY and mistake.path in seen
        is_deep = mistake.kind in _SHALLOW and len(mistake.path) > 1
        if mistake.is_given or not (is_again or is_deep):
            yield mistake
        seen.add(mistake.path)


def refuse_one(lab: Lab, call: Call, mistake: Mistake) -> None:
    """Send a right call with one mistake, and hold that it is refused for it.

    Raises:
        Broken: it is not.
    """
    exchange = lab.make(replace(call, body=mistake.body))
    strength = None if _is_read(call, mistake) else Strength.INFERRED
    require_refusal(
        exchange,
        mistake.detail,
        pointer=write(mistake.path),
        cites=mistake.cites,
        strength=strength,
    )
    if mistake.is_given:
        require_named(exchange, "body", mistake.path, mistake.detail)


def _is_read(call: Call, mistake: Mistake) -> bool:
    """Tell whether the operation has to look at the place: not when no mask names it."""
    mask = call.body.get("updateMask") if isinstance(call.body, dict) else None
    if not isinstance(mask, list) or len(mistake.path) < 2 or mistake.path[0] == "updateMask":
        return True
    below = ".".join(str(part) for part in mistake.path[1:])
    return any(below == path or path.startswith(f"{below}.") for path in mask) or any(
        below.startswith(f"{path}.") for path in mask
    )
