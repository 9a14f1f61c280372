"""What the generated Python client is asked to call, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

P = "my-project"


@dataclass(frozen=True)
class Call:
    """One call. A text that begins with `$` stands for the id that an earlier call kept."""

    operation: str
    answer: str  # the class of the answer, `[Class]` for a list, `str` for text, nothing for none
    path: tuple[str, ...] = ()
    body: Mapping[str, Any] | None = None
    query: Mapping[str, Any] = field(default_factory=dict)
    keep: str = ""  # what the id that the answer shows is kept as
    at: str = ""  # where it is, `results.0.id`; nothing for the id of the answer itself
    bearer: bool = False
