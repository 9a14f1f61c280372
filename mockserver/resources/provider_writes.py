"""How a pretend provider takes writes: what it refuses, and what becomes of its records.

Assumed: the wording of every refusal. What is refused follows from what the provider tells about
its fields: unknown, read-only and required ones, and values of another type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from mockserver.resources import objects
from mockserver.resources.record_stores import Held, RecordStore
from mockserver.simulation.clock import moment

CREATE = "create"
UPDATE = "update"
DELETE = "delete"
#: Assumed: Salesforce takes any value for these, unless an administrator restricts them.
_UNRESTRICTED = frozenset({"picklist", "multipicklist"})
_TRUTHS: Mapping[Any, bool] = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Intent:
    """One record that is to be written, as far as it is known whether the provider takes it."""

    kind: str  # CREATE, UPDATE or DELETE
    identifier: str | None  # of the record, unless it is new
    values: Mapping[str, Any]  # by the provider's field names
    associations: Sequence[Any]
    errors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What a write has changed: a record as it was, and as it is."""

    kind: str
    before: Held | None
    after: Held | None
    associations: Sequence[Any] = ()

    @property
    def held(self) -> Held:
        """The record as it was seen last."""
        found = self.after or self.before
        if found is None:
            raise TypeError("a change is of a record")
        return found


def intend(
    store: RecordStore,
    kind: str,
    identifier: str | None,
    values: Mapping[str, Any],
    associations: Sequence[Any] = (),
) -> Intent:
    """Return what the provider makes of a write, before it is done."""
    errors: list[str] = []
    if kind != CREATE and (identifier is None or store.get(identifier) is None):
        errors.append(f"{store.kind.name} {identifier} does not exist")
    taken = dict(_taken(store, values, errors)) if kind != DELETE else {}
    if kind == CREATE:
        errors += list(_missing(store, taken))
    return Intent(kind, identifier, taken, associations, tuple(errors))


def carry_out(store: RecordStore, intent: Intent) -> Change:
    """Do a write that the provider takes."""
    if intent.kind == CREATE:
        return Change(
            CREATE, None, store.create(intent.values, intent.associations), intent.associations
        )
    old = store.get(intent.identifier or "")
    if old is None:  # an earlier record of the batch deleted it
        raise LookupError(f"{store.kind.name} {intent.identifier} does not exist")
    if intent.kind == DELETE:
        store.delete(old)
        return Change(DELETE, old, None)
    new = store.update(old, intent.values, intent.associations)
    return Change(UPDATE, old, new, intent.associations)


def _taken(
    store: RecordStore, values: Mapping[str, Any], errors: list[str]
) -> Iterator[tuple[str, Any]]:
    """Yield the values by the names of their fields; note what is wrong with the others."""
    is_generic = objects.is_generic(store.account.catalog, store.account.provider)
    for name, given in values.items():
        metadata = objects.field(store.fields, name)
        if metadata is None and is_generic:
            yield name, given
        elif metadata is None:
            errors.append(f"{store.kind.name} has no field {name}")
        elif metadata["readOnly"]:
            errors.append(f"field {name} of {store.kind.name} is read-only")
        else:
            try:
                yield _place(store, metadata["fieldName"]), _converted(metadata, given)
            except (TypeError, ValueError) as error:
                errors.append(f"field {name} of {store.kind.name} {error}")


def _place(store: RecordStore, name: str) -> str:
    """Return the field that holds a value which can be seen under another name as well."""
    fake = store.kind.fakes.get(name, "")
    return fake[1:] if fake.startswith("=") else name


def _missing(store: RecordStore, values: Mapping[str, Any]) -> Iterator[str]:
    for name, metadata in store.fields.items():
        if metadata["isRequired"] and values.get(name) in (None, ""):
            yield f"field {name} of {store.kind.name} is required"


def _converted(metadata: Mapping[str, Any], given: Any) -> Any:
    """Return a value as the provider keeps it.

    Raises:
        ValueError, TypeError: it is of another type; says what the field takes.
    """
    if given is None:
        if metadata["isRequired"]:
            raise ValueError("is required and cannot be emptied")
        return None
    convert = _CONVERSIONS.get(metadata["valueType"])
    return given if convert is None else convert(metadata, given)


def _text(_: Mapping[str, Any], given: Any) -> Any:
    if isinstance(given, dict | list):
        raise TypeError("takes a text")
    return given


def _boolean(_: Mapping[str, Any], given: Any) -> bool:
    found = (
        given if isinstance(given, bool) else _TRUTHS.get(given if isinstance(given, str) else "")
    )
    if found is None:
        raise ValueError("takes true or false")
    return found


def _number(read: Callable[[str], Any], wanted: str) -> Callable[[Mapping[str, Any], Any], Any]:
    def convert(_: Mapping[str, Any], given: Any) -> Any:
        if isinstance(given, bool) or not isinstance(given, str | int | float):
            raise TypeError(f"takes {wanted}")
        try:
            return given if isinstance(given, int) else read(str(given))
        except ValueError:
            raise ValueError(f"takes {wanted}") from None

    return convert


def _finite(text: str) -> float:
    number = float(text)
    if number - number != 0:  # infinity, or no number at all
        raise ValueError(text)
    return number


def _whole(text: str) -> int:
    number = _finite(text) if "." in text or "e" in text.lower() else int(text)
    if number != int(number) or abs(number) >= 2**63:
        raise ValueError(text)
    return int(number)


def _date(_: Mapping[str, Any], given: Any) -> str:
    try:
        return date.fromisoformat(given).isoformat()
    except (TypeError, ValueError):
        raise ValueError("takes a date like 2026-01-31") from None


def _datetime(_: Mapping[str, Any], given: Any) -> str:
    try:
        moment(given)
    except (TypeError, ValueError, OverflowError):
        raise ValueError("takes a time like 2026-01-31T09:00:00Z") from None
    return str(given)


def _choice(metadata: Mapping[str, Any], given: Any) -> str:
    several = metadata["valueType"] == "multiSelect"
    chosen = given if several and isinstance(given, list) else [given]
    if not all(isinstance(one, str) for one in chosen):
        raise TypeError("takes a text")
    text = ";".join(chosen)
    allowed = {choice["value"] for choice in metadata.get("values", ())}
    unknown = set(filter(None, text.split(";") if several else [text])) - allowed
    if allowed and unknown and metadata["providerType"] not in _UNRESTRICTED:
        raise ValueError(f"takes one of {', '.join(sorted(allowed))}")
    return text


_CONVERSIONS: Mapping[str, Callable[[Mapping[str, Any], Any], Any]] = {
    "string": _text,
    "reference": _text,
    "boolean": _boolean,
    "int": _number(_whole, "a whole number"),
    "float": _number(_finite, "a number"),
    "date": _date,
    "datetime": _datetime,
    "singleSelect": _choice,
    "multiSelect": _choice,
}
