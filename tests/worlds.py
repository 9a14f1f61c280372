"""Puts integrations, connections and installations into the world of a mock, without any call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

from mockserver.app import Mock
from mockserver.contract.documents import spec_directory
from mockserver.resources.connections import CONNECTIONS
from mockserver.resources.groups import CONSUMERS, GROUPS
from mockserver.resources.installations import INSTALLATIONS
from mockserver.resources.integrations import INTEGRATIONS, REVISIONS
from mockserver.resources.projects import PROJECTS
from mockserver.resources.providers import Catalog, load_catalog
from mockserver.rules import records
from mockserver.rules.resource import Resource
from mockserver.rules.work import Work
from mockserver.state.tables import Record

PROJECT = "my-project"
#: A group and a consumer that no fixture has.
GROUP = "globular-cluster"
CONSUMER = "stargazer"


@contextmanager
def change(mock: Mock) -> Iterator[Work]:
    """Work in the world of a mock; what was done is kept when the block ends without an error."""
    work = mock.scheduler.work(mock.sandbox)
    yield work
    mock.scheduler.commit(mock.sandbox, work)


@cache
def catalog() -> Catalog:
    """Return the built-in catalog."""
    return load_catalog(spec_directory() / "catalog" / "providers.tsv")


def project_id(mock: Mock, project: str = PROJECT) -> str:
    """Return the id of a project by its name."""
    with change(mock) as work:
        return str(records.get(work, PROJECTS, None, project, parameter="project")["id"])


def manifest(provider: str = "salesforce", name: str | None = None, **parts: Any) -> dict[str, Any]:
    """Return one integration of a manifest; `parts` are its read, write, subscribe or proxy."""
    content = {"name": name or f"{provider}-in-orbit", "provider": provider}
    return {**content, **(parts or {"proxy": {"enabled": True}})}


def read_object(name: str, **parts: Any) -> dict[str, Any]:
    """Return a read object of a manifest; its fields are given as names or as whole fields."""
    for key in ("requiredFields", "optionalFields"):
        if key in parts:
            parts[key] = [{"fieldName": f} if isinstance(f, str) else f for f in parts[key]]
    return {
        "objectName": name,
        "destination": "contactWebhook",
        "schedule": "*/30 * * * *",
        **parts,
    }


def reading(*objects: dict[str, Any], provider: str = "salesforce", **parts: Any) -> dict[str, Any]:
    """Return one integration of a manifest that reads some objects."""
    return manifest(provider, read={"objects": list(objects)}, **parts)


def add_integration(
    mock: Mock, content: Mapping[str, Any] | None = None, *, project: str = PROJECT
) -> Record:
    """Store an integration and its first revision."""
    content = content or manifest()
    with change(mock) as work:
        owner = records.get(work, PROJECTS, None, project, parameter="project")
        made = records.create(
            work,
            INTEGRATIONS,
            {
                "projectId": owner["id"],
                "name": content["name"],
                "provider": content["provider"],
                "latestRevisionId": "",
            },
        )
        return _with_revision(work, made, content)


def add_revision(mock: Mock, integration: Record, content: Mapping[str, Any]) -> Record:
    """Store one more revision, which is the latest from then on; return the integration."""
    with change(mock) as work:
        return _with_revision(work, integration, content)


def _with_revision(work: Work, integration: Record, content: Mapping[str, Any]) -> Record:
    fields = {"integrationId": integration["id"], "specVersion": "1.0.0", "content": content}
    revision = records.create(work, REVISIONS, fields)
    changed = {**integration, "latestRevisionId": revision["id"]}
    work.tx.put(INTEGRATIONS.name, integration["id"], changed)
    return changed


def add_connection(
    mock: Mock,
    provider: str = "salesforce",
    *,
    group_ref: str = GROUP,
    consumer_ref: str = CONSUMER,
    project: str = PROJECT,
    **fields: Any,
) -> Record:
    """Store a connection, and its group and consumer where they are new; it is `working`."""
    with change(mock) as work:
        owner = records.get(work, PROJECTS, None, project, parameter="project")["id"]
        _ensure(work, GROUPS, {"projectId": owner, "groupRef": group_ref, "groupName": group_ref})
        consumer = {
            "projectId": owner,
            "consumerRef": consumer_ref,
            "consumerName": consumer_ref,
        }
        _ensure(work, CONSUMERS, consumer)
        return records.create(
            work,
            CONNECTIONS,
            {
                "projectId": owner,
                "provider": provider,
                "groupRef": group_ref,
                "consumerRef": consumer_ref,
                "authScheme": "apiKey",
                "status": "working",
                "credentials": {"apiKey": "made-up"},
                **fields,
            },
        )


def _ensure(work: Work, resource: Resource, fields: dict[str, Any]) -> None:
    if records.find(work, resource, fields["projectId"], fields[resource.lookups[0]]) is None:
        records.create(work, resource, fields)


def add_installation(
    mock: Mock, integration: Record, connection: Record, content: Mapping[str, Any] | None = None
) -> Record:
    """Store an installation with a config of the integration's latest revision."""
    with change(mock) as work:
        return records.create(
            work,
            INSTALLATIONS,
            {
                "projectId": integration["projectId"],
                "integrationId": integration["id"],
                "groupRef": connection["groupRef"],
                "connectionId": connection["id"],
                "healthStatus": "healthy",
                "createdBy": "api:create-installation",
                "config": {
                    "id": work.new_id("configs"),
                    "revisionId": integration["latestRevisionId"],
                    "createTime": work.now,
                    "createdBy": "api:create-installation",
                    "content": content or {"provider": integration["provider"]},
                },
            },
        )


def get_connection(mock: Mock, connection: Record) -> Record:
    """Return a connection as it is stored now."""
    found = mock.sandbox.root.tables[CONNECTIONS.name].get(connection["id"])
    assert found is not None
    return found
