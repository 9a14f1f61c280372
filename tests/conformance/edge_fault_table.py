"""Which rule must fire on which fault, where masks, references and two writers meet an edge."""

from __future__ import annotations

from typing import Any

from tests.conformance import customer_faults as c
from tests.conformance import faults as f
from tests.conformance.customer_fault_table import Cases, rules
from tests.conformance.twisting import Asked, Fault, Told, World, at

_OLD = "2020-01-01T00:00:00Z"


def _masks(change: Any) -> Fault:
    """Read the paths of a mask otherwise."""
    return f.asks(lambda body: {**body, "updateMask": change(body["updateMask"])})


def _switches_on(body: Any) -> Any:
    """Switch a key on whenever something else of it changes."""
    if "active" in body["updateMask"]:
        return body
    mask = [*body["updateMask"], "active"]
    return {**body, "updateMask": mask, "apiKey": {**body["apiKey"], "active": True}}


def _lower_name(world: World, asked: Asked) -> Told:
    before, _, name = asked.url.path.rpartition("/")
    is_capital = name[:1].isupper()
    return world.send(asked.with_path(f"{before}/{name.lower()}") if is_capital else asked)


def _every_second_is_lost(world: World, asked: Asked) -> Told:
    """Answer every second write as if it were done."""
    number = world.memory["number"] = world.memory.get("number", 0) + 1
    return world.send(asked) if number % 2 else world.undone(asked)


def _plus_is_a_space(world: World, asked: Asked) -> Told:
    wanted = asked.url.params.get("groupRef")
    if wanted is None:
        return world.send(asked)
    return world.send(asked.with_query(groupRef=wanted.replace("+", " ")))


def _dated_as_integrations(world: World, asked: Asked) -> Told:
    """Date revisions as their integrations, while the clock goes on."""
    world.tick()
    told = world.send(asked)
    if asked.operation != "getIntegration" or not told.is_success:
        return told
    revision = {**told.body["latestRevision"], "createTime": told.body["createTime"]}
    return told.with_body({**told.body, "latestRevision": revision})


#: Of laws that hold for every noun.
EDGES: Cases = {
    "masks are read without regard to case": (
        at("updateApiKey", _masks(lambda mask: [path.lower() for path in mask])),
        rules("updateApiKey", "misspelt-masks-are-refused"),
    ),
    "a mask above the listed ones is passed over": (
        at(
            "updateInstallation",
            _masks(lambda mask: [path for path in mask if path != "config.content.read.objects"]),
        ),
        rules("updateInstallation", "masks-of-parents-are-refused"),
    ),
    "an update undoes the one before": (
        at("updateApiKey", f.asks(_switches_on)),
        rules("updateApiKey", "keeps-former-changes"),
    ),
    "providers are found without regard to case": (
        at("getProvider", _lower_name),
        rules("getProvider", "case-of-names-counts"),
    ),
}

#: Of what customers are promised.
CUSTOMER_EDGES: Cases = {
    "every second patch is lost": (
        at("patchObjectConfigContent", _every_second_is_lost),
        rules("patchObjectConfigContent", "two-patches-survive"),
    ),
    "every second update is lost": (
        at("updateInstallation", _every_second_is_lost),
        rules("updateInstallation", "two-masks-survive"),
    ),
    "a patch does not move the time": (
        c.changed("getInstallation", "updateTime", c.to(_OLD)),
        rules("patchObjectConfigContent", "updateTime-moves"),
    ),
    "a plus in a query of connections is a space": (
        at("listConnections", _plus_is_a_space),
        rules("listConnections", "references-may-be-any-text"),
    ),
    "a plus in a query of installations is a space": (
        at("listInstallationsForProject", _plus_is_a_space),
        rules("listInstallations", "references-may-be-any-text"),
    ),
    "groups are known by letters only": (
        c.asked_as("patchObjectConfigContent", "groupRef", lambda ref: ref.replace("+", "")),
        rules("patchObjectConfigContent", "references-may-be-any-text"),
    ),
    **{
        f"{name} shows connections as they were": (
            c.changed(name, f"{path}connection/providerWorkspaceRef", c.to("ct-first")),
            rules(name, "shows-its-connection-as-it-is"),
        )
        for name, path in (
            ("getInstallation", ""),
            ("listInstallations", "*/"),
            ("listInstallationsForProject", "*/"),
        )
    },
    "a revision is as old as its integration": (
        _dated_as_integrations,
        rules("getIntegration", "shows-the-latest-revision"),
    ),
    "the list shows an old revision": (
        c.changed("listIntegrations", "*/latestRevision/content/displayName", c.to("Old")),
        rules("listIntegrations", "shows-the-latest-revision"),
    ),
}
