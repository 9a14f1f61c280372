"""What a fixture file may be as YAML, and how a file that is none is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockserver.seeding.source import FixtureError, available, locate, read
from tests.seeding.conftest import WORLD, Seeding


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("orgs: [1,\n", "2: not YAML: while parsing a flow node"),
        ("orgs:\n\t- label: x\n", "2: not YAML: while scanning for the next token"),
        ("orgs: *nobody\n", "1: not YAML: found undefined alias"),
        ("a: 1\n---\nb: 2\n", "2: not YAML: expected a single document"),
        ('orgs:\n  # ä\n  - label: "a\x01"\n', "3: not YAML: "),
        ("orgs: []\nbuilders: []\norgs: []\n", "3: 'orgs' stands here twice"),
        ("orgs:\n  - label: a\n    label: b\n", "3: 'label' stands here twice"),
        ("- orgs\n", "1: a fixture is a mapping of sections"),
        ("hello\n", "1: a fixture is a mapping of sections"),
        ("[1, 2]: x\n", "1: a key is a text"),
        ("? {a: 1}\n: x\n", "1: a key is a text"),
        ("orgs:\n  - label: !!binary aGk=\n", "2: !!binary is nothing that JSON has"),
        ("orgs:\n  - label: !mine x\n", "2: !mine is nothing that JSON has"),
        ("orgs: !!set {a, b}\n", "1: !!set is nothing that JSON has"),
        ("orgs: !!python/list [a]\n", "1: !!python/list is nothing that JSON has"),
        ("orgs:\n  - label: !!int many\n", "2: 'many' is no !!int"),
        ("orgs:\n  - label: !!float x\n", "2: 'x' is no !!float"),
        ("orgs:\n  - label: !!bool x\n", "2: 'x' is no !!bool"),
        ("orgs:\n  - label: 9223372036854775808\n", "2: an integer beyond 64 bits"),
        ("orgs:\n  -\n    label: -9223372036854775809\n", "3: an integer beyond 64 bits"),
        ("orgs:\n  - label: .nan\n", "2: .nan is no number that JSON has"),
        ("orgs:\n  - label: -.inf\n", "2: -.inf is no number that JSON has"),
        ("orgs:\n  - label: 1.0e+999\n", "2: 1.0e+999 is no number that JSON has"),
        ("orgs: &all\n  - *all\n", "1: nested deeper than 64 levels"),
        ("orgs: " + "[" * 80 + "]" * 80, "1: nested deeper than 64 levels"),
        ("orgs:\n  - <<: 5\n", "2: << merges mappings only"),
    ],
)
def test_a_file_that_is_no_fixture_is_refused_with_its_line(
    seeding: Seeding, text: str, refusal: str
):
    assert seeding.refusal(text).startswith(refusal)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path):
    path = tmp_path / "my.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FixtureError, match="not UTF-8 text"):
        read(path)


def test_a_missing_file_is_refused_with_the_names_there_are(tmp_path: Path):
    with pytest.raises(FixtureError, match="no such fixture; give a YAML file or one of: acme, "):
        locate(str(tmp_path / "nope.yaml"))
    with pytest.raises(FixtureError, match="no such fixture"):
        locate(str(tmp_path))


def test_a_fixture_is_found_by_name_and_by_path(tmp_path: Path):
    path = tmp_path / "mine.yaml"
    path.write_text("orgs: []\n", encoding="utf-8")
    assert locate(str(path)) == path
    assert locate("acme") == available()["acme"]


@pytest.mark.parametrize("text", ["", "# nothing\n", "{}\n", "---\n", "orgs: []\n"])
def test_an_empty_fixture_is_an_empty_world(seeding: Seeding, text: str):
    assert all(len(table) == 0 for table in seeding.load(text).tables.values())


def test_an_alias_stands_for_a_copy(seeding: Seeding):
    text = WORLD + "topics:\n  - &one {projectId: &id shop, name: a}\n  - {projectId: *id, name: b}"
    assert [t["name"] for t in seeding.records(text, "topics")] == ["a", "b"]


def test_a_merge_key_fills_in_what_is_not_said(seeding: Seeding):
    text = WORLD + (
        "destinations:\n"
        "  - &first {projectId: shop, name: one, metadata: {url: 'https://a.example'}}\n"
        "  - {<<: *first, name: two}\n"
    )
    made = seeding.records(text, "destinations")
    assert [d["name"] for d in made] == ["one", "two"]
    assert made[1]["metadata"] == {"url": "https://a.example"}


def test_of_several_merged_mappings_the_first_counts(seeding: Seeding):
    text = "orgs:\n  - &a {label: A}\n  - &b {label: B, defaultTeamId: t}\n  - <<: [*a, *b]\n"
    last = seeding.records(text, "orgs")[-1]
    assert (last["label"], last["defaultTeamId"]) == ("A", "t")


def test_times_need_no_quotes(seeding: Seeding):
    text = WORLD + (
        "topics:\n  - {projectId: shop, name: a, createTime: 2026-01-05T09:00:00.000000Z}\n"
    )
    assert seeding.records(text, "topics")[0]["createTime"] == "2026-01-05T09:00:00.000000Z"


def test_keys_are_taken_as_they_are_written(seeding: Seeding):
    text = WORLD + (
        "destinations:\n"
        "  - projectId: shop\n"
        "    name: one\n"
        "    metadata: {url: 'https://a.example', headers: {on: 'x', 5: 'y', ~: 'z'}}\n"
    )
    headers = seeding.records(text, "destinations")[0]["metadata"]["headers"]
    assert headers == {"on": "x", "5": "y", "~": "z"}


def test_the_largest_integers_of_64_bits_are_numbers(tmp_path: Path):
    path = tmp_path / "my.yaml"
    path.write_text("a: 9223372036854775807\nb: -9223372036854775808\n", encoding="utf-8")
    assert read(path).content == {"a": 2**63 - 1, "b": -(2**63)}
