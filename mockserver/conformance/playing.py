"""Plays a script again: new names, the ids that come this time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from mockserver.conformance.callers import Caller
from mockserver.conformance.exchange import NO_BODY, Exchange, Request
from mockserver.conformance.replay import Part, Script, Slot, Step, Text

#: Sends a request and returns the exchange.
Send = Callable[[Request], Exchange]


def play(script: Script, send: Send, fresh: Callable[[], str]) -> list[Exchange]:
    """Send a script again and return what came.

    Args:
        script: what to send. A slot whose answer has no such value now is sent as it was.
        send: sends one request.
        fresh: returns the number of a lab that nobody used: four hexadecimal digits.
    """
    labs: dict[str, str] = {}
    came: dict[int, Exchange] = {}

    def filled(text: Text) -> str:
        return "".join(_filled(part, labs, came, fresh) for part in text)

    for step in script.steps:
        came[step.exchange.number] = send(_request(step, filled))
    return list(came.values())


def _filled(
    part: Part, labs: dict[str, str], came: Mapping[int, Exchange], fresh: Callable[[], str]
) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, Slot):
        found = _at(came[part.number].json, part.pointer) if part.number in came else None
        return found if isinstance(found, str) else part.value
    if part.lab.lower() not in labs:
        labs[part.lab.lower()] = fresh()
    lab = labs[part.lab.lower()]
    return f"{part.prefix}{part.run}-{lab.upper() if part.prefix.isupper() else lab}"


def _at(value: Any, pointer: tuple[str | int, ...]) -> Any:
    for part in pointer:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _request(step: Step, filled: Callable[[Text], str]) -> Request:
    old = step.exchange.request
    path = "/".join(quote(filled(text), safe=":") for text in step.path)
    query = tuple((name, filled(text)) for name, text in step.query)
    body = NO_BODY if step.body is NO_BODY else _filled_body(step.body, filled)
    headers = {name: filled(text) for name, text in step.headers.items()}
    own = {name: value for name, value in headers.items() if name not in old.caller.headers}
    worn = {name: value for name, value in headers.items() if name in old.caller.headers}
    return replace(
        old,
        path=path,
        query=query,
        body=body,
        raw=filled(step.raw).encode() if step.raw is not None else old.raw,
        headers=own,
        caller=Caller(old.caller.name, worn, old.caller.shown),
    )


def _filled_body(body: Any, filled: Callable[[Text], str]) -> Any:
    if isinstance(body, Mapping):
        return {key: _filled_body(item, filled) for key, item in body.items()}
    if isinstance(body, list):
        return [_filled_body(item, filled) for item in body]
    return filled(body) if isinstance(body, tuple) else body
