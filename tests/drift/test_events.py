"""The catalogue of events and the contract's documents name the same ones."""

from __future__ import annotations

from mockserver.contract.contract import load_api
from mockserver.contract.documents import read_yaml, spec_directory
from mockserver.events.catalogue import CATALOGUE
from mockserver.jobs.registry import MODULES, every_job
from mockserver.resources import (
    async_writes,
    connection_refreshes,
    read_schedules,
    reads,
    schema_watches,
)

NOTIFICATIONS = read_yaml(spec_directory() / "notifications" / "notifications.yaml")
SCHEMAS = NOTIFICATIONS["components"]["schemas"]
TYPES = load_api().document["components"]["schemas"]["NotificationEventType"]["enum"]


def test_the_catalogue_has_the_contracts_thirteen_events():
    named = {row.name for row in CATALOGUE.values() if row.component}

    assert named == set(TYPES)
    assert len(TYPES) == 13


def test_every_notification_of_the_contract_belongs_to_its_event():
    components = {name for name in SCHEMAS if name.endswith("NotificationPayload")}

    assert {row.component for row in CATALOGUE.values() if row.component} == components
    for row in CATALOGUE.values():
        if row.component:
            assert SCHEMAS[row.component]["properties"]["notificationType"]["enum"] == [row.name]


def test_other_events_follow_the_routes_of_one_that_can_be_routed():
    for row in CATALOGUE.values():
        assert row.component is not None or row.routed_as in TYPES


def test_every_kind_of_job_that_rules_schedule_is_done_by_somebody():
    kinds = {reads.STEP, read_schedules.TICK, connection_refreshes.REFRESH_JOB}
    kinds |= {schema_watches.LOOK}

    assert kinds <= set(every_job())
    assert len(MODULES) == len(set(MODULES))
    assert async_writes.ATTEMPT == "write.attempt"
