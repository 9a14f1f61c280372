"""Where a body can be wrong: every place that its schema speaks of, with a right value around it.

Starts from a body that is right. A property that the body does not have is a place as well, and
what is below it is reached through a sample made from its schema.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.conformance.shapes.samples import sample
from mockserver.conformance.shapes.values import ABSENT, Path, at, put
from mockserver.contract.schemas import Schemas
from mockserver.pointers import escape, resolve

Schema = Mapping[str, Any]
#: Deeper than any body of the contract; schemas that contain themselves end here.
_DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Layer:
    """One of the schemas that hold at a place, and where the contract has it."""

    pointer: str
    schema: Schema


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a body."""

    path: Path
    pointers: tuple[str, ...]  # of its schemas, as they are first named
    layers: tuple[Layer, ...]  # the same, with references followed
    body: Any  # right as far as schemas go, and has the parent of the place
    value: Any  # ABSENT when the body does not have it
    is_given: bool  # whether the right call itself has it
    required_by: str = ""  # pointer of the `required` that lists it; empty when optional

    def keyword(self, name: str) -> tuple[str, Any] | None:
        """Return where a keyword stands and what it says; None when no schema has it."""
        for layer in self.layers:
            if name in layer.schema:
                return f"{layer.pointer}/{name}", layer.schema[name]
        return None

    @property
    def types(self) -> frozenset[str]:
        """The declared type; empty where any is taken."""
        found = self.keyword("type")
        return frozenset() if found is None else frozenset({str(found[1])})

    @property
    def is_nullable(self) -> bool:
        """Whether null is a value here."""
        return not self.types or any(layer.schema.get("nullable") for layer in self.layers)


class Walk:
    """Finds the places of one body."""

    def __init__(self, schemas: Schemas) -> None:
        """Take the contract's schemas, as written."""
        self._schemas = schemas
        self._seen: set[str] = set()

    def places(self, pointer: str, body: Any) -> Iterator[Place]:
        """Yield the places of a body, the body itself first.

        What one component says is walked once: its properties are the same wherever it is used.
        """
        yield from self._below(self._place((), (pointer,), body, is_given=True))

    def _below(self, place: Place) -> Iterator[Place]:
        yield place
        if len(place.path) >= _DEEPEST or self._was_here(place):
            return
        filled = self._filled(place)
        if isinstance(filled.value, dict):
            yield from self._in_object(filled)
        elif isinstance(filled.value, list):
            yield from self._in_array(filled)

    def _was_here(self, place: Place) -> bool:
        components = {
            layer.pointer
            for layer in place.layers
            if layer.pointer.startswith("/components/") and "properties" in layer.schema
        }
        seen = bool(components) and components <= self._seen
        self._seen |= components
        return seen

    def _in_object(self, place: Place) -> Iterator[Place]:
        required: dict[str, str] = {}
        declared: dict[str, tuple[str, ...]] = {}
        for layer in place.layers:
            for name in layer.schema.get("required", ()):
                required[name] = f"{layer.pointer}/required"
            for name in layer.schema.get("properties", {}):
                pointer = f"{layer.pointer}/properties/{escape(name)}"
                declared[name] = (*declared.get(name, ()), pointer)
        for name, pointers in declared.items():
            yield from self._below(self._child(place, name, pointers, required.get(name, "")))
        free = next((name for name in place.value if name not in declared), "key")
        for layer in place.layers:
            if isinstance(layer.schema.get("additionalProperties"), dict):
                pointer = f"{layer.pointer}/additionalProperties"
                yield from self._below(self._child(place, free, (pointer,)))

    def _in_array(self, place: Place) -> Iterator[Place]:
        for layer in place.layers:
            if isinstance(layer.schema.get("items"), dict):
                yield from self._below(self._child(place, 0, (f"{layer.pointer}/items",)))

    def _child(
        self, parent: Place, part: str | int, pointers: tuple[str, ...], required_by: str = ""
    ) -> Place:
        path = (*parent.path, part)
        is_given = parent.is_given and at(parent.body, path) is not ABSENT
        return self._place(path, pointers, parent.body, is_given=is_given, required_by=required_by)

    def _filled(self, place: Place) -> Place:
        """Return the place with a value in it, so that there is something below it."""
        if place.value is not ABSENT and place.value not in ({}, []):
            return place
        value = sample(self._schemas.document, place.pointers[0])
        if value is ABSENT or not isinstance(value, dict | list):
            return place
        body = put(place.body, place.path, value)
        return self._place(place.path, place.pointers, body, is_given=False)

    def _place(
        self,
        path: Path,
        pointers: tuple[str, ...],
        body: Any,
        *,
        is_given: bool,
        required_by: str = "",
    ) -> Place:
        value = at(body, path)
        layers = tuple(layer for p in pointers for layer in self._open(p, value, 0))
        return Place(path, pointers, layers, body, value, is_given, required_by)

    def _open(self, pointer: str, value: Any, depth: int) -> Iterator[Layer]:
        if depth > _DEEPEST:
            return
        schema = resolve(self._schemas.document, pointer)
        reference = schema.get("$ref")
        if isinstance(reference, str):
            yield from self._open(reference.removeprefix("#"), value, depth + 1)
            return
        yield Layer(pointer, schema)
        for number in range(len(schema.get("allOf", ()))):
            yield from self._open(f"{pointer}/allOf/{number}", value, depth + 1)
        for word in ("oneOf", "anyOf"):
            branches = (f"{pointer}/{word}/{n}" for n in range(len(schema.get(word, ()))))
            fits = next((b for b in branches if self._fits(b, value)), None)
            if fits is not None:
                yield from self._open(fits, value, depth + 1)

    def _fits(self, pointer: str, value: Any) -> bool:
        return value is not ABSENT and self._schemas.validator(pointer).is_valid(value)
