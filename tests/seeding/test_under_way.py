"""What was under way when a world was exported goes on where it is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from mockserver.events.dispatcher import Kept
from mockserver.seeding.export import export
from tests.client import Client
from tests.conftest import START, make_mock
from tests.installing import place
from tests.listening import Ear, ear


def reloaded(here: Ear, folder: Path, **settings: Any) -> Ear:
    """Return a mock that begins with what another one holds."""
    file = folder / "exported.yaml"
    content: dict[str, Any] = {"time": START, **export(here.mock.sandbox.root)}
    file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    kept = Kept()
    mock = make_mock(dispatcher=kept, fixture=str(file), **settings)
    return Ear(mock, Client(mock), kept, "")


@pytest.mark.parametrize(
    ("settings", "seconds"),
    [({}, 1), ({"progression": "time", "seconds": 100}, 40)],
    ids=["at the pace of nature", "by time"],
)
def test_a_backfill_goes_on_and_ends(tmp_path: Path, settings: dict[str, Any], seconds: int):
    here = ear(types=[])
    if settings:
        here.control().put("/progressions/backfill", settings)
    spot = place(here.client, here.mock)
    made = spot.installed()
    here.advance(seconds)
    path = f"{spot.path}/{made['id']}/objects/contact/backfill-progress"
    before = here.client.get(path).json["recordsProcessed"]

    there = reloaded(here, tmp_path)

    assert there.client.get(path).json["recordsProcessed"] == before > 0
    there.advance(600)
    operation = there.client.get(f"{spot.path}/{made['id']}/operations").json["results"][0]
    assert operation["status"] == "success"


def test_schedules_go_on(tmp_path: Path):
    here = ear(types=[])
    spot = place(here.client, here.mock)
    made = spot.installed()

    there = reloaded(here, tmp_path)
    there.advance(1801)

    results = there.client.get(f"{spot.path}/{made['id']}/operations").json["results"]
    assert [one["createTime"][11:19] for one in results] == ["12:30:00", "12:00:00"]


def test_the_past_of_a_fixture_is_told_to_nobody(tmp_path: Path):
    here = ear()
    spot = place(here.client, here.mock)
    made = spot.installed()

    there = reloaded(here, tmp_path, clock="2026-02-01T12:20:00Z")
    found = there.client.get(f"{spot.path}/{made['id']}")

    assert found.json["lastOperationStatus"] == "success"
    assert list(there.kept.messages) == []
    pause = {"read": {"objects": {"contact": {"disabled": True}}}}
    body: dict[str, Any] = {"updateMask": ["config.content.read.objects.contact.disabled"]}
    body["installation"] = {"config": {"content": pause}}
    there.client.patch(f"{spot.path}/{made['id']}", body)
    assert [message.event_type for message in there.kept.messages] == ["installation.updated"]
