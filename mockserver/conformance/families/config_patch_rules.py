"""What JSON Patch of one object's config promises: RFC 6902, for three operations."""

from __future__ import annotations

from functools import partial
from typing import Any

from mockserver.conformance import expect
from mockserver.conformance.families import citing, connections, crms
from mockserver.conformance.families.config_patches import patch, selecting
from mockserver.conformance.families.connections import customer
from mockserver.conformance.families.installation_creation import everything, listed
from mockserver.conformance.families.installation_masks import place
from mockserver.conformance.families.installations import Record, Site, installed, site
from mockserver.conformance.families.integrations import integration
from mockserver.conformance.families.json_patches import GOOD, PATCHES, WRONG, Patch, op
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Broken, Rule, Strength

_WHOLE = f"{citing.CONFIG_PATCH}/description"
_OBJECT = citing.parameter(citing.CONFIG_PATCH, 2)
_ABSENT = citing.answer(citing.CONFIG_PATCH, 404)


def config_of(seen: Any, where: Site, action: str = "read", name: str = "") -> dict[str, Any]:
    """Return one object's config of an installation."""
    path = ("config", "content", action, "objects", name or where.crm.person)
    found: dict[str, Any] = expect.part(seen, *path)
    return found


def _applies(case: Patch, lab: Lab) -> None:
    where, made = place(lab)
    wanted = _copied(config_of(made, where, case.action))
    case.becomes(where, wanted)
    call = patch(where, made, *case.changes(where), action=case.action)
    answer = expect.done(lab, call, "a right patch")
    entry = expect.one(expect.read(lab, listed(where)), made["id"], "a patched installation")
    after = expect.read(lab, where.get(made))
    expect.same(expect.steady(answer), expect.steady(after), "the installation when it is read")
    for seen in (after, entry):
        _has_become(case, where, wanted, seen)
        _only_it_moved(where, made, seen, case.action)


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copied(inner) for name, inner in value.items()}
    return [_copied(inner) for inner in value] if isinstance(value, list) else value


def _has_become(case: Patch, where: Site, wanted: dict[str, Any], seen: Any) -> None:
    shown = _copied(config_of(seen, where, case.action))
    # The manifest may complete again what was removed; and what it completes comes in as true.
    if "backfill" not in wanted:
        shown.pop("backfill", None)
    expect.same(wanted, shown, f"the {case.action} config after {case.name}")


def _only_it_moved(where: Site, made: Record, seen: Any, action: str) -> None:
    expect.same(made["connection"]["id"], seen["connection"]["id"], "the connection")
    for name, part in made["config"]["content"].items():
        after = seen["config"]["content"].get(name)
        if name == action:
            part = {**part["objects"], where.crm.person: 0}
            after = {**expect.part(after, "objects"), where.crm.person: 0}
        expect.same(part, after, f"{name}, which was not patched")


def _group_is_as_good(lab: Lab) -> None:
    where, made = installed(lab)
    field = where.crm.person_fields[1]
    call = patch(where, made, selecting(field), installationId=None, groupRef=where.who.group)
    answer = expect.done(lab, call, "naming the installation by its group")
    expect.same(made["id"], answer["id"], "the installation of the group")
    for seen in (answer, expect.read(lab, where.get(made))):
        expect.holds({"selectedFields": {field: True}}, config_of(seen, where))


def _one_of_both(lab: Lab) -> None:
    where, made = installed(lab)
    change = selecting(where.crm.person_fields[1])
    with expect.unmoved(lab, where.get(made)):
        call = patch(where, made, change, groupRef=where.who.group)
        expect.refused(lab.make(call), "both groupRef and installationId")
        expect.refused(
            lab.make(patch(where, made, change, installationId=None)),
            "neither groupRef nor installationId",
        )


def _refuses(changes: tuple[Record, ...], name: str, lab: Lab) -> None:
    where, made = place(lab)
    with expect.unmoved(lab, where.get(made)):
        for several in (changes, (GOOD, *changes), (*changes, GOOD)):
            answer = lab.make(patch(where, made, *several))
            expect.refused(answer, f"a patch with {name.replace('-', ' ')}")


def _is_of_the_manifest(lab: Lab) -> None:
    of = crms.crm(lab)
    where = site(lab, crms.manifest(lab, of, write={"objects": [{"objectName": of.company}]}), of)
    made = expect.need(lab, where.create())
    enabled = op("add", "/deletionSettings", {"enabled": True})
    with expect.unmoved(lab, where.get(made)):
        for what, call in (
            ("an unknown object", patch(where, made, GOOD, name="ct_unknown")),
            ("an object that is not written", patch(where, made, enabled, action="write")),
            (
                "an object that is not watched",
                patch(where, made, op("add", "/destination", "ct"), action="subscribe"),
            ),
        ):
            expect.refused(lab.make(call), f"patching {what}")


def _absent_is_refused(lab: Lab) -> None:
    where, made = installed(lab)
    change = selecting(where.crm.person_fields[1])
    other = Site(where.crm, integration(lab), where.who, where.connection)
    absent = Site(where.crm, {"id": lab.absent()}, where.who, where.connection)
    nobody = lab.name("group")
    with expect.unmoved(lab, where.get(made)):
        for what, call in (
            ("an installation that never was", patch(where, {"id": lab.absent()}, change)),
            (
                "a group without one",
                patch(where, made, change, installationId=None, groupRef=nobody),
            ),
            ("the installation of another integration", patch(other, made, change)),
            (
                "a group that installed another integration",
                patch(other, made, change, installationId=None, groupRef=where.who.group),
            ),
            ("an integration that never was", patch(absent, made, change)),
        ):
            expect.refused(lab.make(call), f"patching {what}", expect.UNFIT)


def _others_stay(lab: Lab) -> None:
    where, made = place(lab)
    who = customer(lab)
    other = Site(where.crm, where.integration, who, connections.at(lab, where.crm.provider, who))
    second = expect.need(lab, other.create(everything(where)))
    change = selecting(where.crm.person_fields[2])
    with expect.unmoved(lab, other.get(second)):
        expect.done(lab, patch(where, made, change))
        by_group = patch(where, made, change, installationId=None, groupRef=where.who.group)
        expect.done(lab, by_group)


def _writes_a_new_config(lab: Lab) -> None:
    where, made = installed(lab)
    answer = expect.done(lab, patch(where, made, selecting(where.crm.person_fields[1])))
    if answer["config"]["id"] == made["config"]["id"]:
        raise Broken("a successful patch keeps the config's id", pointer="/config/id")


_ID = "patchObjectConfigContent"

RULES: tuple[Rule, ...] = (
    *(Rule(_ID, case.name, case.cites, partial(_applies, case)) for case in PATCHES),
    *(
        Rule(_ID, f"refuses-{name}", cites, partial(_refuses, changes, name), strength)
        for name, changes, cites, strength in WRONG
    ),
    Rule(_ID, "group-is-as-good-as-id", _WHOLE, _group_is_as_good),
    Rule(_ID, "one-of-group-and-id", _WHOLE, _one_of_both),
    Rule(_ID, "object-is-of-the-manifest", _OBJECT, _is_of_the_manifest),
    Rule(_ID, "absent-is-refused", _ABSENT, _absent_is_refused),
    Rule(_ID, "leaves-others-alone", _WHOLE, _others_stay),
    Rule(
        _ID,
        "writes-a-new-config",
        citing.described("Config", "id"),
        _writes_a_new_config,
        Strength.INFERRED,
    ),
)
