"""Groups and consumers: whom a connection is for, and who made it. They come with connections."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.rules import records, views
from mockserver.rules.resource import Reference, Resource, Unique
from mockserver.rules.work import Work

GROUPS = Resource(
    name="groups",
    noun="group",
    component="Group",
    scope="projectId",
    owner="projects",
    lookups=("groupRef",),
    unique=(Unique(("projectId", "groupRef"), "this group exists already"),),
    references=(Reference("projectId", "projects", "project", on_delete="cascade"),),
    hidden=frozenset({"id"}),
)

CONSUMERS = Resource(
    name="consumers",
    noun="consumer",
    component="Consumer",
    scope="projectId",
    owner="projects",
    lookups=("consumerRef",),
    unique=(Unique(("projectId", "consumerRef"), "this consumer exists already"),),
    references=(Reference("projectId", "projects", "project", on_delete="cascade"),),
    hidden=frozenset({"id"}),
)

#: The field that holds the name, by table.
_NAMES: Mapping[str, str] = {"groups": "groupName", "consumers": "consumerName"}


def shown(work: Work, resource: Resource, project_id: str, ref: str) -> dict[str, Any]:
    """Return a group or consumer of a project as the contract shows it.

    Raises:
        LookupError: it was never made.
    """
    field = resource.lookups[0]
    found = work.tx.first(resource.name, f"projectId+{field}", (project_id, ref))
    if found is None:
        raise LookupError(f"no {resource.noun} {ref!r} in project {project_id}")
    return views.without(found, resource.hidden)


def upsert(work: Work, resource: Resource, project_id: str, ref: str, name: str | None) -> None:
    """Make a group or consumer, or give a known one its new name.

    Source: oauthConnect (a name that is not given is the ref). Assumed: a name that is not given
    leaves a known one alone.
    """
    field, name_field = resource.lookups[0], _NAMES[resource.name]
    found = work.tx.first(resource.name, f"projectId+{field}", (project_id, ref))
    if found is None:
        fields = {field: ref, name_field: name or ref, "projectId": project_id}
        records.create(work, resource, fields)
    elif name and name != found[name_field]:
        records.update(work, resource, found, {**found, name_field: name})
