"""Decides whether a request may be sent. Default: no.

Two classes of requests are let through although a right target refuses them, because wrongly
granted they would touch only what is ours:

- wrong credentials: the decision never looks at them, so they may ask for what the right ones may;
- absent and malformed ids, invalid bodies: they must name nothing (ids of nothing), carry the
  run's mark, or be no valid body of the operation, so that a right target makes nothing of them,
  and a wrong one something new in a project of ours, whose id its answer tells.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from mockserver.conformance.belongings import Belongings
from mockserver.conformance.exchange import NO_BODY, Request
from mockserver.conformance.manifests import Manifests
from mockserver.conformance.naming import ORG, PROJECT
from mockserver.conformance.profiles import Allowed, Profile
from mockserver.conformance.routes import Route, Routes
from mockserver.conformance.rules import Refused
from mockserver.contract.contract import Contract

_HOMES = frozenset({PROJECT, ORG})
#: Properties of bodies that name a project or an organization to work in.
_HOMES_IN_BODIES = frozenset({"projectId", PROJECT, ORG})
_HARMLESS = frozenset({"GET", "HEAD", "OPTIONS"})
_OVERRIDES = frozenset({"x-http-method-override", "x-http-method", "x-method-override"})
_ODD = re.compile(r"/\.{1,2}(/|$)|//|[/\\%]")
#: Addresses at which nobody reads mail. Source: RFC 2606, sections 2 and 3.
_NOBODY = re.compile(
    r"[^@\s]+@([\w-]+\.)*(example\.(com|net|org)|example|test|invalid)", re.IGNORECASE
)
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
#: Names that others may have. Source: createProject, createTopic, createDestination.
_NO_NAME = re.compile(r"[^A-Za-z0-9-]")
_LONGEST_NAME = 128


class Policy:
    """Holds requests against a profile."""

    def __init__(
        self,
        profile: Profile,
        contract: Contract,
        belongings: Belongings,
        manifests: Manifests | None = None,
    ) -> None:
        """Take what may be sent, and what is ours."""
        self.profile = profile
        self.routes = Routes(contract.operations.values())
        self._contract = contract
        self._belongings = belongings
        self._manifests = manifests or Manifests()

    def check(self, request: Request) -> Route | None:
        """Return the operation that a request will reach; None when it is none of the contract's.

        Raises:
            Refused: the profile does not allow it.
        """
        self._check_overrides(request)
        route = self.routes.find(request.method, request.path)
        if route is None:
            self._check_stray(request)
            return None
        allowed = self.profile.operations.get(route.operation.operation_id)
        if allowed is None or (self.profile.reads_only and request.method != "GET"):
            raise self._refused(f"never calls {route.operation.operation_id}")
        self._check_query(request, route, allowed)
        if self.profile.limits_to_ours and request.method not in _HARMLESS:
            self._check_path(request, route, allowed)
            self._check_body(request, route, allowed)
        return route

    def _refused(self, reason: str) -> Refused:
        return Refused(f"profile {self.profile.name} {reason}")

    def _check_overrides(self, request: Request) -> None:
        found = {*request.headers, *request.caller.headers}
        if any(name.lower() in _OVERRIDES for name in found):
            raise self._refused("lets no header change the method")

    def _check_stray(self, request: Request) -> None:
        """Check what the contract does not have: only reads, or on what is ours."""
        if self.profile.reads_only:
            raise self._refused(f"sends no {request.method} {request.path}")
        if request.method in _HARMLESS or not self.profile.limits_to_ours:
            return
        for route in self.routes.fitting(request.path):
            own = {name: v for name, v in route.values.items() if name not in _HOMES}
            ends_in_parameter = route.operation.path.endswith("}")
            if own and ends_in_parameter and all(map(self._belongings.owns, own.values())):
                return
        raise self._refused(f"sends no {request.method} {request.path}: who knows what it does")

    def _check_query(self, request: Request, route: Route, allowed: Allowed) -> None:
        asks_for_ours = self._asks_for_ours(request, route)
        for name, value in request.query:
            is_flag = name in self.profile.ours_only
            if is_flag and asks_for_ours:
                continue
            if is_flag and self.profile.knows(allowed, name, value):
                raise self._refused(f"sends {name} only for what this run made")
            if not self.profile.knows(allowed, name, value):
                operation_id = route.operation.operation_id
                raise self._refused(f"sends no {name}={value[:40]} with {operation_id}")

    def _asks_for_ours(self, request: Request, route: Route) -> bool:
        """Tell whether a request asks for records of this run only, by its path or its filters."""
        if not self.profile.limits_to_ours:
            return True
        if self.profile.reads_only:
            return False
        named = [value for name, value in route.values.items() if name not in _HOMES]
        named += [value for name, value in request.query if name in self.profile.references]
        return bool(named) and all(map(self._belongings.owns, named))

    def _check_path(self, request: Request, route: Route, allowed: Allowed) -> None:
        for segment in request.path.split("/")[1:]:
            if segment and _ODD.search("/" + unquote(segment), 1):
                raise self._refused("writes to no path that a server may read in two ways")
        for name, value in route.values.items():
            if name in allowed.ours and not self._belongings.owns(value):
                raise self._refused(f"calls {route.operation.operation_id} only on its own records")
            if name in _HOMES and not self._belongings.is_home(value):
                raise self._refused(f"writes only in the projects that were given to it: {value!r}")

    def _check_body(self, request: Request, route: Route, allowed: Allowed) -> None:
        body = body_of(request)
        for name, text in _texts(body):
            if name in self.profile.references and not self._belongings.owns(text):
                raise self._refused(f"names only its own records in bodies: {name} {text[:60]!r}")
            if name in _HOMES_IN_BODIES and not self._belongings.is_home(text):
                raise self._refused(f"works only in the projects that were given to it: {name}")
        self._check_manifests(body)
        if self._is_valid(route, body):
            self._check_names(body, allowed)

    def _check_names(self, body: Any, allowed: Allowed) -> None:
        for pointer in allowed.mark:
            text = _at(body, pointer)
            if not isinstance(text, str) or self._is_nobodys(text):
                continue
            if not self._belongings.owns(text):
                raise self._refused(f"gives what it makes a name with its mark: {pointer}")
            if _MAIL.fullmatch(text) and not _NOBODY.fullmatch(text):
                raise self._refused("invites only addresses at which nobody reads mail")

    def _is_nobodys(self, text: str) -> bool:
        """Tell whether a text is no name that a record of others may have."""
        if _MAIL.fullmatch(text):
            return False
        return bool(_NO_NAME.search(text)) or len(text) > _LONGEST_NAME

    def _check_manifests(self, body: Any) -> None:
        if not isinstance(body, Mapping):
            return
        for key in ("sourceYaml", "sourceZipUrl"):
            for name in self._manifests.names(key, body.get(key)):
                if name is None or not self._belongings.owns(name):
                    raise self._refused("deploys only integrations whose names carry its mark")

    def _is_valid(self, route: Route, body: Any) -> bool:
        if body is NO_BODY:
            return False
        schemas = self._contract.request_schemas
        return any(
            content.schema_pointer is not None
            and schemas.validator(content.schema_pointer).is_valid(body)
            for content in route.operation.bodies
        )


def body_of(request: Request) -> Any:
    """Return the body of a request as JSON, whatever it is sent as; NO_BODY when it is none."""
    if request.raw is None:
        return request.body
    try:
        return json.loads(request.raw)
    except (ValueError, RecursionError):
        return NO_BODY


def _texts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text of a body with the property that holds it, at any depth."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, name)
    elif isinstance(value, str):
        yield name, value


def _at(value: Any, pointer: str) -> Any:
    for part in pointer.split("/")[1:]:
        value = value.get(part) if isinstance(value, Mapping) else None
    return value
