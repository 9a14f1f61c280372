"""Providers: the global catalog, open to everybody."""

from __future__ import annotations

from mockserver.handlers.call import Call, Prepared, operation
from mockserver.rules.errors import Issue, Kind, Refused


@operation("listProviders")
def list_providers(call: Call) -> Prepared:
    return Prepared("providers", call.catalog.providers)


@operation("getProvider")
def get_provider(call: Call, *, provider: str) -> Prepared:
    found = call.catalog.get(provider)
    if found is None:
        raise Refused(
            Kind.NOT_FOUND,
            "provider not found",
            remedy=call.catalog.remedy(provider),
            issues=[Issue("path", "provider", "provider not found", provider)],
        )
    return Prepared(f"providers/{provider}", found)
