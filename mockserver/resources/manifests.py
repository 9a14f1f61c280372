"""Manifests: what developers declare in `amp.yaml`, checked as a whole and made ready to store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from mockserver.resources import manifest_rules
from mockserver.resources.providers import Catalog
from mockserver.rules.errors import Issue, Kind, Refused
from mockserver.rules.work import Work
from mockserver.state.tables import Record

#: Source: the manifest guide: the only version there is.
SPEC_VERSION = "1.0.0"
#: The contract's component of one integration of a manifest.
COMPONENT = "ManifestIntegration"
#: Assumed: nobody reads more than these at once.
_MOST_ISSUES = 100


def read_objects(content: Record) -> dict[str, Record]:
    """Return the objects that an integration reads, by objectName."""
    return _objects(content, "read")


def write_objects(content: Record) -> dict[str, Record]:
    """Return the objects that an integration writes, by objectName."""
    return _objects(content, "write")


def subscribe_objects(content: Record) -> dict[str, Record]:
    """Return the objects that an integration subscribes to, by objectName."""
    return _objects(content, "subscribe")


def _objects(content: Record, action: str) -> dict[str, Record]:
    objects = content.get(action, {}).get("objects", [])
    return {declared["objectName"]: declared for declared in objects}


def schedule_mistake(schedule: str) -> str | None:
    """Return what is wrong with the schedule of a read object, or None."""
    return manifest_rules.schedule_mistake(schedule)


def check(work: Work, catalog: Catalog, manifest: Record) -> list[dict[str, Any]]:
    """Return the integrations of a manifest, ready to store; all of them are right, or none.

    Source: the Manifest component, the vendor's manifest guide and validator. Unknown keys are
    dropped. Assumed: a key without a value counts as left out.

    Args:
        work: the unit of work.
        catalog: the providers.
        manifest: a mapping of JSON values; its keys have not been looked at.

    Raises:
        Refused: UNPROCESSABLE, naming each wrong place by its path in the YAML.
    """
    cleaned = _without_nulls(manifest)
    refuse(_manifest_issues(work, catalog, cleaned))
    return [ready(work, integration) for integration in cleaned["integrations"]]


def check_integration(catalog: Catalog, content: Record, version: str, *, prefix: str) -> None:
    """Check one integration whose shape is right, and its version. Source: createIntegration.

    Raises:
        Refused: UNPROCESSABLE.
    """
    name = f"{prefix}content"
    issues = [*_version_issues(version, f"{prefix}specVersion")]
    refuse([*issues, *manifest_rules.issues(catalog, content, name)])


def ready(work: Work, content: Record) -> dict[str, Any]:
    """Return a checked integration as it is stored: without what the contract does not know.

    Assumed: an object without a schedule has an empty one, because answers must have it.
    """
    kept: dict[str, Any] = work.known(COMPONENT, content)
    if "read" in kept:
        objects = [{"schedule": "", **declared} for declared in kept["read"]["objects"]]
        kept["read"]["objects"] = objects  # `known` made a copy
    return kept


def refuse(issues: Iterator[Issue] | list[Issue]) -> None:
    """Refuse a manifest that has issues.

    Raises:
        Refused: UNPROCESSABLE.
    """
    found = list(islice(issues, _MOST_ISSUES))
    if found:
        first = found[0]
        detail = f"{first.name}: {first.detail}"
        raise Refused(Kind.UNPROCESSABLE, detail, remedy=first.remedy, issues=found)


def _manifest_issues(work: Work, catalog: Catalog, manifest: Record) -> Iterator[Issue]:
    yield from _version_issues(manifest.get("specVersion"), "specVersion")
    integrations = manifest.get("integrations")
    if not isinstance(integrations, list) or not integrations:
        remedy = "list one integration or more"
        yield Issue("body", "integrations", "needs a list of integrations", remedy=remedy)
        return
    names: set[str] = set()
    for number, integration in enumerate(integrations):
        place = f"integrations[{number}]"
        mistakes = work.mistakes(COMPONENT, integration)
        for mistake in mistakes:
            name = f"{place}.{mistake.name}" if mistake.name else place
            yield Issue("body", name, mistake.detail, remedy=mistake.remedy)
        if mistakes:
            continue
        yield from manifest_rules.issues(catalog, integration, place)
        if integration["name"] in names:
            detail = "another integration of this manifest has this name"
            remedy = "choose a different name"
            yield Issue("body", f"{place}.name", detail, integration["name"], remedy)
        names.add(integration["name"])


def _version_issues(version: Any, name: str) -> Iterator[Issue]:
    if version != SPEC_VERSION:
        detail = "is required" if version is None else "is no version of the manifest format"
        yield Issue("body", name, detail, version, f"use {SPEC_VERSION}")


def _without_nulls(value: Any) -> Any:
    """Return a copy without the keys that have no value. Its depth is bounded by the reader."""
    if isinstance(value, Mapping):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    return value
