"""Deploy, connect, install, turn the clock: a backfill from its beginning to its end."""

from __future__ import annotations

from typing import Any

from mockserver.state.outbox import Message
from tests.connecting import GENERATE, TOKENS, by_block
from tests.deploying import deployed
from tests.listening import PROJECT, Ear, check, ear, notification_schemas
from tests.worlds import read_object, reading

GROUP = "group-1"
HISTORY = {"defaultPeriod": {"fullHistory": True}}
MANIFEST = reading(
    read_object("contacts", requiredFields=["email"], backfill=HISTORY),
    read_object("companies", requiredFields=["name"], backfill={"defaultPeriod": {"days": 30}}),
    provider="hubspot",
    name="crm-sync",
)


def install(here: Ear) -> dict[str, Any]:
    """Deploy, connect and install as a developer would; return the installation."""
    client = here.client
    integration = deployed(client, MANIFEST)
    app = {"provider": "hubspot", "clientId": "c", "clientSecret": "s", "scopes": ["oauth"]}
    client.post(f"{PROJECT}/provider-apps", app)
    assert (
        client.post(GENERATE, by_block("hubspot", "oauth2AuthorizationCode", TOKENS)).status == 201
    )
    objects = {name: {"objectName": name} for name in ("contacts", "companies")}
    config = {"content": {"provider": "hubspot", "read": {"objects": objects}}}
    path = f"{PROJECT}/integrations/{integration['id']}/installations"
    made = client.post(path, {"groupRef": GROUP, "config": config})
    assert made.status == 201, made.body
    found: dict[str, Any] = made.json
    return {**found, "path": f"{path}/{found['id']}"}


def progress(here: Ear, made: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = here.client.get(f"{made['path']}/objects/{name}/backfill-progress").json
    return found


def test_a_backfill_from_its_deployment_to_its_end():
    here = ear()
    made = install(here)
    path = f"{made['path']}/operations"
    assert {one["status"] for one in here.client.get(path).json["results"]} == {"in_progress"}
    seen = []
    for _ in range(12):
        seen.append(
            [progress(here, made, n)["recordsProcessed"] for n in ("contacts", "companies")]
        )
        here.advance(1)

    columns = [list(column) for column in zip(*seen, strict=True)]
    assert all(column == sorted(column) for column in columns)
    for name, column in zip(("contacts", "companies"), columns, strict=True):
        found = progress(here, made, name)
        assert column[-1] == found["recordsProcessed"] == found["recordsEstimatedTotal"]
    operations = here.client.get(path).json["results"]
    assert {one["status"] for one in operations} == {"success"}
    assert all("Backfill completed" in one["result"] for one in operations)
    installation = here.client.get(made["path"]).json
    assert (installation["lastOperationStatus"], installation["healthStatus"]) == (
        "success",
        "healthy",
    )
    assert here.types == [
        "connection.created",
        "installation.created",
        "read.backfill.done",
        "read.backfill.done",
    ]
    done = [body["data"]["objectName"] for body in here.told("read.backfill.done")]
    assert done == ["companies", "contacts"]  # the smaller one first
    schemas = notification_schemas()
    for body in here.told():
        check(schemas, body)


def run() -> list[Message]:
    here = ear()
    made = install(here)
    here.advance(3)
    here.control().put("/drills/provider_throttled", {"times": 1})
    here.advance(2 * 3600)
    here.client.delete(made["path"])
    return list(here.kept.messages)


def test_the_same_run_sends_the_same_messages_byte_for_byte():
    first, second = run(), run()

    assert first == second
    assert len(first) > 5
    assert len({message.id for message in first}) == len(first)
