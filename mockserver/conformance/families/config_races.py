"""Two writers of one installation at once, and the time of what they write."""

from __future__ import annotations

from functools import partial

from mockserver.conformance import expect
from mockserver.conformance.comparison import instant
from mockserver.conformance.exchange import Exchange
from mockserver.conformance.families import citing, connections
from mockserver.conformance.families.config_patches import patch
from mockserver.conformance.families.installation_masks import CONTENT, MASK, nested, place
from mockserver.conformance.families.json_patches import op
from mockserver.conformance.family import at
from mockserver.conformance.lab import Lab
from mockserver.conformance.races import together
from mockserver.conformance.rules import Broken, Rule, Strength

_ROUNDS = 3  # of what depends on who comes first
_PATCH = "patchObjectConfigContent"
_UPDATE = "updateInstallation"
_TIME = citing.described("Installation", "updateTime")


def _check_granted(*answers: Exchange) -> None:
    for exchange in answers:
        if not exchange.answer.is_success:
            told = "one of two changes of different parts at once is answered"
            raise Broken(f"{told} {exchange.status}", strength=Strength.INFERRED)


def _both_patches(lab: Lab) -> None:
    """Change two members of one object's config: each writer names its own only."""
    where, made = place(lab)
    for number in range(_ROUNDS):
        wanted = {"schedule": f"0 {number + 1} * * *", "destination": f"ct-round-{number}"}
        answers = together(
            *(
                partial(lab.make, patch(where, made, op("replace", f"/{name}", value)))
                for name, value in wanted.items()
            )
        )
        _check_granted(*answers)
        seen = expect.read(lab, where.get(made))
        config = expect.part(seen, "config", "content", "read", "objects", where.crm.person)
        for name, value in wanted.items():
            if config.get(name) != value:
                raise Broken(f"the patch of {name} is lost to another at the same time")


def _both_updates(lab: Lab) -> None:
    where, made = place(lab)
    for number in range(_ROUNDS):
        is_on, creator = bool(number % 2), f"builder:{lab.name('builder')}"
        proxy = nested("config/content/proxy/enabled", is_on)
        answers = together(
            partial(lab.make, where.update(made, f"{CONTENT}.proxy.enabled", **proxy)),
            partial(
                lab.make,
                where.update(made, "config.createdBy", config={"createdBy": creator}),
            ),
        )
        _check_granted(*answers)
        seen = expect.read(lab, where.get(made))
        if at(seen, "config.createdBy") != creator:
            raise Broken("the update of config.createdBy is lost to another at the same time")
        if at(seen, "config.content.proxy.enabled") is not is_on:
            raise Broken("the update of the proxy is lost to another at the same time")


def _moves_the_time(lab: Lab) -> None:
    """Patch twice, with something made in between whose time tells that the clock moved."""
    where, made = place(lab)
    stamps = []
    for schedule in ("0 1 * * *", "0 2 * * *"):
        between = instant(connections.connection(lab).get("createTime"))
        expect.done(lab, patch(where, made, op("replace", "/schedule", schedule)), "a right patch")
        stamps.append(instant(expect.read(lab, where.get(made)).get("updateTime")))
    first, second = stamps
    if first is None or second is None:
        return  # no schema requires it
    if second.before(first):
        raise Broken("updateTime went backwards", pointer="/updateTime")
    if between is not None and first.before(between) and second.at == first.at:
        raise Broken("updateTime did not move with the second patch", pointer="/updateTime")


RULES: tuple[Rule, ...] = (
    Rule(_PATCH, "two-patches-survive", f"{citing.CONFIG_PATCH}/description", _both_patches),
    Rule(_PATCH, "updateTime-moves", _TIME, _moves_the_time),
    Rule(_UPDATE, "two-masks-survive", MASK, _both_updates),
)
