"""Invariant 5: what every update with a mask keeps to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from mockserver.app import Mock
from tests import calls
from tests.client import Client, Response
from tests.conftest import digest


@dataclass(frozen=True)
class Masked:
    """An update with a mask: what may be named, and what is said of a path without a value."""

    operation: str
    body: str
    allowed: Mapping[str, Any]  # each path with a value
    valueless: int
    empty: int = 200
    nullable: frozenset[str] = field(default_factory=frozenset)


MASKED = [
    Masked("updateProject", "project", {"appName": "Other", "name": "other"}, 400),
    Masked("updateOrg", "org", {"label": "Other"}, 400),
    Masked("updateApiKey", "apiKey", {"active": False, "label": "", "scopes": ["full"]}, 422),
    Masked("updateJWTKey", "jwtKey", {"active": False, "label": "other"}, 422, empty=400),
    Masked(
        "updateProviderApp",
        "providerApp",
        {
            "externalRef": "",
            "clientId": "other",
            "clientSecret": "other",
            "provider": "salesforce",
            "scopes": ["other"],
            "metadata": {},
        },
        400,
    ),
    Masked(
        "updateDestination",
        "destination",
        {
            "name": "other",
            "metadata.url": "https://example.com/other",
            "metadata.headers": {},
            "metadata.region": "us-east-1",
            "metadata.streamName": "",
            "metadata.endpointUrl": "http://localhost:4566",
            "metadata.partitionKeyTemplate": "a.b",
            "secrets.awsKeyId": "",
            "secrets.awsSecretKey": "s",
            "secrets.awsSessionToken": "t",
        },
        422,
        nullable=frozenset({"metadata.headers"}),
    ),
]


PATHS = [
    pytest.param(masked, path, value, id=f"{masked.operation} {path}")
    for masked in MASKED
    for path, value in masked.allowed.items()
]


masked_updates = pytest.mark.parametrize("masked", MASKED, ids=[m.operation for m in MASKED])


def nested(path: str, value: Any) -> Any:
    """Return `{"a": {"b": value}}` for the path `a.b`."""
    for part in reversed(path.split(".")):
        value = {part: value}
    return value


def update(client: Client, masked: Masked, mask: list[str], values: Any) -> Response:
    caller = calls.caller(client, masked.operation)
    return calls.make(caller, masked.operation, body={"updateMask": mask, masked.body: values})


@masked_updates
def test_invariant_5_an_unknown_mask_is_400_and_names_every_allowed_one(
    client: Client, mock: Mock, masked: Masked
):
    before = digest(mock.sandbox.root)

    refused = update(client, masked, [next(iter(masked.allowed)), "nope"], {"nope": 1})

    assert (refused.status, refused.json["detail"]) == (400, "Invalid update mask")
    assert refused.json["remedy"].startswith("Allowed masks: ")
    assert all(f"'{path}'" in refused.json["remedy"] for path in masked.allowed)
    assert digest(mock.sandbox.root) == before


@pytest.mark.parametrize(("masked", "path", "value"), PATHS)
def test_invariant_5_every_allowed_path_can_be_changed_alone(
    client: Client, advance: Callable[[float], None], masked: Masked, path: str, value: Any
):
    untouched = update(client, masked, [], {}) if masked.empty == 200 else None
    advance(1)

    changed = update(client, masked, [path], nested(path, value))

    assert changed.status == 200
    shown = changed.json
    assert shown.get("updateTime", "2026-02-01T12:00:01.000000Z") == "2026-02-01T12:00:01.000000Z"
    head = path.partition(".")[0]
    if head in shown:
        assert shown[head] == value or value in shown[head].values()
    if untouched is not None:
        old = {k: v for k, v in untouched.json.items() if k not in {head, "updateTime"}}
        assert old.items() <= {k: v for k, v in shown.items() if k != "updateTime"}.items()


@pytest.mark.parametrize(("masked", "path", "value"), PATHS)
def test_invariant_5_a_path_without_a_value_or_with_null_changes_nothing(
    client: Client, mock: Mock, masked: Masked, path: str, value: Any
):
    before = digest(mock.sandbox.root)

    missing = update(client, masked, [path], {})
    null = update(client, masked, [path], nested(path, None))

    assert (missing.status, missing.json["detail"]) == (
        masked.valueless,
        "value not found for mask",
    )
    assert missing.issue_names == [f"{masked.body}.{path}"]
    if path in masked.nullable:
        assert null.status == 200
    else:
        assert null.status == 400
        assert digest(mock.sandbox.root) == before


@masked_updates
def test_invariant_5_an_empty_mask_changes_nothing_not_even_the_update_time(
    client: Client, mock: Mock, advance: Callable[[float], None], masked: Masked
):
    before = digest(mock.sandbox.root)
    advance(60)

    answer = update(client, masked, [], {})

    assert answer.status == masked.empty
    assert digest(mock.sandbox.root) == before


@masked_updates
def test_invariant_5_what_no_mask_names_is_ignored(client: Client, masked: Masked):
    first, *others = masked.allowed.items()
    body = {"unheardOf": True, **nested(*first)}
    for path, value in others:
        head, _, rest = path.partition(".")
        body[head] = {**body.get(head, {}), **nested(rest, value)} if rest else value
    alone = update(client, masked, [first[0]], nested(*first))
    client.mock.sandbox.reset()

    together = update(client, masked, [first[0]], body)

    assert (together.status, together.body) == (200, alone.body)


@masked_updates
def test_invariant_5_the_update_time_moves_only_on_success(
    client: Client, mock: Mock, advance: Callable[[float], None], masked: Masked
):
    path, value = next(iter(masked.allowed.items()))
    assert update(client, masked, [path], nested(path, value)).status == 200
    before = digest(mock.sandbox.root)
    advance(60)

    assert update(client, masked, [path, "nope"], nested(path, value)).status == 400

    assert digest(mock.sandbox.root) == before
