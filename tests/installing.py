"""Installs an integration that has a bit of everything, in tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mockserver.app import Mock
from mockserver.state.tables import Record
from tests import worlds
from tests.client import Client, Response
from tests.worlds import GROUP, read_object

PROJECT = "/projects/my-project"
NOBODY = "00000000-0000-4000-8000-000000000000"
CONTACT = {"objectName": "contact", "selectedFields": {"phone": True}}
LEAD = {"objectName": "lead", "selectedFieldMappings": {"priority": "rating"}}


def everything(**parts: Any) -> dict[str, Any]:
    """Return an integration that reads, writes, subscribes and proxies; `parts` replace some."""
    history = {"defaultPeriod": {"fullHistory": True}}
    contact = read_object("contact", requiredFields=["email", "lastname"], backfill=history)
    contact["optionalFields"] = [{"fieldName": "phone"}]
    asked = {"mapToName": "priority"}
    fixed = {"fieldName": "company", "mapToName": "employer"}
    lead = read_object("lead", requiredFields=["lastname", asked, fixed])
    account = read_object("account", requiredFields=["name"], backfill=history)
    watched = {
        "objectName": "account",
        "destination": "contactWebhook",
        "inheritFieldsAndMapping": True,
        "createEvent": {"enabled": "always"},
        "updateEvent": {"enabled": "always", "watchFieldsAuto": "selected"},
    }
    usual = {
        "read": {"objects": [contact, lead, account]},
        "write": {"objects": [{"objectName": "contact"}, {"objectName": "lead"}]},
        "subscribe": {"objects": [watched]},
        "proxy": {"enabled": True},
    }
    return worlds.manifest("salesforce", **{**usual, **parts})


@dataclass
class Place:
    """An integration of my-project, a group that has connected to it, and who calls."""

    client: Client
    integration: Record
    connection: Record

    @property
    def path(self) -> str:
        return f"{PROJECT}/integrations/{self.integration['id']}/installations"

    def body(self, content: Record | None = None, **fields: Any) -> dict[str, Any]:
        given = {"provider": self.integration["provider"], **(content or {})}
        return {"groupRef": GROUP, "config": {"content": given}, **fields}

    def reading(self, **objects: Any) -> dict[str, Any]:
        """Return a body that reads some objects."""
        return self.body({"read": {"objects": objects}})

    def create(self, body: Record) -> Response:
        return self.client.post(self.path, body)

    def installed(self, body: Record | None = None) -> dict[str, Any]:
        answer = self.create(body or self.reading(contact=CONTACT))
        assert answer.status == 201, answer.body
        made: dict[str, Any] = answer.json
        return made

    def patch(self, made: Record, mask: Sequence[str], **installation: Any) -> Response:
        body = {"updateMask": list(mask), "installation": installation}
        return self.client.patch(f"{self.path}/{made['id']}", body)

    def configure(self, made: Record, mask: str, **content: Any) -> Response:
        """Change one part of the config's content; the mask is told without its beginning."""
        config = {"content": content}
        return self.patch(made, [f"config.content.{mask}"], config=config)

    def json_patch(self, name: str, *changes: Record, action: str = "read", **who: str) -> Response:
        path = f"{PROJECT}/integrations/{self.integration['id']}/objects/{name}/config-content"
        body = {**(who or {"groupRef": GROUP}), "action": action, "changes": list(changes)}
        return self.client.patch(path, body)

    def stored(self, made: Record) -> dict[str, Any]:
        found: dict[str, Any] = self.client.get(f"{self.path}/{made['id']}").json
        return found


def place(client: Client, mock: Mock, content: Record | None = None) -> Place:
    """Put an integration and a connection of GROUP into the world of a mock."""
    made = worlds.add_integration(mock, content or everything())
    return Place(client, made, worlds.add_connection(mock, str(made["provider"])))


def content_of(installation: Record) -> dict[str, Any]:
    found: dict[str, Any] = installation["config"]["content"]
    return found
