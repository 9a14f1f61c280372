"""Wrong values where only some right bodies have a place: other kinds of a record, each mask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from mockserver.conformance.attempts import Make, each
from mockserver.conformance.calls import Call
from mockserver.conformance.family import Family, Mask, Variant, here, steps
from mockserver.conformance.lab import Lab
from mockserver.conformance.right import of_thing
from mockserver.conformance.rules import Rule
from mockserver.conformance.shapes.bodies import json_body, refuse_one
from mockserver.conformance.shapes.mistakes import Mistake, Mistakes
from mockserver.conformance.shapes.values import ABSENT, Path, at
from mockserver.conformance.texts import said
from mockserver.conformance.things import make as make_thing
from mockserver.conformance.things import update_body
from mockserver.contract.contract import Contract

#: Calls whose further kinds of bodies have places that the usual one does not have.
_FURTHER = frozenset({"createDestination", "createIntegration", "generateConnection"})
_SAME = frozenset({"nothing"})  # only leaves out


def rules(contract: Contract, families: Iterable[Family]) -> Iterator[Rule]:
    """Yield a rule for each further kind of record, and one for each kind that can be updated."""
    maker = Mistakes(contract)
    for family in families:
        for variant in family.variants[1:] if family.create in _FURTHER else ():
            if variant.name in _SAME:
                continue
            run = partial(_of_kind, maker, family, variant)
            name = f"wrong-{variant.name}-is-refused"
            yield Rule(family.create, name, said(contract, family.create), run)
        if family.update is None or not family.is_masked:
            continue
        for number, variant in enumerate(family.variants):
            masks = [one for one in family.masks if _is_of(family, one, variant)]
            if masks and (not number or any(one.variant == variant.name for one in masks)):
                run = partial(_of_masks, maker, family, variant, masks)
                end = f"-of-{variant.name}" if number else ""
                text = said(contract, family.update)
                yield Rule(family.update, f"masked-values-are-checked{end}", text, run)


def _is_of(family: Family, mask: Mask, variant: Variant) -> bool:
    return family.variant(mask.variant).name == variant.name


def _of_kind(maker: Mistakes, family: Family, variant: Variant, lab: Lab) -> None:
    usual = family.variants[0].call(lab, here(lab)).body
    make = Make(f"{family.create} {variant.name}", lambda lab: variant.call(lab, here(lab)))
    with make.refused(lab) as call:
        found = _mistakes(maker, lab, call)
        own = (one for one in found if at(usual, one.path) is ABSENT)
        each(own, partial(refuse_one, lab, call))


def _of_masks(
    maker: Mistakes, family: Family, variant: Variant, masks: list[Mask], lab: Lab
) -> None:
    def update(lab: Lab) -> Call:
        thing = make_thing(lab, family, variant=variant.name)
        return of_thing(str(family.update), thing, _body(family, masks[0], lab))

    make = Make(f"{family.update} {variant.name}", update)
    with make.refused(lab) as call:

        def check(mask: Mask) -> None:
            one = replace(call, body=_body(family, mask, lab))
            below = (family.values, *steps(mask.path))
            own = (m for m in _mistakes(maker, lab, one) if _is_at(m.path, below))
            each(own, partial(refuse_one, lab, one))

        each(masks, check)


def _body(family: Family, mask: Mask, lab: Lab) -> object:
    return update_body(family, {mask.path: mask.value(lab)})


def _is_at(path: Path, below: Path) -> bool:
    return path[: len(below)] == below


def _mistakes(maker: Mistakes, lab: Lab, call: Call) -> Iterator[Mistake]:
    content = json_body(lab.contract.operations[call.operation_id])
    if content is not None:
        found = maker.of(str(content.schema_pointer), call.body)
        yield from (mistake for mistake in found if mistake.is_given)
