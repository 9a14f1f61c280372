"""What it costs to fork, snapshot, restore, reset and compare: `python -m benchmarks.worlds`.

Prints one table: microseconds, the least and the median of many runs, at 10 and at 100,000
installations. A number that grows with the state would be a mistake: states are values, and
nothing is copied. (A save writes everything; it does so in a thread.)
"""

from __future__ import annotations

import asyncio
import gc
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from mockserver.app import Mock, create
from mockserver.seeding.persistence import Keeper, Origin
from mockserver.settings import read_settings
from mockserver.state.diff import diff
from mockserver.state.root import Root
from mockserver.state.sandbox import Snapshot
from mockserver.state.transactions import RootTransaction
from tests.client import Client
from tests.worlds import add_connection, add_installation, add_integration

SIZES = (10, 100_000)
TIMES = 2_000
CHANGES = 10


def filled(mock: Mock, size: int) -> Root:
    """Return a state with so many installations, of which all but one are copies of it."""
    made = add_installation(mock, add_integration(mock), add_connection(mock))
    transaction = RootTransaction(mock.sandbox.root)
    for number in range(size - len(mock.sandbox.root.tables["installations"])):
        group = f"group-{number}"
        copy = {**made, "id": f"installation-{number}", "groupRef": group}
        transaction.put("installations", copy["id"], copy)
    return transaction.committed()


def changed(root: Root) -> Root:
    """Return a state in which ten installations, far from each other, were written."""
    transaction = RootTransaction(root)
    ids = list(root.tables["installations"].order)
    for identifier in ids[:: max(len(ids) // CHANGES, 1)][:CHANGES]:
        old = transaction.get("installations", identifier)
        transaction.put("installations", identifier, {**(old or {}), "healthStatus": "unhealthy"})
    return transaction.committed()


def timed(act: Callable[[], Any], times: int = TIMES) -> tuple[float, float]:
    """Return the least and the median of many runs, in microseconds."""
    act()
    spent = []
    for _ in range(times):
        start = time.perf_counter_ns()
        act()
        spent.append((time.perf_counter_ns() - start) / 1000)
    return min(spent), median(spent)


def measure(size: int) -> dict[str, tuple[float, float]]:
    mock = create(read_settings({"clock": "2026-02-01T12:00:00Z", "record": ""}, {}))
    sandbox, worlds = mock.sandbox, mock.worlds
    sandbox.root = sandbox.baseline = filled(mock, size)
    later = changed(sandbox.root)
    gc.collect()
    gc.freeze()

    def fork() -> None:
        worlds.make("fork", sandbox.root)
        worlds.drop("fork")

    def snapshot() -> None:
        sandbox.snapshots["s"] = Snapshot(sandbox.snapshot(), worlds.wall())

    def update() -> None:
        transaction = RootTransaction(sandbox.root)
        transaction.put("installations", "installation-1", record)
        transaction.committed()

    record = dict(sandbox.root.tables["installations"]["installation-1"])
    found = {
        "fork and drop": timed(fork),
        "snapshot": timed(snapshot),
        "restore": timed(lambda: sandbox.restore(later)),
        "reset (state)": timed(sandbox.reset),
        "reset (whole)": timed(lambda: worlds.reset(sandbox)),
        "diff, nothing changed": timed(lambda: diff(sandbox.baseline, sandbox.root)),
        "diff, ten changes": timed(lambda: diff(sandbox.baseline, later), 300),
        "update of one record": timed(update),
    }
    found |= routes(mock)
    found["save to a file"] = saved(mock)
    gc.unfreeze()
    return found


def routes(mock: Mock) -> dict[str, tuple[float, float]]:
    """Measure the same through the control plane, in process."""
    admin = Client(mock, key=None, prefix="/__admin")
    admin.post("/snapshots", {"name": "bench"})
    calls: dict[str, Callable[[], Any]] = {
        "POST /state/reset": lambda: admin.post("/state/reset"),
        "POST /snapshots/bench/restore": lambda: admin.post("/snapshots/bench/restore"),
        "GET /state/diff": lambda: admin.get("/state/diff"),
    }
    return {name: timed(call, 200) for name, call in calls.items()}


def saved(mock: Mock) -> tuple[float, float]:
    """Measure a save of everything; it happens in a thread."""
    with tempfile.TemporaryDirectory() as folder:
        keeper = Keeper(
            Path(folder) / "worlds.jsonl",
            every=1000,
            origin=Origin("contract", "acme", 0),
            worlds=mock.worlds,
        )
        return timed(lambda: asyncio.run(keeper.close()), 2)


def main() -> None:
    columns = [measure(size) for size in SIZES]
    heads = "".join(f"{f'{size:,} installations':>28}" for size in SIZES)
    print(f"{'microseconds: least (median)':<32}{heads}")
    for name in columns[0]:
        cells = [f"{column[name][0]:,.1f} ({column[name][1]:,.1f})" for column in columns]
        print(f"{name:<32}" + "".join(f"{cell:>28}" for cell in cells))


if __name__ == "__main__":
    main()
