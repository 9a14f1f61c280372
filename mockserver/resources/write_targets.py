"""What a write is aimed at: the object, its settings, and the mappings that are applied in reverse.

Source: IntegrationWriteObject (`inheritMapping`), the vendor's guides to write actions, field
settings and value defaults; WriteConfigObject.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.resources import configs, manifests, objects, selections
from mockserver.resources.object_catalog import path_of
from mockserver.resources.provider_records import value
from mockserver.resources.providers import Catalog
from mockserver.resources.selections import Selection
from mockserver.rules.errors import Issue, Kind, Refused
from mockserver.rules.work import Work
from mockserver.state.tables import Record

_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Target:
    """An object of an installation that may be written."""

    name: str  # as the manifest's write section has it
    native: str  # the provider's name
    config: Record  # of the object, as the customer chose
    selection: Selection | None  # whose mappings count; None without inheritMapping
    unmapped: tuple[str, ...]  # mapped names of the manifest that no field was chosen for
    known: Mapping[str, dict[str, Any]]  # the provider's fields: FieldMetadata by name

    @property
    def may_delete(self) -> bool:
        """Whether the customer allows deletes. Source: DeletionSettings."""
        return bool(self.config.get("deletionSettings", {}).get("enabled", False))

    def values_of(self, record: Record) -> dict[str, Any]:
        """Return a written record's values by the provider's field names.

        Source: the vendor's guide to write actions (mappings in reverse; a mapped name that no
        field was chosen for is left out). Assumed: a mapped name counts before the field's own.
        """
        rest = dict(record)
        mapped: dict[str, Any] = {}
        selection = self.selection
        for name, field in selection.mapped.items() if selection is not None else ():
            rest, found = _taken(rest, path_of(name))
            if found is not _ABSENT:
                values = selection.values.get(field, {}) if selection is not None else {}
                mapped[field] = values.get(found, found) if isinstance(found, str) else found
        for name in self.unmapped:
            rest, _ = _taken(rest, path_of(name))
        real = {selections.real(self.known, name): found for name, found in rest.items()}
        return {**real, **mapped}

    def settle(self, values: Mapping[str, Any], current: Record | None) -> dict[str, Any]:
        """Return the values that are sent, by the customer's settings.

        Source: FieldSetting, ValueDefault.

        Args:
            values: by the provider's field names.
            current: the record that is updated, by the same names; None for a new one.
        """
        settled = dict(values)
        for name, default in self._older_defaults(current is not None).items():
            settled.setdefault(name, default)
        for name, setting in self._settings().items():
            if name not in settled and (default := _default(setting)) is not _ABSENT:
                settled[name] = default
            if name in settled and not _is_sent(setting, name, current):
                del settled[name]
        return settled

    def _settings(self) -> dict[str, Record]:
        given = self.config.get("selectedFieldSettings", {})
        return {self._field(name): setting for name, setting in given.items()}

    def _older_defaults(self, is_update: bool) -> dict[str, Any]:
        settings = self._settings()
        given = self.config.get("selectedValueDefaults", {})
        return {
            self._field(name): one["value"]
            for name, one in given.items()
            if self._field(name) not in settings
            and (not is_update or one.get("applyOnUpdate") == "always")
        }

    def _field(self, name: str) -> str:
        mapped = name if self.selection is None else self.selection.field_of(name)
        return selections.real(self.known, mapped)


def _default(setting: Record) -> Any:
    default = setting.get("default", {})
    given = (default[kind] for kind in _DEFAULTS if default.get(kind) is not None)
    return next(given, _ABSENT)


_DEFAULTS = ("stringValue", "integerValue", "booleanValue")


def _is_sent(setting: Record, name: str, current: Record | None) -> bool:
    if current is None:
        return bool(setting.get("writeOnCreate", "always") == "always")
    when = setting.get("writeOnUpdate", "always")
    return when == "always" or (when == "ifEmpty" and value(current, name) in (None, ""))


def _taken(record: Record, steps: list[str]) -> tuple[dict[str, Any], Any]:
    """Return a record without the value at a path, and that value."""
    head, *rest = steps
    if head not in record:
        return dict(record), _ABSENT
    left = {name: found for name, found in record.items() if name != head}
    if not rest:
        return left, record[head]
    inner = record[head]
    if not isinstance(inner, Mapping):
        return dict(record), _ABSENT
    kept, found = _taken(inner, rest)
    return ({**left, head: kept} if kept else left), found


def find(work: Work, catalog: Catalog, installation: Record, wanted: str) -> Target:
    """Return the object of a write, named as the manifest names or maps it.

    Assumed: writing takes an object of the config too, because customers choose what may be
    written (the vendor's React hooks switch it on and off).

    Raises:
        Refused: INVALID.
    """
    manifest = selections.manifest_of(work, installation)
    declared = manifests.write_objects(manifest)
    natives = _natives(manifest)
    names = {**_reached(declared, natives), **{name: name for name in declared}}
    name = names.get(configs.find_name(names, wanted))
    if name is None:
        raise _unknown(wanted, "the manifest has no write object of this name", list(declared))
    config = installation["config"]["content"].get("write", {}).get("objects", {}).get(name)
    if config is None:
        detail = "the installation's config does not let this object be written"
        remedy = f"add config.content.write.objects.{name} to the installation"
        raise Refused(Kind.INVALID, detail, remedy=remedy, issues=[_issue(wanted, detail)])
    inherits = declared[name].get("inheritMapping", False)
    native = natives.get(name, name) if inherits else name
    selection = selections.of_object(work, catalog, installation, native) if inherits else None
    unmapped = _unmapped(manifest, native, selection) if selection is not None else ()
    provider = installation["config"]["content"]["provider"]
    known = objects.fields(
        work, catalog, installation["projectId"], provider, installation["groupRef"], native
    )
    return Target(name, native, config, selection, unmapped, known or {})


def _natives(manifest: Record) -> dict[str, str]:
    """Return the provider's names of read objects by their mapped names."""
    declared = manifests.read_objects(manifest)
    return {one["mapToName"]: name for name, one in declared.items() if one.get("mapToName")}


def _reached(declared: Mapping[str, Record], natives: Mapping[str, str]) -> dict[str, str]:
    """Return the write objects by the other names that their mappings give them."""
    found = {}
    for mapped, native in natives.items():
        for name, other in ((mapped, native), (native, mapped)):
            if name in declared and declared[name].get("inheritMapping", False):
                found[other] = name
    return found


def _unmapped(manifest: Record, native: str, selection: Selection) -> tuple[str, ...]:
    one = manifests.read_objects(manifest)[native]
    fields = [*one.get("requiredFields", []), *one.get("optionalFields", [])]
    asked = [field["mapToName"] for field in fields if "mapToName" in field]
    return tuple(name for name in asked if name not in selection.mapped)


def _unknown(wanted: str, detail: str, known: list[str]) -> Refused:
    remedy = f"use one of: {', '.join(known) or 'none'}"
    return Refused(Kind.INVALID, detail, remedy=remedy, issues=[_issue(wanted, detail)])


def _issue(wanted: str, detail: str) -> Issue:
    return Issue("path", "objectName", detail, wanted)
