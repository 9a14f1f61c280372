"""The heat map as one page: operations by their answers, parameters and media types.

Self-contained: it loads nothing, so it can be kept as a build's artifact or sent around.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2

from mockserver.coverage.report import DEFAULT, MEASURES

_CALLED: Mapping[str, str] = {
    "operations": "operations",
    "answers": "declared answers",
    "parameters": "query parameters",
    "mediaTypes": "media types",
    "all": "all of these",
}
#: How many requests a cell needs for each shade, from the lightest on.
_SHADES = (1, 3, 10, 100)


def html(report: Mapping[str, Any], title: str) -> str:
    """Return the page of a report."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    return environment.get_template("coverage.html").render(
        title=title,
        report=report,
        measures=[(_CALLED[name], report["summary"][name]) for name in MEASURES],
        statuses=_statuses(report["operations"]),
        groups=_groups(report["operations"]),
        shade=_shade,
    )


def _statuses(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return every declared status, `default` last."""
    declared = {answer["status"] for row in rows for answer in row["answers"]}
    return sorted(declared, key=lambda status: (status == DEFAULT, status))


def _groups(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Return the operations by the contract's tag, in its order; their answers by status."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        cells = {answer["status"]: answer for answer in row["answers"]}
        groups.setdefault(row["tag"] or "other", []).append({**row, "cells": cells})
    return groups


def _shade(requests: int) -> int:
    """Return how dark a cell is: 0 not reached, up to 4."""
    return sum(requests >= least for least in _SHADES)
