"""Whether a problem names the place that is wrong.

Assumed: the contract says what `issues` are, not that every problem has them. Where there are
some, one of them, or the detail, has to mention the place.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from mockserver.conformance.exchange import Exchange
from mockserver.conformance.rules import Broken, Strength
from mockserver.conformance.shapes.values import Path, shown

_WHOLE = (None, "", "body", "$", "/")
#: The issue's description in the contract.
ISSUE = "/components/schemas/InputValidationIssue"


def require_named(exchange: Exchange, place: str, path: Path, detail: str) -> None:
    """Hold that the issues of a problem speak of the place that is wrong, or of one around it.

    Args:
        exchange: the wrong request with its answer.
        place: "body", "query" or "path".
        path: of what is wrong there.
        detail: what is wrong, for people.

    Raises:
        Broken: they speak of others only.
    """
    issues = list(_issues(exchange.json))
    names = [part for part in path if isinstance(part, str)]
    if not issues or not names:
        return
    here = [issue for issue in issues if issue.get("in") in {None, place}]
    if not here:
        told = f"{detail}: no issue is in the {place}"
        raise Broken(told, pointer="/issues", cites=ISSUE, strength=Strength.INFERRED)
    # An issue of the whole names nothing: a body that fits none of its forms.
    if all(issue.get("name") in _WHOLE for issue in here):
        return
    said = [list(issue.values()) for issue in here]
    text = json.dumps([*said, exchange.json.get("detail")]).lower()
    if not any(name.lower() in text for name in names):
        told = f"{detail}: no issue names {shown(path)}"
        raise Broken(told, pointer="/issues", cites=ISSUE, strength=Strength.INFERRED)


def _issues(problem: Any) -> Iterator[Mapping[str, Any]]:
    found = problem.get("issues") if isinstance(problem, dict) else None
    for issue in found if isinstance(found, list) else ():
        if isinstance(issue, dict):
            yield issue
