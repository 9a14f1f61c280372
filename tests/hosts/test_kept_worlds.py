"""What was written survives in an exported world, and is the same for the same calls."""

from __future__ import annotations

import asyncio
from pathlib import Path

import yaml

from mockserver.events.dispatcher import Kept
from mockserver.seeding.export import export
from mockserver.simulation.clock import SECOND
from tests.client import Client
from tests.conftest import START, make_mock
from tests.hosting import Hosted, plain
from tests.worlds import GROUP

MINUTE = 60


def written(here: Hosted) -> list[bytes]:
    """Write, read and search; return every answer and every message."""
    first = here.write(record={"lastname": "Park"})
    identifier = first.json["result"]["recordId"]
    batch = [{"record": {"lastname": "One"}}, {"record": {"shoe": 1}}]
    answers = [
        first,
        here.write(batch=batch),
        here.write(kind="update", record={"id": identifier, "phone": "1"}),
        here.write(mode="asynchronous", record={"lastname": "Later"}),
        here.read(sinceTimestamp=START),
    ]
    here.ear.advance(MINUTE)
    answers.append(here.search(lastname="Later"))
    return [answer.body for answer in answers] + [m.content for m in here.ear.kept.messages]


def test_the_same_calls_give_the_same_answers_and_messages():
    first = written(plain())

    assert len(first) > 8
    assert written(plain()) == first


def test_an_exported_world_holds_what_was_written_and_goes_on(tmp_path: Path):
    here = plain(deletionSettings={"enabled": True})
    identifier = here.created(lastname="Kept")
    gone = here.created(lastname="Gone")
    here.write(kind="delete", record={"id": gone})
    here.write(mode="asynchronous", record={"lastname": "Later"})
    path = tmp_path / "world.yaml"
    path.write_text(yaml.safe_dump(export(here.mock.sandbox.root)), encoding="utf-8")

    mock = make_mock(fixture=str(path), dispatcher=Kept())
    scheduler, sandbox = mock.scheduler, mock.sandbox
    asyncio.run(scheduler.advance(sandbox, scheduler.now(sandbox) + MINUTE * SECOND))
    found = {
        name: Client(mock)
        .call(
            "POST",
            f"/search/v1{here.path}?groupRef={GROUP}",
            {
                "objectName": "contact",
                "fieldFilters": [{"fieldName": "lastname", "operator": "eq", "value": name}],
            },
            root=True,
        )
        .json["result"]
        for name in ("Kept", "Gone", "Later")
    }

    assert [entry["raw"]["id"] for entry in found["Kept"]] == [identifier]
    assert found["Gone"] == []
    assert len(found["Later"]) == 1
