"""Faults that a stateful implementation may have; each is a way to answer in place of the mock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.conformance.twisting import Asked, Fault, Told, World

KEY_OF = {"kid", "id", "key"}


def forgets(world: World, asked: Asked) -> Told:
    """Answer right, keep nothing."""
    return world.undone(asked)


def answers(change: Callable[[Any], Any]) -> Fault:
    """Change the body of a success."""

    def twist(world: World, asked: Asked) -> Told:
        told = world.send(asked)
        return told.with_body(change(told.body)) if told.is_success else told

    return twist


def asks(change: Callable[[Any], Any]) -> Fault:
    """Change the body of the request before it arrives."""
    return lambda world, asked: world.send(asked.with_body(change(asked.body)))


def without_query(*names: str) -> Fault:
    """Ignore some query parameters."""
    return lambda world, asked: world.send(asked.with_query(**dict.fromkeys(names)))


def always_query(**query: str) -> Fault:
    """Take some query parameters as given."""
    return lambda world, asked: world.send(asked.with_query(**query))


def grants(status: int, body: Any = None) -> Fault:
    """Say yes to what is refused, and do nothing."""

    def twist(world: World, asked: Asked) -> Told:
        told = world.send(asked)
        if told.is_success:
            return told
        return told.only(status) if body is None else told.with_body(body, status)

    return twist


def refuses(status: int, when: Callable[[Asked], bool]) -> Fault:
    """Say no to what is right."""

    def twist(world: World, asked: Asked) -> Told:
        if when(asked):
            problem = {"type": "about:blank", "title": "No", "status": status, "detail": "no"}
            told = world.undone(asked)
            return replace(told.with_body(problem, status), headers=_problem_headers(told))
        return world.send(asked)

    return twist


def _problem_headers(told: Told) -> Any:
    headers = told.headers.copy()
    headers["content-type"] = "application/problem+json"
    return headers


def yesterday(path: str) -> Fault:
    """Answer what was true before the last write: reads are one step late."""

    def twist(world: World, asked: Asked) -> Told:
        if asked.method == "GET" and path in asked.url.path and "root" in world.memory:
            now = world.mock.sandbox.snapshot()
            world.mock.sandbox.restore(world.memory["root"])
            told = world.send(asked)
            world.mock.sandbox.restore(now)
            return told
        if asked.method != "GET" and path in asked.url.path:
            world.memory["root"] = world.mock.sandbox.snapshot()
        return world.send(asked)

    return twist


def keeps_the_dead(path: str, *, listed: bool) -> Fault:
    """Show what was deleted: in its list, or by its own read."""

    def twist(world: World, asked: Asked) -> Told:
        if asked.method == "DELETE" and path in asked.url.path:
            world.memory["root"] = world.mock.sandbox.snapshot()
            return world.send(asked)
        is_list = asked.url.path.endswith(path)
        if asked.method == "GET" and path in asked.url.path and is_list == listed:
            told = world.send(asked)
            root = world.memory.get("root")
            if root is not None:
                now = world.mock.sandbox.snapshot()
                world.mock.sandbox.restore(root)
                told = world.send(asked)
                world.mock.sandbox.restore(now)
            return told
        return world.send(asked)

    return twist


def first_mask_only(body: Any) -> Any:
    return {**body, "updateMask": body["updateMask"][:1]}


def mask_of_everything(name: str) -> Callable[[Any], Any]:
    """Apply whatever the body has, masked or not."""

    def change(body: Any) -> Any:
        paths = []
        for key, value in body[name].items():
            nested = isinstance(value, dict) and key in {"metadata", "secrets"}
            paths += [f"{key}.{inner}" for inner in value] if nested else [key]
        return {**body, "updateMask": paths or body["updateMask"]}

    return change


def empty_mask_is_all(name: str) -> Callable[[Any], Any]:
    """Apply everything when nothing is named."""
    everything = mask_of_everything(name)
    return lambda body: body if body["updateMask"] else everything(body)


def drops_unknown_masks(*known: str) -> Callable[[Any], Any]:
    def change(body: Any) -> Any:
        return {**body, "updateMask": [m for m in body["updateMask"] if m in known]}

    return change


def drops_valueless_masks(name: str) -> Callable[[Any], Any]:
    def has(values: Any, path: str) -> bool:
        head, _, rest = path.partition(".")
        return head in values and (not rest or has(values[head], rest))

    def change(body: Any) -> Any:
        masks = body["updateMask"]
        return {**body, "updateMask": [m for m in masks if has(body[name], m)]}

    return change


def half_applied(name: str) -> Fault:
    """Refuse an update, and keep the part of it that was right."""

    def twist(world: World, asked: Asked) -> Told:
        told = world.send(asked)
        if told.is_success:
            return told
        body = asked.body
        for mask in body["updateMask"]:
            world.send(asked.with_body({**body, "updateMask": [mask]}))
        return told

    return twist


def also(method: str, path: Callable[[Any], str], body: Any = None) -> Fault:
    """Do something else besides: `path` makes its path from the answer."""

    def twist(world: World, asked: Asked) -> Told:
        told = world.send(asked)
        if told.is_success:
            other = replace(asked, method=method, content=b"").with_path(path(told.body))
            world.send(other.with_body(body) if body is not None else other)
        return told

    return twist


def each_entry(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[Any], Any]:
    return lambda entries: [change(entry) for entry in entries]


def with_key(key: str) -> Fault:
    """Take every caller for the holder of one key."""

    def twist(world: World, asked: Asked) -> Told:
        headers = asked.headers.copy()
        headers["x-api-key"] = key
        return world.send(replace(asked, headers=headers))

    return twist


def anywhere(of: str, other: str) -> Fault:
    """Look in the other project, with its key, for what is not in one."""

    def twist(world: World, asked: Asked) -> Told:
        told = world.send(asked)
        if told.status not in {403, 404}:
            return told
        path = asked.url.path.replace(f"/projects/{of}/", f"/projects/{other}/")
        headers = asked.headers.copy()
        headers["x-api-key"] = "mock-prod-key" if other == "mailmonkey-prod" else "mock-full-key"
        return world.send(replace(asked, headers=headers).with_path(path))

    return twist


def stale_times(world: World, asked: Asked) -> Told:
    """Never move updateTime after the first update; the clock runs."""
    world.tick()
    told = world.send(asked)
    if asked.operation == "updateTopic" and told.is_success:
        body = told.body
        first = world.memory.setdefault(body["id"], body["updateTime"])
        return told.with_body({**body, "updateTime": first})
    if asked.operation == "listTopics":
        old = world.memory
        return told.with_body(
            [{**e, "updateTime": old[e["id"]]} if e["id"] in old else e for e in told.body]
        )
    return told
