"""Fake values, the same for the same seed. Faker is imported when the first one is asked for."""

from __future__ import annotations

import re
from typing import Any

_EXPRESSION = re.compile(r"\{\{\s*(\w+)\s*\}\}")


class Fakes:
    """One stream of fake values."""

    def __init__(self, seed: int, stream: str) -> None:
        """Start the stream `stream` of `seed`."""
        from faker import Faker  # 130 ms that most starts do not need

        self._source = Faker("en_US")
        self._seed = seed
        self.begin(stream)

    def begin(self, stream: str) -> None:
        """Go to the start of another stream of the same seed."""
        self._source.seed_instance(f"{self._seed}/{stream}")

    def fill(self, template: str) -> str:
        """Replace every `{{expression}}` of a text by a value of Faker.

        Raises:
            ValueError: Faker does not know an expression.
        """
        if "{{" in _EXPRESSION.sub("", template):
            raise ValueError(f"{template!r}: an expression is one word, like {{{{company}}}}")
        return _EXPRESSION.sub(lambda match: self._value(match[1]), template)

    def _value(self, name: str) -> str:
        from faker.exceptions import BaseFakerException
        from faker.providers import date_time

        # Faker itself would take every attribute, its own re-seeding included.
        provider = next((p for p in self._source.get_providers() if hasattr(p, name)), None)
        formatter: Any = getattr(provider, name, None)
        if name.startswith("_") or not callable(formatter):
            raise ValueError(f"{{{{{name}}}}}: Faker has no such value")
        if isinstance(provider, date_time.Provider):
            raise ValueError(f"{{{{{name}}}}}: depends on the machine's clock; write a time")
        try:
            return str(formatter())
        except (TypeError, BaseFakerException):
            raise ValueError(f"{{{{{name}}}}}: Faker cannot make one from its name alone") from None
