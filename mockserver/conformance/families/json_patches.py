"""JSON Patches of a config: right ones, with what comes of them, and wrong ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mockserver.conformance.families import citing
from mockserver.conformance.families.installations import Record, Site
from mockserver.conformance.rules import Strength

_OP = citing.described("JSONPatchOperation", "op")
_PATH = citing.described("JSONPatchOperation", "path")
_VALUE = citing.described("JSONPatchOperation", "value")
_KINDS = citing.described("JSONPatchOperation")


def op(name: str, path: str, *value: Any) -> dict[str, Any]:
    """Return one JSON Patch operation."""
    return {"op": name, "path": path, **({"value": value[0]} if value else {})}


@dataclass(frozen=True, slots=True)
class Patch:
    """Changes that are right, and what comes of the object's config."""

    name: str
    changes: Callable[[Site], tuple[Record, ...]]
    #: Takes a copy of the config to what it should be then.
    becomes: Callable[[Site, dict[str, Any]], None]
    cites: str = _OP
    action: str = "read"


def _set(*path: str, value: Any) -> Callable[[Site, dict[str, Any]], None]:
    def apply(_: Site, config: dict[str, Any]) -> None:
        for step in path[:-1]:
            config = config[step]
        config[path[-1]] = value

    return apply


def _drop(*path: str) -> Callable[[Site, dict[str, Any]], None]:
    def apply(_: Site, config: dict[str, Any]) -> None:
        for step in path[:-1]:
            config = config[step]
        del config[path[-1]]

    return apply


def _several(where: Site, config: dict[str, Any]) -> None:
    config["selectedFields"][where.crm.person_fields[2]] = True
    config["schedule"] = "0 0 * * *"
    del config["backfill"]


def _one(*changes: Record) -> Callable[[Site], tuple[Record, ...]]:
    return lambda _: changes


_FIELD = "/selectedFields/{}"

PATCHES: tuple[Patch, ...] = (
    Patch(
        "adds-a-member",
        lambda where: (op("add", _FIELD.format(where.crm.person_fields[2]), True),),
        lambda where, config: _set("selectedFields", where.crm.person_fields[2], value=True)(
            where, config
        ),
    ),
    Patch(
        "adds-over-a-member",
        _one(op("add", "/schedule", "0 0 * * *")),
        _set("schedule", value="0 0 * * *"),
    ),
    Patch(
        "replaces-a-member",
        _one(op("replace", "/destination", "ct-replaced")),
        _set("destination", value="ct-replaced"),
    ),
    Patch(
        "replaces-a-member-within",
        _one(op("replace", "/backfill/defaultPeriod/days", 0)),
        _set("backfill", "defaultPeriod", "days", value=0),
    ),
    Patch(
        "replaces-an-object-whole",
        _one(op("replace", "/backfill", {"defaultPeriod": {"fullHistory": True}})),
        _set("backfill", value={"defaultPeriod": {"fullHistory": True}}),
    ),
    Patch(
        "removes-a-member",
        lambda where: (op("remove", _FIELD.format(where.crm.person_fields[1])),),
        lambda where, config: _drop("selectedFields", where.crm.person_fields[1])(where, config),
    ),
    Patch(
        "takes-an-escaped-slash",
        lambda where: (
            op("replace", "/selectedFieldMappings/ct~1first", where.crm.person_fields[0]),
        ),
        lambda where, config: _set(
            "selectedFieldMappings", "ct/first", value=where.crm.person_fields[0]
        )(where, config),
        _PATH,
    ),
    Patch(
        "takes-an-escaped-tilde",
        lambda where: (
            op("remove", f"/selectedValueMappings/{where.crm.person_fields[0]}/ct~0done"),
        ),
        lambda where, config: _drop("selectedValueMappings", where.crm.person_fields[0], "ct~done")(
            where, config
        ),
        _PATH,
    ),
    Patch(
        "adds-to-an-array",
        _one(op("add", "/dynamicMappingsInput/-", {"mapToName": "ctLast"})),
        lambda _, config: config["dynamicMappingsInput"].append({"mapToName": "ctLast"}),
        _PATH,
    ),
    Patch(
        "adds-into-an-array",
        _one(op("add", "/dynamicMappingsInput/0", {"mapToName": "ctFirst"})),
        lambda _, config: config["dynamicMappingsInput"].insert(0, {"mapToName": "ctFirst"}),
        _PATH,
    ),
    Patch(
        "keeps-false",
        lambda where: (op("add", _FIELD.format(where.crm.person_fields[2]), False),),
        lambda where, config: _set("selectedFields", where.crm.person_fields[2], value=False)(
            where, config
        ),
        _VALUE,
    ),
    Patch(
        "applies-all-in-order",
        lambda where: (
            op("add", _FIELD.format(where.crm.person_fields[2]), False),
            op("replace", _FIELD.format(where.crm.person_fields[2]), True),
            op("replace", "/schedule", "*/30 * * * *"),
            op("remove", "/schedule"),
            op("add", "/schedule", "0 0 * * *"),
            op("remove", "/backfill"),
        ),
        _several,
        _KINDS,
    ),
    Patch(
        "changes-what-is-written",
        _one(op("replace", "/deletionSettings", {"enabled": False})),
        _set("deletionSettings", value={"enabled": False}),
        action="write",
    ),
    Patch(
        "changes-what-is-subscribed-to",
        _one(op("replace", "/createEvent/enabled", "always")),
        _set("createEvent", "enabled", value="always"),
        action="subscribe",
    ),
)


GOOD: Record = op("add", "/destination", "ct-good")
WRONG: tuple[tuple[str, tuple[Record, ...], str, Strength], ...] = (
    ("removing-nothing", (op("remove", "/ctNothing"),), _OP, Strength.PROMISED),
    ("removing-nothing-within", (op("remove", "/selectedFields/ctNo"),), _OP, Strength.PROMISED),
    ("replacing-nothing", (op("replace", "/fieldFilters", []),), _OP, Strength.PROMISED),
    ("adding-below-nothing", (op("add", "/ctNo/deep/er", True),), _PATH, Strength.PROMISED),
    ("adding-without-value", (op("add", "/schedule"),), _VALUE, Strength.PROMISED),
    ("adding-a-member-without-value", (op("add", "/ctNew"),), _VALUE, Strength.PROMISED),
    ("replacing-without-value", (op("replace", "/schedule"),), _VALUE, Strength.PROMISED),
    ("a-path-without-slash", (op("add", "schedule", "0 0 * * *"),), _PATH, Strength.PROMISED),
    (
        "moving",
        ({"op": "move", "from": "/schedule", "path": "/destination"},),
        _KINDS,
        Strength.PROMISED,
    ),
    (
        "copying",
        ({"op": "copy", "from": "/schedule", "path": "/destination"},),
        _KINDS,
        Strength.PROMISED,
    ),
    ("testing", (op("test", "/schedule", "0 */6 * * *"),), _KINDS, Strength.PROMISED),
    (
        "a-schedule-of-words",
        (op("add", "/schedule", "now and then"),),
        citing.described("BaseReadConfigObject", "schedule"),
        Strength.PROMISED,
    ),
    (
        "a-schedule-of-a-number",
        (op("add", "/schedule", 7),),
        citing.described("BaseReadConfigObject", "schedule"),
        Strength.PROMISED,
    ),
    (
        "another-object-name",
        (op("replace", "/objectName", "ct_other"),),
        citing.described("BaseReadConfigObject", "objectName"),
        Strength.INFERRED,
    ),
    (
        "an-index-out-of-bounds",
        (op("add", "/dynamicMappingsInput/7", {"mapToName": "ct"}),),
        _PATH,
        Strength.INFERRED,
    ),
    ("the-whole", (op("replace", "", {}),), _PATH, Strength.INFERRED),
)
