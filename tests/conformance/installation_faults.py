"""Faults that an implementation may have with installations and what is told through them."""

from __future__ import annotations

from typing import Any

from tests.conformance.customer_faults import own, rows
from tests.conformance.twisting import Asked, Told, World


def named_revision(world: World, asked: Asked) -> Told:
    """Take the revision that a request names."""
    told = world.send(asked)
    named = asked.body["config"].get("revisionId")
    if not told.is_success or named is None:
        return told
    return told.with_body({**told.body, "config": {**told.body["config"], "revisionId": named}})


def merged(world: World, asked: Asked) -> Told:
    """Merge what an update replaces with what is there."""
    old = world.send(own("GET", asked.url.path.removeprefix("/v1/projects/my-project")))
    before = old.body.get("config", {}).get("content", {})
    body = asked.body
    content = _both(before, body["installation"].get("config", {}).get("content", {}))
    config = {**body["installation"].get("config", {}), "content": content}
    return world.send(
        asked.with_body({**body, "installation": {**body["installation"], "config": config}})
    )


def _both(left: Any, right: Any) -> Any:
    if isinstance(left, dict) and isinstance(right, dict):
        return {
            name: _both(left.get(name, right.get(name)), right.get(name, left.get(name)))
            for name in {**left, **right}
        }
    return right


def unmasked(world: World, asked: Asked) -> Told:
    """Apply whatever the body has that a mask could name."""
    body = asked.body
    masks = [*body["updateMask"]]
    given = body["installation"]
    if "connectionId" in given:
        masks.append("connectionId")
    for action in ("write", "subscribe"):
        if action in given.get("config", {}).get("content", {}):
            masks.append(f"config.content.{action}.objects")
    return world.send(asked.with_body({**body, "updateMask": masks}))


def for_all(world: World, asked: Asked, told: Told) -> None:
    """Update every installation of the integration."""
    path = f"/integrations/{told.body['integrationId']}/installations"
    for row in rows(world, path):
        world.send(asked.with_path(f"/v1/projects/my-project{path}/{row['id']}"))


def takes_connections(world: World, asked: Asked) -> Told:
    """Show no connection any more whose installation was deleted."""
    gone = world.memory.setdefault("gone", set())
    if asked.operation == "deleteInstallation":
        path = asked.url.path.removeprefix("/v1/projects/my-project")
        shown = world.send(own("GET", path)).body
        gone.add(shown.get("connection", {}).get("id"))
    if asked.operation == "getConnection" and asked.url.path.rpartition("/")[2] in gone:
        return world.send(asked.with_path("/v1/projects/my-project/connections/nothing"))
    return world.send(asked)


def change_by_change(world: World, asked: Asked) -> Told:
    """Apply one change after another, up to the first that fails."""
    told = world.send(asked)
    if not told.is_success:
        for change in asked.body["changes"]:
            one = world.send(asked.with_body({**asked.body, "changes": [change]}))
            if not one.is_success:
                break
    return told


def old_config(world: World, asked: Asked) -> Told:
    """Answer a patch with the id of the config that was there before."""
    path = f"/installations?groupRef={asked.body.get('groupRef', '')}"
    before = [
        row
        for row in rows(world, path.partition("?")[0])
        if row["id"] == asked.body.get("installationId")
    ]
    told = world.send(asked)
    if not told.is_success or not before:
        return told
    config = {**told.body["config"], "id": before[0]["config"]["id"]}
    return told.with_body({**told.body, "config": config})


def other_keys(body: Any) -> Any:
    return {**body, "fields": {name.upper(): one for name, one in body["fields"].items()}}


def everyones_fields(world: World, asked: Asked) -> Told:
    """Make fields for every group that has installed, or connected to, the same."""
    told = world.send(asked)
    if told.is_success:
        for row in rows(world, "/installations"):
            body = {**asked.body, "groupRef": row["group"]["groupRef"]}
            world.send(asked.with_body(body))
    return told
