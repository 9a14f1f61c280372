"""One record of every noun in both projects: the bystanders that a wrong write would hit."""

from __future__ import annotations

from mockserver.conformance import registry
from mockserver.conformance.family import Family, Place, here, there
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Refused, Unreached
from mockserver.conformance.things import Thing, make


def bystanders(lab: Lab, *nouns: str) -> list[Thing]:
    """Return one record of every noun that this run may make, in our project and the neighbour's.

    With `nouns`, only of these: enough where a wrong write could hardly hit another noun, and
    many times as fast to compare.

    They are shared by all rules: a rule reads them and never changes them. Compare them with
    `world.snapshot` before and after a write, or wrap what must be refused in `world.unmoved`.
    """
    everything = lab.shared("bystanders", _populate)
    return [thing for thing in everything if not nouns or thing.family.noun in nouns]


def _populate(lab: Lab) -> list[Thing]:
    places = [here(lab)]
    if lab.door.target.neighbour is not None:
        places.append(there(lab))
    pairs = [(family, place) for place in places for family in registry.families()]
    return [thing for family, place in pairs if (thing := _made(lab, family, place))]


def _made(lab: Lab, family: Family, place: Place) -> Thing | None:
    if place.name != "here" and not family.has_neighbours:
        return None
    try:
        return make(lab, family, place)
    except (Refused, Unreached):
        return None  # its own rules say why
