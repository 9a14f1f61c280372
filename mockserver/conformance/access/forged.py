"""Credentials that are none: absent, empty, wrong, cut short, in the wrong place."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mockserver.conformance import callers
from mockserver.conformance.callers import Caller
from mockserver.conformance.calls import Call
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Strength, Unreached

KEY_HEADER = "X-Api-Key"
BEARER_HEADER = "Authorization"


@dataclass(frozen=True, slots=True)
class Forged:
    """A caller that must be refused, and what is wrong with them, for people."""

    detail: str
    caller: Caller
    strength: Strength | None = None  # how well founded that is; None: as the rule that asks


def forged(lab: Lab, _: Call) -> Iterator[Forged]:
    """Yield the credentials that no operation takes."""
    yield Forged("no credential", Caller())
    yield Forged("a wrong API key", _other(lab, callers.WRONG_KEY, KEY_HEADER, "wrong"))
    yield Forged(
        "a wrong bearer token", _other(lab, callers.WRONG_BEARER, BEARER_HEADER, "Bearer wrong")
    )
    yield Forged("another scheme", _plain(BEARER_HEADER, "Basic d3Jvbmc6d3Jvbmc="))


def odd(lab: Lab, call: Call) -> Iterator[Forged]:
    """Yield credentials that are nearly right: empty, cut short, in the wrong place."""
    yield Forged("an empty API key", _plain(KEY_HEADER, ""))
    yield Forged("an empty bearer token", _plain(BEARER_HEADER, "Bearer"))
    if "APIKeyHeader" in lab.contract.operations[call.operation_id].schemes:
        yield from _around_key(lab)
    yield from _around_bearer(lab)


def _plain(header: str, value: str) -> Caller:
    return Caller("forged", {header: value}, {header: value})


def _other(lab: Lab, name: str, header: str, value: str) -> Caller:
    """Return a caller by name; one made up where the run has none."""
    try:
        return lab.caller(name)
    except Unreached:
        return _plain(header, value)


def _around_key(lab: Lab) -> Iterator[Forged]:
    key = _value(lab, callers.KEY, KEY_HEADER)
    if not key:
        return
    short = Caller("short-key", {KEY_HEADER: key[:-1]}, {KEY_HEADER: "${API_KEY%?}"})
    yield Forged("an API key without its last character", short)
    longer = Caller("long-key", {KEY_HEADER: f"{key}0"}, {KEY_HEADER: "${API_KEY}0"})
    yield Forged("an API key with one more character", longer)
    basic = base64.b64encode(f"{key}:".encode()).decode()
    shown = {BEARER_HEADER: 'Basic $(printf "%s:" "$API_KEY" | base64 -w0)'}
    yield Forged(
        "the API key as a Basic user", Caller("basic", {BEARER_HEADER: f"Basic {basic}"}, shown)
    )
    as_bearer = Caller(
        "key-as-bearer", {BEARER_HEADER: f"Bearer {key}"}, {BEARER_HEADER: "Bearer $API_KEY"}
    )
    yield Forged("the API key as a bearer token", as_bearer)


def _around_bearer(lab: Lab) -> Iterator[Forged]:
    token = _value(lab, callers.BEARER, BEARER_HEADER).removeprefix("Bearer ")
    if not token:
        return
    bare = Caller("bare-token", {BEARER_HEADER: token}, {BEARER_HEADER: "$BEARER"})
    yield Forged("a bearer token without its scheme", bare)
    in_key = Caller("token-as-key", {KEY_HEADER: token}, {KEY_HEADER: "$BEARER"})
    yield Forged("the bearer token as an API key", in_key)
    if token.count(".") == 2:
        yield Forged("a bearer token without a signature", _unsigned(token))


def _unsigned(token: str) -> Caller:
    header = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT"}).encode())
    value = f"Bearer {header.decode().rstrip('=')}.{token.split('.')[1]}."
    return Caller("unsigned", {BEARER_HEADER: value}, {BEARER_HEADER: "Bearer $UNSIGNED"})


def _value(lab: Lab, name: str, header: str) -> str:
    try:
        headers: Mapping[str, str] = lab.caller(name).headers
    except Unreached:
        return ""
    return headers.get(header, "")
