"""Uniqueness and references: checked before a record is written, kept when one is deleted.

Source: the 404, 409 and 422 answers of the create, update and delete calls; which fields they mean
stands with each resource. Assumed: what belongs to another scope is as absent as what is not there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mockserver.rules.errors import Issue, Kind, Refused, not_found
from mockserver.rules.resource import Reference, Resource, Unique, index_name
from mockserver.rules.work import Work
from mockserver.state.tables import Record


def check(work: Work, resource: Resource, record: Record, *, prefix: str = "") -> None:
    """Check a record that is about to be written.

    Args:
        work: the unit of work.
        resource: what the record is.
        record: the record as it would be stored.
        prefix: where its fields stand in the request body, e.g. `project.`.

    Raises:
        Refused: NOT_FOUND for a reference to nothing, CONFLICT for a value already taken.
    """
    for reference in resource.references:
        _check_reference(work, resource, reference, record, prefix)
    for unique in resource.unique:
        _check_unique(work, resource, unique, record, prefix)


def _check_reference(
    work: Work, resource: Resource, reference: Reference, record: Record, prefix: str
) -> None:
    identifier = record.get(reference.field)
    if identifier is None and reference.optional:
        return
    target = work.resources[reference.to]
    found = work.tx.get(reference.to, identifier) if isinstance(identifier, str) else None
    same_scope = target.scope != resource.scope or (
        found is not None
        and (resource.scope is None or found.get(resource.scope) == record.get(resource.scope))
    )
    if found is None or not same_scope:
        raise not_found(reference.noun, prefix + reference.field, identifier, place="body")


def _check_unique(
    work: Work, resource: Resource, unique: Unique, record: Record, prefix: str
) -> None:
    key = tuple([record.get(name) for name in unique.fields])
    if key[-1] is None:
        return
    taken = work.tx.first(resource.name, index_name(unique.fields), key)
    if taken is not None and taken[resource.key] != record[resource.key]:
        name = prefix + unique.fields[-1]
        issue = Issue("body", name, unique.detail, key[-1], unique.remedy)
        raise Refused(Kind.CONFLICT, unique.detail, remedy=unique.remedy, issues=[issue])


def delete(work: Work, resource: Resource, identifier: str) -> None:
    """Delete a record and everything that cascades from it.

    Raises:
        Refused: IN_USE when a record that restricts the deletion refers to it.
    """
    for dependent, reference in _dependents(work, resource):
        users = work.tx.find(dependent.name, reference.field, (identifier,))
        if users and reference.on_delete == "restrict":
            raise _in_use(resource, dependent, len(users))
        if reference.on_delete == "cascade":
            for user in users:
                delete(work, dependent, user[dependent.key])
    work.tx.delete(resource.name, identifier)


def _dependents(work: Work, resource: Resource) -> Iterator[tuple[Resource, Reference]]:
    for dependent in work.resources.values():
        for reference in dependent.references:
            if reference.to == resource.name:
                yield dependent, reference


def _in_use(resource: Resource, dependent: Resource, number: int) -> Refused:
    users: Any = f"{number} {dependent.noun}" + ("s" if number != 1 else "")
    verb = "use" if number != 1 else "uses"
    return Refused(
        Kind.IN_USE,
        f"{users} still {verb} this {resource.noun}",
        remedy=f"delete the {dependent.noun} first",
    )
