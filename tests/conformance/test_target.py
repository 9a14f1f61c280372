"""The target against the contract: one item per operation, per rule, and per further layer."""

from __future__ import annotations

import pytest

from mockserver.conformance import registry, rulebook
from mockserver.conformance.findings import Finding, Verdict
from mockserver.conformance.layers import Trial, tried
from mockserver.conformance.pace import within
from mockserver.conformance.reports.curl import curl
from mockserver.conformance.rules import Refused, Rule, Unreached
from mockserver.conformance.run import Run
from mockserver.conformance.suite import layers_of
from tests.conformance.checking import CONTRACT

RULES = rulebook.rules(CONTRACT)
LAYERS = [layer.name for layer in layers_of(CONTRACT) if layer.name != "rules"]


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_rule(run: Run, rule: Rule):
    before = set(run.results.findings)
    finding = run.take("rules", Trial(tried(rule, run.session.lab()), rule.run))
    run.session.tidy()
    for key in set(run.results.findings) - before:
        judge(run.results.findings[key])
    judge(finding)


@pytest.mark.parametrize("name", list(CONTRACT.operations))
def test_operation(run: Run, name: str):
    """Call an operation as it should be called: it is granted, and answered as declared."""
    lab = run.session.lab()
    try:
        exchange = lab.make(registry.right_calls()[name](lab))
    except (Refused, Unreached) as error:
        pytest.skip(str(error))
    assert exchange.answer.is_success, exchange
    assert exchange.flaws == (), exchange


@pytest.mark.parametrize("name", LAYERS)
def test_layer(run: Run, name: str, pytestconfig: pytest.Config):
    """Let a layer that generates its own trials look for as long as it may."""
    if not pytestconfig.getoption("--target", ""):
        pytest.skip("only with --target: test_sequences.py and test_generated.py try it here")
    session = run.session
    session.deadline = within(pytestconfig.getoption("--budget") / len(LAYERS), session.watch)
    session.door.turnstile.deadline = session.deadline
    (layer,) = (one for one in layers_of(CONTRACT) if one.name == name)
    found = [run.take(name, trial) for trial in layer.run(session)]
    for finding in found:
        judge(finding)
    assert found


def judge(finding: Finding) -> None:
    """Fail for what is wrong; say what could not be tried."""
    if finding.explained_by:
        pytest.xfail(f"explained by {finding.explained_by}")
    if finding.verdict is Verdict.SUSPECT:
        pytest.xfail(f"suspect: {finding.detail}")
    if finding.verdict in {Verdict.SKIPPED, Verdict.NOT_REACHED}:
        pytest.skip(f"{finding.verdict}: {finding.detail}")
    if finding.verdict is not Verdict.HELD:
        trace = "\n".join(curl(finding.trace, {}))
        pytest.fail(f"{finding.name}: {finding.detail}\n{finding.contract}\n{trace}", pytrace=False)
