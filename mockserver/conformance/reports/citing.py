"""The contract's own words at a JSON pointer of its bundle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.contract.contract import Contract
from mockserver.pointers import parts

_TEXTS = ("description", "summary", "title")
_LONGEST = 600  # characters


def text_at(contract: Contract, pointer: str) -> str:
    """Return what the contract says at a pointer, as one paragraph; empty when it says nothing.

    A schema says its description and what it requires; a list of answers says which it has.
    """
    nodes = _walk(contract.document, pointer)
    if not nodes:
        return ""
    found = nodes[-1]
    if isinstance(found, str):
        return _plain(found)
    said = _said(contract.document, found)
    for above in reversed(nodes[:-1]):
        if said:
            break
        said = _own_text(above)
    return _plain(said)


def resolves(contract: Contract, pointer: str) -> bool:
    """Tell whether a pointer leads somewhere in the bundled contract."""
    return bool(_walk(contract.document, pointer))


def _walk(document: Mapping[str, Any], pointer: str) -> list[Any]:
    nodes: list[Any] = [document]
    for key in parts(pointer):
        here = _followed(document, nodes[-1])
        if isinstance(here, list) and key.isdigit() and int(key) < len(here):
            nodes.append(here[int(key)])
        elif isinstance(here, Mapping) and key in here:
            nodes.append(here[key])
        else:
            return []
    return nodes


def _followed(document: Mapping[str, Any], node: Any) -> Any:
    while isinstance(node, Mapping) and isinstance(node.get("$ref"), str):
        found = _walk(document, node["$ref"].removeprefix("#"))
        if not found:
            return node
        node = found[-1]
    return node


def _said(document: Mapping[str, Any], node: Any) -> str:
    node = _followed(document, node)
    if not isinstance(node, Mapping):
        return "" if isinstance(node, list) else str(node)
    if "operationId" not in node and node and all(_is_status(key) for key in node):
        return "; ".join(f"{status}: {_own_text(answer)}" for status, answer in node.items())
    parts = [_own_text(node)]
    if isinstance(node.get("required"), list):
        parts.append("requires " + ", ".join(node["required"]))
    if "enum" in node:
        parts.append("one of " + ", ".join(map(str, node["enum"])))
    return ": ".join(part for part in parts if part)


def _is_status(key: str) -> bool:
    return key == "default" or (len(key) == 3 and key.isdigit())


def _own_text(node: Any) -> str:
    if not isinstance(node, Mapping):
        return ""
    return next((str(node[name]) for name in _TEXTS if isinstance(node.get(name), str)), "")


def _plain(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1].rstrip() + "…"
