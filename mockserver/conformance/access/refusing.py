"""What refusing a caller has to be: the right status, and nothing done."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import partial

from mockserver.conformance.access.forged import Forged
from mockserver.conformance.attempts import Make, each
from mockserver.conformance.calls import Call
from mockserver.conformance.exchange import NO_BODY
from mockserver.conformance.lab import PROJECT, Lab
from mockserver.conformance.rules import Broken, Strength, Unreached
from mockserver.conformance.shapes.samples import sample
from mockserver.contract.operations import Operation

#: Who is not known, or may not: the contract leaves open which of them it is.
DENIED = frozenset({401, 403})
#: What is somebody else's may also be as if it were not there.
HIDDEN = DENIED | {404}

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
        attempt = partial(self._refuse, lab)
        try:
            self.make.standing(lab)
        except Unreached:
            call = self._of_nothing(lab)
            each(self.callers(lab, call), partial(attempt, call))
            return
        with self.make.refused(lab) as call:
            each(self.callers(lab, call), partial(attempt, call))

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

    def _of_nothing(self, lab: Lab) -> Call:
        """Return a call of something that is not there."""
        operation = self.operation
        own = [p for p in operation.parameters if p.name != PROJECT]
        values = {p.name: lab.absent() for p in own if p.required}
        body = operation.bodies and operation.bodies[0].schema_pointer
        return Call(
            operation.operation_id,
            {p.name: values[p.name] for p in own if p.place == "path"},
            {p.name: values[p.name] for p in own if p.place == "query" and p.required},
            sample(lab.contract.document, body) if body else NO_BODY,
        )
