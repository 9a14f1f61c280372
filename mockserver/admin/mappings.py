"""Sticky rules and their scenarios, as the control plane arms and shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.faults.armory import Armory
from mockserver.faults.arms import Arms, possible_states
from mockserver.faults.rules import STARTED, Rule
from mockserver.handlers.call import Call, Deferred, Handler
from mockserver.rules.errors import not_found, wrong_value
from mockserver.state.sandbox import Sandbox
from mockserver.state.tables import Record

_KEEP = "IGNORE"  # of duplicates that are imported. Source: WireMock, `duplicatePolicy`


def mapping_handlers(armory: Armory) -> Mapping[str, Handler]:
    """Return the handlers of mappings and scenarios by operationId."""
    rules, scenarios = _Rules(armory), _Scenarios(armory)
    return {
        "listMappings": rules.list_mappings,
        "createMapping": rules.create_mapping,
        "deleteMappings": rules.delete_mappings,
        "resetMappings": rules.delete_mappings,
        "importMappings": rules.import_mappings,
        "getMapping": rules.get_mapping,
        "updateMapping": rules.update_mapping,
        "deleteMapping": rules.delete_mapping,
        "listScenarios": scenarios.list_scenarios,
        "resetScenarios": scenarios.reset_scenarios,
        "setScenarioState": scenarios.set_scenario_state,
    }


@dataclass(frozen=True, slots=True)
class _Rules:
    """Answers for the rules of all sandboxes."""

    armory: Armory

    def list_mappings(self, _: Call) -> Deferred:
        async def show(sandbox: Sandbox) -> dict[str, Any]:
            return _shown(self.armory.arms(sandbox))

        return Deferred(show)

    def create_mapping(self, _: Call, *, body: Record) -> Deferred:
        async def arm(sandbox: Sandbox) -> Record:
            (rule,) = self.armory.compile_rules(sandbox, [body])
            return self._armed(sandbox, rule)

        return Deferred(arm)

    def delete_mappings(self, _: Call) -> Deferred:
        async def disarm(sandbox: Sandbox) -> None:
            self.armory.arms(sandbox).clear_rules()
            self.armory.settle(sandbox)

        return Deferred(disarm)

    def import_mappings(self, _: Call, *, body: Record) -> Deferred:
        async def arm(sandbox: Sandbox) -> dict[str, Any]:
            options = body.get("importOptions", {})
            rules = self.armory.compile_rules(sandbox, body["mappings"], "/mappings")
            arms = self.armory.arms(sandbox)
            if options.get("duplicatePolicy") == _KEEP:
                rules = [rule for rule in rules if arms.find(rule.id) is None]
            if options.get("deleteAllNotInImport"):
                kept = {one.get("id") or one.get("uuid") for one in body["mappings"]}
                for armed in list(arms.rules):
                    if armed.rule.id not in kept:
                        arms.remove(armed.rule.id)
            arms.add(rules)
            self.armory.settle(sandbox)
            return _shown(arms)

        return Deferred(arm)

    def get_mapping(self, _: Call, *, mapping_id: str) -> Deferred:
        async def show(sandbox: Sandbox) -> Record:
            return self._found(sandbox, mapping_id).document

        return Deferred(show)

    def update_mapping(self, _: Call, *, mapping_id: str, body: Record) -> Deferred:
        async def arm(sandbox: Sandbox) -> Record:
            self._found(sandbox, mapping_id)
            for name in ("id", "uuid"):
                if body.get(name, mapping_id) != mapping_id:
                    remedy = "leave it out, or use the id of the path"
                    raise wrong_value(name, "is not the id of the path", body[name], remedy=remedy)
            named = {**body, "id": mapping_id}
            (rule,) = self.armory.compile_rules(sandbox, [named])
            return self._armed(sandbox, rule)

        return Deferred(arm)

    def delete_mapping(self, _: Call, *, mapping_id: str) -> Deferred:
        async def disarm(sandbox: Sandbox) -> None:
            self._found(sandbox, mapping_id)
            self.armory.arms(sandbox).remove(mapping_id)
            self.armory.settle(sandbox)

        return Deferred(disarm)

    def _armed(self, sandbox: Sandbox, rule: Rule) -> Record:
        self.armory.arms(sandbox).add([rule])
        self.armory.settle(sandbox)
        return rule.document

    def _found(self, sandbox: Sandbox, mapping_id: str) -> Rule:
        armed = self.armory.arms(sandbox).find(mapping_id)
        if armed is None:
            raise not_found("mapping", "mappingId", mapping_id)
        return armed.rule


@dataclass(frozen=True, slots=True)
class _Scenarios:
    """Answers for the scenarios of all sandboxes."""

    armory: Armory

    def list_scenarios(self, _: Call) -> Deferred:
        async def show(sandbox: Sandbox) -> dict[str, Any]:
            return _scenarios(self.armory.arms(sandbox))

        return Deferred(show)

    def reset_scenarios(self, _: Call) -> Deferred:
        async def reset(sandbox: Sandbox) -> None:
            self.armory.arms(sandbox).states.clear()

        return Deferred(reset)

    def set_scenario_state(self, _: Call, *, scenario_name: str, body: Record) -> Deferred:
        async def put(sandbox: Sandbox) -> dict[str, Any]:
            arms = self.armory.arms(sandbox)
            rules = arms.scenarios().get(scenario_name)
            if rules is None:
                raise not_found("scenario", "scenarioName", scenario_name)
            state, possible = body.get("state", STARTED), possible_states(rules)
            if state not in possible:
                remedy = f"use {', '.join(possible)}"
                raise wrong_value("state", "is no state of this scenario", state, remedy=remedy)
            arms.states[scenario_name] = state
            return _scenarios(arms)

        return Deferred(put)


def _shown(arms: Arms) -> dict[str, Any]:
    armed = sorted(arms.rules, key=lambda one: -one.order)
    return {
        "mappings": [one.rule.document for one in armed],
        "meta": {"total": len(armed)},
        "hits": {one.rule.id: one.hits for one in armed},
    }


def _scenarios(arms: Arms) -> dict[str, Any]:
    return {
        "scenarios": [
            {
                "id": name,
                "name": name,
                "state": arms.state(name),
                "possibleStates": possible_states(rules),
                "mappings": [rule.document for rule in rules],
            }
            for name, rules in arms.scenarios().items()
        ]
    }
