"""The rules that hold for every operation alike: who may call, what is taken, two at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from mockserver.conformance import races, strays
from mockserver.conformance.access import customers, keys
from mockserver.conformance.attempts import makes
from mockserver.conformance.calls import RightCalls
from mockserver.conformance.family import Family
from mockserver.conformance.rules import Rule
from mockserver.conformance.shapes import allowed, bodies, contents, paths, queries, variants
from mockserver.contract.contract import Contract

#: Broad first: what breaks most, and what finds most, comes before the odd ends.
SOURCES = (
    allowed.rules,
    keys.rules,
    bodies.rules,
    queries.rules,
    paths.rules,
    customers.rules,
    contents.rules,
    strays.rules,
    keys.odd_rules,
)


def rules(contract: Contract, right: RightCalls, families: Sequence[Family] = ()) -> Iterator[Rule]:
    """Yield the rules of every operation that there is a right call for, and of every noun."""
    made = makes(right)
    yield from chain.from_iterable(source(contract, made) for source in SOURCES)
    yield from variants.rules(contract, families)
    yield from races.rules(contract, families)
