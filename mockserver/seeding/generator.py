"""The `generate:` section: many records of one kind, with fake values under the seed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mockserver.simulation.fakes import Fakes


@dataclass(slots=True)
class Generator:
    """Makes the records of one section; each entry goes on counting where the last one ended."""

    seed: int
    section: str  # each section has a stream of fake values of its own
    made: int = 0
    _fakes: Fakes = field(init=False)

    def __post_init__(self) -> None:
        self._fakes = Fakes(self.seed, self.section)

    def generate(self, count: int, fields: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield `count` records.

        Args:
            count: how many.
            fields: values; in texts `{{expression}}` is asked of Faker, `{{number}}` counts from 1.

        Raises:
            ValueError: Faker does not know an expression.
        """
        for _ in range(count):
            self.made += 1
            yield {name: _fill(self._fakes, value, self.made) for name, value in fields.items()}


def _fill(fakes: Fakes, value: Any, number: int) -> Any:
    if isinstance(value, str) and "{{" in value:
        return fakes.fill(value.replace("{{number}}", str(number)))
    if isinstance(value, Mapping):
        return {name: _fill(fakes, item, number) for name, item in value.items()}
    if isinstance(value, list):
        return [_fill(fakes, item, number) for item in value]
    return value
