"""Object metadata: what a provider tells about one object in a group's account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.resources import connections, integrations, manifests, objects, provider_calls
from mockserver.resources.installations import INSTALLATIONS
from mockserver.resources.integrations import REVISIONS
from mockserver.resources.providers import Catalog
from mockserver.rules import records
from mockserver.rules.errors import Issue, Kind, Refused, not_found
from mockserver.rules.work import Work
from mockserver.state.tables import Record

FETCH_FAILED = "error fetching object metadata from provider"
UPSERT_FAILED = "error upserting object metadata at provider"


def connection_of_group(
    work: Work, catalog: Catalog, project_id: str, provider: str, group_ref: str, *, place: str
) -> Record:
    """Return the connection through which a group's account at a provider is reached.

    Source: getObjectMetadataForConnection. Assumed: of several, the oldest.

    Args:
        work: the unit of work.
        catalog: every provider.
        project_id: the project.
        provider: the provider in the path.
        group_ref: the group.
        place: where the request names the group, `query` or `body`.

    Raises:
        Refused: NOT_FOUND.
    """
    found = connections.default_for(work, project_id, provider, group_ref)
    if found is not None:
        return found
    if catalog.get(provider) is None:
        issue = Issue("path", "provider", "unknown provider", provider)
        remedy = catalog.remedy(provider)
        raise Refused(Kind.NOT_FOUND, "unknown provider", remedy=remedy, issues=[issue])
    issue = Issue(place, "groupRef", "connection not found", group_ref)
    raise Refused(
        Kind.NOT_FOUND,
        "connection not found",
        remedy=f"let the group connect to {provider} first",
        issues=[issue],
    )


def installation_of_group(
    work: Work, integration: Record, group_ref: str, *, place: str
) -> tuple[Record, Record]:
    """Return a group's installation of an integration, and its connection.

    Source: getObjectMetadataForInstallation ("An installation must exist").

    Raises:
        Refused: NOT_FOUND.
    """
    key = {"integrationId": integration["id"], "groupRef": group_ref}
    found = records.listed(work, INSTALLATIONS, integration["projectId"], key)
    connection = work.tx.get("connections", found[0]["connectionId"]) if found else None
    if connection is None:
        raise not_found("installation", "groupRef", group_ref, place=place)
    return found[0], connection


def of_connection(
    work: Work,
    catalog: Catalog,
    connection: Record,
    object_name: str,
    *,
    exclude_read_only: bool | None,
) -> dict[str, Any]:
    """Return the ObjectMetadata of an object of the provider.

    Source: getObjectMetadataForConnection. Assumed: an unknown object is 404.

    Raises:
        Refused: INVALID when the provider rejects the credentials, NOT_FOUND.
    """
    connection = provider_calls.reach(work, connection, detail=FETCH_FAILED)
    provider = connection["provider"]
    kind = objects.find(catalog, provider, object_name)
    known = objects.fields(
        work, catalog, connection["projectId"], provider, connection["groupRef"], object_name
    )
    if kind is None or known is None:
        raise not_found("object", "objectName", object_name)
    if exclude_read_only:
        known = {name: field for name, field in known.items() if not field["readOnly"]}
    return {"name": kind.name, "displayName": kind.display_name, "fields": known}


def of_installation(
    work: Work,
    catalog: Catalog,
    installation: Record,
    connection: Record,
    object_name: str,
    *,
    exclude_read_only: bool | None,
) -> dict[str, Any]:
    """Return the ObjectMetadata of an object, which may be named as the manifest maps it.

    Source: getObjectMetadataForInstallation, ObjectMetadata (`mappedObjectName`).
    """
    mapped = _mapped_names(work, installation)
    native = _native_name(mapped, object_name)
    shown = of_connection(work, catalog, connection, native, exclude_read_only=exclude_read_only)
    alias = mapped.get(native) or mapped.get(shown["name"])
    return shown if alias is None else {**shown, "mappedObjectName": alias}


def _mapped_names(work: Work, installation: Record) -> Mapping[str, str]:
    """Return the names that the revision in force gives to read objects, by the provider's."""
    revision = work.tx.get(REVISIONS.name, installation["config"]["revisionId"])
    if revision is None:
        integration = work.tx.get("integrations", installation["integrationId"])
        revision = integrations.latest(work, integration) if integration is not None else {}
    return {
        name: declared["mapToName"]
        for name, declared in manifests.read_objects(revision["content"]).items()
        if declared.get("mapToName")
    }


def _native_name(mapped: Mapping[str, str], name: str) -> str:
    """Return the provider's name of an object named either way.

    Assumed: a name that is mapped wins over the same name at the provider; it is compared exactly,
    then regardless of case.
    """
    for native, alias in mapped.items():
        if alias == name:
            return native
    for native, alias in mapped.items():
        if alias.lower() == name.lower() and name not in mapped:
            return native
    return name
