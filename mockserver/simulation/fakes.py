"""Fake values, the same for the same seed. Faker is imported when the first one is asked for."""

from __future__ import annotations

from typing import Any


class Fakes:
    """One stream of fake values."""

    def __init__(self, seed: int, stream: str) -> None:
        """Start the stream `stream` of `seed`."""
        from faker import Faker  # 130 ms that most starts do not need

        self._source = Faker("en_US")
        self._source.seed_instance(f"{seed}/{stream}")

    def fill(self, template: str) -> str:
        """Replace every `{{expression}}` of a text by a value of Faker.

        Raises:
            ValueError: Faker does not know an expression.
        """
        try:
            text: Any = self._source.parse(template)
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError(f"{template!r}: {error}") from None
        return str(text)
