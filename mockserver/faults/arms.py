"""What is armed in one sandbox: rules, scenarios, chances, a delay for all, a token bucket.

All of it belongs to the sandbox and to nothing else: a reset empties it, a fork does not take it
along. What looks random follows from the sandbox's seed and from how often something was tried.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mockserver.faults.buckets import Bucket
from mockserver.faults.chances import Chance
from mockserver.faults.replies import Reply
from mockserver.faults.rules import STARTED, Dribble, Rule
from mockserver.simulation.delays import Delay
from mockserver.simulation.identity import Identity
from mockserver.simulation.patterns import Asked


@dataclass(slots=True)
class ArmedRule:
    """A rule, and what became of it so far."""

    rule: Rule
    order: int  # grows with each rule that is armed
    tries: int = 0
    hits: int = 0

    @property
    def is_spent(self) -> bool:
        """Whether it hits no more."""
        return self.rule.times is not None and self.hits >= self.rule.times


@dataclass(frozen=True, slots=True)
class Strike:
    """What happens to one request: a rule that hit, or bad luck."""

    id: str
    name: str
    reply: Reply | None
    fault: str | None
    seconds: float | None  # to wait before; None: as long as every answer waits
    dribble: Dribble | None = None


@dataclass(slots=True)
class Arms:
    """Everything that is armed in one sandbox."""

    seed: int
    rules: list[ArmedRule] = field(default_factory=list)  # in the order they are tried
    states: dict[str, str] = field(default_factory=dict)  # of scenarios that have left `Started`
    chances: list[Chance] = field(default_factory=list)
    bucket: Bucket | None = None
    delay: Delay | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)  # what `delay` was made from
    made: int = 0  # rules and chances, to number them
    waits: int = 0  # answers that waited, to spread the delay

    @property
    def is_idle(self) -> bool:
        """Whether nothing is armed."""
        return not (self.rules or self.chances or self.bucket or self.delay)

    @property
    def reads_body(self) -> bool:
        """Whether a rule wants to see bodies."""
        return any(one.rule.pattern.reads_body for one in self.rules)

    def next_id(self) -> str:
        """Return an id that nothing here has had before."""
        self.made += 1
        return Identity(self.seed).uuid("faults", self.made)

    def add(self, rules: Iterable[Rule]) -> None:
        """Arm rules, each in the place of the one with its id, if there is one."""
        for rule in rules:
            self.remove(rule.id)
            self.made += 1
            self.rules.append(ArmedRule(rule, self.made))
        # The lowest number first; among equals the latest, so that a test can overrule its setup.
        self.rules.sort(key=lambda one: (one.rule.priority, -one.order))

    def find(self, identifier: str) -> ArmedRule | None:
        """Return a rule by its id."""
        return next((one for one in self.rules if one.rule.id == identifier), None)

    def remove(self, identifier: str) -> None:
        """Disarm a rule, if there is one of that id."""
        self.rules = [one for one in self.rules if one.rule.id != identifier]
        self._forget_states()

    def clear_rules(self) -> None:
        """Disarm every rule; the scenarios go with them."""
        self.rules.clear()
        self._forget_states()

    def scenarios(self) -> dict[str, list[Rule]]:
        """Return the rules of every scenario by its name."""
        found: dict[str, list[Rule]] = {}
        for one in sorted(self.rules, key=lambda armed: armed.order):
            if one.rule.scenario is not None:
                found.setdefault(one.rule.scenario.name, []).append(one.rule)
        return found

    def state(self, scenario: str) -> str:
        """Return the state that a scenario is in."""
        return self.states.get(scenario, STARTED)

    def strike(self, asked: Asked) -> Strike | None:
        """Return what happens to a request, and count it; None when nothing does."""
        for one in self.rules:
            if self._hits(one, asked):
                return self._struck(one)
        for chance in self.chances:
            if chance.operation_id in {None, asked.operation_id} and asked.operation_id:
                struck = self._try(chance)
                if struck is not None:
                    return struck
        return None

    def wait(self) -> float:
        """Return how many seconds the next answer waits that no rule makes wait."""
        if self.delay is None:
            return 0.0
        self.waits += 1
        return self._draw(self.delay, "delay", self.waits)

    def _hits(self, one: ArmedRule, asked: Asked) -> bool:
        rule = one.rule
        if one.is_spent or not self._is_on(rule) or not rule.pattern.matches(asked):
            return False
        one.tries += 1
        return rule.probability == 1 or self._roll(rule.id, one.tries) < rule.probability

    def _is_on(self, rule: Rule) -> bool:
        scenario = rule.scenario
        if scenario is None or scenario.required is None:
            return True
        return self.state(scenario.name) == scenario.required

    def _struck(self, one: ArmedRule) -> Strike:
        one.hits += 1
        rule = one.rule
        if rule.scenario is not None and rule.scenario.new is not None:
            self.states[rule.scenario.name] = rule.scenario.new
        seconds = None
        if rule.delay is not None:
            seconds = self._draw(rule.delay, f"{rule.id}/delay", one.hits)
        return Strike(rule.id, rule.name, rule.reply, rule.fault, seconds, rule.dribble)

    def _try(self, chance: Chance) -> Strike | None:
        if chance.is_spent:
            return None
        chance.tries += 1
        if chance.probability < 1 and self._roll(chance.id, chance.tries) >= chance.probability:
            return None
        chance.hits += 1
        seconds = None
        if chance.delay is not None:
            seconds = self._draw(chance.delay, f"{chance.id}/delay", chance.hits)
        return Strike(chance.id, "chaos", chance.reply, chance.fault, seconds)

    def _roll(self, stream: str, number: int) -> float:
        return Identity(self.seed).fraction(f"faults/{stream}", number)

    def _draw(self, delay: Delay, stream: str, number: int) -> float:
        return delay.seconds(self._roll(stream, number), self._roll(f"{stream}/2", number))

    def _forget_states(self) -> None:
        known = self.scenarios()
        self.states = {name: state for name, state in self.states.items() if name in known}


def possible_states(rules: Sequence[Rule]) -> list[str]:
    """Return the states that the rules of a scenario name, the first one first."""
    named = [
        state
        for rule in rules
        if rule.scenario is not None
        for state in (rule.scenario.required, rule.scenario.new)
        if state is not None
    ]
    return list(dict.fromkeys([STARTED, *named]))
