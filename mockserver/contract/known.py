"""Keeps of a value what its schema declares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from mockserver.pointers import resolve

_REFERENCE = "#/components/schemas/"
_BRANCHES = ("allOf", "anyOf", "oneOf")
#: The schema that says nothing.
_OPEN: Mapping[str, Any] = MappingProxyType({})


def known(document: Mapping[str, Any], component: str, value: Any) -> Any:
    """Return a copy of `value` without the properties that a component does not declare.

    A schema that declares no property at all says nothing about names: everything is kept there.

    Args:
        document: a bundled OpenAPI document.
        component: the name of a component schema in it.
        value: any JSON value; one that breaks the schema is kept where they differ.
    """
    return _Sieve(document).sieved({"$ref": f"{_REFERENCE}{component}"}, value)


def known_at(document: Mapping[str, Any], pointer: str, value: Any) -> Any:
    """Return a copy of `value` without the properties that the schema at a JSON pointer lacks.

    Like `known`, for schemas that are no component: lists, inline objects. The values of maps are
    looked through, too.
    """
    return _Sieve(document, in_maps=True).sieved(resolve(document, pointer), value)


class _Sieve:
    """Keeps of one value what its schema declares.

    What a schema declares is gathered once, not again for each entry of a list.
    """

    def __init__(self, document: Mapping[str, Any], *, in_maps: bool = False) -> None:
        self._document = document
        self._in_maps = in_maps
        self._properties: dict[int, Mapping[str, Any]] = {}  # by the identity of the schema

    def sieved(self, schema: Mapping[str, Any], value: Any) -> Any:
        if isinstance(value, dict):
            return self._object(schema, value)
        if isinstance(value, list):
            items = _declared(self._document, schema, "items")
            return [self.sieved(items, item) for item in value]
        return value

    def _object(self, schema: Mapping[str, Any], value: dict[str, Any]) -> dict[str, Any]:
        properties = self._properties.get(id(schema))
        if properties is None:
            properties = self._properties[id(schema)] = properties_of(self._document, schema)
        if properties:
            return {
                name: self.sieved(properties[name], item)
                for name, item in value.items()
                if name in properties
            }
        entries = _OPEN
        if self._in_maps:
            entries = _declared(self._document, schema, "additionalProperties")
        return {name: self.sieved(entries, item) for name, item in value.items()}


def _declared(
    document: Mapping[str, Any], schema: Mapping[str, Any], keyword: str
) -> Mapping[str, Any]:
    """Return the schema that a keyword gives to all entries; one that says nothing without it."""
    for part in _parts(document, schema):
        if isinstance(part.get(keyword), Mapping):
            found: Mapping[str, Any] = part[keyword]
            return found
    return _OPEN


def properties_of(
    document: Mapping[str, Any], schema: Mapping[str, Any]
) -> dict[str, Mapping[str, Any]]:
    """Return the properties that a schema declares, by name; those of its branches too."""
    return {
        name: declared
        for part in _parts(document, schema)
        for name, declared in part.get("properties", {}).items()
    }


def _parts(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield a schema and every schema it is put together from, references followed."""
    reference = schema.get("$ref")
    if reference is not None:
        schemas = document["components"]["schemas"]
        yield from _parts(document, schemas[reference.removeprefix(_REFERENCE)])
        return
    yield schema
    for keyword in _BRANCHES:
        for branch in schema.get(keyword, ()):
            yield from _parts(document, branch)
