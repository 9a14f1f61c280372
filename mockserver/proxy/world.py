"""The world that answers showed: every record of the contract's nouns, as it was last seen.

What was deleted is gone. Secrets are taken out as records arrive; they are never kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from mockserver.contract.contract import Contract
from mockserver.contract.operations import Operation
from mockserver.contract.recordings import Exchange, first
from mockserver.contract.redaction import redact_json, secrets_of
from mockserver.pointers import resolve
from mockserver.proxy.places import SECTIONS, Section, parts_of, section_of

_SCHEMAS = "#/components/schemas/"
_PARAMETER = re.compile(r"\{(\w+)\}")
Record = dict[str, Any]


class World:
    """What was seen, section by section."""

    def __init__(self, contract: Contract) -> None:
        """Begin with an empty world."""
        self.contract = contract
        self.sections: dict[str, dict[str, Record]] = {}
        #: What a path called a project or an organization -> its id, once an answer told it.
        self.project_ids: dict[str, str] = {}
        self.projects: dict[str, None] = {}  # every name or id by which a project was called
        self.saw_builder = False
        self._keys: dict[str, str] = {}  # API key -> what stands for it

    def note(self, exchange: Exchange, operation_id: str | None) -> None:
        """Take in one exchange; only what succeeded shows something."""
        if operation_id is None or not 200 <= exchange.status < 300:
            return
        operation = self.contract.operations[operation_id]
        values = path_values(operation.path, exchange.path.removeprefix("/v1"))
        project = values.get("projectIdOrName")
        if project is not None:
            self.projects.setdefault(project)
        self.saw_builder |= bool(first(exchange.request_headers, "authorization"))
        if operation.method == "DELETE":
            self._forget(operation, values)
            return
        component = shown_component(self.contract, operation)
        if component is not None:
            known = secrets_of(exchange)
            for record in _records(exchange.response_body):
                self._take(component, record, values, known)

    def _take(
        self, component: str, record: Record, values: Mapping[str, str], known: set[str]
    ) -> None:
        for inner, nested in parts_of(component, record):
            owner = {**values, "integrationId": str(record.get("id"))}  # of a nested revision
            self._take(inner, nested, owner, known)
        section = section_of(component)
        if section is None:
            return
        project, given = values.get("projectIdOrName"), record.get("projectId")
        if project is not None and isinstance(given, str):
            self.project_ids[project] = given
        key = self._key(section, record, values)
        if key is not None:
            self._store(section, key, record, values, known)

    def _store(
        self,
        section: Section,
        key: str,
        record: Record,
        values: Mapping[str, str],
        known: set[str],
    ) -> None:
        kept: Record = redact_json(section.shape(record), known)
        for field, parameter in section.from_path.items():
            if parameter in values:
                kept.setdefault(field, values[parameter])
        if section.name == "apiKeys":
            kept["key"] = key
        self.sections.setdefault(section.name, {})[key] = kept

    def _key(self, section: Section, record: Record, values: Mapping[str, str]) -> str | None:
        """Return what tells a record from others of its section; None for one without."""
        parts = [
            record.get(field, values.get(section.from_path.get(field, ""))) for field in section.key
        ]
        if not all(isinstance(part, str) and part for part in parts):
            return None
        key = "\n".join(map(str, parts))
        if section.name == "apiKeys":
            return self._keys.setdefault(key, f"recorded-key-{len(self._keys) + 1}")
        return key

    def _forget(self, operation: Operation, values: Mapping[str, str]) -> None:
        last = _PARAMETER.findall(operation.path)[-1]
        named = values.get(last, "")
        key = self._keys.get(named, named)
        for section in SECTIONS.values():
            if last in section.deleted_by:
                records = self.sections.get(section.name, {})
                for found in [k for k, r in records.items() if key in {k, r.get("name")}]:
                    del records[found]


def _records(body: bytes) -> Iterator[Record]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return
    if isinstance(value, dict) and isinstance(value.get("results"), list):
        value = value["results"]
    for record in value if isinstance(value, list) else [value]:
        if isinstance(record, dict):
            yield record


def shown_component(contract: Contract, operation: Operation) -> str | None:
    """Return the component that an operation's success shows, one or many of it; else None."""
    content = operation.success.content
    if content is None or content.schema_pointer is None:
        return None
    if content.component is not None:
        return content.component
    schema = resolve(contract.document, content.schema_pointer)
    items = schema.get("items") or schema.get("properties", {}).get("results", {}).get("items", {})
    reference = str(items.get("$ref", ""))
    return reference.removeprefix(_SCHEMAS) or None


def path_values(template: str, path: str) -> dict[str, str]:
    """Return the values of a template's parameters in a raw path, decoded; empty if none fits."""
    match = _pattern(template).fullmatch(path)
    return {name: unquote(value) for name, value in match.groupdict().items()} if match else {}


def _pattern(template: str) -> re.Pattern[str]:
    """Return the pattern of a path template. A colon may be written `%3A`."""
    parts = _PARAMETER.split(template)
    text = "".join(
        f"(?P<{part}>[^/]+)" if number % 2 else re.escape(part).replace(":", "(?::|%3[Aa])")
        for number, part in enumerate(parts)
    )
    return re.compile(text)
