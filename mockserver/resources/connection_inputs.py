"""What a provider must know about the customer's account: its workspace and other inputs."""

from __future__ import annotations

from typing import Any

from mockserver.rules.errors import Issue, Kind, Refused
from mockserver.state.tables import Record

WORKSPACE = "workspace"
#: Source: oauthConnect, whose example gives NetSuite's workspace as `accountId`.
_WORKSPACE_NAMES = (WORKSPACE, "accountId")
#: Assumed: Salesforce customers without a workspace sign in at login.salesforce.com.
_FINDS_WORKSPACE = frozenset({"salesforce"})


def value_of(metadata: Record | None, name: str) -> str:
    """Return the value of one metadata field; empty when there is none."""
    return str((metadata or {}).get(name, {}).get("value", ""))


def with_workspace(metadata: Record | None, workspace: str | None) -> Record | None:
    """Return metadata whose field `workspace`, if it has one, says what the ref says now."""
    if metadata is None or WORKSPACE not in metadata:
        return metadata
    kept = {name: value for name, value in metadata.items() if name != WORKSPACE}
    return {**kept, WORKSPACE: {**metadata[WORKSPACE], "value": workspace}} if workspace else kept


def settle(
    provider: Record, ref: str | None, given: Record | None, *, prefix: str = ""
) -> dict[str, Any]:
    """Return `providerWorkspaceRef` and `providerMetadata` as a connection keeps them.

    The metadata field `workspace` and the workspace ref are the same fact, so each is filled in
    from the other. Assumed: inputs with a default value have it until they are given; inputs that
    belong to some modules only are not demanded.

    Args:
        provider: its entry in the catalog.
        ref: the workspace that the request names, if it does.
        given: the metadata that the request gives, if it does.
        prefix: where they stand in the request body.

    Raises:
        Refused: INVALID for a missing input, or for two different workspaces.
    """
    inputs = provider.get("metadata", {}).get("input", [])
    metadata = {**_defaults(inputs, given or {}), **(given or {})}
    workspace = ref or next(
        (found for name in _WORKSPACE_NAMES if (found := value_of(metadata, name))), ""
    )
    _check_same(workspace, metadata, prefix)
    names = {item["name"] for item in inputs}
    if workspace and (WORKSPACE in names or WORKSPACE in metadata):
        metadata[WORKSPACE] = {
            "source": "input",
            **metadata.get(WORKSPACE, {}),
            "value": workspace,
        }
    _check_complete(provider, inputs, workspace, metadata, prefix)
    settled: dict[str, Any] = {}
    if workspace:
        settled["providerWorkspaceRef"] = workspace
    if metadata or given is not None:
        settled["providerMetadata"] = metadata
    return settled


def _defaults(inputs: list[Record], given: Record) -> dict[str, Any]:
    return {
        item["name"]: {"value": item["defaultValue"], "source": "input"}
        for item in inputs
        if item.get("defaultValue") and item["name"] not in given
    }


def _check_same(workspace: str, metadata: Record, prefix: str) -> None:
    other = value_of(metadata, WORKSPACE)
    if other and other != workspace:
        detail = "providerMetadata.workspace and providerWorkspaceRef differ"
        remedy = "give one of them, or the same value"
        issue = Issue("body", f"{prefix}providerMetadata.workspace.value", detail, other, remedy)
        raise Refused(Kind.INVALID, detail, remedy=remedy, issues=[issue])


def _check_complete(
    provider: Record, inputs: list[Record], workspace: str, metadata: Record, prefix: str
) -> None:
    needed = [item["name"] for item in inputs if not item.get("moduleDependencies")]
    if provider.get("oauth2Opts", {}).get("explicitWorkspaceRequired"):
        needed = [WORKSPACE, *(name for name in needed if name != WORKSPACE)]
    issues = []
    for name in needed:
        if name == WORKSPACE and not workspace and provider["name"] not in _FINDS_WORKSPACE:
            detail = f"{provider['name']} needs a workspace: providerWorkspaceRef is required"
            remedy = "give providerWorkspaceRef, or providerMetadata.workspace"
            issues.append(Issue("body", f"{prefix}providerWorkspaceRef", detail, remedy=remedy))
        elif name != WORKSPACE and not value_of(metadata, name):
            place = f"{prefix}providerMetadata.{name}"
            remedy = f'add {place}: {{"value": "…", "source": "input"}}'
            detail = f"{provider['name']} needs {name}"
            issues.append(Issue("body", place, detail, remedy=remedy))
    if issues:
        raise Refused(Kind.INVALID, issues[0].detail, remedy=issues[0].remedy, issues=issues)
