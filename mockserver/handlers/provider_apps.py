"""Provider apps."""

from __future__ import annotations

from typing import Any

from mockserver.handlers.call import Call, operation
from mockserver.resources import provider_apps
from mockserver.resources.provider_apps import PROVIDER_APPS
from mockserver.rules import records, views
from mockserver.state.tables import Record


@operation("listProviderApps")
def list_provider_apps(call: Call) -> list[Any]:
    found = records.listed(call.work, PROVIDER_APPS, call.project_id)
    return [views.show(PROVIDER_APPS, app) for app in found]


@operation("createProviderApp")
def create_provider_app(call: Call, *, body: Record) -> Record:
    app = provider_apps.create(call.work, call.catalog, call.project_id, body)
    return views.show(PROVIDER_APPS, app)


@operation("updateProviderApp")
def update_provider_app(call: Call, *, provider_app_id: str, body: Record) -> Record:
    app = _get(call, provider_app_id)
    changed = provider_apps.change(call.work, call.catalog, app, body)
    return views.show(PROVIDER_APPS, changed)


@operation("deleteProviderApp")
def delete_provider_app(call: Call, *, provider_app_id: str) -> None:
    records.delete(call.work, PROVIDER_APPS, _get(call, provider_app_id))


def _get(call: Call, provider_app_id: str) -> Record:
    return records.get(
        call.work, PROVIDER_APPS, call.project_id, provider_app_id, parameter="providerAppId"
    )
