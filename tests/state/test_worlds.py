"""The sandboxes of a server: made, used, let go of."""

from __future__ import annotations

import pytest

from mockserver.state.root import empty_root
from mockserver.state.sandbox import Sandbox
from mockserver.state.worlds import DEFAULT, MOST, FullError, Worlds

IDLE = 100


class Wall:
    """A clock that tests turn."""

    def __init__(self) -> None:
        self.now = 1000

    def __call__(self) -> int:
        return self.now


class Noted:
    """Notes whose belongings were emptied."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def empty(self, sandbox: Sandbox) -> None:
        self.names.append(sandbox.name)


@pytest.fixture
def wall() -> Wall:
    return Wall()


def build(wall: Wall, idle: int = IDLE) -> Worlds:
    root = empty_root([])
    return Worlds(Sandbox(DEFAULT, 7, root, root, fixture="acme"), wall=wall, idle=idle)


def names(worlds: Worlds) -> list[str]:
    return [sandbox.name for sandbox in worlds]


def test_a_sandbox_goes_when_nobody_has_used_it_for_long_enough(wall: Wall):
    worlds = build(wall)
    worlds.make("a")
    wall.now += 60
    worlds.make("b")
    wall.now += IDLE - 61
    assert worlds.use("a") is not None  # in the last moment
    wall.now += 61
    assert worlds.use(DEFAULT) is not None

    assert names(worlds) == [DEFAULT, "a"]
    wall.now += IDLE - 61
    assert worlds.use("a") is None


def test_looking_at_a_sandbox_keeps_nobody_from_dropping_it(wall: Wall):
    worlds = build(wall)
    worlds.make("a")
    wall.now += IDLE

    assert worlds.get("a") is not None
    assert worlds.use("a") is None


def test_the_default_sandbox_stays_however_long_nobody_uses_it(wall: Wall):
    worlds = build(wall)
    wall.now += 1000 * IDLE
    worlds.make("a")

    assert names(worlds) == [DEFAULT, "a"]
    assert worlds.expires(worlds.default) is None


def test_without_an_idle_time_every_sandbox_stays(wall: Wall):
    worlds = build(wall, idle=0)
    made = worlds.make("a")
    wall.now += 10**15

    assert worlds.use("a") is made
    assert worlds.expires(made) is None


def test_what_expired_makes_room(wall: Wall):
    worlds = build(wall)
    for number in range(MOST - 1):
        worlds.make(f"s{number}")
    with pytest.raises(FullError):
        worlds.make("one-more")
    wall.now += IDLE

    assert worlds.make("one-more").name == "one-more"
    assert len(worlds) == 2


def test_dropping_one_makes_room(wall: Wall):
    worlds = build(wall)
    for number in range(MOST - 1):
        worlds.make(f"s{number}")
    worlds.drop("s7")

    worlds.make("one-more")


def test_what_belongs_to_a_sandbox_goes_with_it(wall: Wall):
    worlds, noted = build(wall), Noted()
    worlds.attach(noted)
    one, other = worlds.make("one"), worlds.make("other")
    before = one.generation

    worlds.drop("one")
    worlds.reset(other)
    wall.now += IDLE
    worlds.use(DEFAULT)

    assert noted.names == ["one", "other", "other"]
    assert one.is_gone
    assert one.generation != before


def test_a_sandbox_of_a_name_that_was_there_before_takes_nothing_over(wall: Wall):
    worlds = build(wall)
    first = worlds.make("again")
    first.snapshots["s"] = first  # type: ignore[assignment] # anything will do
    worlds.drop("again")

    second = worlds.make("again")

    assert second.generation > first.generation
    assert not second.snapshots


@pytest.mark.parametrize("name", ["default", "api", "sink", "A", "-", "a" * 64, "a_b", ""])
def test_no_sandbox_is_made_with_such_a_name(wall: Wall, name: str):
    with pytest.raises(ValueError, match="no sandbox can be made"):
        build(wall).make(name)


def test_the_default_sandbox_cannot_be_dropped(wall: Wall):
    with pytest.raises(ValueError, match="cannot be dropped"):
        build(wall).drop(DEFAULT)


def test_dropping_what_is_not_there_does_nothing(wall: Wall):
    build(wall).drop("nobody")


@pytest.mark.parametrize(
    ("wanted", "nearest"), [("ci-shop", "ci-shop-1"), ("defualt", DEFAULT), ("", DEFAULT)]
)
def test_the_nearest_name_is_found_for_any(wall: Wall, wanted: str, nearest: str):
    worlds = build(wall)
    worlds.make("ci-shop-1")

    assert worlds.nearest(wanted) == nearest
