"""Operations on what lies below a customer's records: never through another project's path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from mockserver.conformance import callers, expect
from mockserver.conformance.calls import Call, RightCalls
from mockserver.conformance.families import (
    citing,
    config_patches,
    metadata,
    oauth,
    operations,
    revisions,
)
from mockserver.conformance.family import there
from mockserver.conformance.lab import Lab
from mockserver.conformance.naming import PROJECT
from mockserver.conformance.rules import Rule

#: Right calls whose path names a record of ours, each with the text that ties it to its project.
_CALLS: tuple[tuple[RightCalls, dict[str, str]], ...] = (
    (
        revisions.RIGHT,
        {
            "createRevision": citing.parameter(citing.REVISIONS, 0),
            "getHydratedRevision": citing.parameter(citing.HYDRATE, 0),
        },
    ),
    (config_patches.RIGHT, {"patchObjectConfigContent": citing.parameter(citing.CONFIG_PATCH, 0)}),
    (
        metadata.RIGHT,
        {
            "getObjectMetadataForInstallation": citing.parameter(
                citing.METADATA_OF_INSTALLATION, 0
            ),
            "getObjectMetadataForConnection": citing.parameter(citing.METADATA_OF_CONNECTION, 0),
            "upsertMetadataForInstallation": citing.parameter(citing.UPSERT_FOR_INSTALLATION, 0),
            "upsertMetadataForConnection": citing.parameter(citing.UPSERT_FOR_CONNECTION, 0),
        },
    ),
    (
        operations.RIGHT,
        {
            "listOperations": citing.parameter(citing.OPERATIONS, 0),
            "getBackfillProgress": citing.parameter(citing.BACKFILL, 0),
            "getOperation": citing.parameter(citing.OPERATION, 0),
            "listOperationLogs": citing.parameter(citing.LOGS, 0),
        },
    ),
    (oauth.RIGHT, {"oauthUpdate": citing.parameter(citing.OAUTH_UPDATE, 0)}),
)
#: Who has no right here need not learn what is there.
KEPT_OUT = expect.UNFIT | {401}


def _reads(call: Call) -> tuple[Call, ...]:
    """Return reads that show whether a call has done anything in our project."""
    path = dict(call.path)
    if "integrationId" in path:
        one = {"integrationIdOrName": path["integrationId"]}
        below = {"integrationId": path["integrationId"]}
        return Call("getIntegration", one), Call("listInstallations", below)
    if "connectionId" in path:
        return (Call("getConnection", {"connectionId": path["connectionId"]}),)
    return ()


def _is_kept_in(right: RightCalls, operation_id: str, lab: Lab) -> None:
    where = there(lab)
    call = right[operation_id](lab)
    moved = replace(call, path={**call.path, PROJECT: where.project})
    with expect.unmoved(lab, *_reads(call)):
        for what, one in (("through another project", moved), ("with its key", call)):
            answer = lab.make(one, caller=callers.NEIGHBOUR_KEY)
            expect.refused(answer, f"{operation_id} {what}", KEPT_OUT)
    # It was right all the time.
    expect.need(lab, call)


def _rules() -> Iterator[Rule]:
    for right, texts in _CALLS:
        for operation_id, text in texts.items():
            run = partial(_is_kept_in, right, operation_id)
            needs = frozenset({"neighbour"})
            yield Rule(operation_id, "is-kept-in-its-project", text, run, needs=needs)


RULES: tuple[Rule, ...] = tuple(_rules())
