"""What two writers at once may not break: uniqueness, each other's updates, deletes.

Everything here is the plain meaning of the single calls: nobody promises an order, so only what
every order gives is asked for.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import combinations
from typing import Any

from mockserver.conformance.exchange import Exchange
from mockserver.conformance.family import Family, Mask, Unique, at, here
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Broken, Rule, Strength, Unreached
from mockserver.conformance.texts import said
from mockserver.conformance.things import Shelf, Thing, identify, make, right_call
from mockserver.contract.contract import Contract

_ROUNDS = 3  # of what depends on who comes first
_MANY = 4  # creates at once
_GONE = frozenset({403, 404})
#: What the later of two writers may be told.
_LATE = _GONE | {400, 409, 412, 422}


def rules(contract: Contract, families: Iterable[Family]) -> Iterator[Rule]:
    """Yield the rules of every noun."""
    for family in families:
        text = said(contract, family.create)
        for unique in family.unique[:1]:
            run = partial(_one_of_two, family, unique)
            name = "two-writers-make-one"
            yield Rule(family.create, name, unique.cites or text, run, unique.strength)
        if family.lists:
            yield Rule(family.create, "writers-do-not-mix", text, partial(_apart, family))
        if family.update is not None:
            text = said(contract, family.update)
            for pair in list(_pairs(family))[:1]:
                run = partial(_both_survive, family, pair)
                yield Rule(family.update, "two-updates-survive", text, run)
        yield from _of_deleting(contract, family)


def _of_deleting(contract: Contract, family: Family) -> Iterator[Rule]:
    if family.delete is None or family.stays:
        return
    text = said(contract, family.delete)
    run = partial(_is_gone_after_both, family, _delete_again)
    yield Rule(family.delete, "two-deletes-leave-nothing", text, run)
    if family.update is not None and family.masks:
        run = partial(_is_gone_after_both, family, _update)
        yield Rule(family.delete, "no-update-revives", text, run)


def together(*asks: Callable[[], Exchange]) -> list[Exchange]:
    """Ask all at once, each in a thread of its own; return the answers in the order of `asks`."""
    gate = threading.Barrier(len(asks))

    def ask(one: Callable[[], Exchange]) -> Exchange:
        gate.wait(timeout=10)
        return one()

    with ThreadPoolExecutor(len(asks)) as pool:
        return list(pool.map(ask, asks))


def _one_of_two(family: Family, unique: Unique, lab: Lab) -> None:
    for _ in range(_ROUNDS):
        call = right_call(lab, family, here(lab))
        where = Shelf(lab, family, here(lab), call.path)
        answers = together(partial(where.send, call), partial(where.send, call))
        granted = [one for one in answers if one.answer.is_success]
        told = f"two calls at once with the same {unique.field}"
        if len(granted) > 1:
            raise Broken(f"{told} were both granted")
        if not granted:
            raise Broken(f"{told} were both refused", strength=Strength.INFERRED)
        if family.lists:
            wanted = at(call.body, unique.field)
            same = [entry for entry in where.entries() if _shows(entry, unique.field, wanted)]
            if len(same) > 1:
                raise Broken(f"{told} are listed {len(same)} times")


def _shows(entry: Any, field: str, wanted: Any) -> bool:
    value = at(entry, field)
    return isinstance(value, str) and isinstance(wanted, str) and value == wanted


def _apart(family: Family, lab: Lab) -> None:
    calls = [right_call(lab, family, here(lab)) for _ in range(_MANY)]
    shelves = [Shelf(lab, family, here(lab), call.path) for call in calls]
    asks = (partial(w.send, call) for w, call in zip(shelves, calls, strict=True))
    answers = together(*asks)
    made: dict[str, Mapping[str, Any]] = {}
    for where, call, exchange in zip(shelves, calls, answers, strict=True):
        if not exchange.answer.is_success:
            raise Broken(f"one of {_MANY} different calls at once is answered {exchange.status}")
        identifier = identify(where, call, exchange)
        if identifier in made:
            raise Broken(f"two of {_MANY} calls at once made one {family.noun}")
        made[identifier] = call.body
        _is_kept(where, identifier, call.body, family)


def _is_kept(where: Shelf, identifier: str, body: Any, family: Family) -> None:
    found = where.found(identifier)
    if len(found) != 1:
        told = f"a {family.noun} that was made together with others is listed {len(found)} times"
        raise Broken(told)
    for field, value in body.items() if isinstance(body, Mapping) else ():
        shown = found[0].get(field)
        are_texts = isinstance(value, str) and isinstance(shown, str)
        if are_texts and field not in family.echo and shown != value:
            told = f"shows {field} {shown!r} where {value!r} was sent"
            raise Broken(f"a {family.noun} that was made together with others {told}")


def _pairs(family: Family) -> Iterator[tuple[Mask, Mask]]:
    """Yield two masks of one kind of record that do not overlap."""
    for one, other in combinations(family.masks, 2):
        same = family.variant(one.variant).name == family.variant(other.variant).name
        shown = one.shown is not None and other.shown is not None
        apart = not f"{one.path}.".startswith(f"{other.path}.")
        if same and shown and apart and not f"{other.path}.".startswith(f"{one.path}."):
            yield one, other


def _both_survive(family: Family, pair: tuple[Mask, Mask], lab: Lab) -> None:
    thing = make(lab, family, variant=pair[0].variant)
    for _ in range(_ROUNDS):
        values = [mask.value(lab) for mask in pair]
        asks = (
            partial(thing.change, {mask.path: value})
            for mask, value in zip(pair, values, strict=True)
        )
        answers = together(*asks)
        record = thing.record()
        for mask, value, exchange in zip(pair, values, answers, strict=True):
            if not exchange.answer.is_success:
                told = "one of two updates of different fields at once is answered"
                raise Broken(f"{told} {exchange.status}", strength=Strength.INFERRED)
            if at(record, str(mask.shown)) != mask.normal(value):
                others = next(one.path for one in pair if one is not mask)
                told = f"the update of {mask.path} is lost"
                raise Broken(f"{told} to one of {others} at the same time")


Other = Callable[[Lab, Thing], Exchange]


def _delete_again(_: Lab, thing: Thing) -> Exchange:
    return thing.delete()


def _update(lab: Lab, thing: Thing) -> Exchange:
    mask = thing.family.masks[0]
    return thing.change({mask.path: mask.value(lab)})


def _is_gone_after_both(family: Family, other: Other, lab: Lab) -> None:
    for _ in range(_ROUNDS):
        thing = make(lab, family)
        answers = together(thing.delete, partial(other, lab, thing))
        for exchange in answers:
            if not exchange.answer.is_success and exchange.status not in _LATE:
                told = "is answered"
                raise Broken(f"{exchange.request.method} beside DELETE {told} {exchange.status}")
        if not any(e.answer.is_success for e in answers if e.request.method == "DELETE"):
            raise Unreached("the delete was refused")
        if thing.shelf.read(thing.id) is not None:
            what = answers[1].request.method
            raise Broken(f"a {family.noun} is there after DELETE and {what} at the same time")
        if family.lists and thing.shelf.found(thing.id):
            raise Broken(f"a {family.noun} that was deleted is listed")
