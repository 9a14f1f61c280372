"""Rules about right requests: they are granted, and so is everything that the schemas allow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from mockserver.conformance.access.citing import success_of
from mockserver.conformance.attempts import Make, Makes
from mockserver.conformance.exchange import NO_BODY, Exchange
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Broken, Rule, Unreached
from mockserver.conformance.shapes.bodies import json_body
from mockserver.conformance.shapes.mistakes import Mistakes, stretched
from mockserver.conformance.shapes.places import Place, Walk
from mockserver.conformance.shapes.samples import sample
from mockserver.conformance.shapes.values import drop, put, shown
from mockserver.conformance.texts import said
from mockserver.contract.contract import Contract
from mockserver.contract.operations import Operation

#: operationId -> optional properties that the contract's prose, or the provider, asks for.
_NEEDED: Mapping[str, frozenset[str]] = {
    "batchUpsertIntegrations": frozenset({"sourceYaml", "sourceZipUrl"}),  # one of them
    "createRevision": frozenset({"sourceYaml", "sourceZipUrl"}),  # as above
    "createProviderApp": frozenset({"scopes"}),  # HubSpot asks for them
    "createDestination": frozenset({"secrets"}),  # of a stream
    "oauthConnect": frozenset({"providerWorkspaceRef", "providerMetadata"}),  # some providers
    "generateConnection": frozenset(
        {
            "providerWorkspaceRef",
            "providerMetadata",
            "apiKey",
            "basicAuth",
            "customAuth",
            "oauth2ClientCredentials",
            "oauth2PasswordCredentials",
            "oauth2AuthorizationCode",
        }
    ),
}
#: operationId -> properties whose other members need another body around them.
_TIED: Mapping[str, frozenset[str]] = {
    "createDestination": frozenset({"type"}),
    "patchObjectConfigContent": frozenset({"action"}),
}


@dataclass(frozen=True, slots=True)
class Variant:
    """A body that is right too."""

    detail: str
    cites: str
    body: Any


Variants = Callable[[Place, Operation], Iterator[Variant]]


def rules(contract: Contract, right: Makes) -> Iterator[Rule]:
    """Yield the rules of every operation that there is a right call for."""
    maker = Mistakes(contract)
    for operation in contract.operations.values():
        name, make = operation.operation_id, right.get(operation.operation_id)
        if make is None:
            continue
        granted = success_of(operation)
        yield Rule(name, "right-call-is-granted", granted, partial(_is_granted, make))
        content = json_body(operation)
        if content is None:
            continue
        pointer, text = str(content.schema_pointer), said(contract, name)
        run = partial(_ignores_keys, make)
        yield Rule(name, "keys-may-be-more-and-in-any-order", text, run)
        for told, variants in _VARIANTS.items():
            whole = sample(contract.document, pointer, whole=True)
            if any(_possible(maker, operation, pointer, whole, variants)):
                run = partial(_takes, maker, make, variants)
                yield Rule(name, told, text, run)


def _is_granted(make: Make, lab: Lab) -> None:
    _require_granted(lab.make(make(lab)), "a right call")


def _require_granted(exchange: Exchange, detail: str, cites: str = "") -> None:
    if not exchange.answer.is_success:
        said = exchange.json.get("detail", "") if isinstance(exchange.json, dict) else ""
        told = f"{detail} is answered {exchange.status}{f' ({said})' if said else ''}"
        raise Broken(told, cites=cites)


def _ignores_keys(make: Make, lab: Lab) -> None:
    call = make(lab)
    turned = dict(reversed(call.body.items()))
    other = replace(call, body={"ctUnknown": {"a": [1]}, **turned, "": "empty"})
    _require_granted(lab.make(other), "a right call with unknown keys, in another order")


def _takes(maker: Mistakes, make: Make, variants: Variants, lab: Lab) -> None:
    call = make(lab)
    operation = lab.contract.operations[call.operation_id]
    content = json_body(operation)
    if content is None or call.body is NO_BODY:
        raise Unreached("needs a body to vary")
    pointer = str(content.schema_pointer)
    number = len(list(_all(maker, operation, pointer, call.body, variants)))
    if not number:
        raise Unreached("the right body has nothing to vary")
    for turn in range(number):
        # Each is a call of its own: names may be taken once only.
        call = make(lab) if turn else call
        found = list(_all(maker, operation, pointer, call.body, variants))
        if turn < len(found):
            one = found[turn]
            _require_granted(lab.make(replace(call, body=one.body)), one.detail, one.cites)


def _all(
    maker: Mistakes, operation: Operation, pointer: str, body: Any, variants: Variants
) -> Iterator[Variant]:
    for variant in _possible(maker, operation, pointer, body, variants):
        if maker.is_right(pointer, variant.body):
            yield variant


def _possible(
    maker: Mistakes, operation: Operation, pointer: str, body: Any, variants: Variants
) -> Iterator[Variant]:
    for place in Walk(maker.written).places(pointer, body):
        if place.is_given and place.path:
            yield from variants(place, operation)


def _without(place: Place, operation: Operation) -> Iterator[Variant]:
    """Leave out an optional property of the body itself."""
    needed = _NEEDED.get(operation.operation_id, frozenset())
    if len(place.path) == 1 and not place.required_by and place.path[0] not in needed:
        detail = f"a body without {shown(place.path)}"
        yield Variant(detail, place.pointers[0], drop(place.body, place.path))


def _member(place: Place, operation: Operation) -> Iterator[Variant]:
    """Send every other member of an enumeration."""
    found = place.keyword("enum")
    tied = _TIED.get(operation.operation_id, frozenset())
    if found is None or len(place.path) > 1 or place.path[0] in tied:
        return
    for member in found[1]:
        if member != place.value:
            detail = f"a body whose {shown(place.path)} is {member!r}"
            yield Variant(detail, found[0], put(place.body, place.path, member))


def _at_bounds(place: Place, _: Operation) -> Iterator[Variant]:
    """Send texts exactly as long, and numbers exactly as large, as they may be."""
    for word in ("minLength", "maxLength"):
        found = place.keyword(word)
        if found is not None and isinstance(place.value, str):
            value: Any = _fresh(place.value, found[1])
            detail = f"a body whose {shown(place.path)} has {found[1]} characters"
            yield Variant(detail, found[0], put(place.body, place.path, value))
    for word in ("minimum", "maximum"):
        found = place.keyword(word)
        if found is not None:
            detail = f"a body whose {shown(place.path)} is {found[1]}"
            yield Variant(detail, found[0], put(place.body, place.path, found[1]))


def _fresh(text: str, length: int) -> str:
    """Return a text of a length whose end, where names of a run differ, is that of `text`."""
    if length >= len(text):
        return stretched(text, length)
    return text[-length:].strip("-").ljust(length, "a")


_VARIANTS: Mapping[str, Variants] = {
    "optional-property-may-be-absent": _without,
    "every-member-is-taken": _member,
    "bounds-themselves-are-taken": _at_bounds,
}
