"""Keeps of a value what its schema declares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_REFERENCE = "#/components/schemas/"
_BRANCHES = ("allOf", "anyOf", "oneOf")


def known(document: Mapping[str, Any], component: str, value: Any) -> Any:
    """Return a copy of `value` without the properties that a component does not declare.

    A schema that declares no property at all says nothing about names: everything is kept there.

    Args:
        document: a bundled OpenAPI document.
        component: the name of a component schema in it.
        value: any JSON value; one that breaks the schema is kept where they differ.
    """
    return _known(document, {"$ref": f"{_REFERENCE}{component}"}, value)


def known_at(document: Mapping[str, Any], pointer: str, value: Any) -> Any:
    """Return a copy of `value` without the properties that the schema at a JSON pointer lacks.

    Like `known`, for schemas that are no component: lists, inline objects. The values of maps are
    looked through, too.
    """
    return _known(document, node_at(document, pointer), value, in_maps=True)


def node_at(document: Mapping[str, Any], pointer: str) -> Any:
    """Return what a JSON pointer names in a document.

    Raises:
        LookupError: it names nothing.
    """
    node: Any = document
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        node = node[int(name)] if isinstance(node, list) else node[name]
    return node


def _known(
    document: Mapping[str, Any], schema: Mapping[str, Any], value: Any, *, in_maps: bool = False
) -> Any:
    if isinstance(value, Mapping):
        properties = properties_of(document, schema)
        entries = _declared(document, schema, "additionalProperties") if in_maps else {}
        if not properties:
            return {
                name: _known(document, entries, item, in_maps=in_maps)
                for name, item in value.items()
            }
        return {
            name: _known(document, properties[name], item, in_maps=in_maps)
            for name, item in value.items()
            if name in properties
        }
    if isinstance(value, list):
        items = _declared(document, schema, "items")
        return [_known(document, items, item, in_maps=in_maps) for item in value]
    return value


def _declared(
    document: Mapping[str, Any], schema: Mapping[str, Any], keyword: str
) -> Mapping[str, Any]:
    """Return the schema that a keyword gives to all entries; one that says nothing without it."""
    for part in _parts(document, schema):
        if isinstance(part.get(keyword), Mapping):
            found: Mapping[str, Any] = part[keyword]
            return found
    return {}


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
