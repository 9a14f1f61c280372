"""What deliveries cost: `python -m benchmarks.deliveries [ROUNDS]`.

Measures, against `mockserver serve` as a process:

1. createInstallation with no destination, with one that answers, and with one that is dead, one
   call right after the other. The three servers take turns in rounds, in changing order, so that
   what else the machine does hits all of them; whoever had a turn comes to rest before the next.
   No collection of garbage in the client falls into a call.
2. 1,000 events to 10 destinations over real HTTP: how long until all arrived, whether each arrived
   once and in order, and how much memory the mock used.
"""

from __future__ import annotations

import gc
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

import httpx

from tests.server import Server, serving
from tests.sinks import Sink, closed_port, sink

PROJECT = "/v1/projects/my-project"
KEY = {"X-Api-Key": "mock-full-key"}
ROUNDS, BLOCK, WARM = 16, 250, 50
EVENTS, DESTINATIONS = 1_000, 10


@contextmanager
def calling(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, headers=KEY, timeout=60) as client:
        yield client


def post(client: httpx.Client, path: str, body: object) -> dict[str, str]:
    answer = client.post(path, json=body)
    answer.raise_for_status()
    made: dict[str, str] = answer.json() if answer.content else {}
    return made


def route(client: httpx.Client, event_type: str, urls: list[str]) -> None:
    """Route an event to webhooks, and to them alone."""
    for old in client.get(f"{PROJECT}/topic-destination-routes").json():
        client.delete(f"{PROJECT}/topic-destination-routes/{old['id']}")
    topic = post(client, f"{PROJECT}/topics", {"name": "benchmark"})["id"]
    event = {"eventType": event_type, "topicId": topic}
    post(client, f"{PROJECT}/notification-event-topic-routes", event)
    for number, url in enumerate(urls):
        hook = {"name": f"bench-{number}", "type": "webhook", "metadata": {"url": url}}
        made = post(client, f"{PROJECT}/destinations", hook)["id"]
        lead = {"topicId": topic, "destinationId": made}
        post(client, f"{PROJECT}/topic-destination-routes", lead)


def connect(client: httpx.Client, group: str) -> None:
    body = {"groupRef": group, "consumerRef": group, "provider": "apollo", "apiKey": "k"}
    post(client, f"{PROJECT}/connections:generate", body)


def install(client: httpx.Client, group: str) -> float:
    """Create an installation; return how long that took, in milliseconds."""
    content = {"provider": "apollo", "proxy": {"enabled": True}}
    body = {"groupRef": group, "config": {"content": content}}
    start = time.perf_counter()
    post(client, f"{PROJECT}/integrations/my-integration/installations", body)
    return (time.perf_counter() - start) * 1000


@dataclass
class Variant:
    """A server, and how long each of its calls took: a list per round, milliseconds."""

    name: str
    server: Server
    client: httpx.Client
    rounds: list[list[float]] = field(default_factory=list)

    def prepare(self, urls: list[str], calls: int) -> None:
        route(self.client, "installation.created", urls)
        for number in range(calls + WARM):
            connect(self.client, f"group-{number}")
        for number in range(calls, calls + WARM):
            install(self.client, f"group-{number}")
        self.rest()

    def measure(self, groups: Sequence[int]) -> None:
        gc.collect()
        gc.disable()
        try:
            self.rounds.append([install(self.client, f"group-{number}") for number in groups])
        finally:
            gc.enable()
        self.rest()

    def rest(self) -> None:
        """Wait until the server has nothing to do: it has not worked for 0.05 s."""
        before, spent = -1.0, cpu(self.server)
        while spent != before:
            time.sleep(0.05)
            before, spent = spent, cpu(self.server)

    def each(self, percent: int) -> list[float]:
        """Return a percentile of each round."""
        return [quantiles(one, n=100)[percent - 1] for one in self.rounds]

    def cuts(self, percent: int) -> list[float]:
        """Return the quartiles, over the rounds, of a percentile of each round."""
        return quantiles(self.each(percent), n=4)

    def pooled(self, percent: int) -> float:
        every = [value for one in self.rounds for value in one]
        return quantiles(every, n=100)[percent - 1]


def latencies(rounds: int) -> list[Variant]:
    with ExitStack() as stack:
        alive = stack.enter_context(sink())
        urls = {"none": [], "alive": [alive.url], "dead": [f"http://localhost:{closed_port()}/"]}
        variants = []
        for name, leads in urls.items():
            server = stack.enter_context(serving())
            variants.append(Variant(name, server, stack.enter_context(calling(server))))
            variants[-1].prepare(leads, rounds * BLOCK)
        for number in range(rounds):
            order = variants[number % 3 :] + variants[: number % 3]
            for variant in order:
                variant.measure(range(number * BLOCK, (number + 1) * BLOCK))
    return variants


def cpu(server: Server) -> float:
    """Return how long a server has worked, in ticks of the kernel."""
    stat = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return int(stat[11]) + int(stat[12])


def memory(server: Server, field: str) -> float:
    """Return a figure of the server's memory in MiB."""
    for line in Path(f"/proc/{server.process.pid}/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) / 1024
    raise LookupError(field)


def fan_out() -> None:
    with ExitStack() as stack:
        sinks = [stack.enter_context(sink()) for _ in range(DESTINATIONS)]
        server = stack.enter_context(serving())
        client = stack.enter_context(calling(server))
        route(client, "connection.created", [one.url for one in sinks])
        before = memory(server, "VmRSS")
        start = time.perf_counter()
        for number in range(EVENTS):
            connect(client, f"group-{number:05d}")
        caused = time.perf_counter() - start
        wanted = EVENTS * DESTINATIONS
        while sum(len(one.received) for one in sinks) < wanted:
            time.sleep(0.02)
            if time.perf_counter() - start > 300:
                break
        arrived = time.perf_counter() - start
        tell(sinks, caused, arrived)
        inbox = client.get("/__admin/deliveries?limit=1").json()
        print(f"  inbox: {inbox['total']} deliveries kept, {inbox['evicted']} let go")
        print(f"  memory: {before:.0f} MiB before, {memory(server, 'VmHWM'):.0f} MiB at most")


def tell(sinks: list[Sink], caused: float, arrived: float) -> None:
    got = sum(len(one.received) for one in sinks)
    ids = Counter(message for one in sinks for message in one.ids)
    ordered = all(
        groups == sorted(groups)
        for one in sinks
        for groups in [[received.json["data"]["groupRef"] for received in one.received]]
    )
    print(f"{EVENTS} events to {DESTINATIONS} destinations")
    print(f"  arrived: {got}, of them different: {len(ids)}, in order: {ordered}")
    print(f"  {EVENTS} calls in {caused:.1f} s; all arrived after {arrived:.1f} s", end="")
    print(f" ({got / arrived:.0f} deliveries a second)")


def table(variants: list[Variant]) -> None:
    calls = sum(map(len, variants[0].rounds))
    print(f"createInstallation, {calls} calls each in rounds of {BLOCK}, milliseconds")
    print("  destination     p50     p99 of a round: quartiles    p99 of all    max")
    for one in variants:
        low, middle, high = one.cuts(99)
        largest = max(map(max, one.rounds))
        print(
            f"  {one.name:<11} {median(one.cuts(50)):7.2f}"
            f"     {low:7.2f} {middle:7.2f} {high:7.2f}      {one.pooled(99):7.2f}  {largest:7.1f}"
        )
    none, alive, dead = variants
    for one in (alive, dead):
        # Of one round: both had the same neighbours on the machine.
        pairs = [mine / other for mine, other in zip(one.each(99), none.each(99), strict=True)]
        low, middle, high = quantiles(pairs, n=4)
        medians, pooled = one.cuts(99)[1] / none.cuts(99)[1], one.pooled(99) / none.pooled(99)
        print(f"  p99 {one.name} / none: {medians:.2f} of the medians; in the same round", end="")
        print(f" {middle:.2f} ({low:.2f} to {high:.2f}); {pooled:.2f} of all calls")


def main() -> None:
    table(latencies(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS))
    fan_out()


if __name__ == "__main__":
    main()
