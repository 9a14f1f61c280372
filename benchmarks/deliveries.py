"""What deliveries cost: `python -m benchmarks.deliveries`.

Measures, against `mockserver serve` as a process:

1. createInstallation with no destination, with one that answers, and with one that is dead. The
   three servers take turns, block by block, so that what else the machine does hits all of them.
2. 1,000 events to 10 destinations over real HTTP: how long until all arrived, whether each arrived
   once and in order, and how much memory the mock used.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median, quantiles

import httpx

from tests.server import Server, serving
from tests.sinks import Sink, closed_port, sink

PROJECT = "/v1/projects/my-project"
KEY = {"X-Api-Key": "mock-full-key"}
BLOCKS, BLOCK = 12, 50
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


def latencies() -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    with ExitStack() as stack:
        alive = stack.enter_context(sink())
        urls = {"none": [], "alive": [alive.url], "dead": [f"http://localhost:{closed_port()}/"]}
        clients = {}
        for name, leads in urls.items():
            clients[name] = stack.enter_context(calling(stack.enter_context(serving())))
            route(clients[name], "installation.created", leads)
            for number in range(BLOCKS * BLOCK + 10):
                connect(clients[name], f"group-{number}")
            for number in range(BLOCKS * BLOCK, BLOCKS * BLOCK + 10):
                install(clients[name], f"group-{number}")  # warms up
        for block in range(BLOCKS):
            for name, client in clients.items():
                groups = range(block * BLOCK, (block + 1) * BLOCK)
                found.setdefault(name, []).extend(install(client, f"group-{n}") for n in groups)
    return found


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


def main() -> None:
    found = latencies()
    print(f"createInstallation, {BLOCKS * BLOCK} calls each, milliseconds")
    for name, values in found.items():
        cuts = quantiles(values, n=100)
        figures = f"p50 {median(values):6.2f}   p90 {cuts[89]:6.2f}   p99 {cuts[98]:6.2f}"
        print(f"  destination {name:<6} {figures}")
    p99 = {name: quantiles(values, n=100)[98] for name, values in found.items()}
    print(f"  p99 with a dead destination is {p99['dead'] / p99['none']:.2f} times that of none")
    fan_out()


if __name__ == "__main__":
    main()
