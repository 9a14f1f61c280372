"""Sticky rules: stub mappings in WireMock's format, as far as they fit a contract.

A rule answers instead of the operation, waits before it, or breaks the connection. Unknown keys
are refused: a rule that leaves out what it was told would mislead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.faults.replies import Reply, compile_reply
from mockserver.pointers import escape
from mockserver.simulation.delays import Delay, compile_delay, milliseconds
from mockserver.simulation.matchers import PatternError, text, unknown
from mockserver.simulation.patterns import Pattern, compile_pattern

STARTED = "Started"  # the state that every scenario begins in
#: What can be done to a connection. Source: WireMock, "Simulating Faults".
SOCKET_FAULTS = (
    "CONNECTION_RESET_BY_PEER",
    "EMPTY_RESPONSE",
    "MALFORMED_RESPONSE_CHUNK",
    "RANDOM_DATA_THEN_CLOSE",
)
PRIORITY = 5  # of a rule that says none; 1 comes first
_KEYS = (
    "id",
    "uuid",
    "name",
    "priority",
    "request",
    "response",
    "scenarioName",
    "requiredScenarioState",
    "newScenarioState",
    "times",
    "probability",
    "allowInvalid",
    "metadata",
    "persistent",
)
_RESPONSE_KEYS = (
    "status",
    "jsonBody",
    "body",
    "headers",
    "example",
    "dynamic",
    "seed",
    "proceed",
    "fault",
    "fixedDelayMilliseconds",
    "delayDistribution",
    "chunkedDribbleDelay",
)
_ANSWERING = ("status", "jsonBody", "body", "headers", "example", "dynamic", "seed")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_TAKEN = frozenset({"import", "reset"})  # paths of the control plane where an id would be
_MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Dribble:
    """A body that comes in pieces."""

    pieces: int
    seconds: float  # from the first to the last


@dataclass(frozen=True, slots=True)
class Scenario:
    """When a rule counts, and what changes when it has counted."""

    name: str
    required: str | None = None  # None: in any state
    new: str | None = None  # None: it stays


@dataclass(frozen=True, slots=True)
class Rule:
    """One compiled mapping."""

    id: str
    name: str
    document: Mapping[str, Any]  # as it was sent, with its id
    pattern: Pattern
    reply: Reply | None  # None: the operation answers, or the connection breaks
    fault: str | None
    delay: Delay | None
    dribble: Dribble | None
    priority: int
    scenario: Scenario | None
    times: int | None  # how often it hits; None: always
    probability: float


def compile_rule(document: Any, identifier: str, pointer: str = "") -> Rule:
    """Compile a mapping.

    Args:
        document: the mapping as JSON.
        identifier: its id, unless it brings one.
        pointer: JSON pointer of the mapping in the body that it is part of.

    Raises:
        PatternError: something in it is not supported or not acceptable, and where.
    """
    document = _object(document, pointer)
    _only(document, _KEYS, pointer)
    if document.get("persistent"):
        remedy = "leave it out, and arm it again after a start"
        raise PatternError(f"{pointer}/persistent", "rules live in memory only", remedy)
    _object(document.get("metadata", {}), f"{pointer}/metadata")
    identifier = _identifier(document, pointer) or identifier
    response = _object(document.get("response", {}), f"{pointer}/response")
    allow_invalid = _flag(document, "allowInvalid", pointer)
    fault = _fault(response, f"{pointer}/response")
    proceeds = _flag(response, "proceed", f"{pointer}/response")
    _check_response(response, f"{pointer}/response", fault=fault, proceeds=proceeds)
    answers = not proceeds and fault is None
    return Rule(
        id=identifier,
        name=_name(document, "name", pointer) or "",
        document={
            **{k: v for k, v in document.items() if k not in {"id", "uuid"}},
            "id": identifier,
        },
        pattern=compile_pattern(document.get("request", {}), f"{pointer}/request"),
        reply=(
            compile_reply(response, f"{pointer}/response", allow_invalid=allow_invalid)
            if answers
            else None
        ),
        fault=fault,
        delay=compile_delay(response, f"{pointer}/response", "fixedDelayMilliseconds"),
        dribble=_dribble(response, f"{pointer}/response"),
        priority=_count(document, "priority", pointer) or PRIORITY,
        scenario=_scenario(document, pointer),
        times=_count(document, "times", pointer),
        probability=compile_share(document, "probability", pointer),
    )


def compile_share(document: Mapping[str, Any], key: str, pointer: str) -> float:
    """Return a share from above 0 to 1; 1 when it is not given.

    Raises:
        PatternError: it is none.
    """
    value = document.get(key, 1)
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value <= 1:
        raise PatternError(f"{pointer}/{key}", "is no share", "use more than 0, up to 1")
    return float(value)


def _check_response(
    response: Mapping[str, Any], pointer: str, *, fault: str | None, proceeds: bool
) -> None:
    _only(response, _RESPONSE_KEYS, pointer)
    if proceeds and fault is not None:
        raise PatternError(f"{pointer}/fault", "is given besides proceed", "give one of them")
    if not proceeds and fault is None:
        return
    why = "proceed" if proceeds else fault
    banned = _ANSWERING if proceeds else (*_ANSWERING, "chunkedDribbleDelay")
    for name in banned:
        if name in response:
            remedy = f"leave out {name} or {'proceed' if proceeds else 'fault'}"
            raise PatternError(f"{pointer}/{name}", f"is given besides {why}", remedy)


def _fault(response: Mapping[str, Any], pointer: str) -> str | None:
    fault = response.get("fault")
    if fault is not None and fault not in SOCKET_FAULTS:
        raise PatternError(f"{pointer}/fault", "is no fault", f"use {', '.join(SOCKET_FAULTS)}")
    return fault


def _dribble(response: Mapping[str, Any], pointer: str) -> Dribble | None:
    if "chunkedDribbleDelay" not in response:
        return None
    place = f"{pointer}/chunkedDribbleDelay"
    document = _object(response["chunkedDribbleDelay"], place)
    _only(document, ("numberOfChunks", "totalDuration"), place)
    for name in ("numberOfChunks", "totalDuration"):
        if name not in document:
            raise PatternError(f"{place}/{name}", "is required", f"give {name} a number")
    pieces = _count(document, "numberOfChunks", place)
    total = milliseconds(document["totalDuration"], f"{place}/totalDuration")
    return Dribble(pieces or 1, total / 1000)


def _scenario(document: Mapping[str, Any], pointer: str) -> Scenario | None:
    name = _name(document, "scenarioName", pointer)
    required = _name(document, "requiredScenarioState", pointer)
    new = _name(document, "newScenarioState", pointer)
    if name is None:
        for key, value in (("requiredScenarioState", required), ("newScenarioState", new)):
            if value is not None:
                remedy = "give scenarioName a value"
                raise PatternError(f"{pointer}/{key}", "belongs to no scenario", remedy)
        return None
    return Scenario(name, required, new)


def _identifier(document: Mapping[str, Any], pointer: str) -> str | None:
    given = {name: document[name] for name in ("id", "uuid") if document.get(name) is not None}
    for name, value in given.items():
        if not _ID.fullmatch(text(value, f"{pointer}/{name}")):
            remedy = "use up to 128 letters, digits, . _ and -"
            raise PatternError(f"{pointer}/{name}", "is no id", remedy)
        if value in _TAKEN:
            raise PatternError(f"{pointer}/{name}", "is a path of its own", "choose another id")
    if len(set(given.values())) > 1:
        raise PatternError(f"{pointer}/uuid", "is not the id", "give one of them")
    return next(iter(given.values()), None)


def _name(document: Mapping[str, Any], key: str, pointer: str) -> str | None:
    value = document.get(key)
    if value is None:
        return None
    if not 0 < len(text(value, f"{pointer}/{key}")) <= 200:
        raise PatternError(f"{pointer}/{key}", "is no name", "use 1 to 200 characters")
    return str(value)


def _count(document: Mapping[str, Any], key: str, pointer: str) -> int | None:
    value = document.get(key)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= _MOST:
        raise PatternError(f"{pointer}/{key}", "is no count", f"use 1 to {_MOST}")
    return value


def _flag(document: Mapping[str, Any], key: str, pointer: str) -> bool:
    value = document.get(key, False)
    if not isinstance(value, bool):
        raise PatternError(f"{pointer}/{key}", "has the wrong type", "use true or false")
    return value


def _object(document: Any, pointer: str) -> Mapping[str, Any]:
    if not isinstance(document, Mapping):
        raise PatternError(pointer, "has the wrong type", "use an object")
    return document


def _only(document: Mapping[str, Any], known: tuple[str, ...], pointer: str) -> None:
    for name in document:
        if name not in known:
            raise unknown(f"{pointer}/{escape(name)}", known)
