"""What a run says: findings, each with its verdict, its contract text and its trace."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from mockserver.conformance.exchange import Exchange

_NUMBER = re.compile(r"/\d+(?=/|$)")


class Verdict(StrEnum):
    """What a rule came to."""

    HELD = "held"
    VIOLATION = "violation"
    SUSPECT = "suspect"
    INCONCLUSIVE = "inconclusive"
    SKIPPED = "skipped by policy"
    NOT_REACHED = "not reached"


@dataclass(frozen=True, slots=True)
class Finding:
    """One result: of a rule, or of a check of a single answer."""

    verdict: Verdict
    operation_id: str
    rule: str  # the rule's name, or the check's
    detail: str = ""  # for people
    pointer: str = ""  # JSON pointer into the body it speaks of
    contract: str = ""  # JSON pointer into the bundled contract
    trace: tuple[Exchange, ...] = ()
    reproduced: bool | None = None  # by a second run from scratch; None: not tried again

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes two findings the same: array positions do not count."""
        return self.operation_id, self.rule, _NUMBER.sub("/*", self.pointer)
