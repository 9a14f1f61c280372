"""API keys."""

from __future__ import annotations

from typing import Any

from mockserver.handlers.call import Call, operation
from mockserver.resources import api_keys
from mockserver.resources.api_keys import API_KEYS
from mockserver.rules import records, views
from mockserver.state.tables import Record


@operation("listApiKeys")
def list_api_keys(call: Call, *, active: bool | None) -> list[Any]:
    found = records.listed(call.work, API_KEYS, call.project_id, {"active": active or None})
    return [views.show(API_KEYS, key) for key in found]


@operation("createApiKey")
def create_api_key(call: Call, *, body: Record) -> Record:
    return views.show(API_KEYS, api_keys.create(call.work, call.project_id, body))


@operation("getApiKey")
def get_api_key(call: Call, *, api_key: str) -> Record:
    return views.show(API_KEYS, _get(call, api_key))


@operation("updateApiKey")
def update_api_key(call: Call, *, api_key: str, body: Record) -> Record:
    key = _get(call, api_key)
    return views.show(API_KEYS, records.patch(call.work, API_KEYS, key, body, api_keys.check))


@operation("deleteApiKey")
def delete_api_key(call: Call, *, api_key: str) -> None:
    records.delete(call.work, API_KEYS, _get(call, api_key))


def _get(call: Call, api_key: str) -> Record:
    return records.get(call.work, API_KEYS, call.project_id, api_key, parameter="apiKey")
