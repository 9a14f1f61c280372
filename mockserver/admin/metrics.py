"""Counts of the mock as Prometheus reads them.

Everything is computed when somebody asks, from counters that cost next to nothing: no request
waits for it. The registry is the mock's own; the client's global one is not touched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from mockserver import __version__
from mockserver.admin.rooms import Rooms
from mockserver.handlers.call import Call, Handler
from mockserver.journal.traffic import BOUNDS

if TYPE_CHECKING:
    from prometheus_client import Metric

_NANOSECONDS = 1e9


def metrics_handlers(rooms: Rooms) -> Mapping[str, Handler]:
    """Return the handler of the metrics by operationId."""

    def get_metrics(_: Call) -> str:
        # Imported here: the start of the mock does not wait for it.
        from prometheus_client import CollectorRegistry, generate_latest

        registry = CollectorRegistry(auto_describe=False)
        registry.register(_Counts(rooms))
        return generate_latest(registry).decode()

    return {"getMetrics": get_metrics}


class _Counts:
    """A collector: yields every metric as it stands."""

    def __init__(self, rooms: Rooms) -> None:
        self.rooms = rooms

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics."""
        yield from self._traffic()
        yield from self._worlds()

    def _traffic(self) -> Iterator[Metric]:
        from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily

        labels = ("operation_id", "status")
        requests = CounterMetricFamily(
            "mockserver_requests", "Requests answered, since the start.", labels=labels
        )
        durations = HistogramMetricFamily(
            "mockserver_request_duration_seconds", "From arrival to the last byte.", labels=labels
        )
        for (operation_id, status), counted in self.rooms.observed.traffic.durations.items():
            values = (operation_id, str(status))
            requests.add_metric(values, counted.number)
            buckets, below = [], 0
            for bound, number in zip(BOUNDS, counted.buckets, strict=False):
                below += number
                buckets.append((str(bound / _NANOSECONDS), float(below)))
            buckets.append(("+Inf", float(counted.number)))
            durations.add_metric(values, buckets, counted.total / _NANOSECONDS)
        yield requests
        yield durations

    def _worlds(self) -> Iterator[Metric]:
        from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily

        rooms, sandboxes = self.rooms, list(self.rooms.worlds)
        journals = [rooms.observed.journals.of(one) for one in sandboxes]
        statuses = Counter(one.status for s in sandboxes for one in rooms.deliveries.inbox(s))
        numbers = {
            "mockserver_sandboxes": ("Sandboxes that there are.", len(sandboxes)),
            "mockserver_journal_entries": (
                "Requests that the journals keep.",
                sum(map(len, journals)),
            ),
            "mockserver_journal_bytes": (
                "Bytes that the journals keep, roughly.",
                sum(journal.bytes for journal in journals),
            ),
            "mockserver_journal_evicted": (
                "Requests that the journals let go of.",
                sum(journal.evicted for journal in journals),
            ),
            "mockserver_event_listeners": (
                "Clients that listen to events.",
                len(rooms.observed.feed.listeners),
            ),
        }
        for name, (text, number) in numbers.items():
            yield GaugeMetricFamily(name, text, value=number)
        deliveries = GaugeMetricFamily(
            "mockserver_deliveries", "Deliveries in the inboxes, by status.", labels=("status",)
        )
        for status, number in sorted(statuses.items()):
            deliveries.add_metric((status,), number)
        yield deliveries
        info = {"version": __version__, "contract_digest": rooms.contract.digest}
        yield InfoMetricFamily("mockserver", "The mock and its contract.", value=info)
