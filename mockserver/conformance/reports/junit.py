"""JUnit XML: one test case per operation and rule that was tried."""

from __future__ import annotations

import re
from xml.etree import ElementTree as Xml

from mockserver.conformance.reports.document import Report, Told

#: What XML 1.0 cannot hold. Source: XML 1.0, production 2.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


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
        _count(suite)
    _count(root)
    if report.reasons:
        suite = Xml.SubElement(root, "testsuite", name="reach", timestamp=report.started)
        case = Xml.SubElement(suite, "testcase", classname="reach", name="says enough", time="0")
        Xml.SubElement(case, "error", message=_clean("; ".join(report.reasons)))
        _count(suite)
        _count(root)
    Xml.indent(root)
    content: bytes = Xml.tostring(root, "utf-8", xml_declaration=True)
    return content


def _add(case: Xml.Element, verdict: str, told: Told | None) -> None:
    detail = _clean(told.detail) if told else verdict
    if verdict == "violation" and told is not None and not told.accepted:
        node = Xml.SubElement(case, "failure", message=detail, type="violation")
        node.text = _clean("\n".join([told.text, f"{told.contract}", "", *told.curl]))
    elif verdict == "inconclusive":
        Xml.SubElement(case, "error", message=detail, type="inconclusive")
    elif verdict != "held":
        reason = told.accepted if told is not None and told.accepted else f"{verdict}: {detail}"
        Xml.SubElement(case, "skipped", message=_clean(reason))


def _count(node: Xml.Element) -> None:
    tests, tags = list(node.iter("testcase")), {"failures": "failure", "errors": "error"}
    node.set("tests", str(len(tests)))
    node.set("skipped", str(len(list(node.iter("skipped")))))
    for name, tag in tags.items():
        node.set(name, str(len(list(node.iter(tag)))))


def _clean(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)
