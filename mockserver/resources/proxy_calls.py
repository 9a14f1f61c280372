"""Calls of a provider's own API through the proxy: who may make them, and what is answered.

Source: the vendor's guide to the proxy (headers, the throttling mode, API keys only). Assumed: a
mistake in the headers is 400, because 404 may be the provider's own word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from mockserver.resources import (
    connection_refreshes,
    host_installations,
    provider_calls,
    proxy_stubs,
)
from mockserver.resources.installations import INSTALLATIONS
from mockserver.resources.integrations import INTEGRATIONS
from mockserver.resources.principals import Principal
from mockserver.resources.proxy_stubs import ProviderCall
from mockserver.resources.selections import manifest_of
from mockserver.rules import records
from mockserver.rules.errors import Issue, Kind, Refused
from mockserver.rules.work import Work
from mockserver.simulation.clock import SECOND
from mockserver.state.tables import Record

VERSION = "x-amp-proxy-version"
PROJECT = "x-amp-project-id"
INSTALLATION = "x-amp-installation-id"
INTEGRATION = "x-amp-integration-name"
GROUP = "x-amp-group-ref"
RATE_LIMITER = "x-amp-rate-limiter-mode"
#: Assumed: how long to wait where a throttled provider does not say; in seconds.
_WAIT = 60
#: Headers that belong to one hop, or follow from the body. Source: RFC 9110, section 7.6.1.
_NOT_PASSED = frozenset(
    {"connection", "content-length", "keep-alive", "transfer-encoding", "upgrade"}
)


@dataclass(frozen=True, slots=True)
class ProviderAnswer:
    """What a provider answers. A body of None is none; a text is sent as it is, else as JSON."""

    status: int
    headers: Mapping[str, str]
    body: Any


def answer(
    work: Work, principal: Principal, headers: Mapping[str, str], call: ProviderCall
) -> ProviderAnswer:
    """Return what the provider answers to a call, by the stub that fits it best.

    Args:
        work: the unit of work.
        principal: whose API key it is.
        headers: of the request, names in lower case.
        call: what is asked of the provider.

    Raises:
        Refused: INVALID for wrong headers, FORBIDDEN, NOT_FOUND when no stub fits,
            UNAUTHENTICATED and THROTTLED for what the provider itself refuses.
    """
    installation = _installation(work, principal, headers)
    connection = work.tx.get("connections", installation["connectionId"]) or {}
    stub = proxy_stubs.find(work, installation["projectId"], connection["provider"], call)
    if stub is None:
        raise _no_stub(work, connection, call)
    reached, trouble = provider_calls.call(work, connection)
    if trouble is not None:
        kind = Kind.THROTTLED if trouble.throttled else Kind.UNAUTHENTICATED
        remedy = "try again later" if trouble.throttled else "let the customer connect again"
        raise Refused(kind, trouble.error, remedy=remedy, keeps_work=True)
    if stub["status"] == 401:
        error = "the provider answered 401 Unauthorized through the proxy"
        connection_refreshes.rejected(work, reached, error)
    return ProviderAnswer(stub["status"], _headers(work, stub, headers), stub.get("body"))


def _installation(work: Work, principal: Principal, headers: Mapping[str, str]) -> Record:
    """Return the installation that the headers name, if its proxy is enabled."""
    if headers.get(VERSION) != "1":
        raise _wrong(VERSION, "is required, and is 1", "send x-amp-proxy-version: 1")
    project_id = _project_id(work, principal, headers.get(PROJECT))
    if INSTALLATION in headers:
        found = records.find(work, INSTALLATIONS, project_id, headers[INSTALLATION])
        if found is None:
            raise _wrong(INSTALLATION, "names no installation", "list the installations")
    else:
        found = _of_group(work, project_id, headers)
    _check_enabled(work, found)
    return found


def _project_id(work: Work, principal: Principal, given: str | None) -> str:
    if given is None:
        raise _wrong(PROJECT, "is required", "send the project's id")
    if given != principal.project_id:
        own = work.tx.get("projects", principal.project_id or "") or {}
        if given.lower() == own.get("name"):
            raise _wrong(PROJECT, "is a name, not an id", f"send {own['id']}")
        raise Refused(
            Kind.FORBIDDEN,
            "this API key does not belong to this project",
            remedy=f"use a key of the project, or send {PROJECT}: {own.get('id')}",
        )
    return given


def _of_group(work: Work, project_id: str, headers: Mapping[str, str]) -> Record:
    if INTEGRATION not in headers or GROUP not in headers:
        detail = f"is required, or else {INTEGRATION} and {GROUP}"
        raise _wrong(INSTALLATION, detail, "name the installation one way")
    integration = records.find(work, INTEGRATIONS, project_id, headers[INTEGRATION])
    if integration is None:
        raise _wrong(INTEGRATION, "names no integration", "list the integrations")
    return host_installations.of_group(work, integration, headers[GROUP], place="header")


def _check_enabled(work: Work, installation: Record) -> None:
    """Check that the proxy is on. Assumed: a config that does not mention it does not turn it off.

    Raises:
        Refused: FORBIDDEN.
    """
    offered = manifest_of(work, installation).get("proxy", {}).get("enabled", False)
    chosen = installation["config"]["content"].get("proxy", {}).get("enabled", True)
    if not (offered and chosen):
        where = "the installation's config" if offered else "the manifest"
        raise Refused(
            Kind.FORBIDDEN,
            f"the proxy is not enabled in {where}",
            remedy=f"set proxy.enabled to true in {where}",
        )


def _headers(work: Work, stub: Record, asked: Mapping[str, str]) -> dict[str, str]:
    """Return the headers of a stub's answer.

    Source: the vendor's guide to the proxy (`X-Amp-Rate-Limiter-Mode: throttle`).
    """
    found = {
        name: value
        for name, value in stub.get("headers", {}).items()
        if name.lower() not in _NOT_PASSED
    }
    if stub["status"] == 429 and asked.get(RATE_LIMITER, "").lower() == "throttle":
        given = {name.lower(): value for name, value in found.items()}.get("retry-after", "")
        wait = int(given) if given.isascii() and given.isdigit() else _WAIT
        found["X-Amp-Retry-After"] = _http_date(work.moment + min(wait, 86_400) * SECOND)
        found["X-Amp-Retryable"] = "true"
    return found


def _http_date(moment: int) -> str:
    """Write a moment as `Thu, 06 Mar 2025 22:09:49 UTC`. Source: the vendor's guide."""
    return datetime.fromtimestamp(moment // SECOND, UTC).strftime("%a, %d %b %Y %H:%M:%S UTC")


def _no_stub(work: Work, connection: Record, call: ProviderCall) -> Refused:
    provider = connection["provider"]
    declared = proxy_stubs.declared_for(work, connection["projectId"], provider)
    known = f"; {provider} has: {', '.join(declared[:10])}" if declared else ""
    return Refused(
        Kind.NOT_FOUND,
        f"no stub answers {call.method} {call.path[:200]} of {provider}",
        remedy="declare it in the fixture, under proxyStubs: {projectId: …, provider: "
        f"{provider}, method: {call.method}, path: {call.path[:200]}, body: …}}{known}",
    )


def _wrong(name: str, detail: str, remedy: str) -> Refused:
    issue = Issue("header", name, detail, remedy=remedy)
    return Refused(Kind.INVALID, f"{name} {detail}", remedy=remedy, issues=[issue])
