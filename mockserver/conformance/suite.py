"""One check from its options to its report: the command and the pytest plugin call this."""

from __future__ import annotations

import gc
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

import httpx

from mockserver.conformance import callers, registry, rulebook
from mockserver.conformance.belongings import Belongings
from mockserver.conformance.callers import Caller, by_bearer, by_key
from mockserver.conformance.cleanup import Cleanup, Remains
from mockserver.conformance.derive import Derivation
from mockserver.conformance.door import Door, Observer
from mockserver.conformance.generated.layer import Generated
from mockserver.conformance.keeper import Keeper
from mockserver.conformance.layers import Layer, Session
from mockserver.conformance.ledger import Ledger
from mockserver.conformance.observing import Observing
from mockserver.conformance.pace import Watch, within
from mockserver.conformance.patience import Patience
from mockserver.conformance.profiles import OBSERVE, OWN_DATA, load_profile
from mockserver.conformance.sequences.layer import Sequences
from mockserver.conformance.sweep import Sweep
from mockserver.conformance.target import Project, Target, api_url
from mockserver.conformance.tidying import Tidying
from mockserver.contract.contract import Contract

_UNCOLLECTED = 50_000  # new objects after which the collector looks; Python's own: 700


@dataclass(frozen=True)
class Options:
    """What is checked, as whom, and how much of it."""

    url: str  # the server's root, or its /v1
    project: str = ""  # id or name; empty: the only one that the credential reaches
    api_key: str = field(default="", repr=False)
    bearer: str = field(default="", repr=False)
    neighbour_project: str = ""
    neighbour_api_key: str = field(default="", repr=False)
    profile: str = OWN_DATA
    seed: int = 0
    budget: float = 120.0  # seconds
    patience: Patience = field(default_factory=Patience)
    state: Path | None = None  # folder of the ledgers; None: nothing is written
    transport: httpx.BaseTransport | None = None  # None: real HTTP
    watch: Watch = field(default_factory=Watch)
    mark: str = ""  # of the run; empty: a new one


@dataclass
class Prepared:
    """A target that can be checked, and everything that watches over it."""

    options: Options
    session: Session
    ledger: Ledger
    door: Door
    remains: Remains | None = None  # after the cleanup


def new_mark() -> str:
    """Return the mark of a new run: six hexadecimal digits."""
    return secrets.token_hex(3)


def target_of(options: Options) -> Target:
    """Return the target as it was given.

    Raises:
        ValueError: the URL is none.
    """
    given: list[Caller] = []
    if options.api_key:
        given.append(by_key(callers.KEY, options.api_key))
    if options.bearer:
        given.append(by_bearer(callers.BEARER, options.bearer))
    if options.neighbour_api_key:
        given.append(by_key(callers.NEIGHBOUR_KEY, options.neighbour_api_key))
    other = Project(options.neighbour_project) if options.neighbour_project else None
    return Target(
        api_url(options.url),
        Project(options.project),
        {caller.name: caller for caller in given},
        other,
        options.transport,
    )


def layers_of(contract: Contract, only: str = "", profile: str = OWN_DATA) -> list[Layer]:
    """Return the layers in the order of their turns.

    Args:
        contract: what is held against a target.
        profile: the name of one; where nothing may be made, there is nothing but looking.
        only: a pattern such as `createTopic/*`; the rules whose ids fit it, and no other layer.
    """
    if profile == OBSERVE:
        return [Observing()]
    if only:
        return [Sweep(r for r in rulebook.rules(contract) if fnmatchcase(r.id, only))]
    return [Sweep(rulebook.rules(contract)), Sequences(), Generated()]


@contextmanager
def _rarely_collecting() -> Iterator[None]:
    """Let the collector leave alone what is there already, and look seldom at the rest.

    The contract and the rules stay to the end of a run. Going through them again and again cost a
    sixth of its time.
    """
    thresholds = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(_UNCOLLECTED, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()


@contextmanager
def prepared(options: Options, contract: Contract, *observers: Observer) -> Iterator[Prepared]:
    """Open the target, make what is missing, and clean up at the end, whatever happens.

    Raises:
        CannotRun: the target lets us do nothing.
        OSError: the ledger cannot be written.
        ValueError: the URL or the profile is none.
    """
    mark = options.mark or new_mark()
    target = target_of(options)
    profile = load_profile(options.profile, contract)
    path = options.state / f"{mark}.jsonl" if options.state and not profile.reads_only else None
    ledger = Ledger(path, run=mark, url=target.url)
    keeper = Keeper(profile, contract, Belongings(mark), ledger)
    door = Door(target, contract, *observers, keeper=keeper, patience=options.patience)
    deadline = within(options.budget, options.watch)
    door.turnstile.deadline = deadline
    session = Session(door, mark, options.seed, deadline, registry.right_calls())
    ready = Prepared(options, session, ledger, door)
    try:
        Derivation(session.lab(), profile.name, options.watch).run()
        session.tidy = Tidying(door, session.parents).run
        with _rarely_collecting():
            yield ready
    finally:
        door.turnstile.deadline = None
        try:
            if not profile.reads_only:
                ready.remains = Cleanup(door, ledger.entries.values(), ledger.gone).run()
        finally:
            ledger.close()
            door.close()
