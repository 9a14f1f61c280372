"""The frame rule: after a write exactly what is predicted has changed, in both projects."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mockserver.app import Mock
from mockserver.conformance import registry, world
from mockserver.conformance.family import there
from mockserver.conformance.lab import Lab
from mockserver.conformance.population import bystanders
from mockserver.conformance.rules import Broken
from mockserver.conformance.things import Thing, make
from tests.conformance.twisting import Twisted, World, labs, target


@pytest.fixture
def lab(mock: Mock) -> Iterator[Lab]:
    transport = Twisted(World(mock), lambda inner, asked: inner.send(asked))
    with labs(target(transport)) as rooms:
        yield next(rooms)


def a_topic(lab: Lab) -> Thing:
    return make(lab, registry.family("topic"))


def test_there_is_one_bystander_of_every_noun_in_each_project(lab: Lab):
    found = {thing.key[:2] for thing in bystanders(lab)}
    for family in registry.families():
        assert (family.noun, "here") in found
        assert ((family.noun, "there") in found) == family.has_neighbours
    assert bystanders(lab, "topic") == [t for t in bystanders(lab) if t.family.noun == "topic"]


def test_reads_move_nothing(lab: Lab):
    thing = a_topic(lab)
    with world.unmoved(lab, [thing, *bystanders(lab)]):
        thing.record()


@pytest.mark.parametrize("doing", ["update", "delete", "create"])
def test_a_write_is_seen(lab: Lab, doing: str):
    thing = a_topic(lab)

    def act() -> None:
        if doing == "update":
            thing.change({"name": lab.name("other")})
        elif doing == "delete":
            thing.delete()
        else:
            a_topic(lab)

    with pytest.raises(Broken, match="the topic"), world.unmoved(lab, [thing]):
        act()


def test_a_write_in_the_other_project_is_seen(lab: Lab):
    theirs = make(lab, registry.family("topic"), there(lab))
    with pytest.raises(Broken, match="neighbour project"), world.unmoved(lab, [theirs]):
        theirs.delete()


def test_what_was_predicted_may_change(lab: Lab):
    thing, other = a_topic(lab), a_topic(lab)
    before = world.snapshot(lab, [thing, other])
    thing.delete()
    after = world.snapshot(lab, [thing, other])
    world.hold(before, after, allowed={thing.key})
    with pytest.raises(Broken):
        world.hold(before, after, allowed={other.key})


def test_records_of_others_may_come_and_go(lab: Lab, mock: Mock):
    thing = a_topic(lab)
    with world.unmoved(lab, [thing]):
        lab.call("createTopic", {"name": "somebody-elses"})
