"""A record that cannot be stops the start: with its line, and with what is wrong about it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.seeding.conftest import WORLD

Refusal = Callable[[str], str]
PEM = "-----BEGIN PUBLIC KEY-----\\nAAAA\\n-----END PUBLIC KEY-----"
WEBHOOK = "metadata: {url: 'https://a.example'}"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("topix: []\n", "1: unknown section 'topix'; did you mean topics?"),
        ("xyz: []\n", "1: unknown section 'xyz'; known: description, time, generate, orgs, "),
        ("orgs: {}\n", "1: orgs is a list of records"),
        ("orgs: ~\n", "1: orgs is a list of records"),
        ("orgs:\n  - Acme\n", "2: a record of orgs is a mapping"),
        ("orgs:\n  - ~\n", "2: a record of orgs is a mapping"),
        ("orgs:\n  - label: A\n    lable: B\n", "3: unknown field of orgs 'lable'; did you mean l"),
        ("orgs:\n  - zzz: 1\n", "2: unknown field of orgs 'zzz'; known: createTime, default"),
        ("description: 5\n", "1: description is a text"),
        ("time: soon\n", "1: 'soon' is no RFC 3339 time"),
        ("time: 5\n", "1: 5 is no RFC 3339 time"),
        ("time: ~\n", "1: None is no RFC 3339 time"),
        ("\ntime: 2026-01-05\n", "2: '2026-01-05' is no RFC 3339 time"),
        ("time: 2026-01-05T09:00:00\n", "1: '2026-01-05T09:00:00' is no RFC 3339 time"),
    ],
)
def test_a_file_is_refused_where_it_is_wrong(refusal: Refusal, text: str, reason: str):
    assert refusal(text).startswith(reason)


# Each stands as the last record of its section.
@pytest.mark.parametrize(
    ("section", "record", "reason"),
    [
        ("topics", "{projectId: shop}", '"name" is a required property'),
        ("topics", "{name: a}", '"projectId" is a required property'),
        ("topics", "{}", '"projectId" is a required property'),
        ("topics", "{projectId: shop, name: 5}", 'name: 5 is not of type "string"'),
        ("topics", "{projectId: shop, name: ~}", 'name: null is not of type "string"'),
        ("topics", "{projectId: ~, name: a}", 'projectId: null is not of type "string"'),
        ("topics", "{projectId: [shop], name: a}", 'projectId: ["shop"] is not of type "string"'),
        ("topics", "{projectId: nope, name: a}", "no project 'nope'"),
        ("topics", "{projectId: shop, name: a b}", "name: invalid topic name (use 1 to 64 "),
        ("topics", "{projectId: shop, name: a, id: 5}", 'id: 5 is not of type "string"'),
        ("topics", "{projectId: shop, name: a, id: ''}", 'id: "" is shorter than 1'),
        (
            "topics",
            "{projectId: shop, name: a, createTime: yesterday}",
            'createTime: "yesterday" is not a "date-time"',
        ),
        ("orgs", "{}", '"label" is a required property'),
        ("orgs", "{label: 1:30}", 'label: 90 is not of type "string"'),
        ("projects", "{orgId: Acme, name: xy}", '"appName" is a required property'),
        ("projects", "{orgId: Nope, name: xy, appName: x}", "no organization 'Nope'"),
        ("projects", "{orgId: Acme, name: -x, appName: x}", "name: invalid project name ("),
        (
            "projects",
            "{orgId: Acme, name: x, appName: ''}",
            "name: invalid project name; appName: invalid app name (",
        ),
        (
            "projects",
            "{orgId: Acme, name: SHOP, appName: x}",
            "name: a project with this name already exists",
        ),
        (
            "projects",
            "{orgId: Acme, name: xy, appName: x, entitlements: 5}",
            'entitlements: 5 is not of type "object"',
        ),
        (
            "projects",
            "{orgId: Acme, name: xy, appName: x, entitlements: {brandingRemoval: {value: 1}}}",
            "entitlements.brandingRemoval.value: 1 is not of type",
        ),
        ("builders", "{}", '"idpRef" is a required property'),
        ("builders", "{idpRef: a, primaryEmail: JANE@acme.com}", "primaryEmail: a builder with"),
        ("builderTokens", "{builderId: jane@acme.com}", '"token" is a required property'),
        ("builderTokens", "{builderId: user_jane, token: []}", "token: [] is not of type"),
        ("builderTokens", "{builderId: nobody, token: t}", "no builder 'nobody'"),
        ("memberships", "{orgId: Acme}", '"builderId" is a required property'),
        ("memberships", "{orgId: Acme, builderId: user_jane, role: 5}", "role: 5 is not of type"),
        ("memberships", "{orgId: Acme, builderId: user_jane, id: [1]}", "id: [1] is not of type"),
        ("projectRoles", "{projectId: shop, role: admin}", '"principalId" is a required property'),
        ("projectRoles", "{projectId: shop, principalId: user_jane}", '"role" is a required prop'),
        (
            "projectRoles",
            "{projectId: shop, principalId: nobody, role: admin}",
            "principalId: no builder 'nobody'",
        ),
        (
            "projectRoles",
            "{projectId: shop, principalType: team, principalId: t, role: admin}",
            "principalId: no team 't'",
        ),
        (
            "projectRoles",
            "{projectId: shop, principalType: robot, principalId: user_jane, role: admin}",
            'principalType: "robot" is not one of',
        ),
        ("apiKeys", "{projectId: shop}", '"label" is a required property'),
        ("apiKeys", "{projectId: shop, label: x, scopes: ~}", "scopes: null is not of type"),
        ("apiKeys", "{projectId: shop, label: x, scopes: full}", 'scopes: "full" is not of type'),
        ("apiKeys", "{projectId: shop, label: x, scopes: []}", "scopes: a key needs a scope"),
        ("apiKeys", "{projectId: shop, label: x, scopes: [full, root]}", "scopes[1]: unknown sco"),
        ("apiKeys", "{projectId: shop, label: x, active: 1}", "active: 1 is not of type"),
        ("apiKeys", "{projectId: shop, label: x, key: 5}", 'key: 5 is not of type "string"'),
        ("apiKeys", "{projectId: shop, label: x, createTime: 5}", "createTime: 5 is not of type"),
        ("jwtKeys", "{projectId: shop, label: x}", '"publicKeyPem" is a required property'),
        ("jwtKeys", "{projectId: shop, label: x, publicKeyPem: 5}", "publicKeyPem: 5 is not of"),
        ("jwtKeys", "{projectId: shop, label: x, publicKeyPem: x}", "publicKeyPem: invalid publi"),
        (
            "jwtKeys",
            f'{{projectId: shop, label: x, algorithm: HS256, publicKeyPem: "{PEM}"}}',
            'algorithm: "HS256" is not one of',
        ),
        (
            "jwtKeys",
            f'{{projectId: shop, label: x, privateKeyPem: 5, publicKeyPem: "{PEM}"}}',
            "privateKeyPem: 5 is not of type",
        ),
        ("providerApps", "{projectId: shop, provider: hubspot}", '"clientId" is a required prop'),
        (
            "providerApps",
            "{projectId: shop, provider: hubspt, clientId: x}",
            "provider: unknown provider (did you mean hubspot? ",
        ),
        (
            "providerApps",
            "{projectId: shop, provider: hubspot, clientId: x, metadata: 5}",
            "metadata: 5 is not of type",
        ),
        (
            "providerApps",
            "{projectId: shop, provider: hubspot, clientId: x, clientSecret: 5}",
            "clientSecret: 5 is not of type",
        ),
        ("destinations", "{projectId: shop}", '"name" is a required property'),
        ("destinations", "{projectId: shop, name: a}", "metadata.url: a webhook needs a URL"),
        ("destinations", "{projectId: shop, name: a, metadata: 5}", "metadata: 5 is not of type"),
        (
            "destinations",
            "{projectId: shop, name: a, metadata: {url: 'ftp://a'}}",
            "metadata.url: invalid webhook URL",
        ),
        (
            "destinations",
            f"{{projectId: shop, name: a, secrets: ~, {WEBHOOK}}}",
            "secrets: null is not of type",
        ),
        (
            "destinations",
            f"{{projectId: shop, name: a, secrets: {{awsKey: x}}, {WEBHOOK}}}",
            'secrets: "awsKey" is not one of',
        ),
        (
            "destinations",
            f"{{projectId: shop, name: a, type: smoke, {WEBHOOK}}}",
            'type: "smoke" is not one of "webhook" or "kinesis"',
        ),
        (
            "destinations",
            "{projectId: shop, name: a, metadata: {url: 'https://a.example', ulr: x}}",
            'metadata: "ulr" is not one of',
        ),
        (
            "destinations",
            "{projectId: shop, name: a, type: kinesis}",
            "metadata.region: a Kinesis destination needs region; metadata.streamName: ",
        ),
        ("eventTopicRoutes", "{projectId: shop, topicId: a}", "no topic 'a'"),
        (
            "topicDestinationRoutes",
            "{projectId: shop, topicId: a, destinationId: b}",
            "no topic 'a'",
        ),
        ("invites", "{parentId: Acme}", '"invitedEmail" is a required property'),
        ("invites", "{parentId: Acme, invitedEmail: nobody}", "invitedEmail: not an e-mail addre"),
        ("invites", "{parentId: Acme, invitedEmail: a@b.co, status: lost}", 'status: "lost" is no'),
        ("claimedDomains", "{parentId: Acme, domain: no domain}", "domain: not a domain"),
        (
            "claimedDomains",
            "{parentId: Acme, domain: a.com, parentType: team}",
            'parentType: "team" is not one of "org"',
        ),
        ("billingAccounts", "{orgId: Acme}", '"displayName" is a required property'),
        ("billingSessions", "{billingAccountId: x}", '"redirectUrl" is a required property'),
        (
            "billingSessions",
            "{billingAccountId: x, redirectUrl: 'https://a.example', expireTime: soon}",
            'expireTime: "soon" is not a "date-time"',
        ),
    ],
)
def test_a_record_is_refused_with_its_line_and_its_fault(
    refusal: Refusal, section: str, record: str, reason: str
):
    text, line = with_record(section, record)
    assert refusal(text).startswith(f"{line}: {reason}")


def with_record(section: str, record: str) -> tuple[str, int]:
    """Return the world with one record more, at the end of its section, and its line."""
    lines = WORLD.splitlines()
    if f"{section}:" not in lines:
        lines.append(f"{section}:")
    start = lines.index(f"{section}:")
    end = next((n for n in range(start + 1, len(lines)) if lines[n][0] != " "), len(lines))
    lines.insert(end, f"  - {record}")
    return "\n".join(lines), end + 1


@pytest.mark.parametrize(
    ("section", "records", "reason"),
    [
        (
            "topics",
            ["{projectId: shop, name: a}", "{projectId: shop, name: a}"],
            "name: a topic with this name already exists in this project (choose a different name)",
        ),
        (
            "topics",
            ["{id: t1, projectId: shop, name: a}", "{id: t1, projectId: shop, name: b}"],
            "two topics have this id: 't1'",
        ),
        (
            "apiKeys",
            ["{key: k, projectId: shop, label: a}", "{key: k, projectId: shop, label: b}"],
            "two apiKeys have this key: 'k'",
        ),
        (
            "builderTokens",
            ["{token: t, builderId: user_jane}", "{token: t, builderId: user_jane}"],
            "two builderTokens have this token: 't'",
        ),
        (
            "memberships",
            ["{orgId: Acme, builderId: user_jane}", "{orgId: org-1, builderId: builder-1}"],
            "builderId: this builder already belongs to the organization",
        ),
        (
            "claimedDomains",
            ["{parentId: Acme, domain: a.com}", "{parentId: Acme, domain: A.com}"],
            "domain: this domain is already claimed",
        ),
        (
            "billingAccounts",
            ["{orgId: Acme, displayName: a, billingProvider: b, billingProviderRef: c}"] * 2,
            "orgId: this organization already has a billing account",
        ),
    ],
)
def test_two_records_that_exclude_each_other_are_refused_at_the_second(
    refusal: Refusal, section: str, records: list[str], reason: str
):
    text = f"{WORLD}{section}:\n" + "".join(f"  - {record}\n" for record in records)
    assert refusal(text).startswith(f"15: {reason}")


def test_the_line_is_that_of_the_field_where_fields_have_lines_of_their_own(refusal: Refusal):
    text = WORLD + "topics:\n  - projectId: shop\n    id: t1\n    name: a b\n"
    assert refusal(text).startswith("16: name: invalid topic name")
    text = (
        WORLD + "apiKeys:\n  - projectId: shop\n    label: x\n    scopes:\n      - full\n      - x"
    )
    assert refusal(text).startswith("18: scopes[1]: unknown scope")


def test_a_label_that_two_organizations_have_stands_for_neither(refusal: Refusal):
    text = "orgs: [{label: A}, {label: A}]\nprojects:\n  - {name: xy, appName: x, orgId: A}\n"
    assert refusal(text) == "3: several organization 'A'; give the id"
