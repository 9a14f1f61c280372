"""Records that a pretend provider holds.

Each is a pure function of (seed, project, provider, group, object, number): nothing is stored,
and the same read gives the same records for ever.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.resources import objects
from mockserver.resources.object_catalog import ObjectType, generic_field, path_of
from mockserver.resources.providers import Catalog
from mockserver.rules.work import Work
from mockserver.simulation.identity import BASE62
from mockserver.simulation.people import Persona

_FEWEST = 40
_SPREAD = 160
_SUFFIX = string.ascii_uppercase + "012345"


@dataclass(frozen=True, slots=True)
class Account:
    """A group's account at a provider."""

    work: Work
    catalog: Catalog
    project_id: str
    provider: str
    group_ref: str

    def persona(self, object_name: str, number: int) -> Persona:
        """Return what one number of one object is made of."""
        stream = "/".join((self.project_id, self.provider, self.group_ref, object_name))
        return Persona(self.work.identity, stream, number)

    def size(self, kind: ObjectType) -> int:
        """Return how many records of an object there are. Assumed: between 40 and 199."""
        return _FEWEST + self.persona(kind.name, 0).below("how many", _SPREAD)


def count(
    work: Work, catalog: Catalog, project_id: str, provider: str, group_ref: str, object_name: str
) -> int:
    """Return how many records a full backfill of an object reads; 0 of an unknown object."""
    kind = objects.find(catalog, provider, object_name)
    if kind is None:
        return 0
    return Account(work, catalog, project_id, provider, group_ref).size(kind)


def listed(
    work: Work,
    catalog: Catalog,
    project_id: str,
    provider: str,
    group_ref: str,
    object_name: str,
    start: int,
    stop: int,
    *,
    also: Iterable[str] = (),
) -> list[dict[str, Any]]:
    """Return the records from number `start` to before `stop`, as far as there are that many.

    Args:
        work: the unit of work.
        catalog: every provider's objects.
        project_id: the project.
        provider: the provider.
        group_ref: the group whose account is read.
        object_name: the object; an unknown one has no records.
        start: the first number, from 0.
        stop: the number after the last.
        also: further fields, for generic objects: they have whatever they are asked for.
    """
    kind = objects.find(catalog, provider, object_name)
    if kind is None:
        return []
    account = Account(work, catalog, project_id, provider, group_ref)
    fields = objects.fields(work, catalog, project_id, provider, group_ref, kind.name) or {}
    if objects.is_generic(catalog, provider):
        fields = {**{name: generic_field(name) for name in also}, **fields}
    numbers = range(max(start, 0), min(stop, account.size(kind)))
    return [numbered(account, kind, fields, number) for number in numbers]


def value(record: Mapping[str, Any], field_name: str) -> Any:
    """Return a field of a record, nested or not; None when it has none.

    Source: IntegrationFieldExistent (`$['address']['city']` reaches into nested objects).
    """
    found: Any = record
    for step in path_of(field_name):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def identifier(account: Account, kind: ObjectType, number: int) -> str:
    """Return the id that a record of one number has, as text."""
    return identifier_of(account.persona(kind.name, number), kind.ids)


def typed_id(kind: ObjectType, made: str) -> str | int:
    """Return an id as the provider writes it into the record: some are numbers."""
    return _typed_id(kind, {"valueType": "string"}, made)


def blank(kind: ObjectType, fields: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Return a record without values. Assumed: a truth value is false until somebody sets it."""
    record: dict[str, Any] = {}
    for name, metadata in fields.items():
        *outer, last = path_of(name)
        place = record
        for step in outer:
            place[step] = place.get(step) or {}
            place = place[step]
        place.setdefault(last, False if metadata["valueType"] == "boolean" else None)
    record.setdefault(kind.id_field, None)
    return record


def numbered(
    account: Account, kind: ObjectType, fields: Mapping[str, dict[str, Any]], number: int
) -> dict[str, Any]:
    """Return the record of one number, with some fields."""
    persona = account.persona(kind.name, number)
    record: dict[str, Any] = {}
    nested = {path_of(name)[0] for name in fields if len(path_of(name)) > 1}
    for name, metadata in fields.items():
        steps = path_of(name)
        if len(steps) == 1 and name in nested:
            continue  # holds the nested fields, which follow
        place = record
        for step in steps[:-1]:
            place = place.setdefault(step, {})
        fake = kind.fakes.get(name)
        if fake is not None and fake.startswith("="):
            place[steps[-1]] = record[fake[1:]]
        else:
            place[steps[-1]] = _value(account, kind, persona, metadata, fake)
    return record


def _value(
    account: Account, kind: ObjectType, persona: Persona, metadata: Mapping[str, Any], fake: Any
) -> Any:
    if fake == "id":
        return _typed_id(kind, metadata, identifier_of(persona, kind.ids))
    if fake is not None:
        return getattr(persona, fake)
    if metadata["valueType"] == "reference":
        return _reference(account, persona, metadata)
    return _by_type(persona, metadata)


def _by_type(persona: Persona, metadata: Mapping[str, Any]) -> Any:
    """Make a value of a field by its type alone. Assumed: every field of a record has one."""
    name = metadata["fieldName"]
    match metadata["valueType"]:
        case "boolean":
            return persona.below(name, 2) == 1
        case "int":
            return persona.below(name, 1000)
        case "float":
            return persona.below(name, 10_000_000) / 100
        case "date":
            return persona.modified[:10]
        case "datetime":
            return persona.modified
        case "singleSelect" | "multiSelect":
            return _choice(persona, metadata)
        case "string":
            return persona.sentence
    return None


def _choice(persona: Persona, metadata: Mapping[str, Any]) -> str | None:
    choices = [choice["value"] for choice in metadata.get("values", ())]
    if not choices:
        return None
    first = persona.below(metadata["fieldName"], len(choices))
    # Assumed: several values stand in one text, as at Salesforce and HubSpot.
    most = 2 if metadata["valueType"] == "multiSelect" else 1
    return ";".join(choices[first : first + most])


def _reference(account: Account, persona: Persona, metadata: Mapping[str, Any]) -> Any:
    """Return the id of a record of the first object that a field refers to."""
    targets = metadata.get("referenceTo", ())
    target = objects.find(account.catalog, account.provider, targets[0]) if targets else None
    if target is None:
        return None
    number = persona.below(metadata["fieldName"], account.size(target))
    made = identifier_of(account.persona(target.name, number), target.ids)
    return _typed_id(target, target.fields[target.id_field], made)


def _typed_id(kind: ObjectType, metadata: Mapping[str, Any], made: str) -> str | int:
    whole = kind.fields.get(kind.id_field, metadata)["valueType"] == "int"
    return int(made) if whole else made


def identifier_of(persona: Persona, ids: str) -> str:
    """Return the id of a record as its provider would write it.

    `ids` is `numeric` with a number of digits behind it, `hex` (24 digits), `uuid`, or
    `salesforce` with the three characters that name the object behind it.
    """
    style, _, detail = ids.partition(" ")
    match style:
        case "salesforce":
            return _salesforce_id(persona, detail)
        case "numeric":
            digits = int(detail)
            return str(10 ** (digits - 1) + persona.below("id", 9 * 10 ** (digits - 1)))
        case "hex":
            return f"{persona.below('id', 16**24):024x}"
    return persona.identity.uuid(f"{persona.stream}/id", persona.number)


def _salesforce_id(persona: Persona, prefix: str) -> str:
    """Return an id of 18 characters: 15 that count, and 3 that tell their case.

    Source: Salesforce, "ID field type": each of the last three characters stands for five of the
    others, one bit for each capital letter, the first letter being the lowest bit.
    """
    number, body = persona.below("id", 62**10), ""
    for _ in range(10):
        number, place = divmod(number, 62)
        body = BASE62[place] + body
    short = f"{prefix}Dp{body}"
    groups = (short[0:5], short[5:10], short[10:15])
    bits = (sum(1 << i for i, letter in enumerate(group) if letter.isupper()) for group in groups)
    return short + "".join(_SUFFIX[number] for number in bits)
