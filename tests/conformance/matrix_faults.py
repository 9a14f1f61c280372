"""Faults in who may call what, in which requests are taken, and in writes at the same time."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.client import BUILDER, KEY
from tests.conformance.twisting import Asked, Fault, Told, World

When = Callable[[Asked], bool]
BUILDER_HEADERS = {"authorization": f"Bearer {BUILDER}"}
KEY_HEADERS = {"x-api-key": KEY}
_NUMBERS = itertools.count(1)


def key_of(asked: Asked) -> str:
    return str(asked.headers.get("x-api-key", ""))


def token_of(asked: Asked) -> str:
    return str(asked.headers.get("authorization", ""))


def as_(asked: Asked, headers: dict[str, str]) -> Asked:
    """Return a request with other credentials."""
    kept = httpx_headers(asked)
    return replace(asked, headers=type(asked.headers)({**kept, **headers}))


def httpx_headers(asked: Asked) -> dict[str, str]:
    credentials = {"x-api-key", "authorization"}
    return {k: v for k, v in asked.headers.items() if k.lower() not in credentials}


def takes(when: When, headers: dict[str, str] | None = None) -> Fault:
    """Take some callers for one who may do everything."""

    def twist(world: World, asked: Asked) -> Told:
        return world.send(as_(asked, headers or KEY_HEADERS) if when(asked) else asked)

    return twist


def takes_whoever_may_not(when: When) -> Fault:
    """Grant to some callers what is forbidden to them, and only that."""

    def twist(world: World, asked: Asked) -> Told:
        told = world.send(asked)
        if told.status in {403, 404} and when(asked):
            return world.send(as_(asked, KEY_HEADERS))
        return told

    return twist


def does_it_all_the_same(world: World, asked: Asked) -> Told:
    """Refuse whoever is not known, and do what they asked for."""
    told = world.send(asked)
    if told.status == 401:
        world.send(as_(asked, KEY_HEADERS))
    return told


def is_other_key(asked: Asked) -> bool:
    return key_of(asked) not in {"", KEY} and not key_of(asked).startswith(("ct-wrong", "mock-"))


def is_customer(asked: Asked) -> bool:
    return token_of(asked).count(".") == 2


# ------------------------------------------------------------------ requests


def mends(change: Callable[[Any], Any]) -> Fault:
    """Mend a body before it arrives, whatever JSON it is."""

    def twist(world: World, asked: Asked) -> Told:
        try:
            body = json.loads(asked.content)
        except ValueError:
            return world.send(asked)
        return world.send(asked.with_body(change(body)) if isinstance(body, dict) else asked)

    return twist


def only_if_wrong(change: Fault) -> Fault:
    """Try it as it is first; mend only what is refused."""

    def twist(world: World, asked: Asked) -> Told:
        told = world.send(asked)
        return told if told.is_success else change(world, asked)

    return twist


def defaulted(name: str) -> Callable[[Any], Any]:
    return lambda body: {name: f"default-{next(_NUMBERS)}", **body}


def as_text(name: str) -> Callable[[Any], Any]:
    def change(body: Any) -> Any:
        value = body.get(name)
        is_number = isinstance(value, int | float)
        return {**body, name: f"text-{value}-{next(_NUMBERS)}"} if is_number else body

    return change


def without_nulls(body: Any) -> Any:
    return {name: value for name, value in body.items() if value is not None}


def replaced(name: str, value: Any) -> Callable[[Any], Any]:
    return lambda body: {**body, name: value}


def shortened(name: str, length: int) -> Callable[[Any], Any]:
    return lambda body: {**body, name: f"{next(_NUMBERS)}-{body[name]}"[:length]}


def letters_only(body: Any) -> Any:
    kept = "".join(c for c in str(body["name"]) if c.isascii() and c.isalnum())
    return {**body, "name": f"{kept}x{next(_NUMBERS)}"}


def not_negative(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: not_negative(item) for name, item in value.items()}
    if isinstance(value, list):
        return [not_negative(item) for item in value]
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return max(value, 0) if is_number else value


def some_mask(body: Any) -> Any:
    return {**body, "updateMask": body.get("updateMask") or list(body["jwtKey"])}


def masked_texts(name: str) -> Callable[[Any], Any]:
    """Make a text of everything that an update says."""

    def text(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: text(item) for key, item in value.items()}
        return f"text-{value}" if isinstance(value, int) else value

    return lambda body: {**body, name: text(body[name])}


def right_times(value: Any) -> Any:
    """Leave out every time that is none."""
    if not isinstance(value, dict):
        return value
    kept = {k: v for k, v in value.items() if k not in {"expiresAt", "issuedAt"}}
    return {name: right_times(item) for name, item in kept.items()}


def reads_loosely(world: World, asked: Asked) -> Told:
    """Take the JSON value that a body begins with, and leave the rest."""
    try:
        value, _ = json.JSONDecoder().raw_decode(asked.content.decode())
    except ValueError:
        return world.send(asked)
    return world.send(asked.with_body(value))


def takes_no_body(world: World, asked: Asked) -> Told:
    body = asked.content or b"{}"
    headers = type(asked.headers)({**asked.headers, "content-type": "application/json"})
    sent = replace(asked, content=body, headers=headers)
    return world.send(sent if asked.content else sent.with_body(defaulted("name")({})))


def any_media_type(world: World, asked: Asked) -> Told:
    headers = type(asked.headers)({**asked.headers, "content-type": "application/json"})
    return world.send(replace(asked, headers=headers))


def breaks(when: When) -> Fault:
    """Fall over where something odd comes."""

    def twist(world: World, asked: Asked) -> Told:
        told = world.send(asked)
        if when(asked):
            problem = {"type": "about:blank", "title": "Oops", "status": 500, "detail": "oops"}
            headers = type(told.headers)({"content-type": "application/problem+json"})
            return Told(500, headers, json.dumps(problem).encode())
        return told

    return twist


def blames_another(world: World, asked: Asked) -> Told:
    """Name another place than the one that is wrong."""
    told = world.send(asked)
    if told.is_success or not told.body.get("issues"):
        return told
    issues = [{"in": issue["in"], "name": "elsewhere"} for issue in told.body["issues"]]
    return told.with_body({**told.body, "detail": "bad", "issues": issues})


def as_method(method: str, other: str) -> Fault:
    """Take one method for another."""

    def twist(world: World, asked: Asked) -> Told:
        if asked.method == method:
            body = b'{"name": "another-name"}'
            sent = any_media_type if other != "GET" else World.send
            return sent(world, replace(asked, method=other, content=body))
        return world.send(asked)

    return twist


# --------------------------------------------------------- at the same time


def forgets_the_first(world: World, asked: Asked) -> Told:
    """Write on what was there before the write that came just before."""
    with world.memory.setdefault("lock", threading.Lock()):
        before, after = world.memory.get("roots", (None, None))
        now = world.mock.sandbox.snapshot()
        if before is not None and now is after:
            world.mock.sandbox.restore(before)
        told = world.send(asked)
        world.memory["roots"] = now, world.mock.sandbox.snapshot()
        return told


def takes_twins(world: World, asked: Asked) -> Told:
    """Make a second record of a name, and show it under that name."""
    told = world.send(asked)
    if told.status != 409:
        return told
    told = world.send(asked.with_body({"name": f"twin-{next(_NUMBERS)}"}))
    return told.with_body({**told.body, "name": asked.body["name"]})


def revives(world: World, asked: Asked) -> Told:
    """Bring back with an update what was deleted before."""
    is_gone = world.memory.setdefault("is gone", threading.Event())
    if asked.operation == "deleteDestination":
        world.memory["root"] = world.mock.sandbox.snapshot()
        told = world.send(asked)
        is_gone.set()
        return told
    if asked.operation == "updateDestination":
        is_gone.wait(5)  # the update that comes with the delete is the later one
        is_gone.clear()
    told = world.send(asked)
    if asked.operation == "updateDestination" and told.status == 404:
        world.mock.sandbox.restore(world.memory["root"])
        return world.send(asked)
    return told
