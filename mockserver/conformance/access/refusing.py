"""What refusing a caller has to be: the right status, and nothing done."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import partial

from mockserver.conformance.access.forged import Forged
from mockserver.conformance.attempts import each
from mockserver.conformance.calls import Call
from mockserver.conformance.exchange import NO_BODY
from mockserver.conformance.lab import PROJECT, Lab
from mockserver.conformance.rules import Broken, Strength, Unreached
from mockserver.conformance.shapes.samples import sample
from mockserver.conformance.unchanged import unchanged
from mockserver.contract.operations import Operation

#: Who is not known, or may not: the contract leaves open which of them it is.
DENIED = frozenset({401, 403})
#: What is somebody else's may also be as if it were not there.
HIDDEN = DENIED | {404}

Make = Callable[[Lab], Call]
Callers = Callable[[Lab, Call], Iterable[Forged]]


@dataclass(frozen=True, slots=True)
class Refusals:
    """A rule's function: some callers are refused, and what they asked for is not done."""

    operation: Operation
    make: Make
    callers: Callers
    statuses: Collection[int] = DENIED

    def __call__(self, lab: Lab) -> None:
        """Ask as each of the callers.

        Raises:
            Broken: one was not refused, or something was done all the same.
        """
        call = self._call(lab)
        with unchanged(lab, call):
            each(self.callers(lab, call), partial(self._refuse, lab, call))

    def _refuse(self, lab: Lab, call: Call, forged: Forged) -> None:
        exchange = lab.make(call, caller=forged.caller)
        status = exchange.status
        if status in self.statuses:
            return
        wanted = " or ".join(str(s) for s in sorted(self.statuses))
        told = f"{forged.detail} is answered {status}, not {wanted}"
        # Refused all the same: which mistake is looked for first nobody promises.
        strength = Strength.INFERRED if 400 <= status < 500 else forged.strength
        raise Broken(told, strength=strength)

    def _call(self, lab: Lab) -> Call:
        """Return a right call; where none can be made, one of something that is not there."""
        try:
            return self.make(lab)
        except Unreached:
            document, operation = lab.contract.document, self.operation
            names = [p.name for p in operation.parameters if p.place == "path"]
            body = operation.bodies and operation.bodies[0].schema_pointer
            return Call(
                operation.operation_id,
                {name: lab.absent() for name in names if name != PROJECT},
                {
                    p.name: lab.absent()
                    for p in operation.parameters
                    if p.required and p.place == "query"
                },
                sample(document, body) if body else NO_BODY,
            )
