"""Provider apps: the OAuth clients that a project uses with providers."""

from __future__ import annotations

from functools import partial
from typing import Any

from mockserver.resources.providers import Catalog
from mockserver.rules import records
from mockserver.rules.errors import Issue, Kind, Refused
from mockserver.rules.resource import Masks, Reference, Resource
from mockserver.rules.work import Work
from mockserver.state.tables import Record

FIELDS = ("externalRef", "clientId", "clientSecret", "provider", "scopes", "metadata")
METADATA = ("authQueryParams", "providerParams")

PROVIDER_APPS = Resource(
    name="providerApps",
    noun="provider app",
    component="ProviderApp",
    scope="projectId",
    owner="projects",
    references=(Reference("projectId", "projects", "project", on_delete="cascade"),),
    masks=Masks("providerApp", FIELDS),
    hidden=frozenset({"clientSecret"}),
)


def create(work: Work, catalog: Catalog, project_id: str, body: Record) -> Record:
    """Create a provider app; the first one of a provider is the project's default.

    Source: createProviderApp. Assumed: a provider may have several.
    """
    fields = _known(body)
    check(catalog, fields, prefix="")
    return records.create(work, PROVIDER_APPS, {"projectId": project_id, **fields})


def change(work: Work, catalog: Catalog, app: Record, body: Record) -> Record:
    """Store what an update names. Source: updateProviderApp."""
    known = {**body, "providerApp": _known(body["providerApp"])}
    return records.patch(work, PROVIDER_APPS, app, known, partial(check, catalog))


def _known(values: Record) -> dict[str, Any]:
    """Return what a provider app has, without any other key."""
    known = {name: values[name] for name in FIELDS if name in values}
    if "metadata" in known:
        given = known["metadata"]
        known["metadata"] = {name: given[name] for name in METADATA if name in given}
    return known


def check(catalog: Catalog, app: Record, *, prefix: str) -> None:
    """Check that the provider exists, and that scopes are given where it asks for them.

    Assumed: providers whose catalog entry says `explicitScopesRequired` refuse an app without.

    Raises:
        Refused: UNPROCESSABLE.
    """
    provider = catalog.get(app["provider"])
    if provider is None:
        remedy = catalog.remedy(app["provider"])
        issue = Issue("body", f"{prefix}provider", "unknown provider", app["provider"], remedy)
        raise Refused(Kind.UNPROCESSABLE, "unknown provider", remedy=remedy, issues=[issue])
    needs_scopes = provider.get("oauth2Opts", {}).get("explicitScopesRequired", False)
    if needs_scopes and not app.get("scopes"):
        detail = f"{app['provider']} needs OAuth scopes"
        remedy = "list the scopes that your app asks for"
        issue = Issue("body", f"{prefix}scopes", detail, app.get("scopes", []), remedy)
        raise Refused(Kind.UNPROCESSABLE, detail, remedy=remedy, issues=[issue])
