"""One run of a sequence: the lab, the model, and the steps that move both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.conformance import registry
from mockserver.conformance.calls import Call
from mockserver.conformance.exchange import Exchange
from mockserver.conformance.family import Family, Place, here, there, without_value
from mockserver.conformance.lab import Lab, Made
from mockserver.conformance.rules import Broken, Refused, Unreached
from mockserver.conformance.sequences.model import Entry, Model
from mockserver.conformance.things import Record, Shelf, Thing, identify


@dataclass(frozen=True, slots=True)
class Step:
    """One step. Numbers choose among what is there when it comes: modulo how much there is."""

    action: str
    noun: int = 0
    place: int = 0
    pick: int = 0
    twist: int = 0


class Inner(Lab):
    """A lab within another one, with the same trace.

    What labs share is made under another mark, so that it is not taken for the sequence's own:
    whatever has its mark, the model must know.
    """

    def __init__(self, lab: Lab) -> None:
        """Take the lab that the run looks at."""
        super().__init__(lab.door, lab.run, lab.parents)
        self.trace = lab.trace

    def shared(self, key: str, make: Callable[[Lab], Made]) -> Made:
        """Return what `make` made in the first lab of this run that asked for `key`."""
        other = Lab(self.door, f"{self.run}s", self.parents)
        value = other.shared(key, make)
        known = {exchange.number for exchange in self.trace}
        self.trace[:0] = [one for one in other.trace if one.number not in known]
        return value


class Play:
    """Plays steps against the target, and holds what it answers against the model."""

    def __init__(self, lab: Lab, barred: set[str] | None = None) -> None:
        """Start with an empty model; `barred` are nouns that the profile does not let us make."""
        self.lab: Lab = Inner(lab)
        self.model = Model()
        self.barred = set() if barred is None else barred
        self.chosen: tuple[Family, ...] = ()  # nouns of this sequence; empty: all
        self.operation = ""  # that is being held against the model
        self.places = [here(lab)]
        if lab.door.target.neighbour is not None:
            self.places.append(there(lab))

    def take(self, step: Step, actions: Mapping[str, Callable[[Play, Step], None]]) -> None:
        """Play one step. What cannot be tried here and now is left out.

        Raises:
            Broken: the target broke a promise.
            Inconclusive: the target could not be asked.
        """
        try:
            actions[step.action](self, step)
        except (Refused, Unreached):
            return

    def family(self, number: int) -> Family:
        """Return a noun that can be made.

        Raises:
            Unreached: none can.
        """
        chosen = self.chosen or registry.families()
        open_to_us = [one for one in chosen if one.noun not in self.barred]
        found: Family = picked(open_to_us, number)
        return found

    def place(self, family: Family, number: int) -> Place:
        """Return a project in which a noun can be made."""
        return picked(self.places, number) if family.has_neighbours else self.places[0]

    def adopt(self, start: int) -> None:
        """Take what was made since an exchange into the model: parents of what comes next.

        What all labs share is left alone: others still need it as it is.
        """
        kept = {one.number for _, made in self.lab.parents.made.values() for one in made}
        for exchange in [one for one in self.lab.trace if one.number > start]:
            if exchange.number in kept:
                continue
            family = _maker(exchange.operation_id)
            place = self._place_of(exchange)
            if family is None or place is None or not exchange.answer.is_success:
                continue
            path = family.path(self.lab, place)
            call = Call(exchange.operation_id, path, body=exchange.request.body)
            where = Shelf(self.lab, family, place, path)
            try:
                identifier = identify(where, call, exchange)
            except Broken:
                continue  # the noun's own laws tell that
            if self.model.find(identifier) is None:
                self.model.add(Entry(Thing(where, identifier, call, exchange), None))

    def _place_of(self, exchange: Exchange) -> Place | None:
        parts = exchange.request.path.split("/")
        if len(parts) < 4 or parts[1] != "projects":
            return None
        found = [place for place in self.places if place.project == parts[2]]
        # Deeper paths lie below a parent that the path of the noun does not name.
        return found[0] if found and len(parts) == 4 else None

    def unsettle(self, entry: Entry) -> None:
        """Expect of the records that another one names that they are read anew, not as before."""
        for one in self.model.of():
            if entry.names(one.thing.id):
                one.is_stale = True

    def read(self, entry: Entry) -> Record | None:
        """Read a record; None when it is not there."""
        return entry.thing.shelf.read(entry.thing.id)

    def expected(self, entry: Entry) -> Record:
        """Return what a record must be; it is read when the model does not know.

        Raises:
            Broken: it is not there.
        """
        if entry.record is None or entry.is_stale:
            entry.record, entry.is_stale = self.read(entry), False
        if entry.record is None:
            raise Broken(f"a {entry.family.noun} that was created cannot be read")
        return entry.record


def choose(play: Play, step: Step) -> None:
    """Choose the nouns of a sequence: few, so that its records meet each other."""
    everything = registry.families()
    numbers = (step.noun, step.pick, step.twist)
    play.chosen = tuple(
        {one.noun: one for n in numbers for one in [picked(list(everything), n)]}.values()
    )


def picked(candidates: list[Any], number: int) -> Any:
    """Return one of some things.

    Raises:
        Unreached: there are none.
    """
    if not candidates:
        raise Unreached("nothing to choose from")
    return candidates[number % len(candidates)]


def quiet(family: Family, record: Record) -> dict[str, Any]:
    """Return a record without what every write moves."""
    kept = dict(record)
    for path in ("updateTime", *family.moves):
        kept = without_value(kept, path)
    return kept


def _maker(operation_id: str) -> Family | None:
    return next((one for one in registry.families() if one.create == operation_id), None)
