"""Compiled schemas of a bundled document.

OpenAPI 3.0 schemas are translated to JSON Schema 2020-12 here and nowhere else: `nullable`
becomes a null type, boolean `exclusiveMaximum` becomes a bound. Each validator is compiled when
it is first asked for, over one shared registry, so that starting costs nothing per schema.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import jsonschema_rs

_DOCUMENT = "urn:mockserver:contract"
_POINTER = "/~"  # what stays as it is when a JSON pointer becomes a URI fragment


@dataclass(frozen=True, slots=True)
class Violation:
    """One place where a value breaks its schema."""

    path: tuple[str | int, ...]  # into the value
    keyword: str  # "required", "type", "maxLength", …
    message: str  # the validator's own; it may repeat the value
    value: Any
    facts: dict[str, Any]  # what the schema asks for: `limit`, `types`, `options`, …
    missing: str | None = None  # the absent property, for "required"
    alternatives: tuple[str, ...] = ()  # properties of which one is required


class Schemas:
    """The validators of one document, by the JSON pointer of their schema."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        """Take a bundled OpenAPI 3.0 document; it is not changed."""
        self.document = document
        self._registry: jsonschema_rs.Registry | None = None
        self._validators: dict[str, jsonschema_rs.Draft202012Validator] = {}

    def validator(self, pointer: str) -> jsonschema_rs.Draft202012Validator:
        """Return the validator of the schema at `pointer`, compiled once."""
        found = self._validators.get(pointer)
        if found is None:
            found = self._validators[pointer] = self._compile(pointer)
        return found

    def violations(self, pointer: str, value: Any) -> list[Violation]:
        """Return every violation of `value`; the order is the validator's."""
        validator = self.validator(pointer)
        # To tell that there is none is a hundred times as fast as to look for each.
        return [] if validator.is_valid(value) else list(read_violations(validator, value))

    def _compile(self, pointer: str) -> jsonschema_rs.Draft202012Validator:
        if self._registry is None:
            translated = translate(self.document)
            self._registry = jsonschema_rs.Registry([(_DOCUMENT, translated)])
        reference = {"$ref": f"{_DOCUMENT}#{quote(pointer, safe=_POINTER)}"}
        return jsonschema_rs.Draft202012Validator(
            reference, registry=self._registry, validate_formats=True
        )


def read_violations(
    validator: jsonschema_rs.Draft202012Validator, value: Any
) -> Iterator[Violation]:
    """Yield the violations of `value`; one `required` violation per absent property."""
    for error in validator.iter_errors(value):
        facts = error.kind.as_dict()
        yield Violation(
            path=tuple(error.instance_path),
            keyword=error.kind.name,
            message=error.message,
            value=error.instance,
            facts=facts,
            missing=facts.get("property"),
            alternatives=_alternatives(facts.get("context", ())),
        )


def _alternatives(branches: Sequence[Sequence[Any]]) -> tuple[str, ...]:
    """Return the absent properties of branches that ask for one property each."""
    found = [branch[0].kind.as_dict().get("property") for branch in branches if len(branch) == 1]
    return tuple(found) if len(found) == len(branches) and all(found) else ()


def translate(node: Any) -> Any:
    """Translate OpenAPI 3.0 schemas inside any JSON value to JSON Schema 2020-12.

    Source: OpenAPI 3.0.1, "Schema Object"; JSON Schema 2020-12 validation, sections 6.1 and 6.2.
    """
    if isinstance(node, list):
        return [translate(item) for item in node]
    if not isinstance(node, dict):
        return node
    if isinstance(node.get("$ref"), str):
        return {"$ref": node["$ref"]}
    changed = {key: translate(value) for key, value in node.items() if key != "example"}
    if isinstance(node.get("properties"), dict):  # names, whatever they are, then schemas
        changed["properties"] = {
            name: translate(schema) for name, schema in node["properties"].items()
        }
    _fold_bound(changed, "exclusiveMaximum", "maximum")
    _fold_bound(changed, "exclusiveMinimum", "minimum")
    return _fold_nullable(changed)


def _fold_bound(schema: dict[str, Any], flag: str, bound: str) -> None:
    exclusive = schema.get(flag)
    if isinstance(exclusive, bool):
        del schema[flag]
        if exclusive and bound in schema:
            schema[flag] = schema.pop(bound)


def _fold_nullable(schema: dict[str, Any]) -> dict[str, Any]:
    nullable = schema.pop("nullable", False) if isinstance(schema.get("nullable"), bool) else False
    if nullable and isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]
        if isinstance(schema.get("enum"), list):
            schema["enum"] = [*schema["enum"], None]
    return schema
