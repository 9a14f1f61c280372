"""Turns a generated case into a call that reaches something: names of ours in place of drawn ones.

A random id is never found, and what answers 404 to everything proves little.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from schemathesis.core import NOT_SET
from schemathesis.core.parameters import ParameterLocation

from mockserver.conformance.calls import Call
from mockserver.conformance.exchange import NO_BODY
from mockserver.conformance.generated.cases import Case
from mockserver.conformance.lab import PREFIX

_OTHERS = (ParameterLocation.PATH, ParameterLocation.HEADER, ParameterLocation.COOKIE)
#: Properties of bodies that name something: theirs are always those of the right call.
NAMING = frozenset(
    {
        "groupRef",
        "consumerRef",
        "connectionId",
        "installationId",
        "topicId",
        "destinationId",
        "builderId",
        "parentId",
        "orgId",
        "projectId",
        "projectIdOrName",
        "provider",
        "providerAppId",
    }
)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a case says, apart from the names: it can be filled in again and again."""

    query: Mapping[str, str]
    body: Any
    is_query_right: bool  # as it was meant
    is_body_right: bool
    takes_right_parts: bool  # of the body: nearer to what is granted

    def filled(self, right: Call) -> Call:
        """Return the call, with the path and the names of a right one."""
        body = self.body
        if self.is_body_right and isinstance(body, dict) and isinstance(right.body, dict):
            body = {**body, **self._kept(right.body)}
        query = {**self.query, **right.query} if self.is_query_right else self.query
        return replace(right, query=query, body=body)

    def _kept(self, right: Mapping[str, Any]) -> dict[str, Any]:
        if self.takes_right_parts:
            return dict(right)
        return {k: v for k, v in right.items() if k in NAMING or PREFIX in json.dumps(v)}


def draft(case: Case, number: int) -> Draft | None:
    """Return what a case says; None when it cannot be sent, or is wrong in its path or headers.

    Those are told by other rules: a path of drawn text names nothing.
    """
    if any(_is_wrong(case, place) for place in _OTHERS):
        return None
    body = NO_BODY if case.body is NOT_SET else case.body
    query = {name: _text(value) for name, value in case.query.items()}
    if not _can_be_sent(query) or not (body is NO_BODY or _can_be_sent(body)):
        return None
    return Draft(
        query,
        body,
        not _is_wrong(case, ParameterLocation.QUERY),
        not _is_wrong(case, ParameterLocation.BODY),
        number % 2 == 1,
    )


def _is_wrong(case: Case, place: ParameterLocation) -> bool:
    return case.meta is not None and case.meta.is_negative_at(place)


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return json.dumps(value) if isinstance(value, bool | dict) or value is None else str(value)


def _can_be_sent(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except (TypeError, ValueError):  # bytes, lone surrogates, loops
        return False
    return True
