"""The `generate:` section: many records of one kind, with fake values under the seed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mockserver.simulation.fakes import Fakes


def generate(
    seed: int, section: str, count: int, fields: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """Yield `count` records of a section.

    Args:
        seed: the seed of the world.
        section: the name of the section, which its own stream of fake values has.
        count: how many.
        fields: values; in texts `{{expression}}` is asked of Faker and `{{number}}` counts from 1.

    Raises:
        ValueError: Faker does not know an expression.
    """
    fakes = Fakes(seed, section)
    for number in range(1, count + 1):
        yield {name: _fill(fakes, value, number) for name, value in fields.items()}


def _fill(fakes: Fakes, value: Any, number: int) -> Any:
    if isinstance(value, str) and "{{" in value:
        return fakes.fill(value.replace("{{number}}", str(number)))
    if isinstance(value, Mapping):
        return {name: _fill(fakes, item, number) for name, item in value.items()}
    if isinstance(value, list):
        return [_fill(fakes, item, number) for item in value]
    return value
