"""Faults that an implementation may have with customers: deploying, connecting, installing."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx

from mockserver.conformance.lab import default_caller
from tests.client import KEY
from tests.conformance.twisting import CONTRACT, Asked, Fault, Told, World, at

PROJECT = "/v1/projects/my-project"
BLOCKS = (
    "apiKey",
    "basicAuth",
    "oauth2ClientCredentials",
    "oauth2PasswordCredentials",
    "oauth2AuthorizationCode",
    "customAuth",
)


def yes(operation: str) -> Fault:
    """Grant whatever is refused, as the last right request was granted, and do nothing."""
    success = CONTRACT.operations[operation].success

    def twist(world: World, asked: Asked) -> Told:
        told = world.send(asked)
        if told.is_success:
            world.memory[operation] = told
            return told
        if not success.contents:
            return told.only(int(success.status))
        plain = httpx.Headers({"content-type": success.contents[0].media_type})
        empty = replace(told.with_body({}, int(success.status)), headers=plain)
        known: Told = world.memory.get(operation, empty)
        return known

    return at(operation, twist)


def changed(operation: str, path: str, change: Callable[[Any], Any]) -> Fault:
    """Answer with another value at a path: `/` between the steps, `*` for every entry."""

    def twist(world: World, asked: Asked) -> Told:
        told = world.send(asked)
        if not told.is_success or not told.content:
            return told
        return told.with_body(altered(told.body, path.split("/"), change))

    return at(operation, twist)


def asked_as(operation: str, path: str, change: Callable[[Any], Any]) -> Fault:
    """Take a request for one with another value at a path."""

    def twist(world: World, asked: Asked) -> Told:
        return world.send(asked.with_body(altered(asked.body, path.split("/"), change)))

    return at(operation, twist)


GONE: Any = object()


def altered(value: Any, path: list[str], change: Callable[[Any], Any]) -> Any:
    """Return a copy of a value with something changed, or taken out (GONE), at a path."""
    if not path:
        return change(value)
    head, *rest = path
    if isinstance(value, list) and head == "*":
        return [altered(one, rest, change) for one in value]
    if not isinstance(value, dict):
        return value
    names = list(value) if head == "*" else [head]
    copy = dict(value)
    for name in names:
        if name in copy:
            copy[name] = altered(copy[name], rest, change)
            if copy[name] is GONE:
                del copy[name]
    return copy


def drop(_: Any) -> Any:
    return GONE


def to(value: Any) -> Callable[[Any], Any]:
    return lambda _: value


def own(method: str, path: str, body: Any = None) -> Asked:
    """Return a request of the fault's own, with the full key of my-project."""
    content = b"" if body is None else json.dumps(body).encode()
    url = httpx.URL(f"http://127.0.0.1:4010{PROJECT}{path}")
    headers = httpx.Headers({"x-api-key": KEY, "content-type": "application/json"})
    return Asked(method, url, headers, content)


def rows(world: World, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.send(own("GET", path)).body
    return found


def besides(operation: str, do: Callable[[World, Asked, Told], None]) -> Fault:
    """Do something else, too, after each success."""

    def twist(world: World, asked: Asked) -> Told:
        told = world.send(asked)
        if told.is_success:
            do(world, asked, told)
        return told

    return at(operation, twist)


def leaks(world: World, asked: Asked) -> Told:
    """Show the credentials of a new connection to whoever made it."""
    told = world.send(asked)
    if not told.is_success:
        return told
    shown = {name: asked.body[name] for name in BLOCKS if name in asked.body}
    return told.with_body({**told.body, **shown})


def embeds_credentials(world: World, asked: Asked) -> Told:
    told = world.send(asked)
    if not told.is_success:
        return told
    path = f"/connections/{told.body['connection']['id']}?includeRefreshToken=true"
    whole = world.send(own("GET", path)).body
    return told.with_body({**told.body, "connection": whole})


def always_forced(world: World, asked: Asked) -> Told:
    """Refresh tokens whenever it is asked whether they have expired."""
    has = "refresh" in asked.url.params
    return world.send(asked.with_query(refresh="force") if has else asked)


def refreshes_all(world: World, asked: Asked, told: Told) -> None:
    if asked.url.params.get("refresh") == "force":
        for row in rows(world, "/connections"):
            world.send(own("GET", f"/connections/{row['id']}?refresh=force"))


def counts_reads(world: World, asked: Asked) -> Told:
    told = world.send(asked)
    world.memory["reads"] = world.memory.get("reads", 0) + 1
    if not told.is_success:
        return told
    return told.with_body({**told.body, "providerWorkspaceRef": str(world.memory["reads"])})


def masks_all(container: str, *known: str) -> Callable[[Any], Any]:
    """Apply whatever the body has that a mask could name."""

    def change(body: Any) -> Any:
        return {**body, "updateMask": [name for name in known if name in body[container]]}

    return change


def to_others(collection: str, kept: tuple[str, ...]) -> Callable[[World, Asked, Told], None]:
    """Send the same change to every other record of a list."""

    def do(world: World, asked: Asked, told: Told) -> None:
        path, _, identifier = asked.url.path.rpartition("/")
        for row in rows(world, collection):
            if row["id"] != identifier and any(name in row for name in kept):
                below = path.replace(
                    str(told.body.get("integrationId")), row.get("integrationId", "")
                )
                world.send(asked.with_path(f"{below}/{row['id']}"))

    return do


def forgotten_connection(world: World, asked: Asked) -> Told:
    """Delete a connection although an installation uses it, and go on showing it there."""
    gone = world.memory.setdefault("gone", set())
    if asked.operation == "deleteConnection":
        told = world.send(asked)
        gone.add(asked.url.path.rpartition("/")[2])
        return told.only(204)
    if asked.operation == "getConnection" and asked.url.path.rpartition("/")[2] in gone:
        return world.send(asked.with_path(f"{PROJECT}/connections/nothing"))
    return world.send(asked)


def quoted(world: World, asked: Asked) -> Told:
    """Answer a text as if it were JSON."""
    told = world.send(asked)
    return replace(told, content=json.dumps(told.content.decode()).encode())


def one_url(world: World, asked: Asked) -> Told:
    """Answer the same URL every time."""
    told = world.send(asked)
    content: bytes = world.memory.setdefault("url", told.content)
    return replace(told, content=content) if told.is_success else told


def other_client(world: World, asked: Asked) -> Told:
    told = world.send(asked)
    return replace(told, content=told.content.replace(b"client_id=", b"client_id=other-"))


def connects_at_once(world: World, asked: Asked, told: Told) -> None:
    body = {name: asked.body[name] for name in ("groupRef", "consumerRef")}
    body |= {"provider": "apollo", "apiKey": "x"}
    world.send(own("POST", "/connections:generate", body))


def no(operation: str, when: Callable[[Asked], bool] = lambda _: True, status: int = 400) -> Fault:
    """Refuse what is right."""

    def twist(world: World, asked: Asked) -> Told:
        if not when(asked):
            return world.send(asked)
        told = world.undone(asked)
        problem = {"type": "about:blank", "title": "No", "status": status, "detail": "no"}
        headers = httpx.Headers({"content-type": "application/problem+json"})
        return replace(told.with_body(problem, status), headers=headers)

    return at(operation, twist)


def clears_connections(world: World, asked: Asked, told: Told) -> None:
    """Delete every connection that nobody uses."""
    for row in rows(world, "/connections"):
        world.send(own("DELETE", f"/connections/{row['id']}"))


def stored_first(operation: str) -> Fault:
    """Deploy the first integration of a manifest before the others are looked at."""

    def twist(world: World, asked: Asked) -> Told:
        told = world.send(asked)
        text = asked.body.get("sourceYaml", "")
        if not told.is_success and text.count("- name:") > 1:
            first = "- name:".join(text.split("- name:")[:2])
            world.send(asked.with_body({"sourceYaml": first}))
        return told

    return at(operation, twist)


def is_for(caller: str, operation: str) -> bool:
    """Tell whether an operation is for a caller."""
    return default_caller(CONTRACT.operations[operation]) == caller


def last_page_again(world: World, asked: Asked) -> Told:
    """Ignore page tokens: every page is the first, and the walk ends after some."""
    told = world.send(asked.with_query(pageToken=None))
    if not told.is_success or "pageToken" not in asked.url.params:
        return told
    return told.with_body({**told.body, "pagination": {"done": True}})


def swallows_one(world: World, asked: Asked) -> Told:
    """Leave out the first operation of every page but the first."""
    told = world.send(asked)
    if not told.is_success or "pageToken" not in asked.url.params:
        return told
    return told.with_body({**told.body, "results": told.body["results"][1:]})


def shrinks(world: World, asked: Asked) -> Told:
    """Tell less progress with every read."""
    told = world.send(asked)
    if not told.is_success:
        return told
    world.memory["left"] = world.memory.get("left", 1000) - 1
    return told.with_body({**told.body, "recordsProcessed": world.memory["left"]})


def everyones_fields(world: World, asked: Asked, told: Told) -> None:
    """Make fields for every group that is connected to the provider."""
    if asked.headers.get("x-fault"):
        return
    for row in rows(world, f"/connections?provider={asked.url.path.split('/')[5]}"):
        body = {**asked.body, "groupRef": row["group"]["groupRef"]}
        world.send(asked.with_body(body))


def for_every_group(world: World, asked: Asked, told: Told) -> None:
    """Do for every installation of the integration what was asked for one."""
    path = f"/integrations/{told.body['integrationId']}/installations"
    for row in rows(world, path):
        if row["id"] != told.body["id"]:
            body = {k: v for k, v in asked.body.items() if k != "groupRef"}
            world.send(asked.with_body({**body, "installationId": row["id"]}))
