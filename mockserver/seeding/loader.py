"""Loads a fixture into a root, through the same integrity rules that requests go through."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from mockserver.contract.contract import Contract
from mockserver.resources.providers import Catalog
from mockserver.resources.tables import RESOURCES
from mockserver.rules import records, views
from mockserver.rules.errors import Refused
from mockserver.rules.resource import Resource, index_name
from mockserver.rules.work import Work
from mockserver.seeding.generator import generate
from mockserver.seeding.recipes import RECIPES
from mockserver.seeding.source import Source, Where
from mockserver.settings import Settings
from mockserver.simulation import clock
from mockserver.simulation.identity import Identity
from mockserver.state.root import ClockState, Root, empty_root
from mockserver.state.transactions import RootTransaction

#: When the records of a fixture without a `time` were made.
DEFAULT_TIME = "2026-01-05T09:00:00.000000Z"
_HEADER = ("description", "time", "generate")
_MOST_GENERATED = 1_000_000


@dataclass(slots=True)
class _Record:
    section: str
    fields: dict[str, Any]
    where: Where


@dataclass(slots=True)
class Loader:
    """Puts the sections of one file into a transaction."""

    source: Source
    work: Work
    catalog: Catalog
    contract: Contract

    def load(self) -> None:
        """Load every section.

        Raises:
            FixtureError: with file, line and reason, at the first record that cannot be.
        """
        for name in self.source.content:
            if name not in RESOURCES and name not in _HEADER:
                raise self.source.error((name,), _unknown("section", name, [*RESOURCES, *_HEADER]))
        given: dict[str, list[_Record]] = {section: [] for section in RESOURCES}
        for record in self._given():
            given[record.section].append(record)
        for waiting in given.values():  # in the order of the tables: owners before what they own
            for record in waiting:
                self._store(record)

    def _given(self) -> Iterator[_Record]:
        for section in RESOURCES:
            entries = self.source.content.get(section, [])
            if not isinstance(entries, list):
                raise self.source.error((section,), f"{section} is a list of records")
            for number, fields in enumerate(entries):
                where: Where = (section, number)
                if not isinstance(fields, dict):
                    raise self.source.error(where, f"a record of {section} is a mapping")
                yield _Record(section, dict(fields), where)
        yield from self._generated()

    def _generated(self) -> Iterator[_Record]:
        entries = self.source.content.get("generate", [])
        if not isinstance(entries, list):
            raise self.source.error(("generate",), "generate is a list")
        for number, entry in enumerate(entries):
            yield from self._generated_section(entry, ("generate", number))

    def _generated_section(self, entry: Any, where: Where) -> Iterator[_Record]:
        section = str(entry.get("section")) if isinstance(entry, dict) else ""
        if section not in RECIPES or RECIPES[section].generated is None:
            able = [name for name, recipe in RECIPES.items() if recipe.generated is not None]
            raise self.source.error(where, f"generate needs a section: one of {', '.join(able)}")
        count, fields = entry.get("count"), entry.get("fields", {})
        if not isinstance(count, int) or not 0 <= count <= _MOST_GENERATED:
            raise self.source.error(where, f"generate needs a count of 0 to {_MOST_GENERATED}")
        values = {**(RECIPES[section].generated or {}), **fields}
        try:
            for made in generate(self.work.identity.seed, section, count, values):
                yield _Record(section, made, where)
        except ValueError as error:
            raise self.source.error(where, str(error)) from None

    def _store(self, record: _Record) -> None:
        resource, recipe = RESOURCES[record.section], RECIPES[record.section]
        self._check_names(resource, record)
        fields = self._resolved(resource, record)
        try:
            if resource.stamped:
                fields.setdefault("createTime", self.work.now)
            fields = recipe.complete(self.work, fields)
            if resource.key not in fields:
                fields = {resource.key: self.work.new_id(resource.name), **fields}
            self._check_schema(resource, record, fields)
            recipe.check(self.work, self.catalog, fields)
            self._check_free(resource, record, fields)
            records.create(self.work, resource, fields)
        except Refused as refusal:
            names = [issue.name for issue in refusal.issues]
            reason = f"{', '.join(names)}: {refusal.detail}" if names else refusal.detail
            remedy = f" ({refusal.remedy})" if refusal.remedy else ""
            where = (*record.where, *names[0].split(".")) if names else record.where
            raise self.source.error(where, reason + remedy) from None

    def _check_free(self, resource: Resource, record: _Record, fields: dict[str, Any]) -> None:
        if self.work.tx.get(resource.name, fields[resource.key]) is not None:
            raise self.source.error(
                (*record.where, resource.key), f"two {resource.name} have this {resource.key}"
            )

    def _check_names(self, resource: Resource, record: _Record) -> None:
        allowed = self._allowed(resource)
        for name in record.fields:
            if name not in allowed:
                raise self.source.error(
                    (*record.where, name), _unknown(f"field of {resource.name}", name, allowed)
                )

    def _allowed(self, resource: Resource) -> list[str]:
        names = {reference.field for reference in resource.references}
        names.update(RECIPES[resource.name].extra)
        names.update(resource.hidden - {"privateKeyPem"})
        if resource.component is not None:
            schema = self.contract.document["components"]["schemas"][resource.component]
            names.update(schema["properties"])
        return sorted(names)

    def _resolved(self, resource: Resource, record: _Record) -> dict[str, Any]:
        """Replace names by ids wherever a record refers to another."""
        fields = dict(record.fields)
        for reference in resource.references:
            given = fields.get(reference.field)
            if given is None:
                continue
            target = RESOURCES[reference.to]
            scope = fields.get(target.scope) if target.scope else None
            found = self._named(target, scope, str(given))
            if found is None:
                raise self.source.error(
                    (*record.where, reference.field), f"no {reference.noun} {given!r}"
                )
            fields[reference.field] = found
        return fields

    def _named(self, target: Resource, scope: Any, given: str) -> str | None:
        found = records.find(self.work, target, scope, given)
        for unique in target.unique if found is None else ():
            if unique.fields in {("name",), (target.scope, "name")}:
                key = (scope, given) if target.scope else (given,)
                found = self.work.tx.first(target.name, index_name(unique.fields), key)
        if found is None and target.name == "orgs":
            found = next((o for o in self.work.tx.all("orgs") if o["label"] == given), None)
        return found[target.key] if found is not None else None

    def _check_schema(self, resource: Resource, record: _Record, fields: dict[str, Any]) -> None:
        if resource.component is None:
            return
        pointer = f"/components/schemas/{resource.component}"
        shown = views.show(resource, fields)
        violations = self.contract.response_schemas.violations(pointer, shown)
        if violations:
            first = violations[0]
            raise self.source.error((*record.where, *first.path), first.message)


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    names = list(known)
    nearest = difflib.get_close_matches(name, names, n=1)
    hint = f"did you mean {nearest[0]}?" if nearest else f"known: {', '.join(names)}"
    return f"unknown {what} {name!r}; {hint}"


def load(
    source: Source,
    *,
    settings: Settings,
    catalog: Catalog,
    contract: Contract,
    clock_state: ClockState,
) -> Root:
    """Return the root that a fixture describes.

    Raises:
        FixtureError: with file, line and reason.
    """
    time = source.content.get("time", DEFAULT_TIME)
    try:
        moment = clock.moment(time)
    except (TypeError, ValueError):
        raise source.error(("time",), f"{time!r} is no RFC 3339 time") from None
    root = empty_root((resource.schema for resource in RESOURCES.values()), clock_state)
    transaction = RootTransaction(root)
    work = Work(transaction, moment, Identity(settings.seed), settings, RESOURCES)
    Loader(source, work, catalog, contract).load()
    return transaction.committed()
