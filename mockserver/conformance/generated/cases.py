"""Generated cases: schemathesis reads the contract and makes requests, good and bad, of it.

Only generating is left to it. It never sends anything, so that no request gets around the door.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import hypothesis
import schemathesis
from hypothesis import HealthCheck, Phase
from schemathesis.config import SchemathesisConfig
from schemathesis.errors import InvalidSchema
from schemathesis.generation import GenerationMode
from schemathesis.schemas import APIOperation

from mockserver.contract.contract import Contract

Case = schemathesis.Case[Any]
Operation = APIOperation[Any, Any, Any, Any]
#: Nothing is read from answers, and no method is asked for that an operation does not have.
_CONFIGURATION: Mapping[str, Any] = {
    "phases": {
        "examples": {"extra-data-sources": {"responses": False}},
        "coverage": {
            "unexpected-methods": [],
            "generate-duplicate-query-parameters": False,
            "extra-data-sources": {"responses": False},
        },
        "fuzzing": {"extra-data-sources": {"responses": False}},
    },
}
_MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


class Cases:
    """The cases of one contract. What was built for an operation once is kept."""

    def __init__(self, contract: Contract) -> None:
        """Load the contract as requests are held to it: what clients are forgiven is allowed."""
        configuration = SchemathesisConfig.from_dict(dict(_CONFIGURATION))
        self._schema = schemathesis.openapi.from_dict(contract.requests, config=configuration)
        self._operations = dict(_operations(self._schema))
        self._strategies: dict[tuple[str, GenerationMode], Any] = {}

    @property
    def operations(self) -> tuple[str, ...]:
        """The operationIds that there are cases of."""
        return tuple(self._operations)

    def covering(self, operation_id: str) -> Iterator[Case]:
        """Yield examples of the contract, then one case for each boundary of the schemas."""
        operation = self._operations[operation_id]
        yield from self._examples(operation)
        generation = self._schema.config.generation_for(operation=operation, phase="coverage")
        with _quiet():
            yield from self._schema.iter_coverage_cases(
                operation, generation_modes=list(_MODES), generation_config=generation
            )

    def random(self, operation_id: str, number: int, seed: int) -> Iterator[Case]:
        """Yield random cases: `number` good ones and as many bad ones."""
        for mode in _MODES:
            yield from self._drawn(operation_id, mode, number, seed)

    def _examples(self, operation: Operation) -> Iterator[Case]:
        with _quiet():
            for strategy in operation.get_strategies_from_examples():
                yield from _draw(strategy, 1, 0)

    def _drawn(
        self, operation_id: str, mode: GenerationMode, number: int, seed: int
    ) -> Iterator[Case]:
        key = operation_id, mode
        if key not in self._strategies:
            with _quiet():
                self._strategies[key] = self._strategy(operation_id, mode)
        strategy = self._strategies[key]
        if strategy is not None:
            yield from _draw(strategy, number, seed)

    def _strategy(self, operation_id: str, mode: GenerationMode) -> Any:
        """Return how cases are drawn; None when there are none, as of a GET that takes nothing."""
        try:
            strategy = self._operations[operation_id].as_strategy(generation_mode=mode)
            list(_draw(strategy, 1, 0))
        except (hypothesis.errors.Unsatisfiable, InvalidSchema):
            return None
        return strategy


def operation_id(case: Case) -> str:
    """Return the operationId of a case."""
    return str((case.operation.definition.raw or {}).get("operationId", ""))


def _operations(schema: Any) -> Iterator[tuple[str, Operation]]:
    for result in schema.get_all_operations():
        operation = result.ok()
        yield str((operation.definition.raw or {}).get("operationId", "")), operation


def _draw(strategy: Any, number: int, seed: int) -> list[Case]:
    """Return some cases of a strategy, the same for the same seed."""
    found: list[Case] = []

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=number,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),
    )
    @hypothesis.given(case=strategy)
    def draw(case: Case) -> None:
        found.append(case)

    with _quiet():
        draw()
    return found


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep back the warnings of generators: about how they draw, not about the target."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
