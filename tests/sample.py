"""What a call needs besides its method and path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Sample:
    """One call that succeeds against the default fixture."""

    body: Any = None
    query: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)  # instead of those of my-project
    theirs: Mapping[str, str] = field(default_factory=dict)  # what belongs to another project
    optional: frozenset[str] = frozenset()  # keys of the body that may be left out
    group: str = "group-1"  # whose customers may make the call
