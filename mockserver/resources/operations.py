"""Operations: reads and writes that the platform carries out, their logs, and backfills."""

from __future__ import annotations

from mockserver.rules.resource import Reference, Resource

OPERATIONS = Resource(
    name="operations",
    noun="operation",
    component="Operation",
    scope="projectId",
    owner="projects",
    filters=("installationId",),
    # Assumed: operations stay readable by id after their installation is gone.
    references=(Reference("projectId", "projects", "project", on_delete="cascade"),),
)

LOGS = Resource(
    name="operationLogs",
    noun="log line",
    component="Log",
    scope="operationId",
    owner="operations",
    stamped=False,
    references=(Reference("operationId", "operations", "operation", on_delete="cascade"),),
    hidden=frozenset({"id", "operationId"}),
)

BACKFILLS = Resource(
    name="backfills",
    noun="backfill",
    component="BackfillProgress",
    scope="installationId",
    owner="installations",
    filters=("objectName",),
    references=(
        Reference("installationId", "installations", "installation", on_delete="cascade"),
    ),
)
