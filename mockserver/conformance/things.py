"""Records that we made, and the shelves they lie on: a noun in one place of the target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from mockserver.conformance.calls import Call
from mockserver.conformance.comparison import body_of, entry_of
from mockserver.conformance.exchange import NO_BODY, Exchange
from mockserver.conformance.family import Family, Place, at, here, with_value, without_value
from mockserver.conformance.lab import Lab
from mockserver.conformance.naming import PROJECT
from mockserver.conformance.rules import Broken, Unreached
from mockserver.contract.operations import Operation

Record = Mapping[str, Any]


def own_parameter(operation: Operation) -> str:
    """Return the path parameter that names the record itself: the last one of the path."""
    return operation.path.rpartition("{")[2].partition("}")[0]


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where records of a noun lie: below one project, organization or other parent."""

    lab: Lab
    family: Family
    place: Place
    path: Mapping[str, str]  # of the parents

    def entries(self, *, operation: str = "", **query: str) -> list[Any]:
        """Return what a list shows, as it came.

        Args:
            operation: which list; empty: the noun's first.
            query: its query parameters.

        Raises:
            Unreached: the list was not granted. Its own laws tell that.
        """
        exchange = self.listing(operation=operation, **query)
        if not exchange.answer.is_success:
            raise Unreached(f"{exchange} was needed")
        body = exchange.json
        return body if isinstance(body, list) else []

    def known(self, entry: Any, operation: str = "") -> Any:
        """Return an entry of a list without what the contract does not know."""
        known = entry_of(self.lab.contract, operation or self.family.lists[0], entry)
        return self.still(known)

    def shown(self, exchange: Exchange) -> Any:
        """Return the record of an answer, without what the contract does not know."""
        return self.still(body_of(self.lab.contract, exchange))

    def still(self, record: Any) -> Any:
        """Return a record without what the target moves by itself."""
        for path in self.family.drifts:
            record = without_value(record, path) if isinstance(record, Mapping) else record
        return record

    def listing(self, *, operation: str = "", **query: str) -> Exchange:
        """Call a list and return what came."""
        name = operation or self.family.lists[0]
        return self.send(Call(name, self.path, query))

    def found(self, identifier: str, *, operation: str = "", **query: str) -> list[Record]:
        """Return every entry of a list that has an id, without what the contract lacks."""
        key = self.family.key
        return [
            self.known(entry, operation)
            for entry in self.entries(operation=operation, **query)
            if isinstance(entry, Mapping) and entry.get(key) == identifier
        ]

    def get(self, identifier: str, **query: str) -> Exchange:
        """Read one record and return what came."""
        return self.on(_known(self.family.get), identifier, query=query)

    def read(self, identifier: str) -> Record | None:
        """Return one record, by its own call or out of the list; None when it is not there.

        Raises:
            Broken: the answer is neither the record nor that there is none.
            Unreached: the list was not granted.
        """
        if self.family.get is None:
            return next(iter(self.found(identifier)), None)
        exchange = self.get(identifier)
        if exchange.status in {403, 404}:
            return None
        if not exchange.answer.is_success:
            raise Unreached(f"{exchange} was needed")
        record = self.shown(exchange)
        if not isinstance(record, Mapping):
            raise Broken(f"{exchange} answers no object")
        return record

    def change(self, identifier: str, values: Mapping[str, Any], mask: Any = None) -> Exchange:
        """Update one record and return what came.

        Args:
            identifier: which one.
            values: path -> value, as the body says them.
            mask: the paths that updateMask names; None: those of `values`.
        """
        body = update_body(self.family, values, mask)
        return self.on(_known(self.family.update), identifier, body)

    def delete(self, identifier: str) -> Exchange:
        """Delete one record and return what came."""
        return self.on(_known(self.family.delete), identifier)

    def on(
        self,
        operation_id: str,
        identifier: str,
        body: Any = NO_BODY,
        query: Mapping[str, str] | None = None,
    ) -> Exchange:
        """Call an operation of one record and return what came."""
        parameter = own_parameter(self.lab.contract.operations[operation_id])
        path = {**self.path, parameter: identifier}
        return self.send(Call(operation_id, path, query or {}, body))

    def send(self, call: Call, *, caller: str | None = None) -> Exchange:
        """Send a call as who works here."""
        return self.lab.make(call, caller=caller or self.who)

    @property
    def who(self) -> str | None:
        """The name of the caller that works here; None: for each operation whom it is for."""
        return self.place.caller or self.family.caller

    def beside(self, place: Place) -> Shelf:
        """Return the shelf with the same path as this one, in another place or as another."""
        path = {**self.path, PROJECT: place.project} if PROJECT in self.path else self.path
        return Shelf(self.lab, self.family, place, path)


@dataclass(frozen=True, slots=True)
class Thing:
    """A record that we made."""

    shelf: Shelf
    id: str
    call: Call  # that made it
    exchange: Exchange

    @property
    def family(self) -> Family:
        """Its noun."""
        return self.shelf.family

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from everything else that we made."""
        return self.family.noun, self.shelf.place.name, self.id

    def record(self) -> Record:
        """Return it as it can be read now.

        Raises:
            Broken: it cannot be read.
        """
        record = self.shelf.read(self.id)
        if record is None:
            raise Broken(f"a {self.family.noun} that was created cannot be read")
        return record

    def change(self, values: Mapping[str, Any], mask: Any = None) -> Exchange:
        """Update it and return what came."""
        return self.shelf.change(self.id, values, mask)

    def delete(self) -> Exchange:
        """Delete it and return what came."""
        return self.shelf.delete(self.id)


def shelf(lab: Lab, family: Family, place: Place | None = None) -> Shelf:
    """Return the shelf of a noun directly in a place; for nouns whose parents are given."""
    where = place or here(lab)
    return Shelf(lab, family, where, family.path(lab, where))


def make(
    lab: Lab,
    family: Family,
    place: Place | None = None,
    variant: str = "",
    fields: Mapping[str, Any] | None = None,
) -> Thing:
    """Make a record that a law stands on.

    Args:
        lab: where the law works.
        family: the noun.
        place: the project; None: the one that we work in.
        variant: which kind of body; empty: the first.
        fields: path -> value, to send in place of the variant's.

    Raises:
        Unreached: it was not granted. The law about creating tells that.
    """
    where = place or here(lab)
    call = right_call(lab, family, where, variant, fields)
    thing, exchange = attempt(lab, family, where, call)
    if thing is None:
        raise Unreached(f"{exchange} was needed first")
    return thing


def right_call(
    lab: Lab,
    family: Family,
    place: Place,
    variant: str = "",
    fields: Mapping[str, Any] | None = None,
) -> Call:
    """Return a call that makes a record, with some fields as given."""
    call = family.variant(variant).call(lab, place)
    for name, value in (fields or {}).items():
        call = with_field(call, name, value)
    return call


def with_field(call: Call, field: str, value: Any) -> Call:
    """Return a call with another value at a path of its body."""
    return replace(call, body=with_value(call.body, field, value))


def attempt(lab: Lab, family: Family, place: Place, call: Call) -> tuple[Thing | None, Exchange]:
    """Send a create call; return what it made, or None when it was refused, and the answer."""
    where = Shelf(lab, family, place, call.path)
    exchange = where.send(call)
    if not exchange.answer.is_success:
        return None, exchange
    return Thing(where, identify(where, call, exchange), call, exchange), exchange


def identify(where: Shelf, call: Call, exchange: Exchange) -> str:
    """Return the id of what a create call made, from its answer or by its name from the list.

    Raises:
        Broken: neither tells it.
    """
    family = where.family
    body = exchange.json
    if isinstance(body, Mapping):
        made = at(body, family.made or family.key)
        if not isinstance(made, str) or not made:
            raise Broken(f"{exchange} tells no {family.made or family.key}")
        return made
    wanted = at(call.body, family.found_by)
    found = [entry for entry in where.entries() if at(entry, family.found_by) == wanted]
    if len(found) != 1:
        raise Broken(f"{exchange}: {len(found)} in the list have the {family.found_by} {wanted!r}")
    return str(found[0][family.key])


def update_body(family: Family, values: Mapping[str, Any], mask: Any = None) -> Any:
    """Return the body of an update; see `Shelf.change`."""
    nested: dict[str, Any] = {}
    for path, value in values.items():
        nested = with_value(nested, path, value)
    if not family.is_masked:
        return nested
    return {"updateMask": list(values) if mask is None else mask, family.values: nested}


def _known(operation_id: str | None) -> str:
    if operation_id is None:
        raise Unreached("the contract has no such operation for this noun")
    return operation_id
