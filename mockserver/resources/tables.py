"""Every declared resource, by the name of its table."""

from __future__ import annotations

from collections.abc import Mapping

from mockserver.resources.api_keys import API_KEYS
from mockserver.resources.backfills import BACKFILLS
from mockserver.resources.billing import BILLING_ACCOUNTS, BILLING_SESSIONS
from mockserver.resources.builders import BUILDER_TOKENS, BUILDERS
from mockserver.resources.claimed_domains import CLAIMED_DOMAINS
from mockserver.resources.connections import CONNECTIONS
from mockserver.resources.custom_fields import CUSTOM_FIELDS
from mockserver.resources.destination_health import DESTINATION_HEALTH, MISSED
from mockserver.resources.destinations import DESTINATIONS
from mockserver.resources.downloads import DOWNLOADS
from mockserver.resources.groups import CONSUMERS, GROUPS
from mockserver.resources.held_results import HELD_RESULTS
from mockserver.resources.installations import INSTALLATIONS
from mockserver.resources.integrations import INTEGRATIONS, REVISIONS
from mockserver.resources.invites import INVITES
from mockserver.resources.jwt_keys import JWT_KEYS
from mockserver.resources.memberships import MEMBERSHIPS, PROJECT_ROLES
from mockserver.resources.oauth import OAUTH_SESSIONS
from mockserver.resources.operations import LOGS, OPERATIONS
from mockserver.resources.orgs import ORGS
from mockserver.resources.projects import PROJECTS
from mockserver.resources.provider_apps import PROVIDER_APPS
from mockserver.resources.proxy_stubs import PROXY_STUBS
from mockserver.resources.read_schedules import READ_SCHEDULES
from mockserver.resources.routes import EVENT_TOPIC_ROUTES, TOPIC_DESTINATION_ROUTES
from mockserver.resources.schema_watches import SCHEMA_WATCHES
from mockserver.resources.topics import TOPICS
from mockserver.resources.uploads import UPLOADS
from mockserver.resources.written_records import WRITTEN_RECORDS
from mockserver.rules.resource import Resource

#: In the order in which a fixture is loaded: what is referred to comes first.
RESOURCES: Mapping[str, Resource] = {
    resource.name: resource
    for resource in (
        ORGS,
        BUILDERS,
        BUILDER_TOKENS,
        MEMBERSHIPS,
        PROJECTS,
        PROJECT_ROLES,
        API_KEYS,
        JWT_KEYS,
        PROVIDER_APPS,
        DESTINATIONS,
        DESTINATION_HEALTH,
        MISSED,
        TOPICS,
        EVENT_TOPIC_ROUTES,
        TOPIC_DESTINATION_ROUTES,
        INTEGRATIONS,
        REVISIONS,
        GROUPS,
        CONSUMERS,
        CONNECTIONS,
        INSTALLATIONS,
        OPERATIONS,
        LOGS,
        BACKFILLS,
        READ_SCHEDULES,
        SCHEMA_WATCHES,
        HELD_RESULTS,
        CUSTOM_FIELDS,
        WRITTEN_RECORDS,
        PROXY_STUBS,
        OAUTH_SESSIONS,
        UPLOADS,
        DOWNLOADS,
        INVITES,
        CLAIMED_DOMAINS,
        BILLING_ACCOUNTS,
        BILLING_SESSIONS,
    )
}
