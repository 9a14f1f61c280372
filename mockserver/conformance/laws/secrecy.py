"""Laws of secrets: what is written and not to be read is in no answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from mockserver.conformance.exchange import Exchange
from mockserver.conformance.family import Family
from mockserver.conformance.family import at as value_at
from mockserver.conformance.lab import Lab
from mockserver.conformance.right import fresh_values
from mockserver.conformance.rules import Broken, Rule
from mockserver.conformance.texts import of_field
from mockserver.conformance.things import make
from mockserver.contract.contract import Contract


def rules(contract: Contract, family: Family) -> Iterator[Rule]:
    """Yield the laws of the secrets of a noun's records, for every call that shows them."""
    if not family.secrets and not family.secret_names:
        return
    field = (family.secrets or (family.values,))[0].split(".")
    text = of_field(contract, family.create, *field)
    for operation in (family.create, family.get, family.update, *family.lists):
        if operation is not None:
            run = partial(_hides, family, operation)
            yield Rule(operation, "hides-secrets", text, run)


def _hides(family: Family, operation: str, lab: Lab) -> None:
    """Make, read, list and update records; look at the answers of one operation."""
    texts: set[str] = set()
    for variant in family.variants:
        thing = make(lab, family, variant=variant.name)
        texts |= _secrets(family, thing.call.body)
        if family.update is not None:
            for path, value in fresh_values(lab, family, variant.name).items():
                if path in family.secrets and isinstance(value, str):
                    texts.add(value)
                thing.change({path: value})
        thing.shelf.read(thing.id)
        for name in family.lists:
            thing.shelf.listing(operation=name)
    for exchange in lab.trace:
        if exchange.operation_id == operation:
            check_hidden(exchange, texts, family.secret_names)


def check_hidden(exchange: Exchange, texts: set[str], names: tuple[str, ...]) -> None:
    """Hold that an answer has none of some texts and none of some properties.

    Raises:
        Broken: it has.
    """
    body = exchange.answer.content.decode(errors="replace")
    if any(text in body for text in texts if text):
        raise Broken(f"{exchange} shows a secret that was sent")
    for pointer in _properties(exchange.json):
        if pointer.rpartition("/")[2] in names:
            raise Broken(f"{exchange} has {pointer}", pointer=pointer)


def _secrets(family: Family, body: Any) -> set[str]:
    found = {value_at(body, path) for path in family.secrets}
    return {value for value in found if isinstance(value, str)}


def _properties(value: Any, pointer: str = "") -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield f"{pointer}/{name}"
            yield from _properties(item, f"{pointer}/{name}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _properties(item, f"{pointer}/{number}")
