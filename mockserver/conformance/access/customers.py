"""Tokens that customers carry: who they speak for, how long, and signed by which key.

Source: the platform's documentation of JWT authentication. The contract itself says that bearer
tokens are JWTs, and that JWT keys verify them: what RFC 7519 forbids of such a token is promised,
the documentation's own limits are inferred.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from mockserver.conformance import callers
from mockserver.conformance.access import tiers
from mockserver.conformance.access.forged import Forged
from mockserver.conformance.access.refusing import DENIED, HIDDEN, Refusals
from mockserver.conformance.access.signing import FORGERIES
from mockserver.conformance.attempts import Make, Makes
from mockserver.conformance.callers import Caller, by_bearer
from mockserver.conformance.calls import Call
from mockserver.conformance.credentials import Mint
from mockserver.conformance.exchange import NO_BODY
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Broken, Rule, Strength, Unreached
from mockserver.contract.contract import Contract

_VERIFIES = "/components/schemas/JWTKey/properties/active/description"
_NEEDS = frozenset({callers.CUSTOMER})
#: Reads that are about no group: they show any customer the same.
_OF_THE_PROJECT = frozenset(
    {"getProject", "listProviderApps", "listIntegrations", "getIntegration"}
)
#: Lists are cut down to the group instead of being refused.
_LISTS = frozenset({"listConnections", "listInstallations"})


@dataclass(frozen=True, slots=True)
class Who:
    """The customer that a call is about."""

    group: str
    consumer: str


def rules(contract: Contract, right: Makes) -> Iterator[Rule]:
    """Yield the rules of customers' tokens for every operation that takes keys."""
    for operation in contract.operations.values():
        name, make = operation.operation_id, right.get(operation.operation_id)
        if make is None or not tiers.takes_keys(operation):
            continue
        if name not in tiers.FRONTEND:
            run: Any = Refusals(operation, make, _any_customer, HIDDEN)
            rule = "customer-tokens-are-refused"
            yield Rule(name, rule, _VERIFIES, run, Strength.INFERRED, _NEEDS)
            continue
        run = Refusals(operation, make, _forgeries)
        yield Rule(name, "forged-customer-tokens-are-refused", _VERIFIES, run, needs=_NEEDS)
        run = partial(_is_granted, make)
        yield Rule(name, "customer-tokens-are-taken", _VERIFIES, run, Strength.INFERRED, _NEEDS)
        if name in _LISTS:
            run = partial(_is_cut_down, make)
        elif name not in _OF_THE_PROJECT and name != "getHydratedRevision":
            run = Refusals(operation, make, _other_group, HIDDEN)
        else:
            continue
        rule = "other-groups-are-hidden"
        yield Rule(name, rule, _VERIFIES, run, Strength.INFERRED, _NEEDS)


def mint_of(lab: Lab) -> Mint:
    """Return what signs tokens.

    Raises:
        Unreached: the run has no JWT key.
    """
    mint = lab.door.target.mint
    if mint is None:
        raise Unreached(lab.door.target.missing.get(callers.CUSTOMER, "needs a JWT key"))
    return mint


def who(lab: Lab, call: Call) -> Who:
    """Return the customer that a call is about; one that nobody knows when it is about none."""
    said: dict[str, Any] = dict(call.query)
    if call.body is not NO_BODY and isinstance(call.body, dict):
        said |= call.body
    if isinstance(said.get("groupRef"), str):
        return Who(said["groupRef"], str(said.get("consumerRef", f"{said['groupRef']}-consumer")))
    return _of_record(lab, call) or Who(lab.name("group"), lab.name("consumer"))


def _of_record(lab: Lab, call: Call) -> Who | None:
    """Return the customer of the connection or installation that a call names."""
    path = {**call.query, **call.path}
    if isinstance(call.body, dict):
        path |= {k: v for k, v in call.body.items() if k == "installationId"}
    if "installationId" in path:
        names = ("integrationId", "installationId")
        read = Call("getInstallation", {name: str(path[name]) for name in names})
    elif "connectionId" in path:
        read = Call("getConnection", {"connectionId": str(path["connectionId"])})
    else:
        return None
    record = lab.need(read)
    connection = record.get("connection", record)
    group, consumer = connection.get("group", {}), connection.get("consumer", {})
    return Who(str(group.get("groupRef")), str(consumer.get("consumerRef")))


def customer(lab: Lab, of: Who, detail: str = "customer", **claims: Any) -> Caller:
    """Return a caller with a good token of a customer, but for some claims."""
    return by_bearer(f"{detail}-token", mint_of(lab).token(of.group, of.consumer, **claims))


def _any_customer(lab: Lab, call: Call) -> Iterator[Forged]:
    yield Forged("a customer's token", customer(lab, who(lab, call)))


def _other_group(lab: Lab, call: Call) -> Iterator[Forged]:
    own = who(lab, call)
    other = Who(lab.name("other-group"), own.consumer)
    yield Forged("the token of another group", customer(lab, other, "other-customer"))


def _forgeries(lab: Lab, call: Call) -> Iterator[Forged]:
    mint, of = mint_of(lab), who(lab, call)
    for one in FORGERIES:
        caller = by_bearer(f"{one.name}-token", one.make(lab, mint, of.group, of.consumer))
        yield Forged(one.detail, caller, one.strength)


def _is_granted(make: Make, lab: Lab) -> None:
    call = make(lab)
    exchange = lab.make(call, caller=customer(lab, who(lab, call)))
    if not exchange.answer.is_success:
        raise Broken(f"the token of the customer it is about is answered {exchange.status}")


def _is_cut_down(make: Make, lab: Lab) -> None:
    from mockserver.conformance.families import installations

    where, made = installations.installed(lab)
    of = Who(where.who.group, where.who.consumer)
    call = make(lab)
    if call.operation_id == "listInstallations":
        call = Call(call.operation_id, where.path)
    own = lab.need(call, caller=customer(lab, of))
    wanted = made["id"] if "integrationId" in call.path else where.connection["id"]
    if not any(record.get("id") == wanted for record in own):
        raise Broken("the token of a customer does not list what is theirs")
    other = Who(lab.name("other-group"), lab.name("consumer"))
    exchange = lab.make(call, caller=customer(lab, other, "other-customer"))
    if exchange.status in DENIED:
        return
    if any(record.get("id") == wanted for record in exchange.json or ()):
        raise Broken("the token of another group lists what is not theirs")
