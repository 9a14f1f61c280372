"""What the schemathesis run adds to its own: real ids in generated requests, and checks of ours.

Loaded by schemathesis itself, in its own process (`hooks` in the configuration).
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import schemathesis
from schemathesis import Case, CheckContext, HookContext, Response
from schemathesis.core.parameters import ParameterLocation

from tests.conformance import seeded_customers as customers
from tests.conformance import seeded_world as world
from tests.conformance.pools import PROJECT, Pools

_REQUEST_ID = re.compile(r"[0-9a-f-]{36}#\d+")
_TEXT = frozenset({"oauthConnect", "oauthUpdate"})
_JWT_KEYS = re.compile(r"/projects/\{projectIdOrName\}/jwt-keys(/\{keyId\})?")
_pools = Pools()
_turns: defaultdict[str, Iterator[int]] = defaultdict(itertools.count)


@schemathesis.hook
def before_call(context: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:
    """Name real records wherever a request is meant to be valid."""
    operation_id = _operation_id(case)
    if operation_id == "createOrg" and case.headers.get("X-Api-Key") == world.KEY:
        # Either credential is declared, but a key is nobody's and cannot own an organization.
        del case.headers["X-Api-Key"]
        case.headers["Authorization"] = f"Bearer {world.TOKEN}"
    if _is_meant_valid(case, ParameterLocation.PATH):
        _fill_path(operation_id, case)
    if _is_meant_valid(case, ParameterLocation.QUERY):
        case.query.update(customers.QUERY_STAYS.get(operation_id, {}))
        for name, value in world.TEXT_IN_QUERY.get(operation_id, {}).items():
            if next(_turns[operation_id]) % 2:
                case.query[name] = value
    if isinstance(case.body, dict) and _is_meant_valid(case, ParameterLocation.BODY):
        _fill_body(operation_id, case.body)


def _operation_id(case: Case[Any]) -> str:
    return str((case.operation.definition.raw or {}).get("operationId", ""))


def _is_meant_valid(case: Case[Any], place: ParameterLocation) -> bool:
    return case.meta is None or not case.meta.is_negative_at(place)


def _fill_path(operation_id: str, case: Case[Any]) -> None:
    for name, value in {"projectIdOrName": PROJECT, "orgId": world.ORG}.items():
        if name in case.path_parameters:
            case.path_parameters[name] = value
    case.path_parameters.update(world.STAYS.get(operation_id, {}))
    for name, pool in world.USES_UP.get(operation_id, {}).items():
        case.path_parameters[name] = _pools.draw(pool)


def _fill_body(operation_id: str, body: dict[str, Any]) -> None:
    for name, value in world.BODY_STAYS.get(operation_id, {}).items():
        if name in body:
            body[name] = value
    for name, pool in world.BODY_USES_UP.get(operation_id, {}).items():
        if name in body:
            body[name] = _pools.draw(pool)
    for name, pool in world.TEXT_IN_BODY.get(operation_id, {}).items():
        if next(_turns[operation_id]) % 2:
            body[name] = _pools.draw(pool)
    if operation_id in customers.RIGHT_PARTS and next(_turns[operation_id]) % 2:
        _make_right(operation_id, body)


def _make_right(operation_id: str, body: dict[str, Any]) -> None:
    parts = customers.RIGHT_PARTS[operation_id](_pools.number(operation_id))
    for name, value in parts.items():
        if value is None:
            body.pop(name, None)
        else:
            body[name] = value


@schemathesis.check
def problem_repeats_its_status(_: CheckContext, response: Response, case: Case[Any]) -> None:
    if response.status_code >= 400:
        repeated = response.json()["status"]
        assert repeated == response.status_code, f"the problem says {repeated}"


@schemathesis.check
def request_id_is_in_header_and_problem(
    _: CheckContext, response: Response, case: Case[Any]
) -> None:
    if response.request.method == "OPTIONS":
        return  # a preflight is no request of its own
    (in_header,) = response.headers.get("x-request-id", [""])
    assert _REQUEST_ID.fullmatch(in_header), in_header
    if response.status_code >= 400:
        repeated = response.json()["requestId"]
        assert repeated == in_header, f"{in_header} in the header, {repeated} in the problem"


@schemathesis.check
def media_type_is_the_operations(_: CheckContext, response: Response, case: Case[Any]) -> None:
    (found,) = response.headers.get("content-type", [""])
    if response.status_code < 400:
        kind = "text/plain" if _operation_id(case) in _TEXT else "application/json"
        assert found == (kind if response.content else ""), found
    elif _JWT_KEYS.fullmatch(case.operation.path) and response.status_code != 405:
        assert found == "application/json", found
    else:
        assert found == "application/problem+json", found


@schemathesis.check
def never_a_defect(_: CheckContext, response: Response, case: Case[Any]) -> None:
    assert response.status_code < 500, response.text
