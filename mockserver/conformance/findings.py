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
    layer: str = ""  # which found it
    explained_by: str = ""  # the name of another finding that is its cause
    accepted: str = ""  # the reason in the baseline; empty: it counts

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes two findings the same: array positions do not count."""
        return self.operation_id, self.rule, _NUMBER.sub("/*", self.pointer)

    @property
    def name(self) -> str:
        """The key as one line, as baselines and reports write it."""
        return " ".join(part for part in self.key if part)
