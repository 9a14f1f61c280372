"""What installations show of their connection: it as it is now, not as it was."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from mockserver.conformance import expect
from mockserver.conformance.families import citing
from mockserver.conformance.families.connection_changes import update
from mockserver.conformance.families.installation_creation import listed, listed_everywhere
from mockserver.conformance.families.installations import Record, Site, installed
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Rule

_ALL = "listInstallationsForProject"
_OPERATIONS = ("getInstallation", "listInstallations", _ALL)


def _seen(operation_id: str, lab: Lab, where: Site, made: Record) -> Any:
    if operation_id == "getInstallation":
        return expect.read(lab, where.get(made))
    call = listed_everywhere() if operation_id == _ALL else listed(where)
    return expect.one(expect.read(lab, call), made["id"], "an installation")


def _as_it_is(operation_id: str, lab: Lab) -> None:
    """Show the installation, update its connection, and show the installation again."""
    where, made = installed(lab)
    connection = where.connection["id"]
    for workspace in ("ct-first", "ct-second"):
        values = {"providerWorkspaceRef": workspace}
        expect.done(lab, update(connection, list(values), **values), "updating a connection")
        seen = _seen(operation_id, lab, where, made)
        expect.holds({"id": connection, **values}, expect.part(seen, "connection"))


def _rules() -> Iterator[Rule]:
    text = citing.described("Connection", "providerWorkspaceRef")
    for name in _OPERATIONS:
        yield Rule(name, "shows-its-connection-as-it-is", text, partial(_as_it_is, name))


RULES: tuple[Rule, ...] = tuple(_rules())
