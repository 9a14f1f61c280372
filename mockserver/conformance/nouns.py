"""What a run can leave behind: how it is made, found again, recognized as ours, and deleted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.conformance.naming import ORG, PROJECT


@dataclass(frozen=True, slots=True)
class Noun:
    """One kind of record."""

    name: str  # as people read it
    creates: tuple[str, ...]  # operationIds
    lists: str = ""  # operationId; empty: cannot be listed by its maker
    deletes: str = ""  # operationId; empty: the contract cannot delete it
    parameter: str = ""  # path parameter of `deletes` that takes the id
    id: str = "id"  # key in a record, and in the answer to its making
    answered: str = ""  # key of the id in the answer to its making, where it is another
    marks: tuple[str, ...] = ()  # keys of a record whose text may carry the run's mark
    parents: tuple[str, ...] = ()  # keys of a record that name a record it goes with
    within: tuple[tuple[str, str], ...] = ()  # (path parameter of `deletes`, key of a record)
    place: str = PROJECT  # the path parameter of the lists
    stays: bool = False  # deleting withdraws it: it is still listed
    is_secret: bool = False  # its id is a credential: no file may hold it


#: In the order in which they can be deleted: what stands on others comes first.
NOUNS: tuple[Noun, ...] = (
    Noun(
        "installation",
        ("createInstallation",),
        "listInstallationsForProject",
        "deleteInstallation",
        "installationId",
        marks=("group.groupRef",),
        within=(("integrationId", "integrationId"),),
    ),
    Noun(
        "event topic route",
        ("createEventTopicRoute",),
        "listEventTopicRoutes",
        "deleteEventTopicRoute",
        "routeId",
        parents=("topicId",),
    ),
    Noun(
        "topic destination route",
        ("createTopicDestinationRoute",),
        "listTopicDestinationRoutes",
        "deleteTopicDestinationRoute",
        "routeId",
        parents=("topicId", "destinationId"),
    ),
    Noun(
        "connection",
        ("generateConnection",),
        "listConnections",
        "deleteConnection",
        "connectionId",
        marks=("group.groupRef", "consumer.consumerRef"),
    ),
    Noun(
        "integration",
        ("createIntegration", "batchUpsertIntegrations"),
        "listIntegrations",
        "deleteIntegration",
        "integrationId",
        marks=("name",),
    ),
    Noun("topic", ("createTopic",), "listTopics", "deleteTopic", "topicId", marks=("name",)),
    Noun(
        "destination",
        ("createDestination",),
        "listDestinations",
        "deleteDestination",
        "destination",
        marks=("name",),
    ),
    Noun(
        "provider app",
        ("createProviderApp",),
        "listProviderApps",
        "deleteProviderApp",
        "providerAppId",
        marks=("clientId", "externalRef"),
    ),
    Noun(
        "JWT key",
        ("createJWTKey",),
        "listJWTKeys",
        "deleteJWTKey",
        "keyId",
        answered="kid",
        marks=("label",),
    ),
    Noun(
        "invite",
        ("createOrgInvite",),
        "listOrgInvites",
        "deleteOrgInvite",
        "inviteId",
        marks=("invitedEmail",),
        place=ORG,
        stays=True,
    ),
    Noun(
        "API key",
        ("createApiKey",),
        "listApiKeys",
        "deleteApiKey",
        "apiKey",
        id="key",
        marks=("label",),
        is_secret=True,
    ),
    Noun("project", ("createProject",), "listProjects", marks=("name",), place=""),
    Noun("organization", ("createOrg",)),
    Noun("membership", ("addUserToOrg",)),
    Noun("claimed domain", ("claimDomain",)),
    Noun("custom field", ("upsertMetadataForInstallation", "upsertMetadataForConnection")),
)
_BY_CREATE: Mapping[str, Noun] = {operation: noun for noun in NOUNS for operation in noun.creates}
_BY_LIST: Mapping[str, Noun] = {noun.lists: noun for noun in NOUNS if noun.lists}
_BY_DELETE: Mapping[str, Noun] = {noun.deletes: noun for noun in NOUNS if noun.deletes}
#: Reading or changing one record answers with it.
_BY_RECORD: Mapping[str, Noun] = {
    **_BY_LIST,
    "getIntegration": _BY_LIST["listIntegrations"],
    "listInstallations": _BY_LIST["listInstallationsForProject"],
}


def made_by(operation_id: str) -> Noun | None:
    """Return what an operation makes, or None."""
    return _BY_CREATE.get(operation_id)


def shown_by(operation_id: str) -> Noun | None:
    """Return whose records an operation shows, where ids are learnt from it; or None."""
    return _BY_CREATE.get(operation_id) or _BY_RECORD.get(operation_id)


def deleted_by(operation_id: str) -> Noun | None:
    """Return what an operation deletes, or None."""
    return _BY_DELETE.get(operation_id)


def records_in(body: Any) -> Iterator[dict[str, Any]]:
    """Yield the records of an answer: of a list each, else the one."""
    for one in body if isinstance(body, list) else [body]:
        if isinstance(one, dict):
            yield one


def text_at(record: Any, keys: str) -> str:
    """Return the text at dotted keys of a record; empty when there is none."""
    for key in keys.split("."):
        record = record.get(key) if isinstance(record, dict) else None
    return record if isinstance(record, str) else ""
