"""Changes to a connection: rotated credentials, another workspace, other metadata."""

from __future__ import annotations

from typing import Any

from mockserver.resources import connection_credentials, connection_inputs, connections
from mockserver.resources.connections import CREATED, MASKS
from mockserver.resources.providers import Catalog
from mockserver.rules import masks, views
from mockserver.rules.errors import Issue, Kind, Refused
from mockserver.rules.work import Work
from mockserver.state.tables import Record


def patch(work: Work, catalog: Catalog, connection: Record, body: Record) -> Record:
    """Change the parts of a connection that the mask names.

    Source: updateConnection (credentials must match the auth scheme). Assumed: new credentials
    put the connection back to `created`.

    Raises:
        Refused: INVALID for an unknown mask, one without a value, another scheme's credentials
            or missing inputs; UNPROCESSABLE for an empty credential.
    """
    named, given = body["updateMask"], body["connection"]
    flat = {**connection, **connection["credentials"]}
    changed = masks.apply(MASKS, named, given, flat, tolerant=not work.settings.strict)
    if not named:
        return connection
    blocks = [mask for mask in named if mask in connection_credentials.BLOCKS]
    for block in blocks:
        if block != connection_credentials.block_of_scheme(connection["authScheme"]):
            raise _mismatch(named, block, connection["authScheme"])
    updated = {name: changed[name] for name in connection}
    if blocks:
        provider = catalog.get(connection["provider"]) or {}
        updated["credentials"] = connection_credentials.read_block(
            provider, blocks[0], changed[blocks[0]], prefix="connection."
        )
        updated["status"] = CREATED
    if len(blocks) < len(named):
        updated = _with_inputs(catalog, updated, changed, named)
    return connections.updated(work, connection, updated, prefix="connection.")


def _with_inputs(
    catalog: Catalog, updated: Record, changed: Record, named: list[str]
) -> dict[str, Any]:
    """Put the workspace and the metadata in place; the one that is named leads the other."""
    ref, metadata = changed.get("providerWorkspaceRef"), changed.get("providerMetadata")
    if "providerMetadata" not in named:
        metadata = connection_inputs.with_workspace(metadata, ref)
    elif "providerWorkspaceRef" not in named:
        ref = connection_inputs.value_of(metadata, connection_inputs.WORKSPACE) or ref
    settled = connection_inputs.settle(
        catalog.get(updated["provider"]) or {}, ref, metadata, prefix="connection."
    )
    cleared = views.without(updated, frozenset({"providerWorkspaceRef", "providerMetadata"}))
    return {**cleared, **settled}


def _mismatch(named: list[str], block: str, scheme: str) -> Refused:
    detail = "auth scheme mismatch"
    remedy = f"this connection uses {scheme}; name credentials of that scheme"
    name = f"updateMask[{named.index(block)}]"
    issue = Issue("body", name, detail, block, remedy)
    return Refused(Kind.INVALID, detail, remedy=remedy, issues=[issue])
