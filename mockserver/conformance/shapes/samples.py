"""A small value that a schema allows, to reach the places below it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mockserver.conformance.shapes.values import ABSENT
from mockserver.pointers import resolve

Schema = Mapping[str, Any]
_DEEPEST = 8


def sample(document: Mapping[str, Any], pointer: str, *, whole: bool = False) -> Any:
    """Return a value of the schema at a JSON pointer of an OpenAPI document.

    Args:
        document: where the schema stands.
        pointer: to it.
        whole: with its optional properties too; what is below those has the required ones only.
    """
    value = _of(document, resolve(document, pointer), 0)
    if whole and isinstance(value, dict):
        for name, schema in _properties(document, resolve(document, pointer)):
            value.setdefault(name, _of(document, schema, 0))
    return value


def _properties(document: Mapping[str, Any], schema: Schema) -> Iterator[tuple[str, Schema]]:
    if "$ref" in schema:
        schema = resolve(document, str(schema["$ref"]).removeprefix("#"))
    yield from schema.get("properties", {}).items()
    for word in ("allOf", "oneOf"):
        for part in schema.get(word, ())[: None if word == "allOf" else 1]:
            yield from _properties(document, part)


def _of(document: Mapping[str, Any], schema: Schema, depth: int) -> Any:
    if depth > _DEEPEST:
        return ABSENT
    if "$ref" in schema:
        return sample(document, str(schema["$ref"]).removeprefix("#"))
    if "enum" in schema:
        return schema["enum"][0]
    parts = [*schema.get("allOf", ()), *schema.get("oneOf", ())[:1], *schema.get("anyOf", ())[:1]]
    kind = schema.get("type", "object" if parts or "properties" in schema else "string")
    if kind == "object":
        return _object(document, schema, parts, depth)
    return _SIMPLE[kind](document, schema, depth)


def _object(document: Mapping[str, Any], schema: Schema, parts: list[Schema], depth: int) -> Any:
    found: dict[str, Any] = {}
    for part in parts:
        inner = _of(document, part, depth + 1)
        found.update(inner if isinstance(inner, dict) else {})
    properties = schema.get("properties", {})
    for name in schema.get("required", ()):
        if name in properties:
            found[name] = _of(document, properties[name], depth + 1)
    free = schema.get("additionalProperties")
    if isinstance(free, dict):
        found["key"] = _of(document, free, depth + 1)
    return {name: value for name, value in found.items() if value is not ABSENT}


def _array(document: Mapping[str, Any], schema: Schema, depth: int) -> Any:
    item = _of(document, schema.get("items", {}), depth + 1)
    return [] if item is ABSENT else [item]


def _text(_: Mapping[str, Any], schema: Schema, __: int) -> str:
    if schema.get("format") == "date-time":
        return "2030-01-02T03:04:05Z"
    return "a" * max(4, int(schema.get("minLength", 0)))


_SIMPLE: Mapping[str, Callable[[Mapping[str, Any], Schema, int], Any]] = {
    "array": _array,
    "string": _text,
    "integer": lambda _, schema, __: schema.get("minimum", 1),
    "number": lambda _, schema, __: schema.get("minimum", 1),
    "boolean": lambda *_: True,
}
