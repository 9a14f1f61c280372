"""What can be held against a target by reading alone: the records that others made there.

For the profile that only reads. It walks from the project down: what a list shows can be read by
itself and says the same, a filter keeps exactly what fits, and asking again changes nothing.
Records of others may change while we look: what differs is looked at again from scratch, as all
findings are, and only what differs again is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from mockserver.conformance.calls import Call
from mockserver.conformance.comparison import body_of, differences
from mockserver.conformance.exchange import Exchange
from mockserver.conformance.lab import Lab
from mockserver.conformance.layers import Session, Trial, tried
from mockserver.conformance.naming import ORG
from mockserver.conformance.nouns import records_in, text_at
from mockserver.conformance.rules import Broken, Rule, Unreached
from mockserver.conformance.texts import said
from mockserver.contract.contract import Contract

_FEW = 3  # records of a list that are read by themselves

Path = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Shown:
    """A list, and how one of its records is read."""

    lists: str
    get: str = ""
    parameter: str = ""  # of `get`
    key: str = "id"
    parents: tuple[tuple[str, str], ...] = ()  # (path parameter of `get`, key of the record)
    filters: tuple[tuple[str, str], ...] = ()  # (query parameter, dotted keys of the record)


SHELVES: tuple[Shown, ...] = (
    Shown("listProviderApps"),
    Shown("listIntegrations", "getIntegration", "integrationIdOrName"),
    Shown(
        "listInstallationsForProject",
        "getInstallation",
        "installationId",
        parents=(("integrationId", "integrationId"),),
        filters=(("groupRef", "group.groupRef"),),
    ),
    Shown(
        "listConnections",
        "getConnection",
        "connectionId",
        filters=(
            ("provider", "provider"),
            ("groupRef", "group.groupRef"),
            ("consumerRef", "consumer.consumerRef"),
        ),
    ),
    Shown("listDestinations", "getDestination", "destination"),
    Shown("listTopics"),
    Shown(
        "listEventTopicRoutes",
        filters=(("topicId", "topicId"), ("eventType", "eventType")),
    ),
    Shown(
        "listTopicDestinationRoutes",
        filters=(("topicId", "topicId"), ("destinationId", "destinationId")),
    ),
    Shown("listApiKeys", key="key"),  # not read by itself: the key would stand in access logs
    Shown("listJWTKeys", "getJWTKey", "keyId"),
    Shown("listOrgInvites", "getOrgInvite", "inviteId"),
    Shown("listOrgBuilders"),
    Shown("listOrgClaimedDomains"),
)
#: Reads that need nothing but the project or its organization, or nobody at all.
_PLAIN = ("getProject", "listProjects", "getMyInfo", "getOrg", "getOrgBillingAccount")


class Observing:
    """Reads what is there, once."""

    name = "observing"
    share = 0.9

    def __init__(self) -> None:
        """Wait for a session."""
        self._is_over = False

    def plan(self, session: Session) -> Mapping[str, int]:
        """Return how many rules each operation has."""
        count: dict[str, int] = {}
        for rule in observations(session.contract):
            count[rule.operation_id] = count.get(rule.operation_id, 0) + 1
        return count

    def run(self, session: Session) -> Iterator[Trial]:
        """Try each rule until the time is up."""
        if self._is_over:
            return
        for rule in observations(session.contract):
            if session.deadline.is_over:
                return
            yield Trial(tried(rule, session.lab()), rule.run)
        self._is_over = True


def observations(contract: Contract) -> Iterator[Rule]:
    """Yield every rule that reading alone can try."""

    def rule(operation_id: str, name: str, run: Callable[[Lab], None]) -> Rule:
        return Rule(operation_id, name, said(contract, operation_id), run)

    for operation_id in (*_PLAIN, *(shelf.lists for shelf in SHELVES), "listProviders"):
        yield rule(operation_id, "read-twice-is-the-same", partial(_twice, operation_id))
    for shelf in SHELVES:
        if shelf.get:
            yield rule(shelf.get, "is-as-it-is-listed", partial(_as_listed, shelf))
        for query, keys in shelf.filters:
            run = partial(_filtered, shelf, query, keys)
            yield rule(shelf.lists, f"{query}-keeps-what-fits", run)
    yield rule("getProvider", "is-as-it-is-listed", _provider)
    yield rule("listInstallations", "is-what-the-project-lists", _installations)
    yield rule("getHydratedRevision", "is-the-latest-of-its-integration", _revision)
    yield rule("getOperation", "is-as-it-is-listed", _operation)
    yield rule("listOperationLogs", "can-be-read", _logs)
    yield rule("checkClaimedDomain", "is-as-it-is-listed", _domain)


def _org_path(lab: Lab, operation_id: str) -> Path:
    names = {p.name for p in lab.contract.operations[operation_id].parameters if p.place == "path"}
    if ORG not in names:
        return {}
    if not lab.project.org_id:
        raise Unreached("the project tells no organization")
    return {ORG: lab.project.org_id}


def _read(lab: Lab, operation_id: str, path: Path | None = None, **query: str) -> Any:
    where = {**_org_path(lab, operation_id), **(path or {})}
    exchange: Exchange = lab.make(Call(operation_id, where, query))
    if not exchange.answer.is_success:
        raise Unreached(f"{exchange} was needed")
    return body_of(lab.contract, exchange)


def _listed(lab: Lab, operation_id: str, path: Path | None = None) -> list[dict[str, Any]]:
    found = list(records_in(_read(lab, operation_id, path)))
    if not found:
        raise Unreached(f"{operation_id} shows nothing to look at")
    return found


def _same(expected: Any, got: Any, what: str) -> None:
    for difference in differences(expected, got):
        raise Broken(f"{what}: {difference}", pointer=difference.pointer)


def _twice(operation_id: str, lab: Lab) -> None:
    first = _read(lab, operation_id)
    again = _read(lab, operation_id)
    if isinstance(first, list) and isinstance(again, list):
        first, again = (sorted(one, key=repr) for one in (first, again))  # in any order
    _same(first, again, "read again")


def _as_listed(shelf: Shown, lab: Lab) -> None:
    for record in _listed(lab, shelf.lists)[:_FEW]:
        path = {name: text_at(record, key) for name, key in shelf.parents}
        path[shelf.parameter] = text_at(record, shelf.key)
        got = _read(lab, shelf.get, path)
        shared = {name: value for name, value in record.items() if name in got}
        _same(shared, {name: got[name] for name in shared}, f"read by itself, after {shelf.lists}")


def _filtered(shelf: Shown, query: str, keys: str, lab: Lab) -> None:
    everything = _listed(lab, shelf.lists)
    wanted = next((text for one in everything if (text := text_at(one, keys))), "")
    if not wanted:
        raise Unreached(f"no record that {shelf.lists} shows has {keys}")
    path, chosen = _org_path(lab, shelf.lists), {query: wanted}
    found = body_of(lab.contract, lab.make(Call(shelf.lists, path, chosen)))
    kept = {text_at(one, shelf.key) for one in records_in(found)}
    fitting = {text_at(one, shelf.key) for one in everything if text_at(one, keys) == wanted}
    if kept != fitting:
        raise Broken(f"{query}={wanted} keeps {len(kept)} records, of which {len(fitting)} fit")


def _provider(lab: Lab) -> None:
    catalog = _read(lab, "listProviders")
    for name in sorted(catalog)[:_FEW]:
        _same(catalog[name], _read(lab, "getProvider", {"provider": name}), f"read as {name}")


def _installations(lab: Lab) -> None:
    everything = _listed(lab, "listInstallationsForProject")
    integration = text_at(everything[0], "integrationId")
    own = {text_at(one, "id") for one in everything if text_at(one, "integrationId") == integration}
    found = _read(lab, "listInstallations", {"integrationId": integration})
    if {text_at(one, "id") for one in records_in(found)} != own:
        raise Broken("shows other installations than the project's list has of this integration")


def _revision(lab: Lab) -> None:
    integration = _listed(lab, "listIntegrations")[0]
    latest = text_at(integration, "latestRevision.id")
    path = {"integrationId": text_at(integration, "id"), "revisionId": latest}
    if text_at(_read(lab, "getHydratedRevision", path), "id") != latest:
        raise Broken("has another id than the revision that was asked for", pointer="/id")


def _first_operation(lab: Lab) -> dict[str, Any]:
    for one in _listed(lab, "listInstallationsForProject"):
        path = {
            "integrationId": text_at(one, "integrationId"),
            "installationId": text_at(one, "id"),
        }
        page = _read(lab, "listOperations", path, pageSize="1")
        for operation in records_in(page.get("results") if isinstance(page, dict) else None):
            return operation
    raise Unreached("no installation has an operation")


def _operation(lab: Lab) -> None:
    listed = _first_operation(lab)
    got = _read(lab, "getOperation", {"operationId": text_at(listed, "id")})
    _same(listed, got, "read by itself, after listOperations")


def _logs(lab: Lab) -> None:
    _read(lab, "listOperationLogs", {"operationId": text_at(_first_operation(lab), "id")})


def _domain(lab: Lab) -> None:
    listed = _listed(lab, "listOrgClaimedDomains")[0]
    got = _read(lab, "checkClaimedDomain", domain=text_at(listed, "domain"))
    _same(listed, got, "asked for, after listOrgClaimedDomains")
