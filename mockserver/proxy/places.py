"""Where the records of answers stand in a fixture: which component is which section's.

What the contract nests, a fixture keeps apart; what only a path tells (whose record it is) is
added. Source: the contract's schemas; docs/fixtures.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Record = dict[str, Any]


def _same(record: Record) -> Record:
    return dict(record)


def _without(*names: str) -> Callable[[Record], Record]:
    def shape(record: Record) -> Record:
        return {name: value for name, value in record.items() if name not in names}

    return shape


def _integration(record: Record) -> Record:
    revision = record.get("latestRevision")
    kept = _without("latestRevision")(record)
    return {**kept, "latestRevisionId": revision.get("id") if isinstance(revision, dict) else None}


def _connection(record: Record) -> Record:
    kept = _without(
        "group", "consumer", "providerApp", "apiKey", "oauth2AuthorizationCode", "credentials"
    )(record)
    group, consumer, app = (record.get(name) for name in ("group", "consumer", "providerApp"))
    if isinstance(group, dict):
        kept["groupRef"] = group.get("groupRef")
    if isinstance(consumer, dict):
        kept["consumerRef"] = consumer.get("consumerRef")
    if isinstance(app, dict):
        kept["providerAppId"] = app.get("id")
    return kept


def _installation(record: Record) -> Record:
    kept = _without("group", "connection")(record)
    group, connection = record.get("group"), record.get("connection")
    if isinstance(connection, dict):
        kept["connectionId"] = connection.get("id")
        group = group or connection.get("group")
    if isinstance(group, dict):
        kept["groupRef"] = group.get("groupRef")
    return kept


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a fixture, and how a record of an answer becomes one of its records."""

    name: str
    key: tuple[str, ...] = ("id",)
    #: Fields that answers do not have, and the path parameter that tells them.
    from_path: Mapping[str, str] = field(default_factory=dict)
    #: Path parameters that name a record to be deleted.
    deleted_by: frozenset[str] = frozenset()
    #: Fields that name a record of another section. One that was not seen rules this one out.
    needs: Mapping[str, str] = field(default_factory=dict)
    #: Fields that no two records share.
    unique: tuple[str, ...] = ()
    shape: Callable[[Record], Record] = _same


_PROJECT: Mapping[str, str] = {"projectId": "projectIdOrName"}
_TOPIC: Mapping[str, str] = {"topicId": "topics"}

#: Component -> section, in the order of a fixture.
SECTIONS: Mapping[str, Section] = {
    "Org": Section("orgs"),
    "Builder": Section("builders", unique=("primaryEmail",)),
    "Project": Section("projects", unique=("name",)),
    "ApiKey": Section(
        "apiKeys", key=("key",), from_path=_PROJECT, deleted_by=frozenset({"apiKey"})
    ),
    "JWTKey": Section("jwtKeys", from_path=_PROJECT, deleted_by=frozenset({"keyId"})),
    "ProviderApp": Section(
        "providerApps", from_path=_PROJECT, deleted_by=frozenset({"providerAppId"})
    ),
    "Destination": Section(
        "destinations",
        from_path=_PROJECT,
        deleted_by=frozenset({"destination"}),
        unique=("projectId", "name"),
        shape=_without("secrets"),
    ),
    "Topic": Section(
        "topics",
        from_path=_PROJECT,
        deleted_by=frozenset({"topicId"}),
        unique=("projectId", "name"),
    ),
    "NotificationEventTopicRoute": Section(
        "eventTopicRoutes",
        from_path=_PROJECT,
        deleted_by=frozenset({"routeId"}),
        needs=_TOPIC,
        unique=("projectId", "topicId", "eventType"),
    ),
    "TopicDestinationRoute": Section(
        "topicDestinationRoutes",
        from_path=_PROJECT,
        deleted_by=frozenset({"routeId"}),
        needs={**_TOPIC, "destinationId": "destinations"},
        unique=("projectId", "topicId", "destinationId"),
    ),
    "Integration": Section(
        "integrations",
        from_path=_PROJECT,
        deleted_by=frozenset({"integrationId"}),
        needs={"latestRevisionId": "revisions"},
        unique=("projectId", "name"),
        shape=_integration,
    ),
    "Revision": Section(
        "revisions",
        from_path={"integrationId": "integrationId"},
        needs={"integrationId": "integrations"},
    ),
    "Group": Section(
        "groups",
        key=("projectId", "groupRef"),
        from_path=_PROJECT,
        unique=("projectId", "groupRef"),
    ),
    "Consumer": Section(
        "consumers",
        key=("projectId", "consumerRef"),
        from_path=_PROJECT,
        unique=("projectId", "consumerRef"),
    ),
    "Connection": Section(
        "connections",
        from_path=_PROJECT,
        deleted_by=frozenset({"connectionId"}),
        shape=_connection,
    ),
    "Installation": Section(
        "installations",
        from_path=_PROJECT,
        deleted_by=frozenset({"installationId"}),
        needs={"integrationId": "integrations", "connectionId": "connections"},
        unique=("integrationId", "groupRef"),
        shape=_installation,
    ),
    "Operation": Section(
        "operations", from_path=_PROJECT, needs={"installationId": "installations"}
    ),
    "Log": Section(
        "operationLogs",
        key=("operationId", "timestamp", "severity"),
        from_path={"operationId": "operationId"},
        needs={"operationId": "operations"},
    ),
    "Invite": Section("invites", deleted_by=frozenset({"inviteId"}), needs={"parentId": "orgs"}),
    "ClaimedDomainResponse": Section(
        "claimedDomains", needs={"parentId": "orgs"}, unique=("domain",)
    ),
    "BillingAccount": Section(
        "billingAccounts",
        from_path={"orgId": "orgId"},
        needs={"orgId": "orgs"},
        unique=("orgId",),
    ),
}
#: The same noun under another component.
_ALIASES: Mapping[str, str] = {"DestinationWithSecrets": "Destination"}

#: Component -> what it nests: the name of the part and its component.
_PARTS: Mapping[str, Mapping[str, str]] = {
    "Integration": {"latestRevision": "Revision"},
    "Connection": {"group": "Group", "consumer": "Consumer", "providerApp": "ProviderApp"},
    "Installation": {"connection": "Connection", "group": "Group"},
    "BuilderInfo": {"builder": "Builder"},
}


def section_of(component: str) -> Section | None:
    """Return the section of a component; None for what a fixture does not hold."""
    return SECTIONS.get(_ALIASES.get(component, component))


def parts_of(component: str, record: Record) -> Iterator[tuple[str, Record]]:
    """Yield the records that a record nests, each with its component."""
    for name, inner in _PARTS.get(component, {}).items():
        if isinstance(record.get(name), dict):
            yield inner, record[name]
    if component == "BuilderInfo":
        roles = record.get("projectRoles")
        for role in [*(roles.values() if isinstance(roles, dict) else ()), record.get("orgRole")]:
            for name, inner in (("project", "Project"), ("org", "Org")):
                if isinstance(role, dict) and isinstance(role.get(name), dict):
                    yield inner, role[name]
