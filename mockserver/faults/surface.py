"""What rules can be about: the operations of the mocked APIs, and the answers they declare."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.contract.contract import Contract
from mockserver.contract.operations import Answer, Content, Operation
from mockserver.contract.schemas import Violation, read_violations
from mockserver.simulation.patterns import Pattern

#: What stands between a client and any API says these, declared or not.
TRANSPORT_STATUSES = frozenset({429, 502, 503, 504})
#: The two sorts of answers that no contract allows, as the header `X-Mock-Fault` names them.
TRANSPORT = "transport"
INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Place:
    """One operation, where it is served."""

    contract: Contract
    operation: Operation
    template: str  # the path template with the base path in front

    @property
    def success(self) -> int:
        """The status of the operation's success."""
        return int(self.operation.success.status)

    def statuses(self) -> list[str]:
        """Return the statuses that may be asked for, for people; `default` covers every error."""
        return list(self.operation.answers)

    def answer_for(self, status: int) -> Answer | None:
        """Return the declared answer for a status.

        `default` is for errors: no contract means by it that a read may answer 201.
        """
        named = self.operation.answers.get(str(status))
        if named is None and 400 <= status <= 599:
            named = self.operation.answers.get("default")
        return named

    def declares(self, status: int) -> bool:
        """Tell whether the contract has an answer for a status, or is known to lack it."""
        known_gap = (self.operation.operation_id, status) in self.contract.undeclared
        return known_gap or self.answer_for(status) is not None

    def content(self, status: int) -> Content | None:
        """Return how an answer is written: what the contract says, else as its other errors."""
        answer = self.answer_for(status)
        if answer is None:
            return self.operation.problem_content(status)
        return answer.content

    def violation(self, status: int, value: Any) -> Violation | None:
        """Return the first place where a JSON value breaks the schema of an answer, or None."""
        content = self.content(status)
        if content is None or content.schema_pointer is None:
            return None
        validator = self.contract.response_schemas.validator(content.schema_pointer)
        return next(read_violations(validator, value), None)


class Surface:
    """Every operation that a rule can hit."""

    def __init__(self, contracts: Mapping[str, Contract]) -> None:
        """Take the contracts of the mocked APIs by their base paths."""
        self._places = {
            operation_id: Place(contract, operation, f"{base}{operation.path}")
            for base, contract in contracts.items()
            for operation_id, operation in contract.operations.items()
        }

    def __iter__(self) -> Iterator[Place]:
        """Yield every operation."""
        return iter(self._places.values())

    def get(self, operation_id: str) -> Place | None:
        """Return an operation by its id."""
        return self._places.get(operation_id)

    def nearest(self, operation_id: str) -> list[str]:
        """Return the ids that look like one that nothing has."""
        folded = {name.lower(): name for name in self._places}
        near = difflib.get_close_matches(operation_id.lower(), folded, n=3, cutoff=0.5)
        return [folded[name] for name in near]

    def hit_by(self, pattern: Pattern) -> list[Place]:
        """Return the operations that a pattern can hit; rather one too many than one too few."""
        if pattern.operation_id is not None:
            found = self.get(pattern.operation_id)
            return [] if found is None else [found]
        hit = [place for place in self if pattern.may_hit(place.operation.method, place.template)]
        if pattern.path is None:
            return hit
        # One path is one template: the one whose segments are the most literal from the left.
        fitting = [place.template for place in self if pattern.fits_template(place.template)]
        best = min(fitting, key=_literalness, default="")
        return [place for place in hit if place.template == best]


def _literalness(template: str) -> list[int]:
    """Return a key that sorts templates as the router prefers them: literals, verbs, parameters."""
    return [
        0 if not segment.startswith("{") else 2 if segment.endswith("}") else 1
        for segment in template.split("/")
    ]
