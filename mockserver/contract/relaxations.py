"""Where behaviour leaves the contract's letter on purpose: `spec/relaxations.yaml`.

A relaxation is a JSON Patch (RFC 6902) of one source document, with its reason and evidence. It
is applied to the loaded document before anything compiles, never to what is served. Entries of
side `request` widen what is taken and fall away under `--strict`; entries of side `response`
mend schemas that no legal value satisfies, and always hold.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonpatch

from mockserver.contract.documents import read_yaml
from mockserver.pointers import parts

_SCHEMAS = "/components/schemas/"


@dataclass(frozen=True, slots=True)
class Relaxation:
    """One entry of the file."""

    name: str
    side: str  # "request" or "response"
    document: str  # relative to `spec/`
    reason: str
    evidence: str
    patch: Sequence[Mapping[str, Any]]
    #: A JSON pointer in `document`, and a value that its schema takes only when relaxed.
    schema: str
    sample: Any


def read_relaxations(spec: Path) -> list[Relaxation]:
    """Load the entries below `spec`, in file order."""
    return [Relaxation(**entry) for entry in read_yaml(spec / "relaxations.yaml")]


def for_requests(
    entries: Iterable[Relaxation], *, strict: bool, dropped: Collection[str] = ()
) -> list[Relaxation]:
    """Return the entries that hold for requests; `dropped` are switched off by their name."""
    return [
        entry
        for entry in entries
        if entry.side == "response" or not (strict or entry.name in dropped)
    ]


def for_responses(entries: Iterable[Relaxation]) -> list[Relaxation]:
    """Return the entries that hold for responses."""
    return [entry for entry in entries if entry.side == "response"]


def relax(
    document: Mapping[str, Any], entries: Iterable[Relaxation], origins: Mapping[str, str]
) -> dict[str, Any]:
    """Return `document`, a bundle, with `entries` applied; the argument is not changed.

    Args:
        document: a bundled document.
        entries: what to apply.
        origins: component of the bundle -> `sibling#/components/schemas/Name`.
    """
    names = {origin: name for name, origin in origins.items()}
    operations = [
        {**step, "path": bundle_pointer(entry.document, step["path"], names)}
        for entry in entries
        for step in entry.patch
    ]
    changed = [step[end] for step in operations for end in ("path", "from") if end in step]
    copied = _copied_along(document, changed)
    relaxed: dict[str, Any] = jsonpatch.apply_patch(copied, operations, in_place=True)
    return relaxed


def _copied_along(document: Mapping[str, Any], pointers: Iterable[str]) -> dict[str, Any]:
    """Return a copy that may be changed at some pointers, and shares the rest with `document`."""
    copied = dict(document)
    for pointer in pointers:
        node: Any = copied
        for part in parts(pointer)[:-1]:
            key = int(part) if isinstance(node, list) else part
            if isinstance(node, dict) and key not in node:
                break  # an earlier step puts it there
            node[key] = copy(node[key])
            node = node[key]
    return copied


def bundle_pointer(document: str, pointer: str, names: Mapping[str, str]) -> str:
    """Translate a pointer into a source document to one into the bundle.

    Args:
        document: the source, relative to `spec/`.
        pointer: a JSON pointer into it.
        names: `sibling#/components/schemas/Name` -> component of the bundle.
    """
    if not pointer.startswith(_SCHEMAS):
        return pointer
    name, slash, rest = pointer.removeprefix(_SCHEMAS).partition("/")
    renamed = names.get(f"{document}#{_SCHEMAS}{name}", name)
    return f"{_SCHEMAS}{renamed}{slash}{rest}"
