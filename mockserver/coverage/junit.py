"""Coverage as a JUnit report: one case an operation, which is what CI systems show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from mockserver.contract.junit import legal, written

_NAME = "mockserver coverage"


def junit(report: Mapping[str, Any], measure: str, threshold: float | None) -> bytes:
    """Return the report; an operation that was never called is a skipped case.

    Args:
        report: the counts.
        measure: what the threshold is of.
        threshold: the percent that must be reached; None: any will do.
    """
    root = Element("testsuites", name=_NAME)
    suite = SubElement(root, "testsuite", name=_NAME)
    if threshold is not None:
        _threshold(suite, report["summary"][measure], measure, threshold)
    for row in report["operations"]:
        case = SubElement(suite, "testcase", classname=row["tag"] or _NAME, name=row["operationId"])
        if not row["requests"]:
            SubElement(case, "skipped", message="never called")
        else:
            SubElement(case, "system-out").text = legal("\n".join(_said(row)))
    return written(root)


def _threshold(suite: Element, share: Mapping[str, Any], measure: str, least: float) -> None:
    name = f"{measure} at {least:g} % or more"
    case = SubElement(suite, "testcase", classname=_NAME, name=name)
    said = f"{share['covered']} of {share['total']}, {share['percent']} %"
    if share["percent"] < least:
        SubElement(case, "failure", message=said, type="coverage")
    else:
        SubElement(case, "system-out").text = said


def _said(row: Mapping[str, Any]) -> Iterable[str]:
    yield f"{row['requests']} requests"
    for measure, key in (("answers", "status"), ("parameters", "name"), ("mediaTypes", "name")):
        for there, word in ((True, "exercised"), (False, "missing")):
            names = [str(one[key]) for one in row[measure] if bool(one["requests"]) == there]
            if names:
                yield f"{measure} {word}: {', '.join(names)}"
