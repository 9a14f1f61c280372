"""The `generate:` section: many records of one kind, with fake values under the seed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from mockserver.simulation.fakes import faker

if TYPE_CHECKING:
    from faker import Faker


def generate(seed: int, section: str, count: int, fields: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield `count` records of a section.

    Args:
        seed: the seed of the world.
        section: the name of the section, which its own stream of fake values has.
        count: how many.
        fields: values; in texts `{{expression}}` is asked of Faker and `{{number}}` counts from 1.

    Raises:
        ValueError: Faker does not know an expression.
    """
    source = faker(seed, section)
    for number in range(1, count + 1):
        yield {name: _fill(source, value, number) for name, value in fields.items()}


def _fill(source: Faker, value: Any, number: int) -> Any:
    if isinstance(value, str) and "{{" in value:
        try:
            return source.parse(value.replace("{{number}}", str(number)))
        except (AttributeError, KeyError) as error:
            raise ValueError(f"{value!r}: {error}") from None
    if isinstance(value, Mapping):
        return {name: _fill(source, item, number) for name, item in value.items()}
    if isinstance(value, list):
        return [_fill(source, item, number) for item in value]
    return value
