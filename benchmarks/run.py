"""Measures the mock beside its peers: python -m benchmarks.run.

All servers run at once and are loaded in turn, round after round, each time beginning with another
one and after all have come to rest, so that what disturbs one round disturbs all of them.
Everything is a ratio within one run on one machine.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from benchmarks.material import Material, prepare
from benchmarks.measuring import Series, load, look, path_of
from benchmarks.peers import PEERS, Peer
from benchmarks.processes import Running, resident, running, settle
from benchmarks.report import write
from benchmarks.workload import ROUTES, Route


@dataclass
class Measured:
    """Everything that was measured of one server."""

    peer: Peer
    series: dict[str, Series] = field(default_factory=dict)
    cold_starts: list[float] = field(default_factory=list)  # seconds
    idle: int = 0  # bytes of resident memory before the load
    loaded: int = 0  # after everything was read
    filled: int = 0  # and after records were created, which some servers keep

    @property
    def cold_start(self) -> float:
        """The median, in seconds."""
        return statistics.median(self.cold_starts)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark and write the report."""
    given = _parser().parse_args(arguments)
    console = Console(stderr=True)
    peers = [p for p in PEERS if p.is_installed() and _is_wanted(p, given.only)]
    for peer in PEERS:
        if not peer.is_installed():
            console.print(f"not installed, left out: {peer.name} (make bench-peers)")
    with tempfile.TemporaryDirectory(prefix="mockserver-bench-") as name:
        folder = Path(name)
        material = prepare(folder)
        measured = [Measured(peer) for peer in peers]
        with Progress(console=console) as progress:
            _measure(measured, material, folder, given, progress)
    write(measured, given.out, rounds=given.rounds, seconds=given.seconds)
    console.print(f"written: {given.out}/performance-table.md, {given.out}/performance.svg")


def _measure(
    measured: list[Measured],
    material: Material,
    folder: Path,
    given: argparse.Namespace,
    progress: Progress,
) -> None:
    starts = progress.add_task("cold starts", total=given.starts * len(measured))
    for one in given.starts * measured:
        with _start(one, material, folder) as server:
            one.cold_starts.append(server.cold_start)
        progress.advance(starts)
    with ExitStack() as stack:
        servers = [stack.enter_context(_start(one, material, folder)) for one in measured]
        pairs = list(zip(measured, servers, strict=True))
        for one, server in pairs:
            one.idle = resident(server.pid)
            _look(one, server)
        rounds = progress.add_task("rounds", total=given.rounds * len(ROUTES) * len(measured))

        def load_all(routes: Sequence[Route]) -> None:
            pids = [server.pid for server in servers]
            for number, route in enumerate(given.rounds * list(routes)):
                first = number % len(pairs)
                for one, server in pairs[first:] + pairs[:first]:
                    settle(pids)
                    _load(one, server, route, given.seconds)
                    progress.advance(rounds)

        load_all([route for route in ROUTES if route.method == "GET"])
        for one, server in pairs:
            one.loaded = resident(server.pid)
        # What creates comes last: what it leaves behind would weigh on everything else.
        load_all([route for route in ROUTES if route.method != "GET"])
        for one, server in pairs:
            one.filled = resident(server.pid)


def _load(one: Measured, server: Running, route: Route, seconds: int) -> None:
    path = path_of(one.peer, route)
    if path is not None:
        load(server.url + path, route, seconds, one.series[route.name])


def _start(one: Measured, material: Material, folder: Path) -> AbstractContextManager[Running]:
    ready = path_of(one.peer, ROUTES[0]) or "/"
    log = folder / f"{one.peer.name.replace(' ', '-')}.log"
    return running(lambda port: one.peer.command(port, material), log, ready)


def _look(one: Measured, server: Running) -> None:
    for route in ROUTES:
        path = path_of(one.peer, route)
        if path is not None:
            look(server.url + path, route, one.series.setdefault(route.name, Series()))


def _is_wanted(peer: Peer, only: str) -> bool:
    return not only or any(word in peer.name.lower() for word in only.lower().split(","))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=2, help="of each measurement")
    parser.add_argument("--starts", type=int, default=5, help="cold starts of each server")
    parser.add_argument("--only", default="", help="words of names, with commas")
    parser.add_argument("--out", type=Path, default=Path("docs"))
    return parser


if __name__ == "__main__":
    main()
