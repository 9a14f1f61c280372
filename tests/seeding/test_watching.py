"""--watch: a fixture that changes is loaded again, and sandboxes stay."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from mockserver.app import Mock
from mockserver.state.sandbox import Sandbox
from tests.client import Client
from tests.conftest import make_mock
from tests.living import Logged, living

FIRST = """
orgs: [{label: Shop}]
projects: [{name: shop, appName: First, orgId: Shop}]
apiKeys: [{key: shop-key, projectId: shop, label: Key}]
"""
SECOND = FIRST.replace("First", "Second and longer")
BROKEN = FIRST + "orgs: 3\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "shop.yaml"
    path.write_text(FIRST)
    return path


@pytest.fixture
def mock(path: Path) -> Mock:
    return make_mock(fixture=str(path), watch=True)


def app_name(sandbox: Sandbox) -> str:
    [project] = sandbox.root.tables["projects"]
    return str(project["appName"])


def run(mock: Mock, act: Callable[[Logged], Awaitable[None]]) -> None:
    async def session() -> None:
        async with Logged.listening() as logged, living(mock):
            await act(logged)

    asyncio.run(session())


def write(path: Path, text: str) -> None:
    """Put another file in the place of the fixture, as editors do."""
    beside = path.with_suffix(".new")
    beside.write_text(text)
    beside.replace(path)


def test_what_changed_is_there_at_once_where_nothing_was_written(mock: Mock, path: Path):
    made = Client(mock, key="shop-key", headers={"x-mock-sandbox": "mine"})
    assert made.get("/projects").status == 200
    requests = made.mock.worlds.default.root.requests

    async def change(logged: Logged) -> None:
        write(path, SECOND)
        assert await logged.lines.get() == (
            "loaded shop again: default, mine started anew; others have it after their next reset"
        )

    run(mock, change)

    assert app_name(mock.sandbox) == "Second and longer"
    assert app_name(mock.worlds.make("later")) == "Second and longer"
    assert mock.sandbox.root.requests == requests


def test_what_somebody_wrote_stays_until_the_next_reset(mock: Mock, path: Path):
    made = Client(mock, key="shop-key", headers={"x-mock-sandbox": "mine"})
    assert made.post("/projects/shop/topics", {"name": "written"}).status == 201

    async def change(logged: Logged) -> None:
        write(path, SECOND)
        assert "default started anew" in await logged.lines.get()

    run(mock, change)

    mine = mock.worlds.get("mine")
    assert mine is not None
    assert (app_name(mine), len(mine.root.tables["topics"])) == ("First", 1)
    mock.worlds.reset(mine)
    assert (app_name(mine), len(mine.root.tables["topics"])) == ("Second and longer", 0)


def test_a_broken_file_changes_nothing_and_says_where_it_is_broken(mock: Mock, path: Path):
    async def change(logged: Logged) -> None:
        write(path, BROKEN)
        told = await logged.lines.get()
        assert told == f"the fixture stays as it was: {path}:5: 'orgs' stands here twice"
        write(path, SECOND)
        assert "default started anew" in await logged.lines.get()

    run(mock, change)

    assert app_name(mock.sandbox) == "Second and longer"


def test_copies_and_other_fixtures_are_left_alone(mock: Mock, path: Path):
    admin = Client(mock, key=None, prefix="/__admin")
    copied = {"name": "copy", "from": {"sandbox": "default"}}
    empty = {"name": "bare", "from": {"fixture": "empty"}}
    assert [admin.post("/sandboxes", body).status for body in (copied, empty)] == [201, 201]

    async def change(logged: Logged) -> None:
        write(path, SECOND)
        assert (await logged.lines.get()).startswith("loaded shop again: default started anew;")

    run(mock, change)

    copy = mock.worlds.get("copy")
    assert copy is not None
    assert app_name(copy) == "First"


def test_where_everybody_wrote_something_nobody_starts_anew(mock: Mock, path: Path):
    Client(mock, key="shop-key").post("/projects/shop/topics", {"name": "written"})

    async def change(logged: Logged) -> None:
        write(path, SECOND)
        assert "every sandbox has changes of its own" in await logged.lines.get()

    run(mock, change)


def test_without_the_setting_nothing_is_watched(path: Path):
    mock = make_mock(fixture=str(path))

    async def change(_: Logged) -> None:
        write(path, SECOND)

    run(mock, change)

    assert app_name(mock.sandbox) == "First"
