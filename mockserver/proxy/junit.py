"""A tally as a JUnit report: one case an operation, which is what CI systems show."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, tostring

from mockserver.contract.verdicts import SEVERITIES
from mockserver.proxy.tally import Kind, Seen, Tally

#: What XML cannot hold. Source: XML 1.0, section 2.2.
_ILLEGAL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NO_OPERATION = "(no operation)"


def report(tally: Tally, name: str, threshold: str | None) -> bytes:
    """Return the report.

    Args:
        tally: the counts.
        name: of the suite.
        threshold: the least severity that fails a case; None: none does.
    """
    failing = SEVERITIES[: SEVERITIES.index(threshold) + 1] if threshold else ()
    suite = Element("testsuite", name=_legal(name))
    failures = 0
    for operation_id in tally.rows:
        kinds = [item for item in tally.worst_first() if item[0].operation_id == operation_id]
        broken = [item for item in kinds if item[0].severity in failing]
        case = SubElement(suite, "testcase", classname=name, name=operation_id or _NO_OPERATION)
        if broken:
            failures += 1
            message = f"{len(broken)} kinds of violations" if len(broken) > 1 else _line(*broken[0])
            failure = SubElement(case, "failure", message=_legal(message))
            failure.text = _legal("\n".join(_line(*item) for item in broken))
        rest = [item for item in kinds if item not in broken]
        if rest:
            SubElement(case, "system-out").text = _legal("\n".join(_line(*i) for i in rest))
    suite.attrib.update(tests=str(len(tally.rows)), failures=str(failures), errors="0")
    root = Element("testsuites", tests=str(len(tally.rows)), failures=str(failures))
    root.append(suite)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _line(kind: Kind, seen: Seen) -> str:
    return (
        f"{kind.severity}: {kind.place}: {seen.message} ({kind.code}), {seen.count} times,"
        f" first in {seen.example}"
    )


def _legal(text: str) -> str:
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text)
