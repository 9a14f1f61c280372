"""How each section of a fixture is completed and checked, beyond what every record goes through."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.resources import api_keys, destinations, jwt_keys, projects, provider_apps, topics
from mockserver.resources.memberships import MEMBER
from mockserver.resources.providers import Catalog
from mockserver.rules.work import Work

Fields = dict[str, Any]
Complete = Callable[[Work, Fields], Fields]
Check = Callable[[Work, Catalog, Fields], None]


def _keep(_: Work, fields: Fields) -> Fields:
    return fields


def _accept(_work: Work, _catalog: Catalog, _fields: Fields) -> None:
    """Ask for nothing more than the contract's schema does."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a section adds to the common way of a record."""

    complete: Complete = _keep
    check: Check = _accept
    #: Fields besides the contract's own and the declared ties.
    extra: tuple[str, ...] = ()
    #: Default values of generated records: `{{…}}` is a Faker expression, `{{number}}` counts.
    generated: Mapping[str, Any] | None = None


def _organization(work: Work, fields: Fields) -> Fields:
    return {**fields, "defaultTeamId": fields.get("defaultTeamId") or work.new_id("teams")}


def _key(work: Work, fields: Fields) -> Fields:
    return {
        "key": fields.get("key") or work.new_key("apiKeys"),
        "scopes": list(api_keys.DEFAULT_SCOPES),
        "active": True,
        **fields,
    }


def _jwt_key(_: Work, fields: Fields) -> Fields:
    return {
        "algorithm": "RS256",
        "active": True,
        "updateTime": fields.get("createTime"),
        **fields,
    }


def _destination(work: Work, fields: Fields) -> Fields:
    completed = {"type": "webhook", "metadata": {}, "secrets": {}, **fields}
    has_key = "webhookSigningKey" in completed["secrets"]
    return completed if has_key else destinations.with_signing_key(work, completed)


def _check_key(_work: Work, _catalog: Catalog, fields: Fields) -> None:
    api_keys.check_scopes(fields["scopes"], "scopes")


def _check_jwt_key(work: Work, _catalog: Catalog, fields: Fields) -> None:
    jwt_keys.check_pem(fields["publicKeyPem"], strict=work.settings.jwt_pem_strict)
    jwt_keys.check(fields, prefix="")


def _check_destination(work: Work, _catalog: Catalog, fields: Fields) -> None:
    destinations.check(work.settings, fields, prefix="")


def _check_project(_work: Work, _catalog: Catalog, fields: Fields) -> None:
    projects.check(fields, prefix="")


def _check_provider_app(_work: Work, catalog: Catalog, fields: Fields) -> None:
    provider_apps.check(catalog, fields, prefix="")


def _check_topic(_work: Work, _catalog: Catalog, fields: Fields) -> None:
    topics.check(fields["name"])


RECIPES: Mapping[str, Recipe] = {
    "orgs": Recipe(complete=_organization, generated={"label": "{{company}}"}),
    "builders": Recipe(
        complete=lambda _, fields: {"idpProvider": "clerk", **fields},
        generated={
            "idpRef": "user_generated{{number}}",
            "firstName": "{{first_name}}",
            "lastName": "{{last_name}}",
            "primaryEmail": "{{user_name}}.{{number}}@{{domain_name}}",
        },
    ),
    "builderTokens": Recipe(extra=("token",)),
    "memberships": Recipe(
        complete=lambda _, fields: {"role": MEMBER, **fields}, extra=("id", "role", "createTime")
    ),
    "projects": Recipe(
        check=_check_project,
        extra=("entitlements",),
        generated={"name": "{{domain_word}}-{{number}}", "appName": "{{company}}"},
    ),
    "projectRoles": Recipe(
        complete=lambda _, fields: {"principalType": "builder", **fields},
        extra=("id", "principalType", "principalId", "role", "createTime"),
    ),
    "apiKeys": Recipe(
        complete=_key, check=_check_key, generated={"label": "{{job}} key {{number}}"}
    ),
    "jwtKeys": Recipe(complete=_jwt_key, check=_check_jwt_key, extra=("privateKeyPem",)),
    "providerApps": Recipe(
        check=_check_provider_app,
        extra=("clientSecret",),
        generated={
            "provider": "hubspot",
            "clientId": "{{uuid4}}",
            "clientSecret": "{{password}}",
            "scopes": ["oauth"],
        },
    ),
    "destinations": Recipe(
        complete=_destination,
        check=_check_destination,
        extra=("secrets",),
        generated={
            "name": "{{word}}-webhook-{{number}}",
            "type": "webhook",
            "metadata": {"url": "https://{{domain_name}}/hooks/{{number}}"},
        },
    ),
    "topics": Recipe(check=_check_topic, generated={"name": "{{word}}-events-{{number}}"}),
    "eventTopicRoutes": Recipe(),
    "topicDestinationRoutes": Recipe(),
    "invites": Recipe(
        complete=lambda _, fields: {"status": "pending", "parentType": "org", **fields},
        generated={"invitedEmail": "{{user_name}}.{{number}}@{{domain_name}}"},
    ),
    "claimedDomains": Recipe(
        complete=lambda _, fields: {"parentType": "org", **fields},
        generated={"domain": "{{number}}.{{domain_name}}"},
    ),
    "billingAccounts": Recipe(
        generated={
            "displayName": "{{company}}",
            "billingProvider": "stripe",
            "billingProviderRef": "acct_{{number}}",
        }
    ),
    "billingSessions": Recipe(extra=("id", "redirectUrl", "expireTime", "createTime")),
}
