"""What a sandbox accepts as a credential: listed, and minted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.handlers.call import Call, operation
from mockserver.resources import tokens
from mockserver.resources.credentials import LONGEST_CUSTOMER_LIFETIME
from mockserver.resources.projects import PROJECTS
from mockserver.resources.tokens import BUILDER_LIFETIME
from mockserver.rules import records
from mockserver.rules.errors import wrong_value
from mockserver.simulation.clock import SECOND, stamp
from mockserver.state.tables import Record

_NEEDED: Mapping[str, tuple[str, ...]] = {
    "builder": ("email",),
    "customer": ("groupRef", "consumerRef"),
}
_LIFETIMES: Mapping[str, int] = {"builder": BUILDER_LIFETIME, "customer": LONGEST_CUSTOMER_LIFETIME}


@operation("listTokens")
def list_tokens(call: Call) -> dict[str, Any]:
    tx = call.work.tx
    keys = [
        {
            "key": key["key"],
            "projectId": key["projectId"],
            "project": (tx.get(PROJECTS.name, key["projectId"]) or {}).get("name", ""),
            "scopes": list(key["scopes"]),
            "active": key["active"],
        }
        for key in tx.all("apiKeys")
    ]
    builders = [
        {"token": token["token"], "builder": _address(tx.get("builders", token["builderId"]) or {})}
        for token in tx.all("builderTokens")
    ]
    return {"apiKeys": keys, "builderTokens": builders}


@operation("mintToken")
def mint_token(call: Call, *, body: Record) -> dict[str, Any]:
    for name in _NEEDED[body["kind"]]:
        if not body.get(name):
            detail = f"a {body['kind']} token needs it"
            raise wrong_value(name, detail, remedy=f"give {name} a value")
    issued = call.work.moment // SECOND
    lifetime = body.get("ttlSeconds") or _LIFETIMES[body["kind"]]
    mint = _builder if body["kind"] == "builder" else _customer
    token = mint(call, body, issued, lifetime)
    expires = stamp((issued + lifetime) * SECOND)
    return {"kind": body["kind"], "token": token, "expiresAt": expires}


def _builder(call: Call, body: Record, issued: int, lifetime: int) -> str:
    return tokens.builder(
        call.work.settings.token_secret,
        email=body["email"],
        subject=body.get("subject", ""),
        issued=issued,
        lifetime=lifetime,
    )


def _customer(call: Call, body: Record, issued: int, lifetime: int) -> str:
    wanted = body.get("project", "my-project")
    project = records.find(call.work, PROJECTS, None, wanted)
    if project is None:
        raise wrong_value("project", "no such project", wanted, remedy="give a name or an id")
    key = _signing_key(call, project["id"])
    if key is None:
        raise wrong_value(
            "project",
            "the project has no active JWT key whose private half is known here",
            wanted,
            remedy="add one with privateKeyPem: POST /__admin/state/records",
        )
    return tokens.customer(
        key["privateKeyPem"],
        key["id"],
        group_ref=body["groupRef"],
        consumer_ref=body["consumerRef"],
        subject=body.get("subject", ""),
        issued=issued,
        lifetime=lifetime,
    )


def _signing_key(call: Call, project_id: str) -> Record | None:
    keys = call.work.tx.all("jwtKeys")
    usable = (k for k in keys if k["projectId"] == project_id and k["active"])
    return next((key for key in usable if "privateKeyPem" in key), None)


def _address(builder: Record) -> str:
    return str(builder.get("primaryEmail") or builder.get("idpRef", ""))
