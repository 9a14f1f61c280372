"""Metrics, read as Prometheus reads them."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from mockserver import __version__
from tests.client import Client
from tests.conftest import make_mock

Samples = Mapping[tuple[str, frozenset[tuple[str, str]]], float]


def scraped(control: Client) -> Samples:
    answer = control.get("/metrics")
    assert (answer.status, answer.media_type) == (200, "text/plain")
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.body.decode())
        for sample in family.samples
    }


def value(samples: Samples, name: str, **labels: str) -> float:
    return samples[name, frozenset(labels.items())]


def test_requests_and_durations_are_counted_by_operation_and_status():
    client = Client(make_mock())
    control = Client(client.mock, prefix="/__admin")
    for _ in range(3):
        client.get("/projects/my-project")
    client.get("/projects/none")
    client.get("/nothing")
    client.get("/", root=True)

    samples = scraped(control)
    ours = {"operation_id": "getProject", "status": "200"}
    assert value(samples, "mockserver_requests_total", **ours) == 3
    assert value(samples, "mockserver_request_duration_seconds_count", **ours) == 3
    assert value(samples, "mockserver_request_duration_seconds_bucket", le="+Inf", **ours) == 3
    assert value(samples, "mockserver_request_duration_seconds_sum", **ours) > 0
    absent = {"operation_id": "getProject", "status": "404"}
    assert value(samples, "mockserver_requests_total", **absent) == 1
    nowhere = {"operation_id": "", "status": "404"}
    assert value(samples, "mockserver_requests_total", **nowhere) == 1
    page = {"operation_id": "page", "status": "200"}
    assert value(samples, "mockserver_requests_total", **page) == 1


def test_buckets_hold_all_below_them():
    client = Client(make_mock())
    client.get("/projects/my-project")

    samples = scraped(Client(client.mock, prefix="/__admin"))
    buckets = {
        float(dict(labels)["le"]): number
        for (name, labels), number in samples.items()
        if name.endswith("_bucket")
    }
    ordered = [buckets[bound] for bound in sorted(buckets)]
    assert ordered == sorted(ordered)
    assert ordered[-1] == 1


def test_worlds_journals_and_deliveries_are_counted():
    client = Client(make_mock(journal_entries=1))
    control = Client(client.mock, prefix="/__admin")
    client.get("/projects/my-project", headers={"x-mock-sandbox": "another"})
    client.get("/projects/my-project")
    client.get("/projects/my-project")

    samples = scraped(control)
    assert value(samples, "mockserver_sandboxes") == 2
    assert value(samples, "mockserver_journal_entries") == 2
    assert value(samples, "mockserver_journal_evicted") == 1
    assert value(samples, "mockserver_journal_bytes") > 1000
    assert value(samples, "mockserver_event_listeners") == 0
    digest = client.mock.contract.digest
    assert value(samples, "mockserver_info", version=__version__, contract_digest=digest) == 1


def test_the_global_registry_is_left_alone(control: Client):
    control.get("/metrics")

    assert "prometheus_client" in sys.modules
    assert not any(name.startswith("mockserver") for name in REGISTRY._names_to_collectors)


def test_a_reset_does_not_count_backwards():
    client = Client(make_mock())
    client.get("/projects/my-project")
    client.mock.worlds.reset(client.mock.sandbox)

    samples = scraped(Client(client.mock, prefix="/__admin"))
    ours = {"operation_id": "getProject", "status": "200"}
    assert value(samples, "mockserver_requests_total", **ours) == 1
    assert value(samples, "mockserver_journal_entries") == 0
