"""What is true of a resource, as data. Each noun declares one; the rules read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from mockserver.rules.errors import Kind
from mockserver.state.tables import Index, Record, Schema


@dataclass(frozen=True, slots=True)
class Unique:
    """Values that no two records may share; `fields[-1]` is the one to blame."""

    fields: tuple[str, ...]
    detail: str
    remedy: str = "choose another value"


@dataclass(frozen=True, slots=True)
class Reference:
    """A field that holds the id of another record of the same scope."""

    field: str
    to: str  # the other table
    noun: str
    #: What becomes of this record when the other one goes: "cascade", "restrict" or "keep".
    on_delete: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Masks:
    """The paths that an update may name."""

    body: str  # the key of the request body that holds the new values
    allowed: tuple[str, ...]
    #: Taken besides the allowed ones, because first-party clients send them.
    tolerated: tuple[str, ...] = ()
    #: Paths whose value may be null, which removes them.
    nullable: tuple[str, ...] = ()
    #: The kind of mistake when a path is named and its value is missing.
    valueless: Kind = Kind.UNPROCESSABLE


@dataclass(frozen=True, slots=True)
class Resource:
    """One noun: its table, its keys, its ties, what may change and what is never shown."""

    name: str  # the table, e.g. "topics"
    noun: str  # in sentences, e.g. "topic"
    component: str | None = None  # its schema in the contract, e.g. "Topic"
    key: str = "id"
    scope: str | None = None  # the field that holds the owner's id, e.g. "projectId"
    owner: str | None = None  # the owner's table, e.g. "projects"
    lookups: tuple[str, ...] = ()  # fields besides the key by which one is found in its scope
    folded: tuple[str, ...] = ()  # fields compared and stored in lower case
    filters: tuple[str, ...] = ()  # fields that lists are narrowed by
    unique: tuple[Unique, ...] = ()
    references: tuple[Reference, ...] = ()
    masks: Masks | None = None
    hidden: frozenset[str] = frozenset()  # stored, never shown
    stamped: bool = True  # carries createTime and updateTime
    #: Turns a stored record into what the contract shows; None shows it without `hidden`.
    render: Callable[[Record], dict[str, Any]] | None = None
    indexes: tuple[Index, ...] = field(init=False, default=())
    #: The index of each lookup, and whether it is in lower case.
    found_by: tuple[tuple[str, bool], ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "indexes", tuple(_indexes(self)))
        found_by = [(index_name(scoped(self, f)), f in self.folded) for f in self.lookups]
        object.__setattr__(self, "found_by", tuple(found_by))

    @property
    def schema(self) -> Schema:
        """The table of this resource."""
        return Schema(self.name, self.indexes)


def index_name(fields: tuple[str, ...]) -> str:
    """Return the name of the index over `fields`."""
    return "+".join(fields)


def scoped(resource: Resource, *fields: str) -> tuple[str, ...]:
    """Return `fields` with the scope in front, where the resource has one."""
    return (resource.scope, *fields) if resource.scope else fields


def _indexes(resource: Resource) -> list[Index]:
    wanted: dict[str, tuple[str, ...]] = {}

    def want(fields: tuple[str, ...]) -> None:
        if fields:
            wanted.setdefault(index_name(fields), fields)

    want(scoped(resource))
    for lookup in resource.lookups:
        want(scoped(resource, lookup))
    for size in range(1, len(resource.filters) + 1):
        for chosen in combinations(resource.filters, size):
            want(scoped(resource, *chosen))
    for unique in resource.unique:
        want(unique.fields)
    for reference in resource.references:
        want((reference.field,))
    return [Index(name, fields) for name, fields in wanted.items()]
