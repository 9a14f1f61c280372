"""JUnit XML: one test case per operation and rule that was tried."""

from __future__ import annotations

from xml.etree import ElementTree as Xml

from mockserver.conformance.reports.document import Report, Told
from mockserver.contract.junit import legal, written


def junit(report: Report) -> bytes:
    """Return the report as JUnit XML, one suite per operation."""
    told = {(one.operation, one.rule): one for one in report.findings}
    root = Xml.Element("testsuites", name="mockserver check", time=str(report.seconds))
    for operation in report.operations:
        if not operation["rules"]:
            continue
        name = operation["operation"]
        suite = Xml.SubElement(root, "testsuite", name=name, timestamp=report.started)
        for rule, verdict in sorted(operation["rules"].items()):
            case = Xml.SubElement(suite, "testcase", classname=name, name=rule, time="0")
            _add(case, verdict, told.get((name, rule)))
    if report.reasons:
        suite = Xml.SubElement(root, "testsuite", name="reach", timestamp=report.started)
        case = Xml.SubElement(suite, "testcase", classname="reach", name="says enough", time="0")
        Xml.SubElement(case, "error", message=legal("; ".join(report.reasons)))
    return written(root)


def _add(case: Xml.Element, verdict: str, told: Told | None) -> None:
    detail = legal(told.detail) if told else verdict
    if verdict == "violation" and told is not None and not told.accepted:
        node = Xml.SubElement(case, "failure", message=detail, type="violation")
        node.text = legal("\n".join([told.text, f"{told.contract}", "", *told.curl]))
    elif verdict == "inconclusive":
        Xml.SubElement(case, "error", message=detail, type="inconclusive")
    elif verdict != "held":
        reason = told.accepted if told is not None and told.accepted else f"{verdict}: {detail}"
        Xml.SubElement(case, "skipped", message=legal(reason))
