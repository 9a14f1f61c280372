"""Which fields of a record an installation gets, under which names and with which values.

Source: the vendor's guides to field selection, field mappings and value mappings; Config.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.resources import configs, integrations, manifests, objects
from mockserver.resources.object_catalog import path_of
from mockserver.resources.provider_records import value
from mockserver.resources.providers import Catalog
from mockserver.resources.written_records import merged
from mockserver.rules.work import Work
from mockserver.state.tables import Record


@dataclass(frozen=True, slots=True)
class Selection:
    """What of an object's records is delivered. Provider fields are named as the provider does."""

    native: str  # the provider's name of the object, as the manifest has it
    name: str  # the name it is delivered and addressed by
    destination: str
    fields: Mapping[str, str]  # by the name as delivered: the provider's field
    mapped: Mapping[str, str]  # by the mapped name: the provider's field
    #: By the provider's field: its value by the value that is delivered for it.
    values: Mapping[str, Mapping[str, str]]

    def entry(self, record: Record, id_field: str) -> dict[str, Any]:
        """Return a record as a ResultEntry. Source: webhook.yaml.

        Assumed: `raw` is what a provider returns that is asked for these fields: they and the id.
        """
        fields = {name: self._delivered(record, field) for name, field in self.fields.items()}
        mapped: dict[str, Any] = {}
        for name, field in self.mapped.items():
            mapped = merged(mapped, {name: self._delivered(record, field)})
        asked = {id_field, *self.fields.values(), *self.mapped.values()}
        return {"fields": fields, "mappedFields": mapped, "raw": _only(record, asked)}

    def _delivered(self, record: Record, field: str) -> Any:
        found = value(record, field)
        for delivered, stored in self.values.get(field, {}).items():
            if stored == found:
                return delivered
        return found

    def field_of(self, name: str) -> str:
        """Return the provider's field that a mapped or delivered name stands for, or the name."""
        return self.mapped.get(name) or self.fields.get(name, name)


def _only(record: Record, names: Iterable[str]) -> dict[str, Any]:
    """Return a record with some of its fields, in the record's own order and nesting."""
    plain = {name for name in names if len(path_of(name)) == 1}
    kept = {name: found for name, found in record.items() if name in plain}
    nested = {name: value(record, name) for name in sorted(names) if len(path_of(name)) > 1}
    return merged(kept, nested)


def manifest_of(work: Work, installation: Record) -> Record:
    """Return the content of the revision that an installation was configured with."""
    revision = work.tx.get("revisions", installation["config"]["revisionId"])
    if revision is None:
        integration = work.tx.get("integrations", installation["integrationId"]) or {}
        revision = integrations.latest(work, integration)
    content: Record = revision["content"]
    return content


def native_name(manifest: Record, wanted: str) -> str | None:
    """Return the provider's name of a read object that is named either way; None: no such object.

    Source: the read API (mapped or not). Assumed: a mapped name counts before another object's
    own; names are compared exactly, then regardless of case.
    """
    declared = manifests.read_objects(manifest)
    aliases = {one["mapToName"]: name for name, one in declared.items() if one.get("mapToName")}
    known = {**{name: name for name in declared}, **aliases}
    return known.get(configs.find_name(known, wanted))


def of_object(work: Work, catalog: Catalog, installation: Record, native: str) -> Selection | None:
    """Return what an installation reads of an object; None when its config has no such object."""
    config = installation["config"]["content"].get("read", {}).get("objects", {}).get(native)
    declared = manifests.read_objects(manifest_of(work, installation)).get(native)
    if config is None or declared is None:
        return None
    provider = installation["config"]["content"]["provider"]
    known = objects.fields(
        work, catalog, installation["projectId"], provider, installation["groupRef"], native
    )
    fields = known or {}
    fixed = _fixed(declared, config)
    mapped = {**fixed, **config["selectedFieldMappings"]}
    chosen = _chosen(config, fields)
    return Selection(
        native=native,
        name=declared.get("mapToName") or native,
        destination=config["destination"],
        fields={name: real(fields, name) for name in chosen if name not in fixed.values()},
        mapped={name: real(fields, field) for name, field in mapped.items()},
        values={
            real(fields, mapped.get(name, name)): values
            for name, values in config.get("selectedValueMappings", {}).items()
        },
    )


def _fixed(declared: Record, config: Record) -> dict[str, str]:
    """Return the mappings that nobody chooses: those of the manifest and of the app at run time.

    Source: IntegrationFieldExistent (`mapToName`), DynamicMappingsInputEntry (`fieldName`).
    Assumed: an optional field of the manifest is mapped when it is selected.
    """
    selected = config["selectedFields"]
    everything = config.get("selectedFieldsAuto") == "all"
    optional = [
        field
        for field in declared.get("optionalFields", [])
        if everything or selected.get(field.get("fieldName"), False)
    ]
    given = [*declared.get("requiredFields", []), *optional]
    given += config.get("dynamicMappingsInput", [])
    return {
        field["mapToName"]: field["fieldName"]
        for field in given
        if field.get("fieldName") and field.get("mapToName")
    }


def _chosen(config: Record, known: Mapping[str, Any]) -> list[str]:
    chosen = [name for name, wanted in config["selectedFields"].items() if wanted]
    if config.get("selectedFieldsAuto") == "all":
        named = {name.lower() for name in chosen}
        chosen += [name for name in known if name.lower() not in named]
    return chosen


def real(known: Mapping[str, dict[str, Any]], name: str) -> str:
    """Return a field's name as the provider writes it; of an unknown one, the name itself."""
    found = objects.field(known, name)
    return name if found is None else str(found["fieldName"])
