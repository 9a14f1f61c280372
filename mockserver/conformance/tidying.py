"""Deletes what a rule made as soon as it is over, so that lists stay short.

Only saves time: what is not deleted here, the cleanup at the end deletes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from urllib.parse import quote

from mockserver.conformance.abreast import for_each
from mockserver.conformance.door import Door
from mockserver.conformance.exchange import Exchange, Request
from mockserver.conformance.keeper import reader
from mockserver.conformance.lab import Parents
from mockserver.conformance.ledger import Entry
from mockserver.conformance.nouns import NOUNS, Noun, made_by, records_in, text_at
from mockserver.conformance.rules import Inconclusive, Refused

_Left = tuple[Noun, Entry, str]  # with the id of what is left
_ORDER: Mapping[str, int] = {noun.name: number for number, noun in enumerate(NOUNS)}


def _place(left: _Left) -> int:
    return _ORDER[left[0].name]


class Tidying:
    """Goes through the ledger from where it stopped the last time."""

    def __init__(self, door: Door, parents: Parents) -> None:
        """Take what is shared by rules: it stays. What was made until now stays, too."""
        self._door = door
        self._parents = parents
        self._known: set[str] = set()  # keys of parents that were looked at
        self._kept: set[str] = set()  # ids that stay
        self._next = len(door.keeper.ledger.entries) + 1 if door.keeper else 1

    def run(self) -> None:
        """Delete what was made since the last time, and is not shared."""
        if self._door.keeper is None:
            return
        self._note_parents()
        entries = self._door.keeper.ledger.entries
        last = len(entries)
        fresh = [entries[number] for number in range(last, self._next - 1, -1)]
        self._next = last + 1
        left = sorted(self._left(fresh), key=_place)
        for _, alike in groupby(left, key=_place):
            for_each(self._door, self._delete, list(alike))

    def _left(self, entries: list[Entry]) -> Iterator[_Left]:
        keeper = self._door.keeper
        gone = keeper.ledger.gone if keeper else set()
        for entry in entries:
            noun = made_by(entry.operation_id)
            if noun is None or not noun.deletes or noun.within or noun.is_secret:
                continue  # installations go with their integrations
            for identity in entry.ids:
                if identity not in self._kept and identity not in gone:
                    yield noun, entry, identity

    def _delete(self, left: _Left) -> None:
        noun, entry, identity = left
        operation = self._door.contract.operations[noun.deletes]
        path = operation.path.replace("{" + noun.place + "}", quote(entry.place, safe=""))
        path = path.replace("{" + noun.parameter + "}", quote(identity, safe=""))
        caller = reader(self._door.target, entry.place)
        try:
            self._door.send(Request(noun.deletes, operation.method, path, caller=caller))
        except (Inconclusive, Refused):
            return  # the cleanup at the end tries again, and tells

    def _note_parents(self) -> None:
        for key, (_, exchanges) in self._parents.made.items():
            if key not in self._known:
                self._known.add(key)
                for exchange in exchanges:
                    self._kept.update(_ids(exchange))


def _ids(exchange: Exchange) -> Iterator[str]:
    noun = made_by(exchange.operation_id)
    if noun is not None and exchange.answer.is_success:
        for record in records_in(exchange.json):
            yield text_at(record, noun.answered or noun.id)
