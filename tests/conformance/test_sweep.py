"""The order in which rules are tried."""

from __future__ import annotations

from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Rule
from mockserver.conformance.sweep import ROUGH, broad_first
from tests.conformance.test_target import RULES


def holds(_: Lab) -> None:
    return None


def test_every_operation_has_its_first_rule_before_any_has_its_second():
    rules = [Rule(o, n, "", holds) for o in ("a", "b") for n in ("1", "2", "3")]
    assert [rule.id for rule in broad_first(rules)] == ["a/1", "b/1", "a/2", "b/2", "a/3", "b/3"]


def test_what_may_break_a_server_comes_last():
    ordered = broad_first(RULES)
    first = next(n for n, rule in enumerate(ordered) if rule.name in ROUGH)
    assert {rule.name for rule in ordered[first:]} == ROUGH
    assert len(ordered) == len(RULES)


def test_the_kinds_of_rules_take_turns():
    first = [rule.name for rule in RULES if rule.operation_id == "createTopic"][:4]
    assert first[0] == "is-found-again"
    assert "right-call-is-granted" in first
