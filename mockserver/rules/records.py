"""Create, find, list, update and delete records of any resource."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from mockserver.rules import integrity, masks
from mockserver.rules.errors import not_found
from mockserver.rules.resource import Resource, index_name, scoped
from mockserver.rules.work import Work
from mockserver.state.tables import Record


def create(work: Work, resource: Resource, fields: Record) -> Record:
    """Store a new record with an id and createTime of its own, unless `fields` has them.

    Raises:
        Refused: a reference points at nothing, or a unique value is taken.
    """
    record = dict(fields)
    if resource.key not in record:
        record = {resource.key: work.new_id(resource.name), **record}
    if resource.stamped:
        record.setdefault("createTime", work.now)
    record = fold(resource, record)
    integrity.check(work, resource, record)
    work.tx.put(resource.name, record[resource.key], record)
    return record


def get(
    work: Work, resource: Resource, owner: str | None, wanted: str, *, parameter: str
) -> Record:
    """Find a record of `owner` by its key, else by one of its lookups.

    Args:
        work: the unit of work.
        resource: what is looked for.
        owner: the id of the scope; None when the resource has none.
        wanted: the key or name.
        parameter: the path parameter that named it, for the problem.

    Raises:
        Refused: NOT_FOUND when the owner has no such record.
    """
    found = find(work, resource, owner, wanted)
    if found is None:
        raise not_found(resource.noun, parameter, wanted)
    return found


def find(work: Work, resource: Resource, owner: str | None, wanted: str) -> Record | None:
    """Find a record of `owner` by its key, else by one of its lookups; None when there is none.

    Assumed: the key is tried first, then the names.
    """
    found = work.tx.get(resource.name, wanted)
    if found is not None and (resource.scope is None or found.get(resource.scope) == owner):
        return found
    for index, is_folded in resource.found_by:
        value = wanted.lower() if is_folded else wanted
        found = work.tx.first(resource.name, index, (owner, value) if resource.scope else (value,))
        if found is not None:
            return found
    return None


def listed(
    work: Work, resource: Resource, owner: str | None, filters: Mapping[str, Any] | None = None
) -> list[Record]:
    """Return the records of `owner` that match every filter given, oldest first.

    A filter whose value is None is not applied.
    """
    chosen = {
        name: value for name in resource.filters if (value := (filters or {}).get(name)) is not None
    }
    fields = scoped(resource, *chosen)
    if not fields:
        return list(work.tx.all(resource.name))
    key = ((owner,) if resource.scope else ()) + tuple(chosen.values())
    return work.tx.find(resource.name, index_name(fields), key)


def update(work: Work, resource: Resource, old: Record, new: Record, *, prefix: str = "") -> Record:
    """Store a changed record and move its updateTime, even if it is as it was (Assumed).

    Raises:
        Refused: a reference points at nothing, or a unique value is taken.
    """
    changed = fold(resource, dict(new))
    if resource.stamped:
        changed["updateTime"] = work.now
    integrity.check(work, resource, changed, prefix=prefix)
    work.tx.put(resource.name, old[resource.key], changed)
    return changed


class Check(Protocol):
    """Checks a changed record; `prefix` is where its fields stand in the request body."""

    def __call__(self, record: Record, /, *, prefix: str) -> None:
        """Raise Refused when the record cannot be accepted."""


def patch(
    work: Work, resource: Resource, old: Record, body: Record, check: Check | None = None
) -> Record:
    """Store the parts of the body that its updateMask names. An empty mask changes nothing.

    Args:
        work: the unit of work.
        resource: what is changed; it declares masks.
        old: the record as it is.
        body: `updateMask`, and the new values under the key that the masks declare.
        check: the noun's own rules for the record as it would be.

    Raises:
        Refused: an unknown mask, a mask without a value, or a record that cannot be accepted.
    """
    rules = resource.masks
    if rules is None:
        raise TypeError(f"{resource.name} declares no masks")
    named: Sequence[str] = body["updateMask"]
    tolerant = not work.settings.strict
    changed = masks.apply(rules, named, body[rules.body], old, tolerant=tolerant)
    if not named:
        return old
    prefix = f"{rules.body}."
    if check is not None:
        check(changed, prefix=prefix)
    return update(work, resource, old, changed, prefix=prefix)


def delete(work: Work, resource: Resource, record: Record) -> None:
    """Delete a record and what cascades from it.

    Raises:
        Refused: IN_USE when something that restricts the deletion refers to it.
    """
    integrity.delete(work, resource, record[resource.key])


def fold(resource: Resource, record: dict[str, Any]) -> dict[str, Any]:
    """Put the folded fields of a record into lower case."""
    for name in resource.folded:
        if isinstance(record.get(name), str):
            record[name] = record[name].lower()
    return record
