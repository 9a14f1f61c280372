"""A small world of resources that only these tests know, and work to do in it."""

from __future__ import annotations

from typing import Any

from mockserver.rules.resource import Masks, Reference, Resource, Unique
from mockserver.rules.work import Work
from mockserver.settings import Settings
from mockserver.simulation.clock import SECOND
from mockserver.simulation.identity import Identity
from mockserver.state.root import empty_root
from mockserver.state.transactions import RootTransaction

SHOPS = Resource(
    "shops",
    "shop",
    lookups=("name",),
    folded=("name",),
    unique=(Unique(("name",), "a shop with this name already exists"),),
)
SHELVES = Resource(
    "shelves",
    "shelf",
    scope="shopId",
    owner="shops",
    lookups=("label",),
    filters=("floor", "colour"),
    unique=(Unique(("shopId", "label"), "this label is taken", "take another"),),
    references=(Reference("shopId", "shops", "shop", on_delete="cascade"),),
    masks=Masks("shelf", ("label", "floor", "twinId")),
    hidden=frozenset({"secret"}),
)
GOODS = Resource(
    "goods",
    "article",
    scope="shopId",
    references=(
        Reference("shopId", "shops", "shop", on_delete="cascade"),
        Reference("shelfId", "shelves", "shelf", on_delete="cascade", optional=True),
    ),
)
ORDERS = Resource(
    "orders",
    "order",
    stamped=False,
    references=(Reference("goodId", "goods", "article", on_delete="restrict"),),
)
NOTES = Resource(
    "notes",
    "note",
    references=(Reference("goodId", "goods", "article", on_delete="keep", optional=True),),
)
RESOURCES = {resource.name: resource for resource in (SHOPS, SHELVES, GOODS, ORDERS, NOTES)}


def make_work(**settings: Any) -> Work:
    """Return work in an empty world, a second after 1970 began."""
    root = empty_root(resource.schema for resource in RESOURCES.values())
    return Work(RootTransaction(root), SECOND, Identity(), Settings(**settings), RESOURCES)


def sizes(work: Work) -> dict[str, int]:
    """Return how many records each table holds."""
    return {name: len(list(work.tx.all(name))) for name in RESOURCES}
