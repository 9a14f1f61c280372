"""--persist: all sandboxes in one file, taken from it at the next start."""

from __future__ import annotations

import asyncio
import json
import stat
from pathlib import Path
from typing import Any

import pytest

from mockserver.app import Mock
from mockserver.seeding.export import export
from mockserver.settings import SettingError
from tests.client import Client
from tests.conftest import make_mock
from tests.living import living

TOPICS = "/projects/my-project/topics"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "worlds.jsonl"


def start(path: Path, **settings: Any) -> Mock:
    return make_mock(persist=str(path), **settings)


def stop(mock: Mock) -> None:
    """Let a server start and end: at its end everything is saved."""

    async def life() -> None:
        async with living(mock):
            pass

    asyncio.run(life())


def there(mock: Mock) -> Client:
    return Client(mock, headers={"x-mock-sandbox": "mine"})


def admin(mock: Mock) -> Client:
    return Client(mock, key=None, prefix="/__admin")


def test_everything_is_there_again(path: Path):
    first = start(path)
    Client(first).post(TOPICS, {"name": "here"})
    there(first).post(TOPICS, {"name": "there"})
    control = admin(first)
    control.post("/snapshots", {"name": "kept"})
    control.put("/drills/bad_credentials", {"times": 2})
    control.put("/progressions/backfill", {"progression": "manual", "times": 3})
    control.post("/clock", {"seconds": 3600})
    control.put("/seed", {"seed": 9})
    stop(first)

    second = start(path)

    assert [one.name for one in second.worlds] == ["default", "mine"]
    for one, other in zip(first.worlds, second.worlds, strict=True):
        assert export(one.root) == export(other.root)
        assert export(one.baseline) == export(other.baseline)
        assert one.root.clock == other.root.clock
        assert one.root.requests == other.root.requests
    for get in ("/drills", "/progressions", "/snapshots", "/seed", "/clock", "/state/diff"):
        assert admin(first).get(get).body == admin(second).get(get).body, get
    assert "there" in [topic["name"] for topic in there(second).get(TOPICS).json]
    made = [there(mock).post(TOPICS, {"name": "next"}).json["id"] for mock in (first, second)]
    assert made[0] == made[1]


def test_a_reset_leads_to_where_the_first_run_started(path: Path):
    first = start(path)
    Client(first).post(TOPICS, {"name": "here"})
    stop(first)
    second = start(path)

    admin(second).post("/reset")

    assert export(second.sandbox.root) == export(first.sandbox.baseline)


def test_the_file_is_for_its_owner_alone(path: Path):
    start(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_a_killed_run_left_half_written_is_removed(path: Path):
    half = path.with_name(f".{path.name}.4711.tmp")
    half.write_text("half")

    start(path)

    assert [one.name for one in path.parent.iterdir()] == [path.name]


def rewritten(path: Path, **changes: Any) -> None:
    """Change what the first line of a file says."""
    header, *rest = path.read_text().splitlines(keepends=True)
    path.write_text(json.dumps({**json.loads(header), **changes}) + "\n" + "".join(rest))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"contract": "f" * 64}, f"saved with another contract: {'f' * 64}, and now it is "),
        ({"fixture": "empty"}, "saved with another fixture: empty, and now it is acme"),
        ({"seed": 5}, "saved with another seed: 5, and now it is 0"),
        ({"format": "else"}, "not a file that --persist of this version has written"),
    ],
)
def test_a_file_of_another_contract_or_start_is_refused_and_left_alone(
    path: Path, changes: dict[str, Any], reason: str
):
    start(path)
    rewritten(path, **changes)
    before = path.read_bytes()

    with pytest.raises(SettingError) as refused:
        start(path)

    [line] = str(refused.value).splitlines()
    assert line.startswith(f"persist {path}: {reason}")
    assert line.endswith("; name another file, or remove this one")
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not a file that --persist"),
        (b"orgs: []\n", "line 1 is no JSON"),
        (b"[]\n", "not a file that --persist"),
        (b"\x00\xff", "line 1 is no JSON"),
    ],
)
def test_what_is_no_saved_state_is_refused_and_left_alone(path: Path, content: bytes, reason: str):
    path.write_bytes(content)

    with pytest.raises(SettingError, match=reason):
        start(path)
    assert path.read_bytes() == content


def test_a_file_that_ends_early_is_refused(path: Path):
    start(path)
    lines = path.read_text().splitlines(keepends=True)
    for end in (1, 50, len(lines) - 1):
        path.write_text("".join(lines[:end]))
        with pytest.raises(SettingError, match="the end is missing"):
            start(path)
    path.write_text("".join(lines)[:-30])
    with pytest.raises(SettingError, match=r"line \d+ is no JSON"):
        start(path)


def test_a_state_without_the_default_sandbox_is_refused(path: Path):
    start(path)
    header = path.read_text().splitlines(keepends=True)[0]
    path.write_text(header + '["end", 0]\n')

    with pytest.raises(SettingError, match="the default sandbox is missing"):
        start(path)


def test_a_place_that_cannot_be_written_is_told_at_the_start(tmp_path: Path):
    with pytest.raises(SettingError, match="No such file or directory"):
        start(tmp_path / "nowhere" / "file")
    with pytest.raises(SettingError, match="Is a directory"):
        start(tmp_path)


def test_a_save_that_fails_is_told_and_the_mock_serves_on(
    path: Path, caplog: pytest.LogCaptureFixture
):
    mock = start(path)
    Client(mock).post(TOPICS, {"name": "here"})
    path.unlink()
    path.mkdir()  # nothing can be put in the place of a folder

    stop(mock)

    assert f"not saved: {path}: Is a directory" in caplog.text
    assert Client(mock).get(TOPICS).status == 200
    assert [one.name for one in path.parent.iterdir()] == [path.name]
