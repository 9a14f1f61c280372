"""Where a sandbox begins: what was due before is the past, and no difference."""

from __future__ import annotations

import pytest

from mockserver.app import create
from mockserver.settings import read_settings
from mockserver.simulation.clock import SECOND
from tests.client import Client

NEW = {"x-mock-sandbox": "new"}
HOUR = 3600


class Wall:
    """The machine's clock, which a test turns."""

    def __init__(self) -> None:
        self.now = 1_770_000_000 * SECOND + 1

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def control(wall: Wall) -> Client:
    """Call the control plane of a mock whose clock runs."""
    return Client(create(read_settings({}), wall=wall), key=None, prefix="/__admin")


def pass_a_scheduled_read(wall: Wall) -> None:
    """Let some ten minutes go by, so that the last read was due just now."""
    wall.now += HOUR * SECOND
    wall.now -= wall.now % (600 * SECOND) - SECOND


@pytest.mark.parametrize("late", [0, 300], ids=["due just now", "missed"])
def test_a_sandbox_made_on_first_use_begins_without_a_difference(
    control: Client, wall: Wall, late: int
):
    pass_a_scheduled_read(wall)
    wall.now += late * SECOND

    assert control.get("/state/diff", headers=NEW).json["isEmpty"]


@pytest.mark.parametrize("path", ["/reset", "/state/reset"])
def test_a_reset_leaves_no_difference(control: Client, wall: Wall, path: str):
    pass_a_scheduled_read(wall)
    assert control.post(path).status in {200, 204}

    assert control.get("/state/diff").json["isEmpty"]
    assert control.get("/deliveries").json["total"] == 0, "nobody is told of the past"


def test_every_reset_goes_back_to_the_same_start(control: Client, wall: Wall):
    baseline = control.mock.sandbox.baseline
    for _ in range(3):
        pass_a_scheduled_read(wall)
        control.post("/reset")

    assert control.mock.sandbox.baseline is baseline


def test_what_falls_due_afterwards_is_a_difference(control: Client, wall: Wall):
    control.get("/state/diff", headers=NEW)
    pass_a_scheduled_read(wall)

    assert not control.get("/state/diff", headers=NEW).json["isEmpty"]
