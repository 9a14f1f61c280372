"""What changing and deleting connections promises: masks, schemes, and what is in use."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from mockserver.conformance import catalog, expect
from mockserver.conformance.calls import Call
from mockserver.conformance.catalog import API_KEY, BASIC, CLIENT, KINDS, PASSWORD, TOKENS, Kind
from mockserver.conformance.exchange import Exchange
from mockserver.conformance.families import citing
from mockserver.conformance.families.connection_creation import get, listed
from mockserver.conformance.families.connections import connection, customer, generate
from mockserver.conformance.families.installations import site
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Broken, Rule, Strength

#: Kinds of connections whose credentials can be changed.
ROTATED = (API_KEY, BASIC, CLIENT, PASSWORD)
NOT_MASKS = (
    "provider",
    "groupRef",
    "consumerRef",
    "group.groupName",
    "groupName",
    "status",
    "authScheme",
    "id",
    "oauth2AuthorizationCode",
    "customAuth",
    "basicAuth.password",
    "providerMetadata.ctFirst",
    "ctNonsense",
)
_UPDATE = f"{citing.CONNECTION}/patch"
MASK = citing.described("UpdateConnectionRequest", "updateMask")
IGNORED = citing.described("UpdateConnectionRequest")
_UNKNOWN = citing.answer(_UPDATE, 400)

METADATA: Mapping[str, Any] = {"ctFirst": {"value": "One", "source": "input"}}


def update(identifier: str, mask: list[str], **values: Any) -> Call:
    """Return a call of updateConnection."""
    body = {"updateMask": mask, "connection": values}
    return Call("updateConnection", {"connectionId": identifier}, body=body)


def _everything(identifier: str) -> Call:
    return get(identifier, includeRefreshToken="true", includeCreds="true")


def _rotates(kind: Kind, lab: Lab) -> None:
    made = connection(lab, kind)
    value = catalog.block(lab, kind.block, {})
    answer = expect.done(lab, update(made["id"], [kind.block], **{kind.block: value}))
    kept = {name: made[name] for name in ("id", "provider", "authScheme")}
    expect.holds({**kept, "group": made["group"], "consumer": made["consumer"]}, answer)
    seen = expect.read(lab, get(made["id"]))
    expect.holds({**kept, "group": made["group"], "consumer": made["consumer"]}, seen)
    if kind is API_KEY:
        shown = expect.read(lab, _everything(made["id"]))
        if shown.get("apiKey", value) != value:
            raise Broken("the old apiKey is shown after it was rotated", pointer="/apiKey")


def _moves_metadata(lab: Lab) -> None:
    made = connection(lab, providerMetadata=METADATA)
    value = {"ctSecond": {"value": "Two", "source": "input", "displayName": "Second"}}
    answer = expect.done(lab, update(made["id"], ["providerMetadata"], providerMetadata=value))
    for seen in (answer, expect.read(lab, get(made["id"]))):
        expect.holds({"providerMetadata": value}, seen)
        if "ctFirst" in seen["providerMetadata"]:
            detail = "providerMetadata is merged with the old, not updated to what was given"
            raise Broken(detail, pointer="/providerMetadata/ctFirst", strength=Strength.INFERRED)


def _applies_every_mask(lab: Lab) -> None:
    made = connection(lab)
    values: dict[str, Any] = {
        "providerWorkspaceRef": "ct-other-workspace",
        "providerMetadata": METADATA,
        "apiKey": lab.name("rotated"),
    }
    for mask in (list(values), list(values)[::-1]):
        values["providerWorkspaceRef"] += "-again"
        answer = expect.done(lab, update(made["id"], mask, **values))
        shown = {name: values[name] for name in ("providerWorkspaceRef", "providerMetadata")}
        expect.holds(shown, answer)
        seen = expect.read(lab, _everything(made["id"]))
        expect.holds(shown, seen)
        if seen.get("apiKey", values["apiKey"]) != values["apiKey"]:
            raise Broken("the last of three masks is not applied", pointer="/apiKey")


def _ignores_the_unmasked(lab: Lab) -> None:
    made = connection(lab, providerMetadata=METADATA)
    before = expect.read(lab, _everything(made["id"]))
    others = {
        "providerMetadata": {"ctSecond": {"value": "Two", "source": "input"}},
        "apiKey": lab.name("unlisted"),
        "provider": catalog.provider(lab, BASIC),
        **customer(lab).refs(),
    }
    call = update(made["id"], ["providerWorkspaceRef"], providerWorkspaceRef="ct-new", **others)
    expect.done(lab, call)
    after = expect.read(lab, _everything(made["id"]))
    moving = {"providerWorkspaceRef", "updateTime", "status"}
    for name in before.keys() - moving:
        expect.same(before[name], after.get(name), f"{name}, which no mask names")
    expect.holds({"providerWorkspaceRef": "ct-new"}, after)


def _refuses_unknown_masks(lab: Lab) -> None:
    made = connection(lab)
    values = {"providerWorkspaceRef": "ct-new", "status": "working", "id": lab.name("id")}
    values |= {name: values["id"] for name in NOT_MASKS if name not in values and "." not in name}
    with expect.unmoved(lab, _everything(made["id"])):
        for name in NOT_MASKS:
            for mask in ([name], ["providerWorkspaceRef", name]):
                body = {"updateMask": mask, "connection": _shaped(values)}
                path = {"connectionId": made["id"]}
                answer = lab.make(Call("updateConnection", path, body=body))
                expect.refused(answer, f"the mask {name}", {400}, is_declared=True)


def _shaped(values: dict[str, Any]) -> dict[str, Any]:
    """Return values as the schema types them, so that only the mask is wrong."""
    tokens = {"accessToken": {"token": values["id"]}}
    return {**values, "oauth2AuthorizationCode": tokens, "customAuth": {"token": values["id"]}}


def _refuses_missing_values(lab: Lab) -> None:
    made = connection(lab)
    with expect.unmoved(lab, _everything(made["id"])):
        for mask, values in (
            (["apiKey"], {}),
            (["providerWorkspaceRef"], {"providerMetadata": METADATA}),
            (["providerMetadata"], {"providerWorkspaceRef": "ct-new"}),
            (["providerWorkspaceRef", "apiKey"], {"providerWorkspaceRef": "ct-new"}),
        ):
            answer = lab.make(update(made["id"], mask, **values))
            expect.refused(answer, f"{mask} without a value", is_declared=True)


def _refuses_other_schemes(kind: Kind, lab: Lab) -> None:
    made = connection(lab, kind)
    with expect.unmoved(lab, _everything(made["id"])):
        for other in ROTATED:
            if other is kind:
                continue
            value = catalog.block(lab, other.block, {})
            values = {other.block: value, "providerWorkspaceRef": "ct-new"}
            for mask in ([other.block], ["providerWorkspaceRef", other.block]):
                answer = lab.make(update(made["id"], mask, **values))
                what = f"{other.block} for a connection with {kind.block or 'nothing'}"
                expect.refused(answer, what, {400, 409, 422})


def _others_stay(lab: Lab) -> None:
    who = customer(lab)
    first = connection(lab, who=who)
    second = connection(lab, who=customer(lab, group=who.group))
    with expect.unmoved(lab, _everything(second["id"])):
        values = {"providerWorkspaceRef": "ct-new", "apiKey": lab.name("rotated")}
        expect.done(lab, update(first["id"], list(values), **values))


def _deletes_the_unused(kind: Kind, lab: Lab) -> None:
    who = customer(lab)
    made = connection(lab, kind, who)
    other = connection(lab, kind, customer(lab, group=who.group))
    expect.granted(delete(lab, made["id"]), "deleting an unused connection")
    expect.gone(lab.make(get(made["id"])), "a deleted connection")
    expect.gone(delete(lab, made["id"]), "deleting a connection again")
    refs = {"provider": made["provider"], "groupRef": who.group, "consumerRef": who.consumer}
    queries: tuple[dict[str, str], ...] = ({}, *({name: value} for name, value in refs.items()))
    for query in (*queries, refs):
        rows = expect.read(lab, listed(**query))
        expect.none(rows, made["id"], "a deleted connection")
    rows = expect.read(lab, listed(groupRef=who.group))
    expect.one(rows, other["id"], "the group's other connection")
    call = generate(lab, kind, who, provider=made["provider"])
    again = expect.done(lab, call, "connecting again what was disconnected")
    if again["id"] == made["id"]:
        raise Broken("a new connection has the id of a deleted one", pointer="/id")


def delete(lab: Lab, identifier: str) -> Exchange:
    """Delete a connection and return what came."""
    return lab.make(Call("deleteConnection", {"connectionId": identifier}))


def _refuses_the_used(lab: Lab) -> None:
    where = site(lab)
    made = expect.need(lab, where.create())
    used = where.connection["id"]
    rows = listed(groupRef=where.who.group)
    with expect.unmoved(lab, rows, where.get(made)):
        expect.refused(delete(lab, used), "deleting a connection in use", expect.CONFLICT)
    expect.need(lab, where.delete(made))
    expect.gone(lab.make(get(used)), "the connection of a deleted installation")


def _installed_exists(lab: Lab) -> None:
    where = site(lab)
    made = expect.need(lab, where.create())
    delete(lab, where.connection["id"])
    exchange = lab.make(where.get(made))
    if not exchange.answer.is_success:
        return  # it went with its connection
    embedded = exchange.json.get("connection", {}).get("id")
    exists = lab.make(get(str(embedded))).answer.is_success
    if not exists:
        detail = "an installation shows a connection that was deleted"
        raise Broken(detail, pointer="/connection/id")


def _deleted_is_of_no_use(lab: Lab) -> None:
    where = site(lab)
    expect.granted(delete(lab, where.connection["id"]), "deleting an unused connection")
    lists = Call("listInstallations", where.path, {"groupRef": where.who.group})
    with expect.unmoved(lab, lists):
        for changes in ({}, {"connectionId": None}):
            answer = lab.make(where.create(**changes))
            expect.refused(answer, "installing with a deleted connection", expect.UNFIT)


_DELETE = f"{citing.CONNECTION}/delete/summary"
_PATCH = f"{_UPDATE}/description"

RULES: tuple[Rule, ...] = (
    *(
        Rule("updateConnection", f"rotates-{kind.block}", _PATCH, partial(_rotates, kind))
        for kind in ROTATED
    ),
    *(
        Rule(
            "updateConnection",
            f"other-schemes-are-refused-for-{kind.block or 'nothing'}",
            MASK,
            partial(_refuses_other_schemes, kind),
        )
        for kind in KINDS
    ),
    Rule("updateConnection", "moves-metadata", _PATCH, _moves_metadata),
    Rule("updateConnection", "applies-every-mask", MASK, _applies_every_mask),
    Rule("updateConnection", "ignores-the-unmasked", IGNORED, _ignores_the_unmasked),
    Rule("updateConnection", "unknown-masks-are-refused", _UNKNOWN, _refuses_unknown_masks),
    Rule("updateConnection", "missing-values-are-refused", MASK, _refuses_missing_values),
    Rule("updateConnection", "leaves-others-alone", _PATCH, _others_stay),
    *(
        Rule(
            "deleteConnection",
            f"unused-is-deleted-with-{kind.block}",
            _DELETE,
            partial(_deletes_the_unused, kind),
        )
        for kind in (API_KEY, TOKENS)
    ),
    Rule(
        "deleteConnection",
        "used-is-kept",
        f"{citing.INSTALLATION}/delete/description",
        _refuses_the_used,
        Strength.INFERRED,
    ),
    Rule(
        "deleteConnection",
        "connections-of-installations-exist",
        f"{citing.INSTALLATIONS}/post/description",
        _installed_exists,
    ),
    Rule("deleteConnection", "deleted-is-of-no-use", _DELETE, _deleted_is_of_no_use),
)
