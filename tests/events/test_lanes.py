"""What goes to one destination keeps its order; how much goes on at once is bounded."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from mockserver.addresses import AddressRules
from mockserver.events.lanes import MOST_AT_ONCE, Act, Lanes
from mockserver.events.sending import Connection, Network
from mockserver.events.traffic import Traffic, Window


@dataclass(frozen=True)
class Turn:
    """A turn of a destination: its name, and which one it is."""

    place: str
    number: int = 0
    since: float = 0.0


def lanes_of(act: Act[Turn]) -> Lanes[Turn]:
    network = Network(AddressRules(), 1.0)
    return Lanes(network, act, traffic=Traffic(), window=lambda _, since: Window(since, since))


class Watch:
    """Works off turns, each in three steps, and writes down what happened."""

    def __init__(self) -> None:
        self.begun: list[Turn] = []
        self.ended: list[Turn] = []
        self.most = 0

    async def act(self, turn: Turn, connection: Connection) -> None:
        self.begun.append(turn)
        self.most = max(self.most, len(self.begun) - len(self.ended))
        for _ in range(3):
            await asyncio.sleep(0)
        self.ended.append(turn)


def test_order_is_kept_and_no_more_than_so_many_destinations_are_served_at_once():
    watch = Watch()
    lanes = lanes_of(watch.act)
    for number in range(5):
        for place in range(100):
            lanes.add(str(place), Turn(str(place), number))

    asyncio.run(lanes.finished())

    assert watch.most == MOST_AT_ONCE
    assert len(watch.ended) == 500
    for place in range(100):
        assert [t.number for t in watch.ended if t.place == str(place)] == list(range(5))
    assert len(lanes) == 0


def test_one_destination_is_served_one_turn_at_a_time():
    watch = Watch()
    lanes = lanes_of(watch.act)
    for number in range(10):
        lanes.add("a", Turn("a", number))

    asyncio.run(lanes.finished())

    assert watch.most == 1


def test_what_a_loop_did_not_finish_is_taken_up_in_the_next():
    watch = Watch()
    lanes = lanes_of(watch.act)
    for number in range(3):
        lanes.add("a", Turn("a", number))

    async def begin() -> None:
        lanes.start()
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    asyncio.run(begin())
    assert watch.ended == []
    asyncio.run(lanes.finished())

    assert watch.ended == [Turn("a", number) for number in range(3)]


def test_what_is_added_meanwhile_is_worked_off_too_and_first_means_next():
    done: list[str] = []

    async def act(turn: Turn, connection: Connection) -> None:
        done.append(turn.place)
        if turn.place == "one":
            lanes.add("a", Turn("soon"), first=True)
            lanes.add("b", Turn("elsewhere"))

    lanes = lanes_of(act)
    lanes.add("a", Turn("one"))
    lanes.add("a", Turn("two"))
    asyncio.run(lanes.finished())

    assert [turn for turn in done if turn != "elsewhere"] == ["one", "soon", "two"]
    assert "elsewhere" in done


def test_cancelling_gives_back_what_was_left():
    async def forever(turn: Turn, connection: Connection) -> None:
        await asyncio.Event().wait()

    lanes = lanes_of(forever)

    async def scenario() -> list[Turn]:
        lanes.add("a", Turn("a", 1))
        lanes.add("a", Turn("a", 2))
        workers = lanes.start()
        await asyncio.sleep(0)
        left = list(lanes.cancel())
        await asyncio.gather(*workers, return_exceptions=True)
        return left

    assert asyncio.run(scenario()) == [Turn("a", 1), Turn("a", 2)]
    assert len(lanes) == 0
