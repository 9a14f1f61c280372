"""Deletes what a run made: by the ids in its ledger, and by its mark in the target's lists.

Can be done again at any time, by the run itself or by a later command: what is gone already is
none of our business any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from urllib.parse import quote

from mockserver.conformance import callers
from mockserver.conformance.abreast import for_each
from mockserver.conformance.callers import Caller
from mockserver.conformance.door import Door
from mockserver.conformance.exchange import Answer, Request
from mockserver.conformance.keeper import Keeper
from mockserver.conformance.ledger import REFUSED, Entry, hashed
from mockserver.conformance.naming import ORG, PREFIX
from mockserver.conformance.nouns import NOUNS, Noun, made_by, records_in, text_at
from mockserver.conformance.rules import Inconclusive, Refused
from mockserver.conformance.target import Project

_PASSES = 3  # what stands on something that is deleted later goes in the next one
_GONE = frozenset({"accepted", "revoked", "expired"})  # Source: Invite.status


@dataclass
class Remains:
    """What a cleanup came to."""

    deleted: int = 0
    failed: list[str] = field(default_factory=list)  # sentences: it should have been deleted
    undeletable: list[str] = field(default_factory=list)  # sentences: the contract cannot

    @property
    def left(self) -> list[str]:
        """Everything that is still there."""
        return self.failed + self.undeletable


@dataclass(frozen=True, slots=True)
class _Found:
    """One record to delete."""

    noun: Noun
    id: str
    path: tuple[tuple[str, str], ...]  # parameters besides its own
    caller: Caller


class Cleanup:
    """One cleaning of one run's records."""

    def __init__(self, door: Door, entries: Iterable[Entry], gone: Iterable[str]) -> None:
        """Take a door whose keeper knows the run's mark, and what the ledger says."""
        if door.keeper is None:
            raise ValueError("a cleanup needs a keeper")
        self._door = door
        self._keeper: Keeper = door.keeper
        self._entries = list(entries)
        self._gone = set(gone)
        self._hashes = {one for entry in self._entries for one in entry.ids}
        self._open = {
            noun.name
            for entry in self._entries
            if not entry.outcome and (noun := made_by(entry.operation_id)) is not None
        }
        self._refused: dict[tuple[str, str], str] = {}
        self._seen: set[str] = set()  # nouns of which there was something

    def run(self) -> Remains:
        """Delete everything that can be deleted; return what is left."""
        remains = Remains()
        for _ in range(_PASSES):
            self._refused.clear()
            for _, alike in groupby(list(self._found()), key=lambda one: one.noun.name):
                remains.deleted += sum(for_each(self._door, self._delete, list(alike)))
            if not self._refused:
                break
        remains.failed = [f"{noun} {name}: {why}" for (noun, name), why in self._refused.items()]
        remains.undeletable = list(self._undeletable())
        return remains

    def _found(self) -> Iterator[_Found]:
        places = list(self._places())
        known: set[tuple[str, str]] = set()
        for noun in NOUNS:
            if not noun.deletes:
                continue
            for place, caller in places:
                for one in self._listed(noun, place, caller):
                    known.add((noun.name, one.id))
                    yield one
            yield from self._unlisted(noun, known)

    def _places(self) -> Iterator[tuple[Project, Caller]]:
        target = self._door.target
        own = target.callers.get(callers.KEY) or target.callers.get(callers.BEARER) or Caller()
        yield target.project, own
        if target.neighbour is not None:
            other = target.callers.get(callers.BEARER) or target.callers.get(
                callers.NEIGHBOUR_KEY, own
            )
            yield target.neighbour, other

    def _listed(self, noun: Noun, place: Project, caller: Caller) -> Iterator[_Found]:
        where = place.org_id if noun.place == ORG else place.given
        if not where or not noun.lists:
            return
        answer = self._ask(noun.lists, {noun.place: where}, caller)
        for record in reversed(list(records_in(answer.json if answer else None))):
            if self._is_to_go(noun, record):
                self._seen.add(noun.name)
                within = [(name, text_at(record, key)) for name, key in noun.within]
                yield _Found(noun, text_at(record, noun.id), ((noun.place, where), *within), caller)

    def _is_to_go(self, noun: Noun, record: dict[str, Any]) -> bool:
        identity = text_at(record, noun.id)
        if not identity or text_at(record, "status") in _GONE:
            return False
        belongings = self._keeper.belongings
        by_hash = noun.is_secret and hashed(identity) in self._hashes
        # Whose id never came: what stands on ours is that one, for nobody else knows our topics.
        by_parent = noun.name in self._open and belongings.stands_on_ours(noun, record)
        if by_hash or by_parent or belongings.recognizes(noun, record):
            self._keeper.belongings.ids.add(identity)
            return True
        return False

    def _unlisted(self, noun: Noun, known: set[tuple[str, str]]) -> Iterator[_Found]:
        """Yield what the ledger knows and no list shows: a target may forget to list something."""
        if noun.within or noun.is_secret:
            return
        for entry in reversed(self._entries):
            if made_by(entry.operation_id) is noun:
                for identity in entry.ids:
                    if identity not in self._gone and (noun.name, identity) not in known:
                        self._gone.add(identity)
                        path = ((noun.place, entry.place),)
                        yield _Found(noun, identity, path, self._caller_of(entry))

    def _caller_of(self, entry: Entry) -> Caller:
        found = self._door.target.callers
        return found.get(entry.caller) or found.get(callers.KEY) or Caller()

    def _delete(self, one: _Found) -> int:
        path = {**dict(one.path), one.noun.parameter: one.id}
        name = "one of ours" if one.noun.is_secret else one.id
        try:
            answer = self._ask(one.noun.deletes, path, one.caller)
        except (Inconclusive, Refused) as error:
            self._refused[one.noun.name, name] = str(error)
            return 0
        if answer is None or answer.is_success or answer.status == 404:
            return int(answer is not None and answer.is_success)
        self._refused[one.noun.name, name] = f"{one.noun.deletes} answers {answer.status}"
        return 0

    def _ask(self, operation_id: str, path: dict[str, str], caller: Caller) -> Answer | None:
        operation = self._door.contract.operations[operation_id]
        address = operation.path
        for name, value in path.items():
            address = address.replace("{" + name + "}", quote(value, safe=""))
        request = Request(operation_id, operation.method, address, caller=caller)
        if operation.method != "GET":
            return self._door.send(request).answer
        try:
            return self._door.send(request).answer
        except (Inconclusive, Refused) as error:
            self._refused[operation_id, address] = str(error)
            return None

    def _undeletable(self) -> Iterator[str]:
        mark = PREFIX + self._keeper.belongings.mark
        for noun in NOUNS:
            entries = [e for e in self._entries if made_by(e.operation_id) is noun]
            unknown = sum(not entry.ids and entry.outcome != REFUSED for entry in entries)
            names = [identity for entry in entries for identity in entry.ids]
            names += [f"{unknown} whose id was not told"] if unknown else []
            if names and not noun.deletes:
                yield f"{noun.name}s: {', '.join(names)}: the contract cannot delete them"
        stays = {noun.name for noun in NOUNS if noun.stays}
        for name in sorted(stays & self._seen):
            yield f"{name}s of {mark}-…: they are withdrawn and stay in the list"
        if any(entry.operation_id == "generateConnection" and entry.ids for entry in self._entries):
            yield f"groups and consumers named {mark}-…: the contract cannot delete them"
