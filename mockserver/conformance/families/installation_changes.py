"""What updating an installation promises: each mask alone, several at once, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from mockserver.conformance import catalog, expect
from mockserver.conformance.calls import Call
from mockserver.conformance.catalog import API_KEY
from mockserver.conformance.families import citing, connections
from mockserver.conformance.families.connections import connection, customer
from mockserver.conformance.families.installation_creation import everything, listed
from mockserver.conformance.families.installation_masks import (
    CHANGES,
    CONTENT,
    IGNORED,
    MASK,
    PATCH,
    Change,
    nested,
    place,
    subscribed,
)
from mockserver.conformance.families.installations import Record, Site
from mockserver.conformance.family import at
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Broken, Rule, Strength


def _applies(change: Change, lab: Lab) -> None:
    where, made = place(lab)
    value = change.value(lab, where)
    body = nested(change.path(where), value)
    call = where.update(made, change.mask(where), **body)
    answer = expect.done(lab, call, f"the mask {change.mask(where)}")
    after = expect.read(lab, where.get(made))
    expect.same(expect.steady(answer), expect.steady(after), "the installation when it is read")
    _shows(change, where, value, after)
    _keeps_the_rest(where, made, after, change)
    entry = expect.one(expect.read(lab, listed(where)), made["id"], "an updated installation")
    _shows(change, where, value, entry)


def _shows(change: Change, where: Site, value: Any, seen: Any) -> None:
    path = change.path(where)
    expect.holds(nested(path, value), seen)
    if not isinstance(value, Mapping):
        return
    shown = _at(seen, path)
    added = shown.keys() - value.keys()
    if change.is_whole and added and not value.get("objectName"):
        raise Broken(f"{change.mask(where)} keeps {', '.join(sorted(added))}", pointer=f"/{path}")
    # What the old object had and nobody completes is gone: the mask replaces.
    for kept in {"selectedValueMappings", "dynamicMappingsInput", "selectedFieldSettings"} & added:
        if shown[kept]:
            raise Broken(
                f"{change.mask(where)} keeps {kept} of the old config", pointer=f"/{path}/{kept}"
            )
    old = set(shown.get("selectedFields", {})) - set(value.get("selectedFields", {}))
    if old - {"email", "name"}:
        raise Broken(
            f"{change.mask(where)} keeps the old selectedFields {sorted(old)}",
            pointer=f"/{path}/selectedFields",
        )


def _at(record: Any, path: str) -> Any:
    for step in path.split("/"):
        record = record[step]
    return record


def _keeps_the_rest(where: Site, made: Record, seen: Any, *changes: Change) -> None:
    """Hold that what no mask names is as it was."""
    before, after = _leaves(made), _leaves(seen)
    named = tuple(change.path(where) for change in changes)
    for path in before.keys() | after.keys():
        if not any(path == one or path.startswith(f"{one}/") for one in named):
            expect.same(before.get(path), after.get(path), f"{path}, which no mask names")


def _leaves(record: Record) -> dict[str, Any]:
    """Return what an update may not move, by path: objects one by one."""
    found = {name: record[name] for name in ("id", "integrationId", "projectId", "createTime")}
    found["group"] = record.get("group", {}).get("groupRef")
    found["connectionId"] = record["connection"]["id"]
    found["config/createdBy"] = record["config"]["createdBy"]
    content = record["config"]["content"]
    found["config/content/provider"] = content["provider"]
    found["config/content/proxy/enabled"] = at(content, "proxy.enabled")
    for action in ("read", "write", "subscribe"):
        for name, config in content.get(action, {}).get("objects", {}).items():
            found[f"config/content/{action}/objects/{name}"] = config
    return found


def _applies_all(names: tuple[str, ...], lab: Lab) -> None:
    where, made = place(lab)
    changes = [change for change in CHANGES if change.name in names]
    body: dict[str, Any] = {}
    values = {}
    for change in changes:
        values[change.name] = change.value(lab, where)
        body = _merged(body, nested(change.path(where), values[change.name]))
    masks = [change.mask(where) for change in changes]
    answer = expect.done(lab, where.update(made, *masks, **body), "several masks")
    for seen in (answer, expect.read(lab, where.get(made))):
        for change in changes:
            _shows(change, where, values[change.name], seen)
        _keeps_the_rest(where, made, seen, *changes)


def _merged(left: Any, right: Any) -> Any:
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return {
            name: _merged(left[name], right[name])
            if name in left and name in right
            else left.get(name, right.get(name))
            for name in {**left, **right}
        }
    return right


def _ignores_the_unmasked(lab: Lab) -> None:
    where, made = place(lab)
    [change] = [one for one in CHANGES if one.name == "creator"]
    body: dict[str, Any] = {}
    for one in CHANGES:
        if one.name in {"read-object", "write-objects", "no-subscribe-objects", "proxy-off"}:
            body = _merged(body, nested(one.path(where), one.value(lab, where)))
    other = connections.at(lab, where.crm.provider, customer(lab, group=where.who.group))
    creator = change.value(lab, where)
    body = _merged(body, {"config": {"createdBy": creator}, "connectionId": other["id"]})
    body |= {"groupRef": lab.name("group"), "healthStatus": "unhealthy", "id": lab.name("id")}
    answer = expect.done(lab, where.update(made, "config.createdBy", **body))
    for seen in (answer, expect.read(lab, where.get(made))):
        expect.holds({"config": {"createdBy": creator}}, seen)
        _keeps_the_rest(where, made, seen, change)


def _switches_the_connection(lab: Lab) -> None:
    where, made = place(lab)
    other = connections.at(lab, where.crm.provider, customer(lab, group=where.who.group))
    call = where.update(made, "connectionId", connectionId=other["id"])
    answer = expect.done(lab, call, "the mask connectionId")
    for seen in (answer, expect.read(lab, where.get(made))):
        expect.holds({"id": other["id"], "consumer": other["consumer"]}, seen["connection"])
        expect.same(made["config"]["content"], seen["config"]["content"], "the config's content")
    old = Call("getConnection", {"connectionId": where.connection["id"]})
    if not lab.make(old).answer.is_success:
        raise Broken("the old connection is gone after the switch", strength=Strength.INFERRED)


def _refuses_unfit_connections(lab: Lab) -> None:
    where, made = place(lab)
    with expect.unmoved(lab, where.get(made)):
        for what, one in (
            ("another group", connections.at(lab, where.crm.provider)["id"]),
            (
                "another provider",
                connection(lab, who=where.who, provider=catalog.provider(lab, API_KEY))["id"],
            ),
            ("nobody", lab.absent()),
        ):
            answer = lab.make(where.update(made, "connectionId", connectionId=one))
            expect.refused(answer, f"a connection of {what}", expect.UNFIT)


def _subscribes(lab: Lab) -> None:
    where, made = place(lab)
    given = {where.crm.person: subscribed(where.crm.person)}
    for seen in (made, expect.read(lab, where.get(made))):
        expect.holds({"config": {"content": {"subscribe": {"objects": given}}}}, seen)


def _pauses(lab: Lab) -> None:
    where, made = place(lab)
    name = where.crm.person
    before = expect.part(made, "config", "content", "read", "objects")
    for value in (True, False):
        body = nested(f"config/content/read/objects/{name}/disabled", value)
        call = where.update(made, f"{CONTENT}.read.objects.{name}.disabled", **body)
        answer = expect.done(lab, call, "pausing an object")
        for seen in (answer, expect.read(lab, where.get(made))):
            after = expect.part(seen, "config", "content", "read", "objects")
            if bool(after[name].get("disabled", False)) is not value:
                raise Broken(f"disabled is not {value}", pointer="/config/content/read/objects")
            kept = {key: one for key, one in before[name].items() if key != "disabled"}
            expect.holds(kept, after[name])
            expect.same({**before, name: 0}, {**after, name: 0}, "the other objects")


def _writes_a_new_config(lab: Lab) -> None:
    where, made = place(lab)
    ids = {made["config"]["id"]}
    for value in (False, True, True):
        body = nested("config/content/proxy/enabled", value)
        call = where.update(made, f"{CONTENT}.proxy.enabled", **body)
        ids.add(expect.done(lab, call)["config"]["id"])
    if len(ids) != 4:
        raise Broken("a successful update keeps the config's id", pointer="/config/id")


def _others_stay(lab: Lab) -> None:
    where, made = place(lab)
    who = customer(lab)
    other = Site(where.crm, where.integration, who, connections.at(lab, where.crm.provider, who))
    second = expect.need(lab, other.create(everything(where)))
    with expect.unmoved(lab, other.get(second)):
        for change in CHANGES:
            body = nested(change.path(where), change.value(lab, where))
            expect.done(lab, where.update(made, change.mask(where), **body))


_TOGETHER = (
    ("read-object", "write-object", "proxy-off"),
    ("creator", "other-read-object", "other-subscribe-object"),
    ("proxy-off", "write-objects", "subscribe-objects", "read-object", "creator"),
)

RULES: tuple[Rule, ...] = (
    *(
        Rule(
            "updateInstallation",
            f"applies-{change.name}",
            citing.described("UpdateMask") if "dot" in change.name else MASK,
            partial(_applies, change),
        )
        for change in CHANGES
    ),
    *(
        Rule(
            "updateInstallation",
            f"applies-{'-and-'.join(names)}",
            MASK,
            partial(_applies_all, names),
        )
        for names in _TOGETHER
    ),
    Rule(
        "createInstallation",
        "subscription-is-kept",
        citing.described("SubscribeConfigObject"),
        _subscribes,
    ),
    Rule("updateInstallation", "ignores-the-unmasked", IGNORED, _ignores_the_unmasked),
    Rule("updateInstallation", "switches-the-connection", MASK, _switches_the_connection),
    Rule(
        "updateInstallation",
        "unfit-connections-are-refused",
        MASK,
        _refuses_unfit_connections,
        Strength.INFERRED,
    ),
    Rule("updateInstallation", "pauses-one-object", MASK, _pauses, Strength.INFERRED),
    Rule(
        "updateInstallation",
        "writes-a-new-config",
        citing.described("Config", "id"),
        _writes_a_new_config,
        Strength.INFERRED,
    ),
    Rule("updateInstallation", "leaves-others-alone", f"{PATCH}/description", _others_stay),
)
