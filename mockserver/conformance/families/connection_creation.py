"""What making connections promises: the echo, the customer behind it, the list and its filters."""

from __future__ import annotations

from functools import partial
from itertools import product
from typing import Any

from mockserver.conformance import callers, catalog, expect
from mockserver.conformance.calls import Call
from mockserver.conformance.catalog import API_KEY, BASIC, KINDS, Kind
from mockserver.conformance.families import citing
from mockserver.conformance.families.connections import connection, customer, generate
from mockserver.conformance.family import there
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Broken, Rule, Strength

SCHEME = citing.described("Connection", "authScheme")
STATUS = citing.described("Connection", "status")
FILTERS = ("provider", "groupRef", "consumerRef")


def listed(**query: str) -> Call:
    """Return the call that lists connections."""
    return Call("listConnections", {}, query)


def get(identifier: str, **query: str) -> Call:
    """Return the call that reads a connection."""
    return Call("getConnection", {"connectionId": identifier}, query)


def _is_made(kind: Kind, lab: Lab) -> None:
    call = generate(lab, kind)
    made = expect.done(lab, call, f"a connection with {kind.block or 'nothing'}")
    body = call.body
    shown = {
        "provider": body["provider"],
        "group": {"groupRef": body["groupRef"], "groupName": body["groupName"]},
        "consumer": {
            "consumerRef": body["consumerRef"],
            "consumerName": body["consumerName"],
        },
    }
    kept = ("providerWorkspaceRef", "providerMetadata")
    shown |= {name: body[name] for name in kept if name in body}
    expect.holds(shown, made)
    _has_scheme(kind, made)
    read = expect.read(lab, get(made["id"]))
    entry = expect.one(expect.read(lab, listed()), made["id"], "a new connection")
    expect.same(read, entry, "the connection in the list")
    for seen in (read, entry):
        expect.holds({**shown, "id": made["id"], "projectId": made["projectId"]}, seen)
        _has_scheme(kind, seen)


def _has_scheme(kind: Kind, seen: expect.Record) -> None:
    if kind.schemes and seen.get("authScheme") not in kind.schemes:
        wanted = " or ".join(kind.schemes)
        got = seen.get("authScheme")
        raise Broken(
            f"a connection with {kind.block} has authScheme {got!r}, not {wanted}",
            pointer="/authScheme",
        )


def _starts_as_created(lab: Lab) -> None:
    made = connection(lab)
    if made.get("status") != "created":
        raise Broken(f"a new connection is {made.get('status')!r}, not created", pointer="/status")


def _names_default_to_refs(lab: Lab) -> None:
    made = expect.done(lab, generate(lab, groupName=None, consumerName=None))
    for whose in ("group", "consumer"):
        shown = made[whose]
        expect.same(shown[f"{whose}Ref"], shown[f"{whose}Name"], f"the {whose}Name left out")


def _keeps_metadata(lab: Lab) -> None:
    given = {
        "ctFirst": {"value": "One", "source": "input", "displayName": "First"},
        "ct second": {"value": " two ", "source": "token"},
        "ct.third": {"value": "", "source": "provider"},
    }
    made = expect.done(
        lab, generate(lab, providerMetadata=given, providerWorkspaceRef="CT-Work.space")
    )
    wanted = {"providerMetadata": given, "providerWorkspaceRef": "CT-Work.space"}
    expect.holds(wanted, made)
    expect.holds(wanted, expect.read(lab, get(made["id"])))


def _keeps_text(lab: Lab) -> None:
    who = customer(lab)
    names: dict[str, Any] = {"groupName": "Zoë & Søn, Ltd. ⟨ö⟩", "consumerName": 'O"Neil <b>\\'}
    refs: dict[str, Any] = {
        "groupRef": f"{who.group} Ä/b?c",
        "consumerRef": f"{who.consumer}+x@y.z",
    }
    made = expect.done(lab, generate(lab, who=who, **names, **refs))
    shown = {
        "group": {"groupRef": refs["groupRef"], "groupName": names["groupName"]},
        "consumer": {
            "consumerRef": refs["consumerRef"],
            "consumerName": names["consumerName"],
        },
    }
    expect.holds(shown, made)
    found = expect.read(lab, listed(**refs))
    expect.holds(shown, expect.one(found, made["id"], "a connection asked for by its refs"))


def _are_filtered(lab: Lab) -> None:
    groups = lab.name("group"), lab.name("group")
    consumers = lab.name("consumer"), lab.name("consumer")
    first = catalog.provider(lab, API_KEY)
    kinds = {first: API_KEY, catalog.provider(lab, BASIC): BASIC}
    made = {}
    # One of the eight is left out, so that filters which are combined wrongly are told apart.
    for group, consumer, name in list(product(groups, consumers, kinds))[:-1]:
        who = customer(lab, group=group, consumer=consumer)
        row = connection(lab, kinds[name], who, provider=name)
        made[row["id"]] = {"groupRef": group, "consumerRef": consumer, "provider": name}
    wanted = {"groupRef": groups[0], "consumerRef": consumers[1], "provider": first}
    for chosen in product((False, True), repeat=3):
        query = {name: wanted[name] for name, is_on in zip(FILTERS, chosen, strict=True) if is_on}
        _is_filtered(lab, query, made)
    last = {"groupRef": groups[1], "consumerRef": consumers[1], "provider": list(kinds)[1]}
    _is_filtered(lab, last, made)


def _is_filtered(lab: Lab, query: dict[str, str], made: dict[str, dict[str, str]]) -> None:
    rows = expect.read(lab, listed(**query))
    right = {one for one, facts in made.items() if all(facts[k] == v for k, v in query.items())}
    found = expect.ours(rows, made)
    if found != right:
        more, less = len(found - right), len(right - found)
        raise Broken(f"filtered by {', '.join(query)}: {more} too many, {less} missing")
    foreign = [
        row
        for row in rows
        if query.get("groupRef", row["group"]["groupRef"]) != row["group"]["groupRef"]
    ]
    if foreign:
        raise Broken("filtered by groupRef: shows another group")


def _finds_nothing(lab: Lab) -> None:
    made = connection(lab)
    for name in FILTERS:
        rows = expect.read(lab, listed(**{name: lab.name("nobody")}))
        if rows:
            raise Broken(f"filtered by an unknown {name}: shows {len(rows)}")
    elsewhere = expect.read(lab, listed(groupRef=made["group"]["groupRef"].upper()))
    if expect.ours(elsewhere, [made["id"]]):
        raise Broken("a groupRef in capitals finds another group", strength=Strength.INFERRED)


def _refuses_unknown_provider(lab: Lab) -> None:
    who = customer(lab)
    call = generate(lab, who=who)
    body = {**call.body, "provider": lab.name("provider")}
    with expect.unmoved(lab, listed(groupRef=who.group)):
        answer = lab.make(Call("generateConnection", body=body))
        expect.refused(answer, "a connection to an unknown provider", expect.UNFIT)


def _refuses_other_credentials(kind: Kind, lab: Lab) -> None:
    who = customer(lab)
    call = generate(lab, kind, who)
    body = {name: value for name, value in call.body.items() if name != kind.block}
    other = BASIC if kind is not BASIC else API_KEY
    with expect.unmoved(lab, listed(groupRef=who.group)):
        if kind.block:
            answer = lab.make(Call("generateConnection", body=body))
            expect.refused(answer, f"a connection without {kind.block}")
        body |= catalog.credentials(lab, other, body["provider"])
        answer = lab.make(Call("generateConnection", body=body))
        what = f"a connection with {other.block} where {kind.block or 'nothing'} is taken"
        expect.refused(answer, what)


def _ids_differ(lab: Lab) -> None:
    who = customer(lab)
    made = [connection(lab, who=customer(lab, group=who.group)) for _ in range(3)]
    ids = {one["id"] for one in made}
    if len(ids) != 3:
        raise Broken("connections of three consumers have the same id", pointer="/id")
    found = expect.ours(expect.read(lab, listed(groupRef=who.group)), ids)
    if found != ids:
        raise Broken(f"{len(ids - found)} of a group's three connections are not listed")


def _group_is_one(lab: Lab) -> None:
    first = connection(lab)
    group = first["group"]["groupRef"]
    renamed = lab.name("Renamed group")
    second = connection(lab, who=customer(lab, group=group), groupName=renamed)
    expect.same(renamed, second["group"]["groupName"], "the group's new name")
    seen = expect.read(lab, get(first["id"]))
    expect.same(renamed, seen["group"]["groupName"], "the group's name on its other connection")
    expect.same(second, expect.read(lab, get(second["id"])), "the second connection")
    expect.same(first["group"]["createTime"], second["group"]["createTime"], "the group's time")


def _groups_are_of_projects(lab: Lab) -> None:
    where, who = there(lab), customer(lab)
    here = connection(lab, who=who)
    other = connection(lab, who=who, place=where, groupName="Neighbour", consumerName="Neighbour")
    seen = expect.read(lab, get(here["id"]))
    expect.holds({"group": here["group"], "consumer": here["consumer"]}, seen)
    expect.holds({"group": {"groupName": "Neighbour"}}, other)
    for whose in ("group", "consumer"):
        if other[whose]["projectId"] == here[whose]["projectId"]:
            raise Broken(f"the {whose} of two projects has one projectId", pointer=f"/{whose}")
    rows = expect.read(lab, listed(groupRef=who.group))
    expect.none(rows, other["id"], "a connection of the neighbour project")
    path = {"projectIdOrName": where.project}
    exchange = lab.make(
        Call("listConnections", path, {"groupRef": who.group}), caller=callers.NEIGHBOUR_KEY
    )
    expect.none(expect.granted(exchange), here["id"], "a connection of our project there")


_ECHO = f"{citing.GENERATE}/description"
_LIST = f"{citing.CONNECTIONS}/get/summary"

RULES: tuple[Rule, ...] = (
    *(
        Rule(
            "generateConnection",
            f"is-made-with-{kind.block or 'nothing'}",
            SCHEME if kind.schemes else _ECHO,
            partial(_is_made, kind),
        )
        for kind in KINDS
    ),
    *(
        Rule(
            "generateConnection",
            f"other-credentials-are-refused-for-{kind.block or 'nothing'}",
            _ECHO,
            partial(_refuses_other_credentials, kind),
            Strength.INFERRED,
        )
        for kind in KINDS
    ),
    Rule("generateConnection", "starts-as-created", STATUS, _starts_as_created),
    Rule(
        "generateConnection",
        "names-default-to-refs",
        citing.body(citing.OAUTH_CONNECT, "groupName"),
        _names_default_to_refs,
        Strength.INFERRED,
    ),
    Rule(
        "generateConnection",
        "keeps-metadata",
        citing.described("ProviderMetadataInfo", "value"),
        _keeps_metadata,
    ),
    Rule("generateConnection", "keeps-text", citing.described("Group", "groupName"), _keeps_text),
    Rule(
        "generateConnection",
        "unknown-provider-is-refused",
        citing.described("ConnectionRequest", "provider"),
        _refuses_unknown_provider,
        Strength.INFERRED,
    ),
    Rule("generateConnection", "ids-differ", citing.described("Connection", "id"), _ids_differ),
    Rule(
        "generateConnection",
        "a-group-is-one",
        citing.described("Group", "groupName"),
        _group_is_one,
        Strength.INFERRED,
    ),
    Rule(
        "generateConnection",
        "groups-are-of-projects",
        citing.described("Group", "projectId"),
        _groups_are_of_projects,
        needs=frozenset({"neighbour"}),
    ),
    Rule(
        "listConnections",
        "filters-combine",
        citing.parameter(f"{citing.CONNECTIONS}/get", 2),
        _are_filtered,
    ),
    Rule(
        "listConnections",
        "unknown-refs-find-nothing",
        citing.parameter(f"{citing.CONNECTIONS}/get", 3),
        _finds_nothing,
    ),
)
