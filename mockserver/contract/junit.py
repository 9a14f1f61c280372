"""What every JUnit report is made with; which cases it has is said where it is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element, indent, tostring

#: What XML cannot hold. Source: XML 1.0, section 2.2.
_ILLEGAL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_COUNTED: Mapping[str, str] = {
    "tests": "testcase",
    "failures": "failure",
    "errors": "error",
    "skipped": "skipped",
}


def legal(text: str) -> str:
    """Return a text as XML can hold it."""
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text)


def written(root: Element) -> bytes:
    """Return a report with its cases counted, as a whole and by suite."""
    for node in (root, *root.iter("testsuite")):
        for name, tag in _COUNTED.items():
            node.set(name, str(len(list(node.iter(tag)))))
    indent(root)
    content: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return content + b"\n"
