"""One record of every noun in both projects: the bystanders that a wrong write would hit."""

from __future__ import annotations

from mockserver.conformance import registry
from mockserver.conformance.family import Family, Place, here, there
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Refused, Unreached
from mockserver.conformance.things import Thing, make


def bystanders(lab: Lab) -> list[Thing]:
    """Return one record of every noun that this run may make, in our project and the neighbour's.

    They are shared by all rules: a rule reads them and never changes them. Compare them with
    `world.snapshot` before and after a write, or wrap what must be refused in `world.unmoved`.
    """
    return lab.shared("bystanders", _populate)


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
