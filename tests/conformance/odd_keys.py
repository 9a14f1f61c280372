"""Faults of keys, deliveries, accounts and services: odd in one way each."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.client import BUILDER
from tests.conformance.faults import refuses
from tests.conformance.twisting import Asked, Told, World


def all_keys_off(world: World, asked: Asked) -> Told:
    """Switch every key off that is made here when one is."""
    keys = world.memory.setdefault("keys", [])
    told = world.send(asked)
    if asked.operation == "createApiKey":
        keys.append(told.body["key"])
    if asked.operation == "updateApiKey" and told.is_success:
        for key in keys:
            world.send(asked.with_path(f"/v1/projects/my-project/api-keys/{key}"))
    return told


def never_forgets_a_token(world: World, asked: Asked) -> Told:
    """Take a token for ever that was taken once."""
    token = asked.headers.get("authorization", "")
    told = world.send(asked)
    taken = world.memory.setdefault("taken", {})
    if token and told.is_success:
        taken[token] = told
    return taken.get(token, told) if told.status == 401 else told


def one_signing_key(world: World, asked: Asked) -> Told:
    told = world.send(asked)
    if told.is_success and told.body.get("secrets"):
        return told.with_body({**told.body, "secrets": {"webhookSigningKey": "whsec_one"}})
    return told


def aws_in_answers(world: World, asked: Asked) -> Told:
    """Show what a destination was made with."""
    told = world.send(asked)
    if asked.operation == "createDestination" and told.is_success:
        world.memory[told.body["id"]] = asked.body.get("secrets", {})
    if asked.operation == "getDestination" and told.is_success:
        return told.with_body({**told.body, "secrets": world.memory.get(told.body["id"], {})})
    return told


def renames_drop_routes(world: World, asked: Asked) -> Told:
    told = world.send(asked)
    if asked.operation == "updateTopic" and told.is_success:
        world.memory.setdefault("renamed", set()).add(told.body["id"])
    if asked.operation.startswith("list") and told.is_success and isinstance(told.body, list):
        renamed = world.memory.get("renamed", set())
        return told.with_body([one for one in told.body if one.get("topicId") not in renamed])
    return told


def sees_all(world: World, asked: Asked) -> Told:
    """List the projects of a builder, whoever asks."""
    headers = asked.headers.copy()
    headers.pop("x-api-key", None)
    headers["authorization"] = f"Bearer {BUILDER}"
    return world.send(replace(asked, headers=headers))


def withdrawn_for_good(world: World, asked: Asked) -> Told:
    """Forget an invite when it is revoked."""
    told = world.send(asked)
    gone = world.memory.setdefault("gone", set())
    if asked.operation == "deleteOrgInvite" and told.is_success:
        gone.add(asked.url.path)
    if asked.operation == "getOrgInvite" and asked.url.path in gone:
        return refuses(404, lambda _: True)(world, asked)
    return told


def addresses_are_used_up(world: World, asked: Asked) -> Told:
    """Invite an address only once, ever."""
    used = world.memory.setdefault("used", set())
    if asked.body["email"] in used:
        return refuses(400, lambda _: True)(world, asked)
    used.add(asked.body["email"])
    return world.send(asked)


def counting(world: World, asked: Asked) -> Told:
    """Answer otherwise each time."""
    told = world.send(asked)
    world.memory["number"] = world.memory.get("number", 0) + 1
    return told.with_body({**told.body, "displayName": str(world.memory["number"])})


def capitals(entries: Any) -> Any:
    return [{**one, "domain": one["domain"].upper()} for one in entries]


def invented(entries: Any) -> Any:
    return [*entries, {**entries[0], "id": "00000000-0000-4000-8000-00000000feed"}]


def elsewhere(body: Any) -> Any:
    return {**body, "url": body["url"].replace("/_storage/", "/_nowhere/")}


def by_beginning(world: World, asked: Asked) -> Told:
    """Filter by what values begin with."""
    wanted = asked.url.params.get("topicId")
    told = world.send(asked.with_query(topicId=None) if wanted else asked)
    if not wanted:
        return told
    return told.with_body([one for one in told.body if one["topicId"].startswith(wanted)])


def found_by_beginning(world: World, asked: Asked) -> Told:
    """Find a destination by the beginning of its id."""
    told = world.send(asked)
    shelf, _, wanted = asked.url.path.rpartition("/")
    if told.is_success or len(wanted) < 10:
        return told
    listed = world.send(Asked("GET", asked.url.copy_with(path=shelf), asked.headers, b""))
    found = [one["id"] for one in listed.body if one["id"].startswith(wanted)]
    return world.send(asked.with_path(f"{shelf}/{found[0]}")) if found else told


def new_signing_key_each_time(world: World, asked: Asked) -> Told:
    """Show another signing key with every read."""
    told = world.send(asked)
    if not told.is_success or "secrets" not in told.body:
        return told
    number = world.memory["reads"] = world.memory.get("reads", 0) + 1
    return told.with_body({**told.body, "secrets": {"webhookSigningKey": f"whsec_{number:032}"}})
