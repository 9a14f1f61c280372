"""Stands between the door and the target: policy before a call, ledger before and after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

from mockserver.conformance import callers
from mockserver.conformance.belongings import Belongings
from mockserver.conformance.exchange import Answer, Request
from mockserver.conformance.ledger import Ledger, hashed
from mockserver.conformance.manifests import Manifests
from mockserver.conformance.naming import ORG, PROJECT
from mockserver.conformance.nouns import (
    Noun,
    deleted_by,
    made_by,
    records_in,
    shown_by,
    text_at,
)
from mockserver.conformance.policy import Policy
from mockserver.conformance.profiles import Profile
from mockserver.conformance.routes import Route
from mockserver.conformance.rules import Refused
from mockserver.conformance.target import Target
from mockserver.contract.contract import Contract

#: Sends a request of the keeper's own, and returns the answer.
Ask = Callable[[Request], Answer]
_MANY = "batchUpsertIntegrations"  # its answer may hold what others made


class Keeper:
    """Lets requests pass, and writes down what they make."""

    def __init__(
        self, profile: Profile, contract: Contract, belongings: Belongings, ledger: Ledger
    ) -> None:
        """Take what may be sent and where to write down what is made."""
        self.belongings = belongings
        self.ledger = ledger
        self.profile = profile
        self.manifests = Manifests()
        self._contract = contract
        self._policy = Policy(profile, contract, belongings, self.manifests)

    def admit(self, request: Request, target: Target, ask: Ask) -> Route | None:
        """Return the operation that a request reaches, if it may be sent.

        Raises:
            Refused: it may not.
        """
        route = self._policy.check(request)
        if route is not None and self.profile.limits_to_ours and request.method == "DELETE":
            self._check_below(route, target, ask)
        return route

    def before(self, request: Request, route: Route | None) -> int | None:
        """Write down what a request is about to make; return the number of the entry."""
        if route is None or made_by(route.operation.operation_id) is None:
            return None
        place = route.values.get(PROJECT, route.values.get(ORG, ""))
        is_marked = self.belongings.is_marked((request.content() or b"").decode("utf-8", "replace"))
        return self.ledger.intend(
            route.operation.operation_id, place, request.caller.name, is_marked=is_marked
        )

    def after(self, route: Route | None, number: int | None, answer: Answer) -> None:
        """Write down what came of a request."""
        if number is not None and not answer.is_success:
            self.ledger.refused(number)
        if route is None or not answer.is_success:
            return
        operation_id = route.operation.operation_id
        gone = deleted_by(operation_id)
        if gone is not None:
            value = route.values[gone.parameter]
            self.ledger.deleted(hashed(value) if gone.is_secret else value)
        noun = shown_by(operation_id)
        if noun is not None:
            self._learn(noun, operation_id, number, answer.json)

    def _learn(self, noun: Noun, operation_id: str, number: int | None, body: Any) -> None:
        claimed = []
        is_making = number is not None and operation_id != _MANY
        for record in records_in(body):
            identity = text_at(record, noun.answered) if number is not None else ""
            identity = identity or text_at(record, noun.id)
            ours = is_making or self.belongings.recognizes(noun, record)
            if ours and self.belongings.claim(identity):
                claimed.append(hashed(identity) if noun.is_secret else identity)
                if noun.name == "project":
                    self.belongings.add_homes(identity, text_at(record, "name"))
        if number is not None:
            self.ledger.made(number, tuple(claimed))

    def _check_below(self, route: Route, target: Target, ask: Ask) -> None:
        """Refuse a delete that may reach what others made."""
        for operation_id in self.profile.operations[route.operation.operation_id].below:
            for record in self._below(operation_id, route, target, ask):
                if not self._is_ours(record):
                    raise Refused(
                        f"profile {self.profile.name} deletes nothing under which others have"
                        f" something: {operation_id} shows {text_at(record, 'id')}"
                    )

    def _below(
        self, operation_id: str, route: Route, target: Target, ask: Ask
    ) -> Iterator[dict[str, Any]]:
        operation = self._contract.operations[operation_id]
        path = operation.path
        for name, value in route.values.items():
            path = path.replace("{" + name + "}", quote(value, safe=""))
        own = [value for name, value in route.values.items() if name not in {PROJECT, ORG}]
        noun, gone = shown_by(operation_id), deleted_by(route.operation.operation_id)
        if noun is None or gone is None:
            return
        key = f"{gone.name}Id"  # topicId, destinationId: both a filter and a key of the records
        query = ((key, own[-1]),) if key in noun.parents else ()
        caller = reader(target, route.values[PROJECT])
        answer = ask(Request(operation_id, "GET", path, query, caller=caller))
        for record in records_in(answer.json if answer.is_success else None):
            if not query or text_at(record, key) in own:
                yield record

    def _is_ours(self, record: dict[str, Any]) -> bool:
        connection = text_at(record, "connection.id")
        own = self.belongings.ids
        marked = self.belongings.is_marked(text_at(record, "group.groupRef"))
        return marked or (text_at(record, "id") in own and (not connection or connection in own))


def reader(target: Target, project: str) -> callers.Caller:
    """Return who may list what is in a project."""
    other = target.neighbour
    if other is not None and project in {other.given, other.id, other.name}:
        return target.callers.get(callers.NEIGHBOUR_KEY, callers.Caller())
    return target.callers.get(callers.KEY, callers.Caller())
