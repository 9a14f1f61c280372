"""JWT keys."""

from __future__ import annotations

from typing import Any

from mockserver.handlers.call import Call, operation
from mockserver.resources import jwt_keys
from mockserver.resources.jwt_keys import JWT_KEYS
from mockserver.rules import records, views
from mockserver.state.tables import Record


@operation("listJWTKeys")
def list_jwt_keys(call: Call, *, active: bool) -> list[Any]:
    found = records.listed(call.work, JWT_KEYS, call.project_id, {"active": active or None})
    return [views.show(JWT_KEYS, key) for key in found]


@operation("createJWTKey")
def create_jwt_key(call: Call, *, body: Record) -> Record:
    return {"kid": jwt_keys.create(call.work, call.project_id, body)["id"]}


@operation("getJWTKey")
def get_jwt_key(call: Call, *, key_id: str) -> Record:
    return views.show(JWT_KEYS, _get(call, key_id))


@operation("updateJWTKey")
def update_jwt_key(call: Call, *, key_id: str, body: Record) -> Record:
    key = _get(call, key_id)
    return views.show(JWT_KEYS, records.patch(call.work, JWT_KEYS, key, body, jwt_keys.check))


@operation("deleteJWTKey")
def delete_jwt_key(call: Call, *, key_id: str) -> None:
    records.delete(call.work, JWT_KEYS, _get(call, key_id))


def _get(call: Call, key_id: str) -> Record:
    return records.get(call.work, JWT_KEYS, call.project_id, key_id, parameter="keyId")
