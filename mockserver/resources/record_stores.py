"""What a pretend provider holds by now: the records made from the seed, and what was written.

Only what was written is stored, a row per record; everything else is made when it is looked at.
A row stands in the sandbox's root like any other record, so that snapshots and resets hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Any

from mockserver.resources import objects, provider_records
from mockserver.resources.object_catalog import ObjectType, generic_field
from mockserver.resources.provider_records import Account
from mockserver.resources.providers import Catalog
from mockserver.resources.written_records import WRITTEN_RECORDS, finished, merged, stamped
from mockserver.rules import records
from mockserver.rules.work import Work
from mockserver.simulation.clock import moment
from mockserver.simulation.identity import Identity
from mockserver.simulation.people import Persona
from mockserver.state.tables import Record


@dataclass(frozen=True, slots=True)
class Held:
    """One record that a provider holds."""

    identifier: str
    fields: Mapping[str, Any]  # as the provider returns it
    modified: int  # microseconds since 1970-01-01 UTC
    associations: tuple[Mapping[str, Any], ...] = ()  # as they were written


@dataclass(frozen=True, slots=True)
class RecordStore:
    """The records of one object in one group's account."""

    account: Account
    kind: ObjectType
    fields: Mapping[str, dict[str, Any]]  # FieldMetadata by name

    def count(self) -> int:
        """Return how many records there are."""
        rows = self._rows()
        made = sum(1 for row in rows if row["made"])
        gone = sum(1 for row in rows if row["deleted"])
        return self.account.size(self.kind) + made - gone

    def all(self) -> Iterator[Held]:
        """Yield every record: those of the seed by number, then those that were made, in order."""
        return (self._held(slot) for slot in self._slots())

    def window(self, start: int, stop: int) -> Iterator[Held]:
        """Yield the records from place `start` to before `stop` in that order."""
        return (self._held(slot) for slot in islice(self._slots(), max(start, 0), stop))

    def changed(self, since: int | None, until: int | None = None) -> Iterator[Held]:
        """Yield the records last changed from `since` to before `until`, both in microseconds."""
        for slot in self._slots():
            modified = self._modified(slot)
            late_enough = since is None or modified >= since
            if late_enough and (until is None or modified < until):
                yield self._held(slot)

    def links(self, identifier: str) -> Sequence[Mapping[str, Any]]:
        """Return the associations that were written to a record."""
        row = self._row(identifier)
        return () if row is None else row["associations"]

    def where(self, names: Iterable[str], test: Callable[[Record], bool]) -> Iterator[Held]:
        """Yield the records that pass a test of some fields; of the others, only those are made."""
        some = replace(self, fields=self._needed(names))
        for slot in self._slots():
            record = some._record(slot) if isinstance(slot, int) else slot["record"]
            if test(record):
                yield self._held(slot)

    def get(self, identifier: str) -> Held | None:
        """Return a record by its id; None when there is none, or none any more."""
        row = self._row(identifier)
        if row is not None:
            return None if row["deleted"] else self._held(row)
        number = self._number(identifier)
        return None if number is None else self._of_seed(number)

    def create(self, values: Mapping[str, Any], associations: Sequence[Any] = ()) -> Held:
        """Make a record from the values of some fields, by the provider's names."""
        identifier = self._new_identifier()
        empty = provider_records.blank(self.kind, self.fields)
        id_field = {self.kind.id_field: provider_records.typed_id(self.kind, identifier)}
        record = merged(empty, {**values, **id_field})
        return self._put(identifier, record, associations, made=True, old=None)

    def update(
        self, old: Held, values: Mapping[str, Any], associations: Sequence[Any] = ()
    ) -> Held:
        """Change some fields of a record; associations are added to those it has."""
        row = self._row(old.identifier)
        made = row is not None and bool(row["made"])
        links = [*old.associations, *associations]
        return self._put(old.identifier, merged(old.fields, values), links, made=made, old=row)

    def delete(self, old: Held) -> None:
        """Delete a record. One of the seed leaves a row that says so."""
        row = self._row(old.identifier)
        if row is not None and row["made"]:
            records.delete(self.account.work, WRITTEN_RECORDS, row)
            return
        gone = {"made": False, "deleted": True, "record": {}, "associations": []}
        self._store(row, old.identifier, gone)

    def _put(
        self,
        identifier: str,
        record: Record,
        associations: Sequence[Any],
        *,
        made: bool,
        old: Record | None,
    ) -> Held:
        work = self.account.work
        is_new = made and old is None
        written = finished(self.kind, stamped(self.kind, record, work.now, is_new=is_new))
        facts = {
            "made": made,
            "deleted": False,
            "record": written,
            "associations": list(associations),
        }
        self._store(old, identifier, facts)
        return Held(identifier, written, work.moment, tuple(associations))

    def _store(self, old: Record | None, identifier: str, facts: Record) -> None:
        work = self.account.work
        if old is not None:
            records.update(work, WRITTEN_RECORDS, old, {**old, **facts})
        else:
            records.create(work, WRITTEN_RECORDS, {**self._key(), "recordId": identifier, **facts})

    def _key(self) -> dict[str, Any]:
        account = self.account
        return {
            "projectId": account.project_id,
            "provider": account.provider,
            "groupRef": account.group_ref,
            "objectName": self.kind.name,
        }

    def _rows(self) -> list[Record]:
        key = self._key()
        return records.listed(self.account.work, WRITTEN_RECORDS, key["projectId"], key)

    def _row(self, identifier: str) -> Record | None:
        key = (*self._key().values(), identifier)
        index = "projectId+provider+groupRef+objectName+recordId"
        return self.account.work.tx.first(WRITTEN_RECORDS.name, index, key)

    def _slots(self) -> Iterator[int | Record]:
        """Yield what stands for each record: its number in the seed, or its row."""
        rows = self._rows()
        changed = {row["recordId"]: row for row in rows if not row["made"]}
        for number in range(self.account.size(self.kind)):
            row = changed.get(self._identifier(number)) if changed else None
            if row is None:
                yield number
            elif not row["deleted"]:
                yield row
        yield from (row for row in rows if row["made"])

    def _held(self, slot: int | Record) -> Held:
        if isinstance(slot, int):
            return self._of_seed(slot)
        return Held(
            slot["recordId"], slot["record"], self._modified(slot), tuple(slot["associations"])
        )

    def _modified(self, slot: int | Record) -> int:
        if isinstance(slot, int):
            return moment(self.account.persona(self.kind.name, slot).modified)
        return moment(slot.get("updateTime", slot["createTime"]))

    def _of_seed(self, number: int) -> Held:
        return Held(self._identifier(number), self._record(number), self._modified(number))

    def _record(self, number: int) -> dict[str, Any]:
        return provider_records.numbered(self.account, self.kind, self.fields, number)

    def _needed(self, names: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Return the fields that some fields are made of, in their order."""
        wanted = set(names)
        fakes = (self.kind.fakes.get(name, "") for name in names)
        wanted |= {fake[1:] for fake in fakes if fake.startswith("=")}
        return {name: field for name, field in self.fields.items() if name in wanted}

    def _identifier(self, number: int) -> str:
        return provider_records.identifier(self.account, self.kind, number)

    def _number(self, identifier: str) -> int | None:
        account, name = self.account, self.kind.name
        stream = account.persona(name, 0).stream
        size = account.size(self.kind)
        numbers = _numbers(account.work.identity, stream, self.kind.ids, size)
        return numbers.get(identifier)

    def _new_identifier(self) -> str:
        account = self.account
        stream = "/".join(("written", *self._key().values()))
        while True:
            number = account.size(self.kind) + account.work.tx.count(stream)
            made = self._identifier(number)
            if self._row(made) is None and self._number(made) is None:
                return made


def open_store(
    work: Work,
    catalog: Catalog,
    project_id: str,
    provider: str,
    group_ref: str,
    object_name: str,
    *,
    also: Iterable[str] = (),
) -> RecordStore | None:
    """Return the records of an object in a group's account; None for an unknown object.

    Args:
        work: the unit of work that reads and writes go to.
        catalog: every provider's objects.
        project_id: the project.
        provider: the provider.
        group_ref: the group.
        object_name: the object, in any spelling that the provider takes.
        also: further fields, for generic objects: they have whatever they are asked for.
    """
    kind = objects.find(catalog, provider, object_name)
    if kind is None:
        return None
    fields = objects.fields(work, catalog, project_id, provider, group_ref, kind.name) or {}
    if objects.is_generic(catalog, provider):
        fields = {**{name: generic_field(name) for name in also}, **fields}
    return RecordStore(Account(work, catalog, project_id, provider, group_ref), kind, fields)


@lru_cache(maxsize=256)  # of a pure function
def _numbers(identity: Identity, stream: str, ids: str, size: int) -> Mapping[str, int]:
    """Return the numbers of the seed's records by their ids."""
    return {
        provider_records.identifier_of(Persona(identity, stream, number), ids): number
        for number in range(size)
    }
