"""Reads, writes, searches and proxies through an installation in tests, and hears what comes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.app import Mock
from mockserver.resources import record_stores
from mockserver.resources.record_stores import RecordStore
from mockserver.rules.work import Work
from mockserver.state.root import Root
from mockserver.state.tables import Record
from tests import worlds
from tests.client import Client, Response
from tests.installing import PROJECT, Place, place
from tests.listening import Ear, ear
from tests.worlds import GROUP, read_object

#: Of the read, write and search APIs; a provider that refuses records leaves an operation.
_KEEPS_WORK = 422


class HostClient(Client):
    """Fails the test when a refused call changed a record or used up an id."""

    def call(self, *arguments: Any, **options: Any) -> Response:
        before = self._world()
        answer = super().call(*arguments, **options)
        kept = answer.status < 400 or answer.status == _KEEPS_WORK
        assert kept or self._world() == before, "a refused call changed something"
        return answer

    def _world(self) -> tuple[int, int]:
        # State is a value: what was not changed is the same object.
        root = self.mock.sandbox.root
        return id(root.tables), id(root.counters)


@dataclass
class Hosted:
    """An installation of my-project, and the APIs that have hosts of their own."""

    ear: Ear
    place: Place
    made: Record

    @property
    def mock(self) -> Mock:
        return self.ear.mock

    @property
    def client(self) -> Client:
        return self.place.client

    @property
    def path(self) -> str:
        return f"{PROJECT}/integrations/{self.place.integration['name']}"

    def post(self, host: str, path: str, body: Any, **options: Any) -> Response:
        return self.client.call("POST", f"/{host}/v1{path}", body, root=True, **options)

    def write(self, name: str = "contact", kind: str = "create", **body: Any) -> Response:
        given = {"groupRef": GROUP, "type": kind, **body}
        return self.post("write", f"{self.path}/objects/{name}", given)

    def created(self, name: str = "contact", /, **record: Any) -> str:
        """Create a record; return its id."""
        answer = self.write(name, record=record)
        assert answer.status == 200, answer.body
        return str(answer.json["result"]["recordId"])

    def read(self, name: str = "contact", **body: Any) -> Response:
        given = {"groupRef": GROUP, "mode": "async", **body}
        return self.post("read", f"{self.path}/objects/{name}", given)

    def search(self, name: str = "contact", /, **wanted: Any) -> Response:
        filters = [
            {"fieldName": field, "operator": "eq", "value": value}
            for field, value in wanted.items()
        ]
        body = {"objectName": name, "fieldFilters": filters}
        return self.post("search", f"{self.path}?groupRef={GROUP}", body)

    def found(self, name: str = "contact", /, **wanted: Any) -> list[dict[str, Any]]:
        answer = self.search(name, **wanted)
        assert answer.status == 200, answer.body
        entries: list[dict[str, Any]] = answer.json["result"]
        return entries

    def proxy(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str | None] | None = None,
        *,
        leaves_marks: bool = False,
    ) -> Response:
        """Call the provider; with `leaves_marks`, a call that fails may change something."""
        sent = {
            "x-amp-proxy-version": "1",
            "x-amp-project-id": str(self.made["projectId"]),
            "x-amp-installation-id": str(self.made["id"]),
            **(headers or {}),
        }
        client = Client(self.mock) if leaves_marks else self.client
        return client.call(method, f"/proxy{path}", root=True, headers=sent)

    def operation(self, identifier: str) -> dict[str, Any]:
        found: dict[str, Any] = self.client.get(f"{PROJECT}/operations/{identifier}").json
        return found

    def logs(self, identifier: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.client.get(
            f"{PROJECT}/operations/{identifier}/logs"
        ).json
        return found

    def drill(self, name: str, **limits: Any) -> None:
        """Arm a failure drill."""
        armed = self.ear.control().put(f"/drills/{name}", limits)
        assert armed.status < 300, armed.body

    def heard(self, kind: str) -> list[dict[str, Any]]:
        """Return the messages of a kind (`read`, `subscribe`) that the webhook got."""
        return self.ear.told(kind)

    def notified(self, event_type: str) -> list[dict[str, Any]]:
        """Return the data of the notifications of a type."""
        return [body["data"] for body in self.ear.told(event_type)]


def mapped_manifest(**parts: Any) -> dict[str, Any]:
    """Return an integration whose contacts are people, with every kind of mapping."""
    contact = read_object(
        "contact",
        mapToName="person",
        requiredFields=[
            "email",
            {"fieldName": "lastname", "mapToName": "familyName"},
            {"mapToName": "priority"},
        ],
        optionalFields=[
            "phone",
            {"fieldName": "firstname", "mapToName": "givenName"},
            {"mapToName": "nickname"},
        ],
    )
    lead = read_object("lead", requiredFields=["lastname", "company", "status"])
    usual = {
        "read": {"objects": [contact, lead]},
        "write": {
            "objects": [
                {"objectName": "person", "inheritMapping": True},
                {"objectName": "lead"},
            ]
        },
        "proxy": {"enabled": True},
    }
    return worlds.manifest("salesforce", **{**usual, **parts})


#: What a customer answers to `mapped_manifest`.
PERSON: Mapping[str, Any] = {
    "objectName": "contact",
    "selectedFields": {"phone": True, "firstname": True},
    "selectedFieldMappings": {"priority": "priority__c"},
    "selectedValueMappings": {"priority": {"urgent": "High", "later": "Low"}},
}
LEAD: Mapping[str, Any] = {"objectName": "lead"}


def install(
    manifest: Record, *, read: Record | None = None, write: Record | None = None, **content: Any
) -> Hosted:
    """Return an installation in a mock of its own; objects of `read` and `write` by name.

    A mock that was asked for before is lent again, as it was then: making one takes a while.
    """
    key = json.dumps([manifest, read, write, content], sort_keys=True)
    if key not in _LENT:
        made = _install(manifest, read, write, content)
        _LENT[key] = (made, made.mock.sandbox.snapshot())
    found, taken = _LENT[key]
    found.mock.sandbox.restore(taken)
    found.ear.forget()
    return found


_LENT: dict[str, tuple[Hosted, Root]] = {}


def _install(
    manifest: Record, read: Record | None, write: Record | None, content: Record
) -> Hosted:
    heard = ear()
    client = HostClient(heard.mock)
    here = place(client, heard.mock, manifest)
    parts = {"read": read, "write": write}
    given = {
        action: {"objects": {n: {"objectName": n, **c} for n, c in objects.items()}}
        for action, objects in parts.items()
        if objects is not None
    }
    made = here.installed(here.body({**given, **content}))
    return Hosted(heard, here, made)


def mapped(**write: Any) -> Hosted:
    """Return an installation of `mapped_manifest`; `write` says more about writing people."""
    return install(
        mapped_manifest(),
        read={"contact": PERSON, "lead": LEAD},
        write={"person": write, "lead": {}},
    )


def plain(provider: str = "salesforce", **write: Any) -> Hosted:
    """Return an installation without mappings; `write` says more about writing contacts."""
    name = "contacts" if provider == "hubspot" else "contact"
    fields = ["email", "firstname", "lastname"]
    manifest = worlds.manifest(
        provider,
        read={"objects": [read_object(name, requiredFields=fields)]},
        write={"objects": [{"objectName": name}]},
        proxy={"enabled": True},
    )
    return install(manifest, read={name: {}}, write={name: write})


def store(work: Work, hosted: Hosted, name: str) -> RecordStore:
    """Return what the provider of an installation holds of an object."""
    found = record_stores.open_store(
        work,
        worlds.catalog(),
        hosted.made["projectId"],
        hosted.place.integration["provider"],
        GROUP,
        name,
    )
    assert found is not None
    return found
