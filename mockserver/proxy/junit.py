"""A tally as a JUnit report: one case an operation, which is what CI systems show."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement

from mockserver.contract.junit import legal, written
from mockserver.contract.verdicts import SEVERITIES
from mockserver.proxy.tally import Kind, Seen, Tally

_NO_OPERATION = "(no operation)"


def report(tally: Tally, name: str, threshold: str | None) -> bytes:
    """Return the report.

    Args:
        tally: the counts.
        name: of the suite.
        threshold: the least severity that fails a case; None: none does.
    """
    failing = SEVERITIES[: SEVERITIES.index(threshold) + 1] if threshold else ()
    root = Element("testsuites")
    suite = SubElement(root, "testsuite", name=legal(name))
    for operation_id in tally.rows:
        kinds = [item for item in tally.worst_first() if item[0].operation_id == operation_id]
        broken = [item for item in kinds if item[0].severity in failing]
        case = SubElement(suite, "testcase", classname=name, name=operation_id or _NO_OPERATION)
        if broken:
            message = f"{len(broken)} kinds of violations" if len(broken) > 1 else _line(*broken[0])
            failure = SubElement(case, "failure", message=legal(message))
            failure.text = legal("\n".join(_line(*item) for item in broken))
        rest = [item for item in kinds if item not in broken]
        if rest:
            SubElement(case, "system-out").text = legal("\n".join(_line(*i) for i in rest))
    return written(root)


def _line(kind: Kind, seen: Seen) -> str:
    return (
        f"{kind.severity}: {kind.place}: {seen.message} ({kind.code}), {seen.count} times,"
        f" first in {seen.example}"
    )
