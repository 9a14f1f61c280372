"""The header `sl-violations`: a JSON array by Prism's format, bounded, and JSON at any length."""

from __future__ import annotations

import json
from collections.abc import Sequence

from mockserver.contract.verdicts import Violation

#: Bytes. What Prism allows; several HTTP libraries refuse a longer header line.
LIMIT = 8 * 1024
_LONGEST_MESSAGE = 300  # characters
_MOST_PARTS = 24  # of one location
_LONGEST_PART = 80  # characters
#: Room for the last element, which says how many were left out.
_RESERVE = 160


def header_value(violations: Sequence[Violation], limit: int = LIMIT) -> bytes:
    """Return the value of the header, in ASCII.

    What does not fit is left out as whole elements; the last element then says how many.

    Args:
        violations: at least one.
        limit: the longest value, in bytes; 512 or more.
    """
    texts: list[str] = []
    room = limit - 2
    every = [_text(violation) for violation in violations]
    if sum(map(len, every)) + len(every) <= room:
        return f"[{','.join(every)}]".encode("ascii")
    for text in every:
        if len(text) + 1 > room - _RESERVE:
            break
        texts.append(text)
        room -= len(text) + 1
    texts.append(_left_out(len(every) - len(texts)))
    return f"[{','.join(texts)}]".encode("ascii")


def _text(violation: Violation) -> str:
    element = violation.as_json()
    element["message"] = violation.message[:_LONGEST_MESSAGE]
    element["location"] = [
        part[:_LONGEST_PART] if isinstance(part, str) else part
        for part in violation.location[:_MOST_PARTS]
    ]
    return json.dumps(element, separators=(",", ":"))


def _left_out(number: int) -> str:
    element = {
        "location": [],
        "severity": "Information",
        "code": "truncated",
        "message": f"{number} more were left out; the log has them",
    }
    return json.dumps(element, separators=(",", ":"))
