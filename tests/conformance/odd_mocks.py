"""Faults of single operations: a mock that is odd in one way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.conformance.faults import refuses, with_key
from tests.conformance.twisting import Asked, Fault, Told, World


def topics(asked: Asked, method: str = "GET") -> Asked:
    """Return a request for the topics of my-project, as the same caller."""
    return replace(asked, method=method, content=b"").with_path("/v1/projects/my-project/topics")


def lower(name: str) -> Callable[[Any], Any]:
    return lambda body: {**body, name: str(body.get(name, "")).lower()}


def stripped(name: str) -> Callable[[Any], Any]:
    return lambda body: {**body, name: str(body.get(name, "")).strip()}


def fixed(**fields: Any) -> Callable[[Any], Any]:
    return lambda body: {**body, **fields}


def without(name: str) -> Callable[[Any], Any]:
    return lambda body: {k: v for k, v in body.items() if k != name}


def swapped_record(world: World, asked: Asked) -> Told:
    """Answer a read with the record that was asked for before."""
    told = world.send(asked)
    before: Told = world.memory.get("told", told)
    world.memory["told"] = told
    return before


def listed_twice(entries: Any) -> Any:
    return [*entries, *entries[-1:]]


def same_id(world: World, asked: Asked) -> Told:
    told = world.send(asked)
    identifier = world.memory.setdefault("id", told.body["id"])
    return told.with_body({**told.body, "id": identifier})


def strict_keys(*known: str) -> Fault:
    return refuses(400, lambda asked: bool(set(asked.body) - set(known)))


def path_has(*texts: str) -> Callable[[Asked], bool]:
    return lambda asked: any(text in asked.url.path for text in texts)


def name_is_in_use(world: World, asked: Asked) -> Told:
    """Refuse every name that was ever used."""
    used = world.memory.setdefault("used", set())
    name = asked.body["name"]
    if name in used:
        return refuses(409, lambda _: True)(world, asked)
    used.add(name)
    return world.send(asked)


def doubled(world: World, asked: Asked) -> Told:
    """Make every record twice."""
    other = {**asked.body, "name": asked.body["name"][:40] + "-2"}
    world.send(asked.with_body(other))
    return world.send(asked)


def renamed_with_it(world: World, asked: Asked) -> Told:
    """Rename another topic, too."""
    told = world.send(asked)
    if told.is_success:
        listed = world.send(
            Asked(
                "GET",
                asked.url.copy_with(path="/v1/projects/my-project/topics"),
                asked.headers,
                b"",
            )
        )
        other = [one for one in listed.body if one["id"] != told.body["id"]][-1]
        path = f"/v1/projects/my-project/topics/{other['id']}"
        world.send(asked.with_path(path).with_body({"name": other["name"][:50] + "-x"}))
    return told


def upsert(world: World, asked: Asked) -> Told:
    """Make what an update does not find."""
    told = world.send(asked)
    if told.status != 404:
        return told
    made = Asked(
        "POST", asked.url.copy_with(path="/v1/projects/my-project/topics"), asked.headers, b""
    )
    return replace(world.send(made.with_body(asked.body)), status=200)


def takes_the_siblings(world: World, asked: Asked) -> Told:
    """Delete the youngest other record besides."""
    told = world.send(asked)
    shelf, _, own = asked.url.path.rpartition("/")
    listed = world.send(Asked("GET", asked.url.copy_with(path=shelf), asked.headers, b""))
    others = [one["id"] for one in listed.body if one["id"] != own]
    if told.is_success and others:
        world.send(asked.with_path(f"{shelf}/{others[-1]}"))
    return told


def keep_all_dead(world: World, asked: Asked) -> Told:
    """Forget that routes go with their topic."""
    if asked.operation == "deleteTopic":
        world.memory["root"] = world.mock.sandbox.snapshot()
    if asked.operation == "listEventTopicRoutes" and "root" in world.memory:
        now = world.mock.sandbox.snapshot()
        world.mock.sandbox.restore(world.memory["root"])
        told = world.send(asked)
        world.mock.sandbox.restore(now)
        return told
    return world.send(asked)


def old_ids(world: World, asked: Asked) -> Told:
    """Give a new record the id of the last one that was deleted."""
    if asked.operation == "deleteTopic":
        world.memory["id"] = asked.url.path.rpartition("/")[2]
    told = world.send(asked)
    if asked.operation == "createTopic" and told.is_success and "id" in world.memory:
        return told.with_body({**told.body, "id": world.memory["id"]})
    return told


def or_filters(world: World, asked: Asked) -> Told:
    """Take two filters as: one or the other."""
    query = asked.url.params
    if len(query) < 2:
        return world.send(asked)
    found = {}
    for name in query:
        dropped = {other: None for other in query if other != name}
        for entry in world.send(asked.with_query(**dropped)).body:
            found[entry["id"]] = entry
    return world.send(asked).with_body(list(found.values()))


def inverted(world: World, asked: Asked) -> Told:
    told = world.send(asked)
    if asked.url.params.get("active") != "true":
        return told
    everything = world.send(asked.with_query(active=None)).body
    return told.with_body([entry for entry in everything if not entry["active"]])


def mine_too(world: World, asked: Asked) -> Told:
    """List the records of both projects."""
    told = world.send(asked)
    other = with_key("mock-prod-key")(
        world, asked.with_path(asked.url.path.replace("my-project", "mailmonkey-prod"))
    )
    return told.with_body([*told.body, *other.body])


def backwards_creation(world: World, asked: Asked) -> Told:
    told = world.send(asked)
    year = 2030 - len(world.memory)
    if asked.operation == "createTopic":
        world.memory[told.body["id"]] = f"{year}-01-01T00:00:00Z"
        return told.with_body({**told.body, "createTime": world.memory[told.body["id"]]})
    if asked.operation == "listTopics":
        return told.with_body(
            [{**e, "createTime": world.memory.get(e["id"], e["createTime"])} for e in told.body]
        )
    return told


def touched_by_reading(world: World, asked: Asked) -> Told:
    """Move updateTime when a destination is read."""
    world.tick()
    if asked.operation == "getDestination":
        world.send(asked.with_query(rotate="true"))
    return world.send(asked)


def touched_by_listing(world: World, asked: Asked) -> Told:
    world.tick()
    told = world.send(asked)
    if asked.operation != "listTopics" or not told.body:
        return told
    for entry in told.body:
        path = f"{asked.url.path}/{entry['id']}"
        changed = replace(asked, method="PATCH").with_path(path)
        changed.headers["content-type"] = "application/json"
        world.send(changed.with_body({"name": entry["name"]}))
    return told


def into_capitals(world: World, asked: Asked) -> Told:
    """Take names in capitals for other names."""
    if path_has("/CT-")(asked):
        return refuses(404, lambda _: True)(world, asked)
    return world.send(asked)


def old_name_lives(world: World, asked: Asked) -> Told:
    """Find a destination by a name that it had."""
    told = world.send(asked)
    names = world.memory.setdefault("names", {})
    if asked.operation == "getDestination" and told.is_success:
        names[told.body["name"]] = told.body["id"]
    wanted = asked.url.path.rpartition("/")[2]
    if asked.operation == "getDestination" and told.status == 404 and wanted in names:
        path = asked.url.path.replace(wanted, names[wanted])
        return world.send(asked.with_path(path))
    return told


def shared_names(world: World, asked: Asked) -> Told:
    """Refuse a name that is used in the other project."""
    other = {"my-project": "mailmonkey-prod", "mailmonkey-prod": "my-project"}
    own = asked.url.path.split("/")[3]
    if asked.operation == "createTopic":
        key = "mock-prod-key" if other[own] == "mailmonkey-prod" else "mock-full-key"
        listed = Asked("GET", asked.url, asked.headers, b"").with_path(
            asked.url.path.replace(own, other[own])
        )
        names = [one["name"] for one in with_key(key)(world, listed).body]
        if asked.body["name"] in names:
            return refuses(409, lambda _: True)(world, asked)
    return world.send(asked)


def exact_projects(world: World, asked: Asked) -> Told:
    """Compare names of projects exactly."""
    body = asked.body
    if body["name"].isupper() or body["name"] == body["name"].upper():
        return world.send(asked.with_body({**body, "name": body["name"] + "-2"}))
    return world.send(asked)


def unique_labels(world: World, asked: Asked) -> Told:
    used = world.memory.setdefault("labels", set())
    if asked.body["label"] in used:
        return refuses(409, lambda _: True)(world, asked)
    used.add(asked.body["label"])
    return world.send(asked)


def any_topic(world: World, asked: Asked) -> Told:
    """Make routes for topics that are not there."""
    told = world.send(asked)
    if told.is_success:
        world.memory["topic"] = told.body["topicId"]
        return told
    topic = world.send(topics(asked)).body[-1]["id"]
    return world.send(asked.with_body({**asked.body, "topicId": topic}))


def new_ids(world: World, asked: Asked) -> Told:
    """Answer a deploy with ids that nobody has."""
    told = world.send(asked)
    if not told.is_success:
        return told
    number = world.memory["number"] = world.memory.get("number", 0) + 1
    return told.with_body([{**one, "id": f"{one['id']}-{number}"} for one in told.body])


def latest_revision(world: World, asked: Asked) -> Told:
    """Hydrate the latest revision, whichever is asked for."""
    if asked.operation != "getHydratedRevision":
        return world.send(asked)
    path, _, _ = asked.url.path.partition("/revisions/")
    shown = world.send(replace(asked, content=b"").with_path(path)).body
    return world.send(asked.with_path(f"{path}/revisions/{shown['latestRevision']['id']}:hydrate"))


def counter() -> Callable[[Any], Any]:
    """Return a change that makes another text every time."""
    seen: list[Any] = []

    def change(_: Any) -> Any:
        seen.append(None)
        return str(len(seen))

    return change
