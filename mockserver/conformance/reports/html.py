"""One page to look at: the map of operations and rules, and every finding with its trace.

Self-contained: it loads nothing, so it can be kept as a build's artifact or sent around.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2

from mockserver.conformance.reports.document import CONFORMS, EXPLAINED, VIOLATED, Report

_HEADLINES: Mapping[int, str] = {CONFORMS: "Conforms", VIOLATED: "Does not conform"}
_UNKNOWN = "Says too little"
#: Verdict → (class of its cells, how it is called above the map).
_KINDS: Mapping[str, tuple[str, str]] = {
    "violation": ("violation", "violated"),
    "suspect": ("suspect", "suspect"),
    EXPLAINED: ("explained", "explained by a violation"),
    "inconclusive": ("unsure", "inconclusive"),
    "held": ("held", "held"),
    "not reached": ("unreached", "not reached"),
    "skipped by policy": ("skipped", "skipped by policy"),
}


def html(report: Report) -> str:
    """Return the page."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["pretty"] = _pretty
    return environment.get_template("report.html").render(
        report=report,
        headline=_HEADLINES.get(report.exit_code, _UNKNOWN),
        outcome={CONFORMS: "held", VIOLATED: "violation"}.get(report.exit_code, "unsure"),
        kinds=_KINDS,
        counts=_counts(report),
        groups=_groups(report),
        anchors={(one.operation, one.rule): f"f{n}" for n, one in enumerate(report.findings)},
        granted=sum(
            o["allowed"] and any(s.startswith("2") for s in o["statuses"])
            for o in report.operations
        ),
        allowed=sum(o["allowed"] for o in report.operations),
    )


def _counts(report: Report) -> Counter[str]:
    return Counter(v for operation in report.operations for v in operation["rules"].values())


def _groups(report: Report) -> dict[str, list[dict[str, Any]]]:
    """Return the operations by the contract's tag, in its order."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for operation in report.operations:
        groups.setdefault(operation["tag"] or "other", []).append(operation)
    return groups


def _pretty(value: Any) -> str:
    """Write JSON with indentation; what is none stays as it is."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return str(value)
    return json.dumps(value, indent=2, ensure_ascii=False)
