"""What may be sent, by profile: whatever a request carries, it can only touch what is ours."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.conformance.belongings import Belongings
from mockserver.conformance.callers import Caller
from mockserver.conformance.exchange import NO_BODY, Request
from mockserver.conformance.manifests import Manifests
from mockserver.conformance.policy import Policy
from mockserver.conformance.profiles import FULL, OBSERVE, OWN_DATA, PROFILES, load_profile
from mockserver.conformance.rules import Refused
from tests.conformance.checking import CONTRACT

OURS = "ct-abc123-0001-thing-1"
OUR_ID = "7d2f1a80-5a5c-4a6e-9d7f-2f7d3c1b0e11"
THEIRS = "3b1f6f0e-4c8d-4a7b-9e2f-5d6c7b8a9f77"
NOTHING = "00000000-0000-4000-8000-000000000001"
P = "/projects/my-project"
MANIFEST = "specVersion: 1.0.0\nintegrations:\n  - {name: NAME, provider: hubspot}\n"


def policy(profile: str) -> Policy:
    belongings = Belongings("abc123", ["my-project", "their-org"])
    belongings.ids.add(OUR_ID)
    return Policy(load_profile(profile, CONTRACT), CONTRACT, belongings, Manifests())


def request(method: str, address: str, body: Any = NO_BODY, **more: Any) -> Request:
    path, _, query = address.partition("?")
    pairs = tuple((n, v) for n, _, v in (p.partition("=") for p in query.split("&") if p))
    return Request("getProject", method, path, pairs, body, **more)


def is_sent(profile: str, asked: Request) -> bool:
    try:
        policy(profile).check(asked)
    except Refused:
        return False
    return True


ALLOWED = {
    "a list": ("GET", f"{P}/topics"),
    "somebody's record, to read": ("GET", f"{P}/destinations/defaultWebhook"),
    "a record of our own": ("DELETE", f"{P}/topics/{OUR_ID}"),
    "our own by name": ("PATCH", f"{P}/destinations/{OURS}", {}),
    "our own by NAME": ("PATCH", f"{P}/destinations/{OURS.upper()}", {}),
    "what nobody has": ("DELETE", f"{P}/topics/{NOTHING}"),
    "a topic with the mark": ("POST", f"{P}/topics", {"name": OURS}),
    "no valid topic": ("POST", f"{P}/topics", {"name": 7}),
    "a name that no record can have": ("POST", f"{P}/topics", {"name": "two words"}),
    "no JSON": ("POST", f"{P}/topics", NO_BODY, {"raw": b"{"}),
    "JSON nested too deep": ("POST", f"{P}/topics", NO_BODY, {"raw": b"[" * 100_000}),
    "a batch of ours": (
        "PUT",
        f"{P}/integrations:batch",
        {"sourceYaml": MANIFEST.replace("NAME", OURS)},
    ),
    "a batch that says false": (
        "PUT",
        f"{P}/integrations:batch?destructive=false",
        {"sourceYaml": ""},
    ),
    "an invite to nobody": ("POST", "/orgs/their-org/invites", {"email": f"{OURS}@example.com"}),
    "secrets of ours": ("GET", f"{P}/connections/{OUR_ID}?includeCreds=true"),
    "a flag on a list of ours": ("GET", f"{P}/connections?groupRef={OURS}&includeCreds=true"),
    "a parameter that means nothing": ("GET", f"{P}/topics?ctUnknown=1"),
    "a foreign project's id with ours": ("DELETE", f"{P}/topic-destination-routes/{OUR_ID}"),
    "another method on ours": ("PUT", f"{P}/topics/{OUR_ID}"),
    "OPTIONS anywhere": ("OPTIONS", f"{P}/topics"),
    "a colon in percent": ("PUT", f"{P}/integrations%3Abatch", {"sourceYaml": ""}),
}
REFUSED = {
    "their record": ("DELETE", f"{P}/topics/{THEIRS}"),
    "their record, without credentials": (
        "DELETE",
        f"{P}/topics/{THEIRS}",
        NO_BODY,
        {"caller": Caller()},
    ),
    "their record by name": ("PATCH", f"{P}/destinations/defaultWebhook", {}),
    "their key": ("DELETE", f"{P}/api-keys/some-key"),
    "a project that was not given": ("POST", "/projects/other/topics", {"name": OURS}),
    "a topic without the mark": ("POST", f"{P}/topics", {"name": "lead-alerts"}),
    "a topic of theirs in a route": (
        "POST",
        f"{P}/notification-event-topic-routes",
        {"topicId": THEIRS},
    ),
    "their connection": (
        "POST",
        f"{P}/integrations/{OUR_ID}/installations",
        {"connectionId": THEIRS},
    ),
    "their group": ("POST", f"{P}/integrations/{OUR_ID}/installations", {"groupRef": "acme"}),
    "their connection in a mask": (
        "PATCH",
        f"{P}/integrations/{OUR_ID}/installations/{OUR_ID}",
        {"updateMask": ["connectionId"], "installation": {"connectionId": THEIRS}},
    ),
    "their integration in a batch": ("PUT", f"{P}/integrations:batch", {"sourceYaml": MANIFEST}),
    "somebody's zip": ("PUT", f"{P}/integrations:batch", {"sourceZipUrl": "gs://bucket/x.zip"}),
    "a destructive batch": ("PUT", f"{P}/integrations:batch?destructive=true", {"sourceYaml": ""}),
    "an odd flag": ("PUT", f"{P}/integrations:batch?destructive=banana", {"sourceYaml": ""}),
    "their secrets": ("GET", f"{P}/connections/{THEIRS}?includeCreds=true"),
    "a rotation of theirs": ("GET", f"{P}/destinations/defaultWebhook?rotate=true"),
    "the same by HEAD": ("HEAD", f"{P}/destinations/defaultWebhook?rotate=true"),
    "a flag on everybody's list": ("GET", f"{P}/connections?includeCreds=true"),
    "a parameter that may mean something": ("GET", f"{P}/topics?purge=true"),
    "real mail": ("POST", "/orgs/their-org/invites", {"email": f"{OURS}@company.com"}),
    "a project": ("POST", "/projects", {"name": OURS}),
    "an organization": ("POST", "/orgs", {"label": OURS}),
    "the given project": ("PATCH", P, {"updateMask": ["appName"], "project": {"appName": OURS}}),
    "a membership": ("POST", "/orgs/their-org/memberships", {"builderId": NOTHING}),
    "a domain": ("POST", "/claimed-domains", {"domain": "x.example"}),
    "a portal": ("POST", "/billingAccounts/x/portalSession", {}),
    "an unknown method on a collection": ("DELETE", f"{P}/topics"),
    "an unknown method on the project": ("DELETE", P),
    "an unknown path": ("POST", f"{P}/topics:purge", {}),
    "a path in two readings": ("DELETE", f"{P}/topics/{OURS}%2F..%2Fx"),
    "dots in a path": ("DELETE", f"{P}/topics/../topics/{OUR_ID}"),
    "a method in a header": (
        "POST",
        f"{P}/topics",
        {"name": OURS},
        {"headers": {"X-HTTP-Method-Override": "DELETE"}},
    ),
}


def made(case: tuple[Any, ...]) -> Request:
    method, address, *rest = case
    body = rest[0] if rest else NO_BODY
    return request(method, address, body, **(rest[1] if len(rest) > 1 else {}))


@pytest.mark.parametrize("case", ALLOWED.values(), ids=ALLOWED)
def test_own_data_sends(case: tuple[Any, ...]):
    assert is_sent(OWN_DATA, made(case))


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_own_data_does_not_send(case: tuple[Any, ...]):
    assert not is_sent(OWN_DATA, made(case))


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_observe_does_not_send(case: tuple[Any, ...]):
    assert not is_sent(OBSERVE, made(case))


@pytest.mark.parametrize(
    "address",
    [
        "/generate-upload-url",
        f"{P}/destinations/{OUR_ID}?rotate=true",
        f"{P}/destinations/{OUR_ID}?includeSecrets=true",
        f"{P}/connections/{OUR_ID}?includeCreds=true",
        f"{P}/connections/{OUR_ID}?includeRefreshToken=true",
        f"{P}/connections/{OUR_ID}?refresh=force",
    ],
)
def test_observe_changes_nothing_and_sees_no_secrets(address: str):
    assert not is_sent(OBSERVE, request("GET", address))


def test_observe_only_gets():
    for method in ("HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE"):
        assert not is_sent(OBSERVE, request(method, f"{P}/topics/{OUR_ID}"))
    operations = load_profile(OBSERVE, CONTRACT).operations
    assert {CONTRACT.operations[name].method for name in operations} == {"GET"}


def test_full_knows_every_operation_and_parameter():
    operations = load_profile(FULL, CONTRACT).operations
    assert set(operations) == set(CONTRACT.operations)
    assert is_sent(FULL, request("DELETE", f"{P}/topics/{THEIRS}"))


def test_own_data_leaves_out_exactly_what_it_says():
    left_out = set(CONTRACT.operations) - set(load_profile(OWN_DATA, CONTRACT).operations)
    assert left_out == {
        "createProject",
        "updateProject",
        "createOrg",
        "updateOrg",
        "addUserToOrg",
        "acceptInvite",
        "claimDomain",
        "createBillingAccountSession",
    }


def test_every_path_parameter_of_a_write_is_ours_or_a_home():
    homes = {"projectIdOrName", "orgId"}
    for name, allowed in load_profile(OWN_DATA, CONTRACT).operations.items():
        operation = CONTRACT.operations[name]
        if operation.method != "GET":
            own = {p.name for p in operation.parameters if p.place == "path"} - homes
            assert own - allowed.ours <= {"provider", "objectName"}, name


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_names_only_what_the_contract_has(name: str):
    for operation_id, allowed in load_profile(name, CONTRACT).operations.items():
        operation = CONTRACT.operations[operation_id]
        places = {p.name for p in operation.parameters}
        assert allowed.ours <= places
        assert {one.partition("=")[0] for one in allowed.query} <= places


def test_an_unknown_profile_is_told():
    with pytest.raises(ValueError, match="no profile 'careless'"):
        load_profile("careless", CONTRACT)
