"""What deploying manifests promises, by the batch call and revision by revision."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from mockserver.conformance import expect
from mockserver.conformance.calls import Call
from mockserver.conformance.families import citing, crms
from mockserver.conformance.families.installations import own_site
from mockserver.conformance.families.integration_rules import LISTED
from mockserver.conformance.families.integrations import batch, get, integration
from mockserver.conformance.families.revisions import create
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Broken, Rule, Strength

Record = Mapping[str, Any]
_SOURCE = f"{citing.BATCH}/requestBody/content/application~1json/schema/description"
_REVISION_SOURCE = f"{citing.REVISIONS}/requestBody/content/application~1json/schema/description"
_DEPLOYED = citing.answer(citing.BATCH, 200)
_DESTRUCTIVE: Mapping[str, str] = {
    "batchUpsertIntegrations": citing.parameter(citing.BATCH, 1),
    "createRevision": citing.parameter(citing.REVISIONS, 2),
}
_BAD_YAML = (
    ("no YAML", "integrations: [\n  - name: {"),
    ("a list", "- specVersion: 1.0.0\n"),
    ("a text", "deploy me"),
    ("nothing", ""),
)


def deploy(lab: Lab, *integrations: Record) -> dict[str, dict[str, Any]]:
    """Deploy some integrations; return them by name as the answer shows them."""
    answer = expect.done(lab, batch(*integrations), "deploying a right manifest")
    if not isinstance(answer, list):
        raise Broken("deploying answers no list")
    names = [one.get("name") for one in answer if isinstance(one, dict)]
    wanted = [one["name"] for one in integrations]
    if sorted(map(str, names)) != sorted(wanted):
        raise Broken(f"deploying {len(wanted)} integrations answers {names}, not {wanted}")
    return {one["name"]: one for one in answer}


def _deploys(lab: Lab) -> None:
    of = crms.crm(lab)
    manifests = [crms.full_manifest(lab, of), crms.manifest(lab, of), crms.manifest(lab, of)]
    deployed = deploy(lab, *manifests)
    rows = expect.read(lab, LISTED)
    for manifest in manifests:
        shown = deployed[manifest["name"]]
        revision = {"specVersion": crms.SPEC_VERSION, "content": manifest}
        wanted = {"name": manifest["name"], "provider": of.provider, "latestRevision": revision}
        expect.holds(wanted, shown)
        seen = expect.read(lab, get(shown["id"]))
        expect.holds({**wanted, "id": shown["id"]}, seen)
        expect.same(shown, seen, "the integration when it is read")
        expect.holds(wanted, expect.one(rows, shown["id"], "a deployed integration"))
    if len({one["id"] for one in deployed.values()}) != len(manifests):
        raise Broken("two integrations of one manifest have one id")


def _same_again(lab: Lab) -> None:
    manifest = crms.manifest(lab)
    first = deploy(lab, manifest)[manifest["name"]]
    again = deploy(lab, manifest)[manifest["name"]]
    expect.same(first["id"], again["id"], "the id of an integration deployed again")
    expect.same(first["createTime"], again["createTime"], "its createTime")
    rows = [row for row in expect.read(lab, LISTED) if row["name"] == manifest["name"]]
    if len(rows) != 1:
        raise Broken(f"an integration deployed twice is listed {len(rows)} times")
    expect.holds(manifest, rows[0]["latestRevision"]["content"])
    expect.same(
        first["latestRevision"]["id"],
        again["latestRevision"]["id"],
        "the revision of a manifest that did not change",
        strength=Strength.INFERRED,
    )


def _changed(lab: Lab) -> None:
    manifest, other = crms.manifest(lab), crms.manifest(lab)
    first = deploy(lab, manifest, other)
    bystander = get(other["name"])
    person = manifest["read"]["objects"][0]
    changes = {
        **manifest,
        "displayName": "Changed",
        "read": {"objects": [{**person, "schedule": "0 */2 * * *"}]},
        "write": None,
    }
    changed = {name: value for name, value in changes.items() if value is not None}
    with expect.unmoved(lab, bystander):
        after = deploy(lab, changed)[manifest["name"]]
    before = first[manifest["name"]]
    expect.same(before["id"], after["id"], "the id of an integration deployed again")
    expect.same(before["createTime"], after["createTime"], "its createTime")
    for seen in (after, expect.read(lab, get(before["id"]))):
        revision = seen["latestRevision"]
        if revision["id"] == before["latestRevision"]["id"]:
            raise Broken(
                "a changed manifest has the old revision's id", pointer="/latestRevision/id"
            )
        expect.holds(changed, revision["content"])
        expect.lacks("write", revision["content"], "a manifest without write")
        if len(expect.part(revision, "content", "read", "objects")) != 1:
            raise Broken("an object that was taken out of the manifest is still there")


def _is_atomic(lab: Lab) -> None:
    manifest, new = crms.manifest(lab), crms.manifest(lab)
    deploy(lab, manifest)
    wrong = {**crms.manifest(lab), "provider": lab.name("provider")}
    changed = {**manifest, "displayName": "Changed"}
    with expect.unmoved(lab, get(manifest["name"])):
        for order in ((changed, new, wrong), (wrong, changed, new)):
            expect.refused(lab.make(batch(*order)), "a manifest with a wrong integration")
    for one in (new, wrong):
        expect.gone(lab.make(get(one["name"])), "an integration of a refused manifest")


def _keeps_the_provider(lab: Lab) -> None:
    of = crms.crm(lab)
    other = crms.crm(lab, besides=of.provider)
    manifest = crms.manifest(lab, of)
    deploy(lab, manifest)
    moved = crms.manifest(lab, other, name=manifest["name"])
    with expect.unmoved(lab, get(manifest["name"])):
        expect.refused(lab.make(batch(moved)), "another provider for an integration")


def _wants_a_source(operation_id: str, lab: Lab) -> None:
    made = integration(lab)
    path = {"integrationId": made["id"]} if operation_id == "createRevision" else {}
    with expect.unmoved(lab, get(made["id"])):
        expect.refused(lab.make(Call(operation_id, path, body={})), "no source at all")
        for what, text in _BAD_YAML:
            answer = lab.make(Call(operation_id, path, body={"sourceYaml": text}))
            expect.refused(answer, f"{what} as the manifest")


def _wants_one_source(operation_id: str, lab: Lab) -> None:
    made = integration(lab)
    path = {"integrationId": made["id"]} if operation_id == "createRevision" else {}
    changed = {**made["latestRevision"]["content"], "displayName": "Changed"}
    nowhere = f"gs://ct-nowhere/{lab.name('zip')}"
    with expect.unmoved(lab, get(made["id"])):
        for what, body in (
            ("both sources", {"sourceYaml": crms.yaml_of(changed), "sourceZipUrl": nowhere}),
            ("a zip that is not there", {"sourceZipUrl": nowhere}),
            ("a zip without an address", {"sourceZipUrl": "ct nowhere"}),
        ):
            expect.refused(lab.make(Call(operation_id, path, body=body)), what)


def _revises(lab: Lab) -> None:
    made, other = integration(lab), integration(lab)
    content = made["latestRevision"]["content"]
    changed = {**content, "displayName": "Changed", "proxy": {"enabled": False}}
    with expect.unmoved(lab, get(other["id"])):
        expect.done(lab, create(made, **changed), "a right revision")
    after = expect.read(lab, get(made["id"]))
    kept = {name: made[name] for name in ("id", "name", "provider", "projectId", "createTime")}
    expect.holds(kept, after)
    if after["latestRevision"]["id"] == made["latestRevision"]["id"]:
        raise Broken("a new revision is not the latest", pointer="/latestRevision/id")
    expect.holds(changed, after["latestRevision"]["content"])
    entry = expect.one(expect.read(lab, LISTED), made["id"], "a revised integration")
    expect.same(after, entry, "the revised integration in the list")


def _revises_its_own(lab: Lab) -> None:
    made, other = integration(lab), integration(lab)
    path = {"integrationId": made["id"]}
    stranger = crms.yaml_of(crms.manifest(lab))
    theirs = crms.yaml_of({**other["latestRevision"]["content"], "displayName": "Changed"})
    with expect.unmoved(lab, get(made["id"]), get(other["id"])):
        for source in (stranger, theirs):
            call = Call("createRevision", path, body={"sourceYaml": source})
            expect.refused(lab.make(call), "a manifest without the integration")


def _absent_is_not_revised(lab: Lab) -> None:
    content = crms.manifest(lab)
    absent = {"id": lab.absent(), "latestRevision": {"content": content}}
    expect.gone(lab.make(create(absent)), "an integration that never was")
    expect.gone(lab.make(get(content["name"])), "an integration that was never created")


def _removed(
    lab: Lab, operation_id: str, *, destructive: bool
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Take an object that is read out of a manifest; return the installation before and after."""
    where = own_site(lab)
    made = expect.need(lab, where.create())
    content = where.integration["latestRevision"]["content"]
    kept = {**content, "read": {"objects": content["read"]["objects"][1:]}}
    path = where.path if operation_id == "createRevision" else {}
    query = {"destructive": "true"} if destructive else {}
    body = {"sourceYaml": crms.yaml_of(kept)}
    expect.done(lab, Call(operation_id, path, query, body), "taking an object out")
    return made, expect.read(lab, where.get(made))


def _keeps_what_is_read(operation_id: str, lab: Lab) -> None:
    before, after = _removed(lab, operation_id, destructive=False)
    for name in ("id", "revisionId", "content"):
        expect.same(before["config"][name], after["config"][name], f"config.{name}")


def _destroys_when_asked(operation_id: str, lab: Lab) -> None:
    before, after = _removed(lab, operation_id, destructive=True)
    [name] = before["config"]["content"]["read"]["objects"]
    objects = expect.part(after, "config", "content", "read", "objects")
    config = objects.get(name)
    if config is not None and config.get("disabled") is not True:
        raise Broken("an object that was removed is still read", pointer="/config/content/read")


_WAYS = (("batchUpsertIntegrations", _SOURCE), ("createRevision", _REVISION_SOURCE))

RULES: tuple[Rule, ...] = (
    Rule("batchUpsertIntegrations", "deploys-what-is-given", _DEPLOYED, _deploys),
    Rule("batchUpsertIntegrations", "same-again-keeps-the-id", _DEPLOYED, _same_again),
    Rule("batchUpsertIntegrations", "changes-make-a-revision", _DEPLOYED, _changed),
    Rule("batchUpsertIntegrations", "refusal-changes-nothing", citing.PROVIDER, _is_atomic),
    Rule(
        "batchUpsertIntegrations",
        "provider-stays",
        citing.PROVIDER,
        _keeps_the_provider,
        Strength.INFERRED,
    ),
    *(
        Rule(operation_id, "a-source-is-needed", text, partial(_wants_a_source, operation_id))
        for operation_id, text in _WAYS
    ),
    *(
        Rule(
            operation_id,
            "one-source-is-needed",
            text,
            partial(_wants_one_source, operation_id),
            Strength.INFERRED,
        )
        for operation_id, text in _WAYS
    ),
    *(
        Rule(name, "what-is-read-stays", text, partial(_keeps_what_is_read, name))
        for name, text in _DESTRUCTIVE.items()
    ),
    *(
        Rule(
            name,
            "removed-objects-are-paused-when-asked",
            text,
            partial(_destroys_when_asked, name),
            Strength.INFERRED,
        )
        for name, text in _DESTRUCTIVE.items()
    ),
    Rule(
        "createRevision",
        "becomes-the-latest",
        citing.parameter(citing.HYDRATE, 2),
        _revises,
    ),
    Rule(
        "createRevision",
        "is-of-its-integration",
        _REVISION_SOURCE,
        _revises_its_own,
        Strength.INFERRED,
    ),
    Rule(
        "createRevision",
        "absent-is-refused",
        citing.parameter(citing.REVISIONS, 1),
        _absent_is_not_revised,
    ),
)
