"""Which rule of a single noun must fire on which fault."""

from __future__ import annotations

from tests.calls import ACME
from tests.conformance import faults as f
from tests.conformance import odd_keys as keys
from tests.conformance import odd_mocks as odd
from tests.conformance.twisting import Asked, Fault, Told, World, at


def folding_groups(world: World, asked: Asked) -> Told:
    """Compare the group that is asked for without regard to case."""
    wanted = asked.url.params.get("groupRef")
    told = world.send(asked.with_query(groupRef=None))
    if wanted is None or not isinstance(told.body, list):
        return told
    kept = [one for one in told.body if one["group"]["groupRef"].lower() == wanted.lower()]
    return told.with_body(kept)


#: What is broken, the fault, and the rules that must see it.
NOUN_CASES: dict[str, tuple[Fault, tuple[str, ...]]] = {
    "an inactive key is taken": (
        at("updateApiKey", f.forgets),
        ("updateApiKey/active-counts-at-once", "updateApiKey/scopes-count-at-once"),
    ),
    "a deleted key is taken": (
        at("deleteApiKey", f.forgets),
        ("deleteApiKey/deleted-opens-nothing",),
    ),
    "every key opens everything": (
        at("listApiKeys", f.with_key("mock-full-key")),
        ("createApiKey/opens-no-other-project", "createApiKey/frontend-manages-nothing"),
    ),
    "a frontend key opens nothing": (
        at("listIntegrations", f.with_key("mock-inactive-key")),
        ("createApiKey/frontend-reads",),
    ),
    "a new key opens nothing": (
        at("listTopics", f.with_key("mock-inactive-key")),
        ("createApiKey/opens-its-project", "createApiKey/opens-without-scopes"),
    ),
    "a new key is not active": (
        at("getApiKey", f.answers(odd.fixed(active=False))),
        ("createApiKey/is-active",),
    ),
    "one inactive key takes the others along": (
        keys.all_keys_off,
        ("updateApiKey/other-keys-stay-active",),
    ),
    "a new JWT key is not active": (
        at("getJWTKey", f.answers(odd.fixed(active=False))),
        ("createJWTKey/is-active",),
    ),
    "customers' tokens are not taken": (
        at("getProject", f.refuses(401, lambda a: "authorization" in a.headers)),
        ("createJWTKey/takes-its-tokens",),
    ),
    "tokens of inactive and deleted keys are taken": (
        keys.never_forgets_a_token,
        ("updateJWTKey/active-counts-at-once", "deleteJWTKey/deleted-opens-nothing"),
    ),
    "tokens open every project": (
        at("listConnections", f.with_key("mock-prod-key")),
        ("createJWTKey/tokens-open-one-project",),
    ),
    "an update makes another signing key": (
        at("getDestination", keys.new_signing_key_each_time),
        ("updateDestination/what-includeSecrets-shows-stays",),
    ),
    "webhooks share a signing key": (
        at("getDestination", keys.one_signing_key),
        ("getDestination/signing-keys-are-own-and-stay", "getDestination/rotate-changes-one-key"),
    ),
    "rotate is not kept": (
        at("getDestination", f.forgets),
        ("getDestination/rotate-changes-one-key", "getDestination/rotate-shows-nothing"),
    ),
    "rotate is ignored": (
        at("getDestination", f.without_query("rotate")),
        ("getDestination/rotate-changes-one-key", "getDestination/rotate-shows-nothing"),
    ),
    "AWS credentials are shown": (
        keys.aws_in_answers,
        ("getDestination/aws-credentials-are-never-shown",),
    ),
    "later event types are refused": (
        at("createEventTopicRoute", f.refuses(422, lambda a: "triggered" in a.body["eventType"])),
        ("createEventTopicRoute/takes-the-types-of-answers",),
    ),
    "a filter takes any event type": (
        at("listEventTopicRoutes", f.grants(200, [])),
        ("listEventTopicRoutes/eventType-is-one-of-its-types",),
    ),
    "the same route twice makes two": (
        at("createEventTopicRoute", f.grants(201, {"id": "twin"})),
        ("createEventTopicRoute/is-made-once",),
    ),
    "the same delivery twice makes two": (
        at("createTopicDestinationRoute", f.grants(201, {"id": "twin"})),
        (
            "createTopicDestinationRoute/is-made-once",
            "createTopicDestinationRoute/unknown-ends-are-not-found",
        ),
    ),
    "renaming a topic drops its routes": (
        keys.renames_drop_routes,
        ("updateTopic/keeps-its-routes",),
    ),
    "an empty mask is all": (
        at("updateDestination", f.asks(f.empty_mask_is_all("destination"))),
        ("updateDestination/empty-mask-applies-nothing",),
    ),
    "a filter takes beginnings": (
        at("listEventTopicRoutes", keys.by_beginning),
        ("listEventTopicRoutes/topicId-narrows",),
    ),
    "an id means any noun": (
        at("deleteDestination", f.grants(204)),
        ("deleteDestination/another-nouns-id-is-refused",),
    ),
    "any provider will do": (
        at("createProviderApp", f.grants(200, {"id": "x"})),
        ("createProviderApp/provider-refuses-the-rest",),
    ),
    "ids are found by their beginning": (
        at("getDestination", keys.found_by_beginning),
        ("getDestination/malformed-is-refused",),
    ),
    "a key lists what it cannot read": (
        at("listProjects", f.answers(keys.invented)),
        ("listProjects/shows-what-the-key-reaches",),
    ),
    "a key lists every project": (
        at("listProjects", keys.sees_all),
        ("listProjects/hides-other-projects",),
    ),
    "a project has two ids": (
        at("getProject", f.answers(odd.fixed(id="3b1f6f0e-0000-4000-8000-000000000000"))),
        ("getProject/by-id-and-by-name",),
    ),
    "projects of no organization": (
        at("createProject", f.asks(odd.fixed(orgId=ACME))),
        ("createProject/orgId-must-be-there",),
    ),
    "a new project is not empty": (
        at("listTopics", f.answers(lambda _: [{"id": "x"}])),
        ("createProject/starts-empty", "updateProject/children-follow"),
    ),
    "a new invite is accepted": (
        at("getOrgInvite", f.answers(odd.fixed(status="accepted"))),
        ("createOrgInvite/is-pending",),
    ),
    "revoking does nothing": (
        at("deleteOrgInvite", f.forgets),
        ("deleteOrgInvite/is-revoked", "deleteOrgInvite/not-twice"),
    ),
    "revoked invites are forgotten": (
        keys.withdrawn_for_good,
        ("deleteOrgInvite/stays-readable",),
    ),
    "addresses are used up": (
        at("createOrgInvite", keys.addresses_are_used_up),
        ("deleteOrgInvite/frees-the-address",),
    ),
    "accepting is not kept": (at("acceptInvite", f.forgets), ("acceptInvite/is-accepted-once",)),
    "whoever asks is let in": (
        at("acceptInvite", f.grants(200, {})),
        ("acceptInvite/revoked-is-refused",),
    ),
    "my-info shows somebody else": (
        at("listOrgBuilders", f.answers(f.each_entry(odd.fixed(firstName="Else")))),
        ("getMyInfo/knows-the-caller",),
    ),
    "a group is found in other letters": (
        at("listConnections", folding_groups),
        ("listConnections/groupRef-narrows",),
    ),
    "a list stops after a page": (
        at("listTopics", f.answers(lambda entries: entries[:20])),
        ("listTopics/shows-many",),
    ),
    "who is added does not join": (
        at("addUserToOrg", f.forgets),
        ("addUserToOrg/adds-the-builder",),
    ),
    "members are added again": (
        at("addUserToOrg", f.grants(201)),
        ("addUserToOrg/members-are-added-once",),
    ),
    "every organization is there": (
        at("getOrg", f.grants(200, {"id": "x"})),
        ("getOrg/absent-org-is-refused",),
    ),
    "domains are listed in capitals": (
        at("listOrgClaimedDomains", f.answers(keys.capitals)),
        ("claimDomain/is-normalized",),
    ),
    "domains are listed twice": (
        at("listOrgClaimedDomains", f.answers(odd.listed_twice)),
        ("claimDomain/is-claimed-once",),
    ),
    "anything is a claim": (
        at("claimDomain", f.grants(201)),
        ("claimDomain/refuses-what-is-no-claim",),
    ),
    "e-mail addresses are no domains": (
        at("checkClaimedDomain", f.refuses(404, lambda a: "@" in a.url.params["domain"])),
        ("checkClaimedDomain/finds-each-spelling",),
    ),
    "every domain is claimed": (
        at("checkClaimedDomain", f.grants(200, {"id": "x"})),
        ("checkClaimedDomain/unclaimed-is-not-found",),
    ),
    "an account changes by itself": (
        at("getOrgBillingAccount", keys.counting),
        ("getOrgBillingAccount/shows-the-same",),
    ),
    "a session leads nowhere": (
        at("createBillingAccountSession", f.answers(odd.fixed(url="/billing"))),
        ("createBillingAccountSession/opens",),
    ),
    "every upload has one address": (
        at("generateUploadUrl", f.answers(odd.fixed(path="a.zip"))),
        ("generateUploadUrl/addresses-are-new",),
    ),
    "an upload's address takes nothing": (
        at("generateUploadUrl", f.answers(keys.elsewhere)),
        ("generateUploadUrl/takes-a-zip",),
    ),
    "the catalog asks for a key": (
        at("listProviders", f.refuses(401, lambda a: "x-api-key" not in a.headers)),
        ("listProviders/is-open-to-all",),
    ),
    "a provider is not as listed": (
        at("getProvider", f.answers(odd.lower("displayName"))),
        ("getProvider/is-as-listed",),
    ),
    "every provider is known": (
        at("getProvider", f.grants(200, {"name": "x"})),
        ("getProvider/unknown-is-not-found",),
    ),
}
