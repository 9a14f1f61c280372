"""Loads a fixture into a root, through the same integrity rules that requests go through."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mockserver.contract.contract import Contract
from mockserver.contract.schemas import Violation
from mockserver.resources import read_schedules, reads, schema_watches
from mockserver.resources.providers import Catalog
from mockserver.resources.tables import RESOURCES
from mockserver.rules import records
from mockserver.rules.errors import Refused
from mockserver.rules.resource import Resource, index_name
from mockserver.rules.shapes import Shapes
from mockserver.rules.work import Work
from mockserver.seeding import shapes, steps
from mockserver.seeding.generator import Generator
from mockserver.seeding.recipes import RECIPES
from mockserver.seeding.source import FixtureError, Source, Where
from mockserver.settings import Settings
from mockserver.simulation import clock
from mockserver.simulation.identity import Identity
from mockserver.state.root import ClockState, Root, empty_root
from mockserver.state.transactions import RootTransaction

#: When the records of a fixture without a `time` were made.
DEFAULT_TIME = "2026-01-05T09:00:00.000000Z"
_HEADER = ("description", "time", "generate")
_GENERATE = ("section", "count", "fields")
_AFTER_STEPS = ("operations", "operationLogs", "backfills")
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
    round: int = 0  # how often something was added to a world before; generated values are new
    _names: dict[str, list[str]] = field(default_factory=dict)  # of fields, by section

    def load(self) -> None:
        """Load every section.

        Raises:
            FixtureError: with file, line and reason, at the first record that cannot be.
        """
        self._check_known((), self.source.content, "section", [*_HEADER, *RESOURCES, *steps.STEPS])
        if not isinstance(self.source.content.get("description", ""), str):
            raise self.source.error(("description",), "description is a text")
        given: dict[str, list[_Record]] = {section: [] for section in RESOURCES}
        for record in self._given():
            given[record.section].append(record)
        # In the order of the tables, owners before what they own; operations tell of
        # installations, which steps may make.
        later = {section: given.pop(section) for section in _AFTER_STEPS}
        known = {installation["id"] for installation in self.work.tx.all("installations")}
        self._store_all(given)
        steps.run(self.source, self.work, self.catalog)
        begun = {operation["id"] for operation in self.work.tx.all("operations")}
        self._store_all(later)
        self._set_going(begun, known)

    def _set_going(self, begun: set[str], known: set[str]) -> None:
        """Schedule what the records are about to do; steps have done so for theirs."""
        for operation in self.work.tx.all("operations"):
            if operation["id"] not in begun:
                reads.resume(self.work, operation)
        for installation in self.work.tx.all("installations"):
            if installation["id"] in known:
                continue
            read_schedules.follow(self.work, installation)
            schema_watches.follow(self.work, self.catalog, installation)

    def _store_all(self, given: Mapping[str, list[_Record]]) -> None:
        for waiting in given.values():
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
        generators: dict[str, Generator] = {}
        for number, entry in enumerate(entries):
            where: Where = ("generate", number)
            section, count, fields = self._plan(entry, where)
            if section not in generators:
                generators[section] = self._generator(section)
            try:
                for made in generators[section].generate(count, fields):
                    yield _Record(section, made, where)
            except ValueError as error:
                raise self.source.error((*where, "fields"), str(error)) from None

    def _generator(self, section: str) -> Generator:
        if not self.round:
            return Generator(self.work.identity.seed, section)
        there = sum(1 for _ in self.work.tx.all(section))
        return Generator(self.work.identity.seed, f"{section}+{self.round}", there)

    def _plan(self, entry: Any, where: Where) -> tuple[str, int, dict[str, Any]]:
        """Return the section, the count and the fields of an entry of `generate`."""
        able = [name for name, recipe in RECIPES.items() if recipe.generated is not None]
        if not isinstance(entry, dict):
            raise self.source.error(where, "generate needs a section and a count")
        self._check_known(where, entry, "key of generate", _GENERATE)
        section: Any = entry.get("section")
        count, fields = entry.get("count"), entry.get("fields", {})
        if section not in able:
            place = (*where, "section")
            raise self.source.error(place, f"generate needs a section: one of {', '.join(able)}")
        if type(count) is not int or not 0 <= count <= _MOST_GENERATED:  # a bool is an int
            reason = f"generate needs a count of 0 to {_MOST_GENERATED}"
            raise self.source.error((*where, "count"), reason)
        if not isinstance(fields, dict):
            raise self.source.error((*where, "fields"), "fields is a mapping")
        return section, count, {**(RECIPES[section].generated or {}), **fields}

    def _store(self, record: _Record) -> None:
        resource, recipe = RESOURCES[record.section], RECIPES[record.section]
        self._check_names(resource, record)
        # What is given has the right types before anything reads it; what lacks comes later.
        schemas = self.contract.response_schemas
        self._check_none(record, shapes.violations(schemas, resource, record.fields))
        fields = self._resolved(resource, record)
        try:
            if resource.stamped:
                fields.setdefault("createTime", self.work.now)
            fields = recipe.complete(self.work, fields)
            if resource.key not in fields:
                fields = {resource.key: self.work.new_id(resource.name), **fields}
            self._check_none(record, shapes.completed(schemas, resource, fields))
            recipe.check(self.work, self.catalog, fields)
            self._check_free(resource, record, fields)
            records.create(self.work, resource, fields)
        except Refused as refusal:
            raise self._refused(record, refusal) from None

    def _refused(self, record: _Record, refusal: Refused) -> FixtureError:
        reasons = [f"{issue.name}: {issue.detail}" for issue in refusal.issues]
        reason = "; ".join(reasons) or refusal.detail
        remedy = f" ({refusal.remedy})" if refusal.remedy else ""
        name = refusal.issues[0].name if refusal.issues else ""
        parts = [int(part) if part.isdigit() else part for part in re.findall(r"[^.\[\]]+", name)]
        return self.source.error((*record.where, *parts), reason + remedy)

    def _check_free(self, resource: Resource, record: _Record, fields: dict[str, Any]) -> None:
        key = fields[resource.key]
        if self.work.tx.get(resource.name, key) is not None:
            raise self.source.error(
                (*record.where, resource.key),
                f"two {resource.name} have this {resource.key}: {key!r}",
            )

    def _check_names(self, resource: Resource, record: _Record) -> None:
        what = f"field of {resource.name}"
        known = self._names.get(resource.name)
        if known is None:
            known = self._names[resource.name] = self._allowed(resource)
        self._check_known(record.where, record.fields, what, known)

    def _check_known(
        self, where: Where, given: Iterable[str], what: str, known: Collection[str]
    ) -> None:
        for name in given:
            if name not in known:
                nearest = difflib.get_close_matches(name, known, n=1)
                hint = f"did you mean {nearest[0]}?" if nearest else f"known: {', '.join(known)}"
                raise self.source.error((*where, name), f"unknown {what} {name!r}; {hint}")

    def _allowed(self, resource: Resource) -> list[str]:
        names = set(shapes.properties(resource))
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
            found = self._named(target, scope, given)
            if len(found) != 1:
                reason = f"{'several' if found else 'no'} {reference.noun} {given!r}"
                hint = "; give the id" if found else ""
                raise self.source.error((*record.where, reference.field), reason + hint)
            fields[reference.field] = found[0]
        return fields

    def _named(self, target: Resource, scope: Any, given: str) -> list[str]:
        """Return the keys of the records that an id or a name stands for."""
        if target.scope and scope is None:  # the record has another scope than what it names
            return [given] if self.work.tx.get(target.name, given) is not None else []
        found = records.find(self.work, target, scope, given)
        for unique in target.unique if found is None else ():
            if unique.fields in {("name",), (target.scope, "name")}:
                key = (scope, given) if target.scope else (given,)
                found = self.work.tx.first(target.name, index_name(unique.fields), key)
        if found is None and target.name == "orgs":
            return [org["id"] for org in self.work.tx.all("orgs") if org["label"] == given]
        return [found[target.key]] if found is not None else []

    def _check_none(self, record: _Record, violations: list[Violation]) -> None:
        """Refuse a record that has violations, with the outermost of them."""
        if violations:
            first = min(violations, key=lambda violation: len(violation.path))
            place = ".".join(str(part) for part in first.path)
            reason = f"{place}: {first.message}" if place else first.message
            raise self.source.error((*record.where, *first.path), reason)


def load(
    source: Source,
    *,
    settings: Settings,
    catalog: Catalog,
    contract: Contract,
    clock_state: ClockState,
    known: Shapes | None = None,
    seed: int | None = None,
) -> Root:
    """Return the root that a fixture describes, with the settings' seed or another one.

    Raises:
        FixtureError: with file, line and reason.
    """
    moment = moment_of(source, DEFAULT_TIME)
    identity = Identity(settings.seed if seed is None else seed)
    root = empty_root((resource.schema for resource in RESOURCES.values()), clock_state)
    transaction = RootTransaction(root)
    work = Work(transaction, moment, identity, settings, RESOURCES, shapes=known)
    Loader(source, work, catalog, contract).load()
    return transaction.committed()


def moment_of(source: Source, default: str) -> int:
    """Return when the records of a fixture were made, unless they say so themselves.

    Raises:
        FixtureError: it says so, and it is no time.
    """
    time = source.content.get("time", default)
    try:
        return clock.moment(time)
    except (TypeError, ValueError):
        raise source.error(("time",), f"{time!r} is no RFC 3339 time") from None
