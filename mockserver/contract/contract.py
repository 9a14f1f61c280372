"""One contract, loaded: its document as served, its operations, its compiled schemas."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from mockserver.contract import gaps, relaxations
from mockserver.contract.documents import spec_directory
from mockserver.contract.operations import Operation, read_operations
from mockserver.contract.schemas import Schemas

#: The APIs that have hosts of their own, by the first label of the host.
HOSTS = ("read", "write", "search")


@dataclass(frozen=True)
class Contract:
    """What one document promises, and how requests and responses are held against it."""

    document: dict[str, Any]  # the bundle as served: relaxations are not in it
    requests: dict[str, Any]  # the bundle that requests are checked against
    operations: dict[str, Operation]
    request_schemas: Schemas
    response_schemas: Schemas
    digest: str  # SHA-256 of the bundle, hexadecimal
    undeclared: frozenset[tuple[str, int]] = frozenset()


def load_api(
    spec: Path | None = None, *, strict: bool = False, dropped: Collection[str] = ()
) -> Contract:
    """Load the platform API's contract from its bundle.

    Args:
        spec: the folder of the documents; None for the one that is shipped.
        strict: hold requests to the contract's letter.
        dropped: names of relaxations of requests that do not hold, though it is not strict.
    """
    folder = spec or spec_directory()
    raw = (folder / "api.bundle.json").read_bytes()
    content = orjson.loads(raw)
    document, origins = content["document"], content["origins"]
    entries = relaxations.read_relaxations(folder)
    for_requests = relaxations.for_requests(entries, strict=strict, dropped=dropped)
    requests = relaxations.relax(document, for_requests, origins)
    responses = relaxations.relax(document, relaxations.for_responses(entries), origins)
    return Contract(
        document=document,
        requests=requests,
        operations=read_operations(requests),
        request_schemas=Schemas(requests),
        response_schemas=Schemas(responses),
        digest=hashlib.sha256(raw).hexdigest(),
        undeclared=frozenset(gaps.read_gaps(folder).undeclared_pairs()),
    )


def load_admin(spec: Path | None = None) -> Contract:
    """Load the control plane's own contract from its bundle."""
    return _load("admin", spec)


def load_hosts(spec: Path | None = None) -> dict[str, Contract]:
    """Load the contracts of the APIs that have hosts of their own, by the name of the host."""
    return {host: _load(host, spec) for host in HOSTS}


def _load(name: str, spec: Path | None) -> Contract:
    folder = spec or spec_directory()
    raw = (folder / f"{name}.bundle.json").read_bytes()
    document = orjson.loads(raw)["document"]
    schemas = Schemas(document)
    return Contract(
        document=document,
        requests=document,
        operations=read_operations(document),
        request_schemas=schemas,
        response_schemas=schemas,
        digest=hashlib.sha256(raw).hexdigest(),
    )
