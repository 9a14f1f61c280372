"""What references promise: they are the caller's own ids, and mean what they say in a query."""

from __future__ import annotations

from collections.abc import Iterator

from mockserver.conformance import expect
from mockserver.conformance.calls import Call
from mockserver.conformance.families import citing, connections
from mockserver.conformance.families.config_patches import patch
from mockserver.conformance.families.connection_creation import listed
from mockserver.conformance.families.connections import Customer, customer
from mockserver.conformance.families.installation_creation import listed as installed
from mockserver.conformance.families.installation_creation import listed_everywhere
from mockserver.conformance.families.installations import Site, site
from mockserver.conformance.families.json_patches import GOOD
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Broken, Rule

#: What a query must escape, and what looks escaped already.
_ODD = "a+b c&d=e/f?g#h%2B;ü~'\""


def _odd(lab: Lab) -> Customer:
    return customer(lab, group=lab.name("group") + _ODD, consumer=lab.name("consumer") + _ODD)


def _connections(lab: Lab) -> None:
    """Ask for a connection by each of its references, and by both."""
    who = _odd(lab)
    made = connections.connection(lab, who=who)
    expect.holds({"groupRef": who.group}, made["group"])
    expect.holds({"consumerRef": who.consumer}, made["consumer"])
    refs = {"groupRef": who.group, "consumerRef": who.consumer}
    for query in (*({name: value} for name, value in refs.items()), refs):
        _only(lab, listed(**query), made["id"], "connection")


def _only(lab: Lab, call: Call, identifier: str, noun: str) -> None:
    found = [entry.get("id") for entry in expect.read(lab, call)]
    if found != [identifier]:
        raise Broken(f"with {dict(call.query)}, {len(found)} are listed, not the one {noun}")


def _site(lab: Lab) -> tuple[Site, dict[str, object]]:
    shared = site(lab)
    who = _odd(lab)
    connection = connections.at(lab, shared.crm.provider, who)
    where = Site(shared.crm, shared.integration, who, connection)
    return where, expect.need(lab, where.create())


def _installations(lab: Lab) -> None:
    where, made = _site(lab)
    for call in (installed(where, groupRef=where.who.group), _everywhere(where)):
        _only(lab, call, str(made["id"]), "installation")


def _everywhere(where: Site) -> Call:
    return listed_everywhere(groupRef=where.who.group)


def _patches(lab: Lab) -> None:
    where, made = _site(lab)
    call = patch(where, made, GOOD, installationId=None, groupRef=where.who.group)
    answer = expect.done(lab, call, "a patch for a group with signs in its reference")
    expect.same(made["id"], answer["id"], "the installation of the group")


def _rules() -> Iterator[Rule]:
    name = "references-may-be-any-text"
    yield Rule("listConnections", name, citing.described("Group", "groupRef"), _connections)
    text = citing.parameter(f"{citing.INSTALLATIONS}/get", 2)
    yield Rule("listInstallations", name, text, _installations)
    yield Rule("patchObjectConfigContent", name, f"{citing.CONFIG_PATCH}/description", _patches)


RULES: tuple[Rule, ...] = tuple(_rules())
