"""The `generate:` section makes many records, the same ones for the same seed."""

from __future__ import annotations

import pytest

from mockserver.seeding.recipes import RECIPES
from tests.seeding.conftest import WORLD, Seeding

TOPICS = WORLD + "generate:\n  - {section: topics, count: %d, fields: {projectId: shop}}\n"
#: What the records of a section belong to.
OWNERS = {
    "orgs": {},
    "builders": {},
    "projects": {"orgId": "Acme"},
    "invites": {"parentId": "Acme"},
    "claimedDomains": {"parentId": "Acme"},
    "billingAccounts": {"orgId": "Acme"},
}


def test_the_same_seed_makes_the_same_records(seeding: Seeding):
    first, again = (seeding.records(TOPICS % 30, "topics", seed=5) for _ in range(2))
    assert first == again


def test_another_seed_makes_other_records(seeding: Seeding):
    first, other = (seeding.records(TOPICS % 30, "topics", seed=seed) for seed in (5, 6))
    assert {topic["id"] for topic in first}.isdisjoint(topic["id"] for topic in other)
    assert [topic["name"] for topic in first] != [topic["name"] for topic in other]


def test_a_longer_list_begins_like_a_shorter_one(seeding: Seeding):
    assert seeding.records(TOPICS % 9, "topics")[:5] == seeding.records(TOPICS % 5, "topics")


def test_one_section_does_not_change_what_another_generates(seeding: Seeding):
    alone = seeding.records(TOPICS % 5, "topics")
    beside = seeding.records(TOPICS % 5 + "  - {section: builders, count: 9}\n", "topics")
    assert alone == beside


@pytest.mark.timeout(60)  # a guard against hanging: quadratic work takes far longer
def test_two_thousand_topics_load_quickly(seeding: Seeding):
    topics = seeding.records(TOPICS % 2000, "topics")
    assert len({topic["name"] for topic in topics}) == 2000


@pytest.mark.parametrize(
    "section", [name for name, recipe in RECIPES.items() if recipe.generated is not None]
)
def test_every_section_that_can_be_generated_has_defaults_that_load(seeding: Seeding, section: str):
    fields = OWNERS.get(section, {"projectId": "shop"})
    count = 1 if section == "billingAccounts" else 20  # an organization has one account
    before = len(seeding.records(WORLD, section))

    text = f"{WORLD}generate:\n  - {{section: {section}, count: {count}, fields: {fields}}}\n"

    assert len(seeding.records(text, section)) == before + count


def test_fields_take_the_place_of_defaults_at_any_depth(seeding: Seeding):
    text = WORLD + (
        "generate:\n"
        "  - section: destinations\n"
        "    count: 2\n"
        "    fields:\n"
        "      projectId: shop\n"
        "      name: hook-{{number}}\n"
        "      metadata: {url: 'https://a.example/{{number}}', headers: {X-Number: '{{number}}'}}\n"
    )
    made = seeding.records(text, "destinations")
    assert [d["name"] for d in made] == ["hook-1", "hook-2"]
    assert made[1]["metadata"] == {"url": "https://a.example/2", "headers": {"X-Number": "2"}}


def test_a_second_entry_of_a_section_goes_on_counting(seeding: Seeding):
    text = WORLD + "generate:\n" + "  - {section: builders, count: 2}\n" * 2
    made = seeding.records(text, "builders")[1:]
    assert [builder["idpRef"][-1] for builder in made] == ["1", "2", "3", "4"]
    assert len({builder["primaryEmail"] for builder in made}) == 4


def test_nothing_is_generated_where_nothing_is_asked_for(seeding: Seeding):
    assert seeding.records(TOPICS % 0, "topics") == []
    assert seeding.records(WORLD + "generate: []\n", "topics") == []


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("5", "14: generate needs a section and a count"),
        ("{count: 1}", "14: generate needs a section: one of orgs, "),
        ("{section: topix, count: 1}", "14: generate needs a section: one of orgs, "),
        ("{section: [], count: 1}", "14: generate needs a section: one of orgs, "),
        ("{section: jwtKeys, count: 1}", "14: generate needs a section: one of orgs, "),
        ("{section: orgs}", "14: generate needs a count of 0 to 1000000"),
        ("{section: orgs, count: many}", "14: generate needs a count of"),
        ("{section: orgs, count: -1}", "14: generate needs a count of"),
        ("{section: orgs, count: 1000001}", "14: generate needs a count of"),
        ("{section: orgs, count: 1.5}", "14: generate needs a count of"),
        ("{section: orgs, count: true}", "14: generate needs a count of"),
        ("{section: orgs, count: 1, fields: ~}", "14: fields is a mapping"),
        ("{section: orgs, count: 1, feilds: {}}", "14: unknown key of generate 'feilds'; did you"),
        ("{section: orgs, count: 1, fields: {lable: x}}", "14: unknown field of orgs 'lable'; did"),
        (
            "{section: orgs, count: 1, fields: {label: '{{nope}}'}}",
            "14: {{nope}}: Faker has no such value",
        ),
        (
            "{section: orgs, count: 1, fields: {label: '{{pyint:small}}'}}",
            "14: '{{pyint:small}}': an expression is one word",
        ),
        ("{section: topics, count: 1}", '14: "projectId" is a required property'),
        (
            "{section: topics, count: 2, fields: {projectId: shop, name: same}}",
            "14: name: a topic with this name already exists",
        ),
        (
            "{section: topics, count: 1, fields: {projectId: shop, name: 'not {{word}}'}}",
            "14: name: invalid topic name",
        ),
    ],
)
def test_a_wrong_entry_is_refused_with_its_line(seeding: Seeding, entry: str, reason: str):
    assert seeding.refusal(f"{WORLD}generate:\n  - {entry}\n").startswith(reason)


def test_the_section_itself_is_a_list(seeding: Seeding):
    for text in ("generate: 5\n", "generate: ~\n", "generate: {section: orgs, count: 1}\n"):
        assert seeding.refusal(text) == "1: generate is a list"
