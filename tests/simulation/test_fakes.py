"""Fake values, the same for the same seed."""

from __future__ import annotations

import pytest

from mockserver.simulation.fakes import Fakes

TEMPLATE = "{{company}} / {{first_name}} {{last_name}} <{{user_name}}@{{domain_name}}>"


def test_a_stream_repeats_for_its_seed():
    one, other = Fakes(3, "topics"), Fakes(3, "topics")
    assert [one.fill(TEMPLATE) for _ in range(20)] == [other.fill(TEMPLATE) for _ in range(20)]


def test_seeds_and_streams_differ():
    texts = [
        Fakes(seed, stream).fill(TEMPLATE) for seed in range(3) for stream in ("topics", "orgs")
    ]
    assert len(set(texts)) == len(texts)


def test_streams_do_not_disturb_each_other():
    alone, disturbed, other = Fakes(0, "topics"), Fakes(0, "topics"), Fakes(0, "orgs")
    wanted = [alone.fill("{{company}}") for _ in range(5)]
    found = []
    for _ in range(5):
        other.fill("{{company}}")
        found.append(disturbed.fill("{{company}}"))
    assert found == wanted


def test_text_around_expressions_stays_as_it_is():
    assert Fakes(0, "x").fill("no expression { here }") == "no expression { here }"
    text = Fakes(0, "x").fill("a {{ word }} b")
    assert text.startswith("a ")
    assert text.endswith(" b")
    assert "{" not in text


@pytest.mark.parametrize(
    "template",
    [
        "{{nope}}",
        "{{",
        "{{}}",
        "{{word",
        "{{random.seed}}",
        "{{pyint:small}}",
        "{{ two words }}",
        "{{__class__}}",
        "{{seed_instance}}",  # Faker would take it, and be seeded anew by chance
        "{{parse}}",
        "{{random}}",
        "{{enum}}",  # asks for arguments
    ],
)
def test_an_expression_that_faker_cannot_fill_is_refused(template: str):
    with pytest.raises(ValueError, match=r"\{\{"):
        Fakes(0, "x").fill(template)


@pytest.mark.parametrize("name", ["iso8601", "date_of_birth", "month_name", "unix_time"])
def test_values_that_depend_on_the_machines_clock_are_refused(name: str):
    with pytest.raises(ValueError, match="depends on the machine's clock"):
        Fakes(0, "x").fill("{{" + name + "}}")
