"""What creating, reading and deleting integrations promises."""

from __future__ import annotations

from functools import partial
from typing import Any

from mockserver.conformance import catalog, expect
from mockserver.conformance.calls import Call
from mockserver.conformance.catalog import API_KEY
from mockserver.conformance.comparison import instant
from mockserver.conformance.families import citing, connections, crms
from mockserver.conformance.families.connections import connection, customer
from mockserver.conformance.families.installations import Site, own_site, site
from mockserver.conformance.families.integrations import create, get, integration
from mockserver.conformance.families.revisions import create as revise
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Broken, Rule, Strength

LISTED = Call("listIntegrations")
CONTENT = citing.described("ManifestIntegration")
NAME = citing.described("ManifestIntegration", "name")


def _is_found(lab: Lab) -> None:
    of = crms.crm(lab)
    for manifest in (crms.full_manifest(lab, of), crms.manifest(lab, of)):
        call = create(lab, manifest)
        expect.done(lab, call, "a right integration")
        seen = expect.read(lab, get(manifest["name"]))
        expect.holds(_shown(manifest), seen)
        expect.same(seen, expect.read(lab, get(seen["id"])), "the integration by its id")
        entry = expect.one(expect.read(lab, LISTED), seen["id"], "a new integration")
        expect.same(seen, entry, "the integration in the list")


def _shown(manifest: dict[str, Any]) -> dict[str, Any]:
    """Return how an integration shows the manifest that it was made of."""
    revision = {"specVersion": crms.SPEC_VERSION, "content": manifest}
    return {
        "name": manifest["name"],
        "provider": manifest["provider"],
        "latestRevision": revision,
    }


def _proxy_is_enough(lab: Lab) -> None:
    manifest = crms.proxy_only(lab, catalog.provider(lab, API_KEY))
    expect.done(lab, create(lab, manifest), "an integration with the proxy only")
    expect.holds(_shown(manifest), expect.read(lab, get(manifest["name"])))


def _names_are_one(lab: Lab) -> None:
    made = integration(lab)
    manifest = {**made["latestRevision"]["content"], "displayName": "Another"}
    again = lab.make(create(lab, manifest))
    rows = [row for row in expect.read(lab, LISTED) if row["name"] == made["name"]]
    if len(rows) != 1:
        raise Broken(f"{len(rows)} integrations are called the same after a second create")
    if again.answer.is_success:
        raise Broken("a second integration of a name is granted", strength=Strength.INFERRED)
    expect.same(made["id"], rows[0]["id"], "the integration's id after a refused create")
    expect.same(
        made["latestRevision"], rows[0]["latestRevision"], "its revision after a refused create"
    )


def _ids_differ(lab: Lab) -> None:
    made = [integration(lab) for _ in range(2)]
    for what, ids in (
        ("integrations", [one["id"] for one in made]),
        ("revisions", [one["latestRevision"]["id"] for one in made]),
    ):
        if ids[0] == ids[1]:
            raise Broken(f"two {what} have one id")
    rows = expect.read(lab, LISTED)
    for one in made:
        expect.same(one["name"], expect.one(rows, one["id"], "an integration")["name"], "a name")


def _refuses_unknown_provider(lab: Lab) -> None:
    manifest = crms.proxy_only(lab, lab.name("provider"))
    expect.refused(lab.make(create(lab, manifest)), "an integration with an unknown provider")
    expect.gone(lab.make(get(manifest["name"])), "an integration that was refused")


def _refuses_contradictions(lab: Lab) -> None:
    manifest = crms.proxy_only(lab, catalog.provider(lab, API_KEY))
    body = create(lab, manifest).body
    other = crms.crm(lab).provider
    for what, changes in (
        ("a provider that the content contradicts", {"provider": other}),
        ("a name that the content contradicts", {"name": lab.name("other")}),
        (
            "an unknown specVersion",
            {"latestRevision": {"specVersion": "7.0.0", "content": manifest}},
        ),
    ):
        changed = {**body, **changes}
        expect.refused(lab.make(Call("createIntegration", body=changed)), what)
        expect.gone(lab.make(get(changed["name"])), "an integration that was refused")


def _is_deleted(lab: Lab) -> None:
    made, other = integration(lab), integration(lab)
    with expect.unmoved(lab, get(other["id"])):
        expect.done(lab, delete(made), "deleting an integration")
    for name in (made["id"], made["name"]):
        expect.gone(lab.make(get(name)), "a deleted integration")
    expect.none(expect.read(lab, LISTED), made["id"], "a deleted integration")
    expect.gone(lab.make(delete(made)), "deleting an integration again")
    content = made["latestRevision"]["content"]
    expect.done(lab, create(lab, content), "an integration of a name that was freed")
    if expect.read(lab, get(made["name"]))["id"] == made["id"]:
        raise Broken("a new integration has the id of a deleted one", pointer="/id")


def delete(made: expect.Record) -> Call:
    """Return the call that deletes an integration."""
    return Call("deleteIntegration", {"integrationId": made["id"]})


def _second_site(lab: Lab, first: Site, connected: dict[str, Any] | None = None) -> Site:
    """Return another integration for a customer who is connected already."""
    made = integration(lab, crms.manifest(lab, first.crm))
    return Site(first.crm, made, first.who, connected or first.connection)


def _takes_installations_along(lab: Lab) -> None:
    first = own_site(lab)
    who = customer(lab)
    second = Site(first.crm, first.integration, who, connections.at(lab, first.crm.provider, who))
    made = [(where, expect.need(lab, where.create())) for where in (first, second)]
    expect.done(lab, delete(first.integration), "deleting an integration in use")
    for where, one in made:
        expect.gone(lab.make(where.get(one)), "an installation of a deleted integration")
        rows = expect.read(lab, _installations(where))
        expect.none(rows, one["id"], "an installation of a deleted integration")
    expect.gone(
        lab.make(Call("listInstallations", first.path)), "the list of a deleted integration"
    )


def _installations(where: Site) -> Call:
    return Call("listInstallationsForProject", {}, {"groupRef": where.who.group})


def _connection(identifier: str) -> Call:
    return Call("getConnection", {"connectionId": identifier})


def _takes_nothing_else_along(lab: Lab) -> None:
    first = own_site(lab)
    expect.need(lab, first.create())
    # Shared with another integration, never installed, and another customer's: all of them stay.
    shared = site(lab)
    expect.need(lab, shared.create())
    elsewhere = _second_site(lab, shared)
    kept = expect.need(lab, elsewhere.create())
    through = Site(first.crm, first.integration, shared.who, shared.connection)
    expect.need(lab, through.create())
    unused = connection(lab, who=first.who)
    stays = [_connection(shared.connection["id"]), _connection(unused["id"])]
    with expect.unmoved(lab, elsewhere.get(kept), get(shared.integration["id"]), *stays):
        expect.done(lab, delete(first.integration), "deleting an integration in use")


def _takes_orphans_along(lab: Lab) -> None:
    where = own_site(lab)
    expect.need(lab, where.create())
    expect.done(lab, delete(where.integration), "deleting an integration in use")
    expect.gone(
        lab.make(_connection(where.connection["id"])),
        "a connection that only a deleted integration used",
    )


_DELETE = f"{citing.INTEGRATION_DELETE}/description"


def _shows_the_latest(operation_id: str, lab: Lab) -> None:
    """Revise, and read: the new revision, dated when it was made and not as the integration."""
    made, between = integration(lab), integration(lab)
    expect.done(lab, revise(made, displayName="Changed"), "a right revision")
    if operation_id == "listIntegrations":
        seen = expect.one(expect.read(lab, LISTED), made["id"], "a revised integration")
    else:
        seen = expect.read(lab, get(made["id"]))
    latest = expect.part(seen, "latestRevision")
    if latest["id"] == made["latestRevision"]["id"]:
        raise Broken("a new revision is not the latest", pointer="/latestRevision/id")
    expect.holds({"displayName": "Changed"}, latest["content"])
    first, then = instant(made.get("createTime")), instant(between.get("createTime"))
    # Servers' clocks may differ by a moment: only a time that was copied is told for sure.
    is_copied = latest.get("createTime") == made.get("createTime")
    if is_copied and first is not None and then is not None and first.before(then):
        told = "a new revision has the createTime of its integration, made before"
        raise Broken(told, pointer="/latestRevision/createTime")


RULES: tuple[Rule, ...] = (
    *(
        Rule(name, "shows-the-latest-revision", text, partial(_shows_the_latest, name))
        for name, text in (
            ("getIntegration", f"{citing.INTEGRATION}/summary"),
            ("listIntegrations", f"{citing.INTEGRATIONS}/get/summary"),
        )
    ),
    Rule("createIntegration", "is-found-as-given", CONTENT, _is_found),
    Rule(
        "createIntegration",
        "proxy-is-enough",
        citing.described("IntegrationProxy"),
        _proxy_is_enough,
    ),
    Rule("createIntegration", "names-are-one", NAME, _names_are_one),
    Rule("createIntegration", "ids-differ", citing.described("Integration", "id"), _ids_differ),
    Rule(
        "createIntegration",
        "unknown-provider-is-refused",
        citing.PROVIDER,
        _refuses_unknown_provider,
    ),
    Rule(
        "createIntegration",
        "contradictions-are-refused",
        citing.PROVIDER,
        _refuses_contradictions,
        Strength.INFERRED,
    ),
    Rule("deleteIntegration", "is-gone-under-every-name", _DELETE, _is_deleted),
    Rule("deleteIntegration", "takes-its-installations-along", _DELETE, _takes_installations_along),
    Rule("deleteIntegration", "takes-nothing-else-along", _DELETE, _takes_nothing_else_along),
    Rule(
        "deleteIntegration",
        "takes-orphaned-connections-along",
        f"{citing.INSTALLATION}/delete/description",
        _takes_orphans_along,
        Strength.INFERRED,
    ),
)
