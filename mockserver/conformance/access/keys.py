"""The matrix of operations and credentials: who is refused, who is granted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from mockserver.conformance import callers
from mockserver.conformance.access import tiers
from mockserver.conformance.access.citing import security_of
from mockserver.conformance.access.forged import Forged, forged, odd
from mockserver.conformance.access.refusing import HIDDEN, Refusals
from mockserver.conformance.attempts import Make, Makes, each
from mockserver.conformance.callers import Caller
from mockserver.conformance.calls import Call
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Broken, Rule, Strength
from mockserver.conformance.shapes.refusals import WRONG
from mockserver.contract.contract import Contract
from mockserver.contract.operations import Operation

_KEY_IS_ACTIVE = "/components/schemas/ApiKey/properties/active/description"
_REVOKED = (callers.INACTIVE_KEY, callers.DELETED_KEY)
_KEY_PROJECT = "/components/schemas/ApiKey/properties/projectId/description"
_KEY_SCOPES = "/components/schemas/ApiKeyScopes/description"


def rules(contract: Contract, right: Makes) -> Iterator[Rule]:
    """Yield the rules of every operation: for each group of credentials whether it opens it."""
    for operation in contract.operations.values():
        make = right.get(operation.operation_id)
        if make is None:
            continue
        cites = security_of(operation)
        if operation.is_public:
            yield _rule(operation, "credentials-do-not-matter", cites, partial(_is_public, make))
            continue
        run = Refusals(operation, make, forged)
        yield _rule(operation, "credentials-are-needed", cites, run)
        yield from _of_keys(operation, make, cites)
        yield from _granting(operation, make, cites)


def odd_rules(contract: Contract, right: Makes) -> Iterator[Rule]:
    """Yield the rules of rarer credentials, which come after everything else."""
    for operation in contract.operations.values():
        make = right.get(operation.operation_id)
        if make is not None and not operation.is_public:
            cites, run = security_of(operation), Refusals(operation, make, odd)
            yield _rule(operation, "odd-credentials-are-refused", cites, run)


def _rule(
    operation: Operation,
    name: str,
    cites: str,
    run: Callable[[Lab], None],
    strength: Strength = Strength.PROMISED,
    needs: frozenset[str] = frozenset(),
) -> Rule:
    return Rule(operation.operation_id, name, cites, run, strength, needs)


def _of_keys(operation: Operation, make: Make, cites: str) -> Iterator[Rule]:
    if tiers.takes_bearer_only(operation):
        run = Refusals(operation, make, named(callers.KEY, callers.FRONTEND_KEY), HIDDEN)
        yield _rule(operation, "api-keys-are-refused", cites, run)
        return
    run = Refusals(operation, make, _revoked)
    yield _rule(operation, "revoked-keys-are-refused", _KEY_IS_ACTIVE, run)
    if tiers.is_in_project(operation):
        # One that names its project in the body may be told that there is no such project.
        statuses = HIDDEN if operation.path.startswith("/projects/") else HIDDEN | WRONG
        run = Refusals(operation, make, named(callers.NEIGHBOUR_KEY), statuses)
        needs = frozenset({callers.NEIGHBOUR_KEY})
        yield _rule(operation, "keys-of-other-projects-are-refused", _KEY_PROJECT, run, needs=needs)
    if tiers.is_for_the_project(operation):
        run = Refusals(operation, make, named(callers.FRONTEND_KEY), HIDDEN)
        needs = frozenset({callers.FRONTEND_KEY})
        name = "frontend-keys-are-refused"
        yield _rule(operation, name, _KEY_SCOPES, run, Strength.INFERRED, needs)


def named(*names: str) -> Callable[[Lab, Call], Iterable[Forged]]:
    """Return a function that yields callers of the run by their names."""

    def found(lab: Lab, _: Call) -> Iterator[Forged]:
        for name in names:
            yield Forged(f"the {name}", lab.caller(name))

    return found


def _revoked(lab: Lab, _: Call) -> Iterator[Forged]:
    """Yield the keys that were taken out of use, those of them that the run has."""
    found = [name for name in _REVOKED if name in lab.door.target.callers]
    if not found:
        lab.caller(_REVOKED[0])  # says why there is none
    yield from named(*found)(lab, _)


def _granting(operation: Operation, make: Make, cites: str) -> Iterator[Rule]:
    if tiers.takes_keys(operation) and "Bearer" in operation.schemes:
        run = partial(_takes_bearer, make)
        needs = frozenset({callers.BEARER})
        yield _rule(operation, "bearer-tokens-are-taken", cites, run, needs=needs)
        if operation.method == "GET":
            name, run = "both-credentials-are-taken", partial(_takes_both, make)
            yield _rule(operation, name, cites, run, Strength.INFERRED, needs)
    if operation.operation_id in tiers.FRONTEND:
        name, run = "frontend-keys-are-taken", partial(_takes_frontend, make)
        needs = frozenset({callers.FRONTEND_KEY})
        yield _rule(operation, name, _KEY_SCOPES, run, Strength.INFERRED, needs)


def _takes_bearer(make: Make, lab: Lab) -> None:
    _require_granted(lab, make(lab), lab.caller(callers.BEARER), "a bearer token")


def _takes_both(make: Make, lab: Lab) -> None:
    key, bearer = lab.caller(callers.KEY), lab.caller(callers.BEARER)
    both = Caller(
        "key-and-bearer", {**key.headers, **bearer.headers}, {**key.shown, **bearer.shown}
    )
    call = make(lab)
    if call.caller is None:
        _require_granted(lab, call, both, "an API key together with a bearer token")


def _takes_frontend(make: Make, lab: Lab) -> None:
    _require_granted(lab, make(lab), lab.caller(callers.FRONTEND_KEY), "a frontend key")


def _require_granted(lab: Lab, call: Call, caller: Caller, detail: str) -> None:
    exchange = lab.make(call, caller=caller)
    if not exchange.answer.is_success:
        # A member may have less than every right: only who is not known at all is plain.
        strength = None if exchange.status == 401 else Strength.INFERRED
        raise Broken(f"{detail} is answered {exchange.status}", strength=strength)


def _is_public(make: Make, lab: Lab) -> None:
    call = make(lab)
    plain = lab.make(call)
    if not plain.answer.is_success:
        raise Broken(f"without credentials it is answered {plain.status}")

    def same(forged: Forged) -> None:
        exchange = lab.make(call, caller=forged.caller)
        if (exchange.status, exchange.json) != (plain.status, plain.json):
            told = f"{exchange.status}, or another body, than without credentials"
            raise Broken(f"{forged.detail} is answered {told}")

    good = (Forged(name, lab.caller(name)) for name in lab.door.target.callers)
    bad = (
        Forged("a wrong API key", Caller("forged", {"X-Api-Key": "wrong"})),
        Forged("a wrong bearer token", Caller("forged", {"Authorization": "Bearer wrong"})),
        Forged("an unknown scheme", Caller("forged", {"Authorization": "Basic d3Jvbmc="})),
    )
    each((*bad, *good), same)
