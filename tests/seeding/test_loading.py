"""What a fixture's records become: names resolved, gaps filled, the same again when exported."""

from __future__ import annotations

from pathlib import Path

import yaml

from mockserver.seeding.export import export
from tests.client import Client
from tests.conftest import make_mock
from tests.seeding.conftest import WORLD, Seeding

SHOP = "3b1f6f0e-4c8d-4a7b-9e2f-5d6c7b8a9f01"


def test_names_become_ids_wherever_a_record_refers_to_another(seeding: Seeding):
    text = WORLD + (
        "memberships:\n  - {orgId: Acme, builderId: jane@acme.com}\n"
        "builderTokens:\n  - {token: t, builderId: user_jane}\n"
        "projectRoles:\n  - {projectId: shop, principalId: Jane@Acme.com, role: admin}\n"
        "topics:\n  - {id: t1, projectId: shop, name: a}\n"
        "destinations:\n"
        "  - {id: d1, projectId: shop, name: d, metadata: {url: 'https://a.example'}}\n"
        "topicDestinationRoutes:\n  - {projectId: shop, topicId: a, destinationId: d}\n"
        "eventTopicRoutes:\n  - {projectId: shop, topicId: t1, eventType: connection.error}\n"
    )
    world = export(seeding.load(text))

    assert world["projects"][0]["orgId"] == "org-1"
    assert world["memberships"][0]["builderId"] == "builder-1"
    assert world["builderTokens"][0]["builderId"] == "builder-1"
    assert world["projectRoles"][0]["principalId"] == "builder-1"
    assert world["topics"][0]["projectId"] == SHOP
    route = world["topicDestinationRoutes"][0]
    assert (route["projectId"], route["topicId"], route["destinationId"]) == (SHOP, "t1", "d1")
    assert world["eventTopicRoutes"][0]["topicId"] == "t1"


def test_a_name_means_the_record_of_the_same_project(seeding: Seeding):
    text = WORLD + (
        "  - {name: other, appName: x, orgId: Acme}\n"
        "topics:\n"
        "  - {id: t1, projectId: other, name: a}\n"
        "  - {id: t2, projectId: shop, name: a}\n"
        "eventTopicRoutes:\n  - {projectId: shop, topicId: a, eventType: connection.error}\n"
    )
    assert seeding.records(text, "eventTopicRoutes")[0]["topicId"] == "t2"


def test_the_order_of_sections_does_not_matter(seeding: Seeding):
    text = "topics:\n  - {projectId: shop, name: a}\n" + WORLD
    assert [topic["projectId"] for topic in seeding.records(text, "topics")] == [SHOP]


def test_names_and_addresses_are_folded(seeding: Seeding):
    text = WORLD.replace("name: shop", "name: SHOP").replace("jane@", "Jane@") + (
        "topics:\n  - {projectId: Shop, name: MixedCase}\n"
        "claimedDomains:\n  - {parentId: Acme, domain: ACME.com}\n"
    )
    world = export(seeding.load(text))

    assert world["projects"][0]["name"] == "shop"
    assert world["builders"][0]["primaryEmail"] == "jane@acme.com"
    assert world["claimedDomains"][0]["domain"] == "acme.com"
    assert world["topics"][0]["name"] == "MixedCase"


def test_what_is_left_out_is_made_and_is_the_same_for_the_same_seed(seeding: Seeding):
    text = WORLD.replace("  - id: org-1\n    label", "  - label") + (
        "apiKeys:\n  - {projectId: shop, label: x}\n"
        "destinations:\n  - {projectId: shop, name: d, metadata: {url: 'https://a.example'}}\n"
    )
    first, again, other = (export(seeding.load(text, seed=seed)) for seed in (1, 1, 2))

    assert first == again
    for section, field in (("orgs", "id"), ("orgs", "defaultTeamId"), ("apiKeys", "key")):
        assert first[section][0][field] != other[section][0][field]
    key = first["apiKeys"][0]
    assert (key["scopes"], key["active"]) == (["full"], True)
    assert first["destinations"][0]["secrets"]["webhookSigningKey"].startswith("whsec_")


def test_times_are_those_of_the_fixture_unless_a_record_says_its_own(seeding: Seeding):
    text = (
        "time: 2026-03-01T10:00:00+01:00\n"
        + WORLD
        + (
            "topics:\n"
            "  - {projectId: shop, name: a}\n"
            "  - {projectId: shop, name: b, createTime: 2020-01-01T00:00:00.000000Z}\n"
        )
    )
    times = [topic["createTime"] for topic in seeding.records(text, "topics")]
    assert times == ["2026-03-01T09:00:00.000000Z", "2020-01-01T00:00:00.000000Z"]


def test_an_export_with_secrets_and_generated_records_loads_back_equal(seeding: Seeding):
    text = WORLD + (
        "apiKeys:\n  - {projectId: shop, label: x}\n"
        "generate:\n"
        "  - {section: topics, count: 3, fields: {projectId: shop}}\n"
        "  - {section: destinations, count: 2, fields: {projectId: shop}}\n"
        "  - {section: providerApps, count: 2, fields: {projectId: shop}}\n"
        "  - {section: invites, count: 2, fields: {parentId: Acme}}\n"
    )
    before = seeding.load(text)
    after = seeding.load(yaml.safe_dump(export(before), sort_keys=False))
    assert export(after) == export(before)


def test_records_made_in_an_exported_world_do_not_take_the_place_of_others(
    seeding: Seeding, tmp_path: Path
):
    """The ids of an export are those that the same seed would make first."""
    made = WORLD + (
        "apiKeys:\n  - {key: k, projectId: shop, label: x}\n"
        "generate:\n"
        "  - {section: topics, count: 2, fields: {projectId: shop}}\n"
        "  - {section: apiKeys, count: 2, fields: {projectId: shop}}\n"
    )
    path = tmp_path / "exported.yaml"
    path.write_text(yaml.safe_dump(export(seeding.load(made))), encoding="utf-8")
    mock = make_mock(fixture=str(path))
    client = Client(mock, key="k")

    assert client.post("/projects/shop/topics", {"name": "new"}).status == 201
    assert client.post("/projects/shop/api-keys", {"label": "new"}).status == 201

    topics = client.get("/projects/shop/topics").json
    keys = client.get("/projects/shop/api-keys").json
    assert (len(topics), len({topic["id"] for topic in topics})) == (3, 3)
    assert (len(keys), len({key["key"] for key in keys})) == (4, 4)


def test_every_organization_has_a_team_of_its_own(seeding: Seeding):
    text = "orgs:\n  - {label: A}\n  - {label: B}\n  - {id: x, label: C}\n"
    teams = {org["defaultTeamId"] for org in seeding.records(text, "orgs")}
    again = {org["defaultTeamId"] for org in seeding.records(text, "orgs")}
    assert len(teams) == 3
    assert teams == again
