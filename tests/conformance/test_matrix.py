"""Each rule of every operation fires on a fault that it is for, and none on the mock as it is."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from mockserver.app import Mock
from mockserver.conformance import callers, matrix, registry
from mockserver.conformance.callers import by_bearer, by_key
from mockserver.conformance.derive import Derivation
from mockserver.conformance.door import Door
from mockserver.conformance.findings import Finding, Verdict
from mockserver.conformance.inprocess import InProcess
from mockserver.conformance.lab import Lab, Parents
from mockserver.conformance.layers import tried
from mockserver.conformance.pace import Watch
from mockserver.conformance.rules import Rule, unique
from mockserver.conformance.target import Project, Target
from mockserver.pointers import resolve
from tests.client import BUILDER, KEY
from tests.conformance.matrix_table import CASES
from tests.conformance.twisting import CONTRACT, Fault, Twisted, World
from tests.mutants.faulty import Fault as Variant
from tests.mutants.faulty import Faulty
from tests.mutants.variants import VARIANTS
from tests.server import serving

RULES: dict[str, Rule] = {
    rule.id: rule
    for rule in unique(matrix.rules(CONTRACT, registry.right_calls(), registry.families()))
}
BROKEN = {Verdict.VIOLATION, Verdict.SUSPECT}
#: Kinds of rules that see more over a socket: raw bodies and paths, methods, two at once. The
#: others are tried over HTTP by the check itself, in every build.
OVER_HTTP = (
    "body-must-be-json",
    "media-type-is-checked",
    "odd-paths-name-nothing",
    "other-methods-are-refused",
    "two-writers-make-one",
    "two-updates-survive",
    "writers-do-not-mix",
)
_RUNS = itertools.count(1)


@contextmanager
def rooms(
    transport: httpx.BaseTransport | None, url: str = "http://127.0.0.1:4010"
) -> Iterator[Iterator[Lab]]:
    """Open the labs of one run, with every credential that a run derives."""
    given = {callers.KEY: by_key(callers.KEY, KEY), callers.BEARER: by_bearer("bearer", BUILDER)}
    target = Target(f"{url}/v1", Project("my-project"), given, transport=transport)
    door, parents, run = Door(target, CONTRACT), Parents(), next(_RUNS)
    try:
        Derivation(Lab(door, f"{run:06x}00"), "full", Watch()).run()
        yield (Lab(door, f"{run:06x}{number:x}", parents) for number in itertools.count(1))
    finally:
        door.close()


def findings(transport: httpx.BaseTransport, rule_ids: Iterable[str]) -> list[Finding]:
    with rooms(transport) as labs:
        return [tried(RULES[rule_id], next(labs)) for rule_id in rule_ids]


def _cases() -> Iterator[Any]:
    for told, (fault, rule_ids) in CASES.items():
        for rule_id in rule_ids:
            yield pytest.param(fault, rule_id, id=f"{told}: {rule_id}")


@pytest.mark.parametrize(("fault", "rule_id"), [*_cases()])
def test_a_rule_fires_on_the_fault_that_it_is_for(mock: Mock, fault: Fault, rule_id: str):
    (finding,) = findings(Twisted(World(mock), fault), [rule_id])
    assert finding.verdict in BROKEN, finding


def kind(rule_id: str) -> str:
    """Return what a rule is about, whatever parameter it names."""
    name = rule_id.partition("/")[2]
    name = re.sub(r"^(wrong|absent)-[\w-]+-is", r"\1-is", name)
    name = re.sub(r"-checked-of-[\w-]+$", "-checked", name)
    return re.sub(r"^[a-z]\w*?(?=-is-(needed|taken)$)", "parameter", name)


def test_every_kind_of_rule_has_a_fault():
    with_fault = {kind(rule_id) for _, rule_ids in CASES.values() for rule_id in rule_ids}
    assert {kind(rule_id) for rule_id in RULES} - with_fault == set()


def told(found: Iterable[Finding]) -> dict[str, str]:
    """Return what did not hold, apart from what the target cannot show."""
    return {
        f"{one.operation_id}/{one.rule}": one.detail
        for one in found
        if one.verdict is not Verdict.HELD
    }


def test_the_mock_keeps_every_rule(mock: Mock):
    found = findings(InProcess(mock.asgi), RULES)
    assert told(found) == {}
    assert [(str(e), e.flaws) for one in found for e in one.trace if e.flaws] == []


def test_the_mock_keeps_over_http_what_a_socket_may_change():
    chosen = [rule for rule in RULES.values() if kind(rule.id) in OVER_HTTP]
    with serving() as server, rooms(None, server.url) as labs:
        found = [tried(rule, next(labs)) for rule in chosen]
    assert told(found) == {}


def test_every_rule_cites_a_text_of_the_contract():
    for rule in RULES.values():
        text = resolve(CONTRACT.document, rule.cites)
        assert isinstance(text, str)
        assert text.strip(), rule.id


def test_every_operation_has_the_rules_that_it_must():
    for operation in CONTRACT.operations.values():
        names = {i.partition("/")[2] for i in RULES if i.startswith(f"{operation.operation_id}/")}
        assert "right-call-is-granted" in names
        credentials = (
            "credentials-do-not-matter" if operation.is_public else ("credentials-are-needed")
        )
        assert credentials in names
        if operation.bodies:
            assert {"wrong-type-is-refused", "body-must-be-json"} <= names


def some_of_each_kind(most: int = 2) -> Iterator[str]:
    """Yield some rules of every kind, of operations far apart."""
    of_kind: dict[str, list[str]] = {}
    for rule_id in RULES:
        of_kind.setdefault(kind(rule_id), []).append(rule_id)
    for rule_ids in of_kind.values():
        yield from rule_ids[:: max(1, len(rule_ids) // most)][:most]


QUICK = [one for one in VARIANTS if one.name != "slow-answers"]


@pytest.mark.parametrize("variant", QUICK, ids=[one.name for one in QUICK])
def test_a_legal_variant_raises_nothing(mock: Mock, variant: Variant):
    found = findings(InProcess(Faulty(mock, variant)), some_of_each_kind())
    assert told(found) == {}
