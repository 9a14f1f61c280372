"""What a fixture does rather than lists: deploy manifests, connect customers, install.

Each step goes through the same functions as the request of the same meaning, so that a fixture
says no more than a client would.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from mockserver.contract.schemas import Schemas
from mockserver.resources import connections, installations, integrations, manifests
from mockserver.resources.connections import CONNECTIONS
from mockserver.resources.installations import INSTALLATIONS
from mockserver.resources.projects import PROJECTS
from mockserver.resources.providers import Catalog
from mockserver.rules import records
from mockserver.rules.errors import Issue, Kind, Refused, not_found, wrong_value
from mockserver.rules.resource import Resource
from mockserver.rules.work import Work
from mockserver.seeding.source import FixtureError, Source, Where

Step = Callable[[Work, Catalog, str, Mapping[str, Any]], None]
#: What a connection of a fixture may say besides the body of generateConnection.
_OVERRIDES = ("id", "status", "providerConsumerRef", "createTime")
_TEXT: Mapping[str, Any] = {"type": "string", "minLength": 1}
#: What entries are beyond the contract's own components: JSON Schemas. What is missing is told
#: by whoever needs it.
_ENTRIES: Mapping[str, Any] = {
    "deploy": {"properties": {"manifest": {"type": "object"}}},
    "connect": {
        "properties": {
            "id": _TEXT,
            "status": {"enum": ["created", "working", "bad_credentials"]},
            "providerConsumerRef": _TEXT,
            "createTime": {"type": "string", "format": "date-time"},
        }
    },
    "install": {
        "properties": {
            "id": _TEXT,
            "integration": _TEXT,
            "groupRef": _TEXT,
            "connectionId": _TEXT,
            "config": {
                "type": "object",
                "properties": {"content": {"type": "object"}, "createdBy": _TEXT},
            },
        }
    },
}


def run(source: Source, work: Work, catalog: Catalog) -> None:
    """Run the steps of a fixture, in the order of `STEPS`.

    Raises:
        FixtureError: with file, line and reason, at the first step that is refused.
    """
    for name, step in STEPS.items():
        entries = source.content.get(name, [])
        if not isinstance(entries, list):
            raise source.error((name,), f"{name} is a list")
        for number, entry in enumerate(entries):
            where: Where = (name, number)
            if not isinstance(entry, dict) or "projectId" not in entry:
                raise source.error(where, f"an entry of {name} is a mapping with a projectId")
            _run_one(source, work, catalog, step, where)


def _run_one(source: Source, work: Work, catalog: Catalog, step: Step, where: Where) -> None:
    entry = source.content[str(where[0])][where[1]]
    for violation in _schemas().violations(f"/{where[0]}", entry):
        place = ".".join(map(str, violation.path))
        raise source.error((*where, *violation.path), f"{place}: {violation.message}")
    try:
        project = records.find(work, PROJECTS, None, str(entry["projectId"]))
        if project is None:
            raise not_found("project", "projectId", entry["projectId"])
        step(work, catalog, project["id"], entry)
    except Refused as refusal:
        raise _refused(source, where, refusal) from None
    except KeyError as missing:
        raise source.error(where, f"{missing.args[0]} is missing") from None


@cache
def _schemas() -> Schemas:
    return Schemas(dict(_ENTRIES))


def _refused(source: Source, where: Where, refusal: Refused) -> FixtureError:
    reasons = [f"{issue.name}: {issue.detail}" for issue in refusal.issues]
    remedy = f" ({refusal.remedy})" if refusal.remedy else ""
    return source.error(where, ("; ".join(reasons) or refusal.detail) + remedy)


def _check_shape(work: Work, component: str, value: Any) -> None:
    mistakes = work.mistakes(component, value)
    if mistakes:
        issues = [Issue("body", m.name, m.detail, remedy=m.remedy) for m in mistakes]
        raise Refused(Kind.INVALID, issues[0].detail, issues=issues)


def _check_free(work: Work, resource: Resource, identifier: str | None) -> None:
    """Refuse an id that another record has: nothing is overwritten."""
    if identifier is not None and work.tx.get(resource.name, identifier) is not None:
        detail = f"another {resource.noun} has this id"
        raise wrong_value("id", detail, identifier, remedy="choose another", kind=Kind.CONFLICT)


def _deploy(work: Work, catalog: Catalog, project_id: str, entry: Mapping[str, Any]) -> None:
    for content in manifests.check(work, catalog, entry["manifest"]):
        integrations.create(work, project_id, content, manifests.SPEC_VERSION)


def _connect(work: Work, catalog: Catalog, project_id: str, entry: Mapping[str, Any]) -> None:
    _check_free(work, CONNECTIONS, entry.get("id"))
    body = {name: value for name, value in entry.items() if name not in _OVERRIDES}
    _check_shape(work, "GenerateConnectionRequest", body)
    made = connections.generate(work, catalog, project_id, body)
    overrides = {name: entry[name] for name in _OVERRIDES if name in entry}
    if overrides:
        work.tx.delete(CONNECTIONS.name, made["id"])
        records.create(work, CONNECTIONS, {**made, **overrides})


def _install(work: Work, catalog: Catalog, project_id: str, entry: Mapping[str, Any]) -> None:
    _check_free(work, INSTALLATIONS, entry.get("id"))
    _check_shape(work, "ConfigContent", entry["config"]["content"])
    parent = integrations.get(work, project_id, entry["integration"], parameter="integration")
    installations.create(work, catalog, parent, entry, identifier=entry.get("id"))


STEPS: Mapping[str, Step] = {"deploy": _deploy, "connect": _connect, "install": _install}
