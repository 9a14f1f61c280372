"""What pretend providers know: their objects and fields, read from one file per provider.

A file is read when its provider is first asked about, and kept by the catalog of one app.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

#: Where a field's entry leaves these out, they are false.
_FLAGS = ("readOnly", "isCustom", "isRequired")
_PATH = re.compile(r"\['([^']+)'\]")
_BORDER = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class ObjectType:
    """One object of a provider."""

    name: str
    display_name: str
    fields: Mapping[str, dict[str, Any]]  # FieldMetadata of the contract, by field name
    fakes: Mapping[str, str]  # what a fake record holds, by field name: a kind, or `=field`
    ids: str  # how record ids look; see provider_records
    id_field: str


@dataclass(frozen=True, slots=True)
class ProviderObjects:
    """Every object of one provider."""

    objects: Mapping[str, ObjectType]
    also: Mapping[str, str]  # real names, by other spellings in lower case
    is_generic: bool = False  # takes any object name and any field name

    def find(self, name: str) -> ObjectType | None:
        """Return an object by its name, else by its name in another case, else by an alias."""
        found = self.objects.get(name)
        if found is not None:
            return found
        real = self.also.get(name.lower())
        if real is not None:
            return self.objects[real]
        return generic_object(name) if self.is_generic else None


@dataclass(frozen=True)
class ObjectCatalog:
    """The objects of every provider."""

    folder: Path | None = None
    _read: dict[str, ProviderObjects] = field(default_factory=dict, compare=False, repr=False)

    def of(self, provider: str) -> ProviderObjects:
        """Return the objects of a provider; of one without a file, the generic ones."""
        found = self._read.get(provider)
        if found is None:
            found = self._read[provider] = self._load(provider)
        return found

    def names(self) -> list[str]:
        """Return the providers that have a file."""
        return sorted(self._files())

    def _load(self, provider: str) -> ProviderObjects:
        path = self._files().get(provider)
        if path is None:
            return ProviderObjects({}, {}, is_generic=True)
        return read_objects(path.read_text(encoding="utf-8"))

    def _files(self) -> dict[str, Path]:
        # Listed rather than built from the name: that may come from a request.
        if self.folder is None:
            return {}
        return {path.stem: path for path in self.folder.glob("*.yaml")}


def read_objects(text: str) -> ProviderObjects:
    """Read the objects of one provider from YAML; spec/README.md says how it is written.

    Raises:
        KeyError: a key is missing, or a field has a type that the file does not explain.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    content = yaml.load(text, Loader=loader)  # noqa: S506 # a safe loader, in C where there is one
    objects = {
        name: _object_type(name, entry, content) for name, entry in content["objects"].items()
    }
    also = {name.lower(): name for name in objects}
    for name, entry in content["objects"].items():
        also.update({alias.lower(): name for alias in entry.get("aliases", [])})
    return ProviderObjects(objects, also)


def _object_type(name: str, entry: Mapping[str, Any], content: Mapping[str, Any]) -> ObjectType:
    types = content["types"]
    fields, fakes = {}, {}
    for field_name, facts in {**content.get("everywhere", {}), **entry["fields"]}.items():
        kind = types[facts["type"]]
        fields[field_name] = _field(field_name, facts, kind["valueType"])
        fake = facts.get("fake", kind.get("fake"))
        if fake is not None:
            fakes[field_name] = str(fake)
    return ObjectType(
        name=name,
        display_name=entry["displayName"],
        fields=fields,
        fakes=fakes,
        ids=str(entry.get("ids", content["ids"])),
        id_field=entry.get("idField", content.get("idField", "id")),
    )


def _field(name: str, facts: Mapping[str, Any], value_type: str) -> dict[str, Any]:
    metadata: dict[str, Any] = {
        "fieldName": name,
        "displayName": facts["displayName"],
        "valueType": facts.get("valueType", value_type),
        "providerType": facts["type"],
        **{flag: bool(facts.get(flag, False)) for flag in _FLAGS},
    }
    if "referenceTo" in facts:
        metadata["referenceTo"] = list(facts["referenceTo"])
    if "values" in facts:
        metadata["values"] = [_choice(value) for value in facts["values"]]
    return metadata


def _choice(value: Any) -> dict[str, str]:
    if isinstance(value, dict):
        [(stored, label)] = value.items()
        return {"value": str(stored), "displayValue": str(label)}
    return {"value": str(value), "displayValue": str(value)}


def path_of(field_name: str) -> list[str]:
    """Return the steps of a nested field's name: `$['billingaddress']['city']` has two.

    Source: IntegrationFieldExistent. A plain name is one step.
    """
    return _PATH.findall(field_name) if field_name.startswith("$[") else [field_name]


def title(name: str) -> str:
    """Return a label made of a name: `annual_revenue`, `annualRevenue` → `Annual Revenue`.

    Assumed: what providers have no label for is shown like this.
    """
    text = " ".join(step.removesuffix("__c") for step in path_of(name))
    words = _WORD.findall(_BORDER.sub(" ", text))
    return " ".join(word[:1].upper() + word[1:] for word in words) or name


_GENERIC_FIELDS = (
    ("id", "ID", "string", True, "id"),
    ("name", "Name", "string", False, "name"),
    ("email", "Email", "string", False, "email"),
    ("phone", "Phone", "string", False, "phone"),
    ("title", "Title", "string", False, "subject"),
    ("description", "Description", "string", False, "sentence"),
    ("status", "Status", "string", False, "word"),
    ("url", "URL", "string", False, "website"),
    ("createdAt", "Created At", "datetime", True, "created"),
    ("updatedAt", "Updated At", "datetime", True, "modified"),
)


def generic_object(name: str) -> ObjectType:
    """Return an object of a provider that nothing is known about.

    Assumed: any object name exists there, with ten usual fields; other fields may be asked for.
    """
    fields = {
        field_name: generic_field(field_name, label, value_type, read_only=read_only)
        for field_name, label, value_type, read_only, _ in _GENERIC_FIELDS
    }
    fakes = {field_name: fake for field_name, *_, fake in _GENERIC_FIELDS}
    return ObjectType(name, title(name), fields, fakes, "uuid", "id")


def generic_field(
    name: str, label: str | None = None, value_type: str = "string", *, read_only: bool = False
) -> dict[str, Any]:
    """Return the metadata of a field of a generic object."""
    return {
        "fieldName": name,
        "displayName": label or title(name),
        "valueType": value_type,
        "providerType": value_type,
        "readOnly": read_only,
        "isCustom": False,
        "isRequired": False,
    }
