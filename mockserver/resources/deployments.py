"""Deployments: how manifests become integrations and revisions, and how integrations go."""

from __future__ import annotations

from typing import Any

from mockserver.resources import installations, integrations, manifest_sources, manifests
from mockserver.resources.integrations import INTEGRATIONS
from mockserver.resources.providers import Catalog
from mockserver.rules import records
from mockserver.rules.errors import Issue, Kind, Refused
from mockserver.rules.work import Work
from mockserver.state.tables import Record

_OUTER = "latestRevision."  # where a manifest stands in the body of createIntegration


def create(work: Work, catalog: Catalog, project_id: str, body: Record) -> Record:
    """Create an integration from one integration of a manifest, given as JSON.

    Source: createIntegration. Assumed: name and provider, which are given twice, must agree.

    Raises:
        Refused: INVALID where they differ, UNPROCESSABLE for what a manifest may not say,
            CONFLICT for a name that is taken.
    """
    content, version = body["latestRevision"]["content"], body["latestRevision"]["specVersion"]
    _check_agreement(body, content)
    manifests.check_integration(catalog, content, version, prefix=_OUTER)
    return integrations.create(work, project_id, manifests.ready(work, content), version)


def deploy(
    work: Work, catalog: Catalog, project_id: str, body: Record, *, destructive: bool
) -> list[Record]:
    """Create or change the integrations of a manifest, by name, and return them in its order.

    Source: batchUpsertIntegrations. Assumed: all of them or none; integrations that the manifest
    does not mention are left alone.

    Args:
        work: the unit of work.
        catalog: the providers.
        project_id: where they belong.
        body: where the manifest is.
        destructive: pause the reads of objects that the manifest does not have any more.

    Raises:
        Refused: UNPROCESSABLE.
    """
    contents = manifests.check(work, catalog, manifest_sources.read(work, body))
    known = [records.find(work, INTEGRATIONS, project_id, content["name"]) for content in contents]
    pairs = list(zip(contents, known, strict=True))
    _check_providers(pairs)
    return [
        integrations.create(work, project_id, content, manifests.SPEC_VERSION)
        if integration is None
        else _redeploy(work, integration, content, destructive=destructive)
        for content, integration in pairs
    ]


def create_revision(
    work: Work, catalog: Catalog, integration: Record, body: Record, *, destructive: bool
) -> None:
    """Give an integration a new revision from the manifest that mentions it.

    Source: createRevision. Assumed: the manifest is checked as a whole, its other integrations
    are left alone, and a revision is made even when nothing changed.

    Raises:
        Refused: UNPROCESSABLE.
    """
    contents = manifests.check(work, catalog, manifest_sources.read(work, body))
    mine = [content if content["name"] == integration["name"] else None for content in contents]
    _check_providers([(content, integration) for content in mine])
    found = next((content for content in mine if content is not None), None)
    if found is None:
        detail = f"the manifest has no integration {integration['name']}"
        remedy = f"name one of its integrations {integration['name']}"
        issue = Issue("body", "integrations", detail, remedy=remedy)
        raise Refused(Kind.UNPROCESSABLE, detail, remedy=remedy, issues=[issue])
    _revise(work, integration, found, destructive=destructive)


def delete(work: Work, integration: Record) -> None:
    """Delete an integration, its installations, and the connections that only they used.

    Source: deleteIntegration, deleteInstallation.
    """
    for installation in installations.of_integration(work, integration):
        installations.remove(work, installation)
    records.delete(work, INTEGRATIONS, integration)


def _redeploy(work: Work, integration: Record, content: Record, *, destructive: bool) -> Record:
    """Return an integration as a deployment leaves it.

    Assumed: what did not change gets no new revision, unless the setting asks for one.
    """
    is_same = integrations.latest(work, integration)["content"] == content
    if is_same and not work.settings.identical_deploy_creates_revision:
        return integration
    return _revise(work, integration, content, destructive=destructive)


def _revise(work: Work, integration: Record, content: Record, *, destructive: bool) -> Record:
    before = manifests.read_objects(integrations.latest(work, integration)["content"])
    changed = integrations.add_revision(work, integration, content, manifests.SPEC_VERSION)
    # Source: the vendor's CLI, which compares the names without regard to case.
    left = {name.lower() for name in manifests.read_objects(content)}
    removed = [name for name in before if name.lower() not in left]
    if destructive and removed:
        installations.pause_objects(work, changed, removed)
    return changed


def _check_providers(pairs: list[tuple[Any, Record | None]]) -> None:
    """Refuse to move an integration to another provider. Assumed: its provider never changes."""
    detail = "an integration cannot change its provider"
    issues = [
        Issue(
            "body",
            f"integrations[{number}].provider",
            detail,
            content["provider"],
            f"keep {integration['provider']}, or choose a different name",
        )
        for number, (content, integration) in enumerate(pairs)
        if content and integration and content["provider"] != integration["provider"]
    ]
    manifests.refuse(issues)


def _check_agreement(body: Record, content: Record) -> None:
    issues = [
        Issue(
            "body",
            f"{_OUTER}content.{name}",
            f"differs from the {name} of the integration",
            content[name],
            f"use {body[name]}",
        )
        for name in ("name", "provider")
        if content[name] != body[name]
    ]
    if issues:
        first = issues[0]
        raise Refused(Kind.INVALID, first.detail, remedy=first.remedy, issues=issues)
