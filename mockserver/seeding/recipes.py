"""How each section of a fixture is completed and checked, beyond what every record goes through."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mockserver.resources import (
    api_keys,
    claimed_domains,
    destinations,
    invites,
    jwt_keys,
    orgs,
    projects,
    provider_apps,
    topics,
)
from mockserver.resources.builders import BUILDERS
from mockserver.resources.memberships import MEMBER
from mockserver.resources.providers import Catalog
from mockserver.resources.urls import is_web_url
from mockserver.rules import records
from mockserver.rules.errors import wrong_value
from mockserver.rules.work import Work
from mockserver.seeding.customers import CUSTOMER_RECIPES
from mockserver.seeding.recipe import Fields, Recipe

_TEXT: Mapping[str, Any] = {"type": "string"}
_NAME: Mapping[str, Any] = {"type": "string", "minLength": 1}
_ENTITLEMENTS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "required": ["value"],
        "properties": {"value": {"type": "boolean"}},
        "additionalProperties": False,
    },
}
_METADATA: Mapping[str, Any] = {
    "type": "object",
    "propertyNames": {"enum": list(destinations.METADATA)},
}
_SECRETS: Mapping[str, Any] = {
    "type": "object",
    "propertyNames": {"enum": ["webhookSigningKey", *destinations.SECRETS]},
    "additionalProperties": _TEXT,
}

# Source: Standard Webhooks, "Signature scheme".
_SIGNING_KEY = re.compile(
    r"whsec_(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)"
)


def _organization(work: Work, fields: Fields) -> Fields:
    identifier = fields.get("id") or work.new_id("orgs")
    return {"id": identifier, "defaultTeamId": orgs.team_of(work, identifier), **fields}


def _project_role(work: Work, fields: Fields) -> Fields:
    """Let a role name its builder as references do: by id, e-mail address or idpRef."""
    kind, principal = fields.get("principalType", "builder"), fields["principalId"]
    if kind == "team":
        known = any(org["defaultTeamId"] == principal for org in work.tx.all("orgs"))
    else:
        builder = records.find(work, BUILDERS, None, principal)
        known, principal = builder is not None, builder["id"] if builder else principal
    if not known:
        raise wrong_value("principalId", f"no {kind} {principal!r}", remedy="load it first")
    return {**fields, "principalType": kind, "principalId": principal}


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


def _check_invite(_work: Work, _catalog: Catalog, fields: Fields) -> None:
    invites.check(fields["invitedEmail"], name="invitedEmail")


def _check_claimed_domain(_work: Work, _catalog: Catalog, fields: Fields) -> None:
    if claimed_domains.normalise(fields["domain"]) != fields["domain"].lower():
        raise wrong_value("domain", "not a domain", remedy="write it like company.com")


def _check_session(_work: Work, _catalog: Catalog, fields: Fields) -> None:
    if not is_web_url(fields["redirectUrl"]):
        raise wrong_value("redirectUrl", "not a web address", remedy="use an https:// URL")


def _check_destination(work: Work, _catalog: Catalog, fields: Fields) -> None:
    destinations.check(work.settings, fields, prefix="")
    key = fields["secrets"].get("webhookSigningKey")
    if key is not None and not _SIGNING_KEY.fullmatch(key):
        remedy = "write whsec_ and bytes in base64, or leave it out"
        raise wrong_value("secrets.webhookSigningKey", "not a signing key", remedy=remedy)


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
    "builderTokens": Recipe(required=("token",)),
    "memberships": Recipe(
        complete=lambda _, fields: {"role": MEMBER, **fields}, extra={"role": _NAME}
    ),
    "projects": Recipe(
        check=_check_project,
        extra={"entitlements": _ENTITLEMENTS},
        generated={"name": "{{domain_word}}-{{number}}", "appName": "{{company}}"},
    ),
    "projectRoles": Recipe(
        complete=_project_role,
        extra={
            "principalType": {"enum": ["builder", "team"]},
            "principalId": _NAME,
            "role": _NAME,
        },
        required=("principalId", "role"),
    ),
    "apiKeys": Recipe(
        complete=_key, check=_check_key, generated={"label": "{{job}} key {{number}}"}
    ),
    "jwtKeys": Recipe(
        complete=_jwt_key,
        check=_check_jwt_key,
        # Source: tokens are signed with RS256; answers call the same algorithm RSA.
        extra={"algorithm": {"enum": ["RS256", "RSA"]}, "privateKeyPem": _TEXT},
    ),
    "providerApps": Recipe(
        check=_check_provider_app,
        extra={"clientSecret": _TEXT},
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
        extra={
            "type": {"enum": ["webhook", "kinesis"]},
            "metadata": _METADATA,
            "secrets": _SECRETS,
        },
        generated={
            "name": "{{word}}-webhook-{{number}}",
            "type": "webhook",
            "metadata": {"url": "https://{{domain_name}}/hooks/{{number}}"},
        },
    ),
    "destinationHealth": Recipe(),
    "missedMessages": Recipe(),
    "topics": Recipe(check=_check_topic, generated={"name": "{{word}}-events-{{number}}"}),
    "eventTopicRoutes": Recipe(),
    "topicDestinationRoutes": Recipe(),
    "invites": Recipe(
        complete=lambda _, fields: {"status": "pending", "parentType": "org", **fields},
        check=_check_invite,
        generated={"invitedEmail": "{{user_name}}.{{number}}@{{domain_name}}"},
    ),
    "claimedDomains": Recipe(
        complete=lambda _, fields: {"parentType": "org", **fields},
        check=_check_claimed_domain,
        extra={"parentType": {"enum": ["org"]}},
        generated={"domain": "{{number}}.{{domain_name}}"},
    ),
    "billingAccounts": Recipe(
        generated={
            "displayName": "{{company}}",
            "billingProvider": "stripe",
            "billingProviderRef": "acct_{{number}}",
        }
    ),
    "billingSessions": Recipe(
        check=_check_session,
        extra={"redirectUrl": _NAME, "expireTime": {"type": "string", "format": "date-time"}},
        required=("redirectUrl", "expireTime"),
    ),
    **CUSTOMER_RECIPES,
}
