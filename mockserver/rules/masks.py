"""Field masks: which parts of a record an update names, and how they are put in place.

Source: the updateMask texts of the contract. A field of the body that no mask names is ignored;
`false`, `0`, empty values and null count as values; a dot inside a name is escaped with a
backslash.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

from mockserver.rules.errors import ABSENT, Issue, Kind, Refused
from mockserver.rules.resource import Masks
from mockserver.state.tables import Record

Path = tuple[str, ...]


def split(mask: str) -> Path:
    r"""Split a mask at its unescaped dots: `write.objects.interview\.leads` has three parts.

    Source: the UpdateMask component (`.` and `:` are escaped). Assumed: `/` and the backslash
    itself may be escaped too; any other backslash stands for itself.
    """
    parts, current, characters = [], "", iter(mask)
    for character in characters:
        if character == "\\":
            following = next(characters, "")
            current += following if following in {".", ":", "/", "\\"} else character + following
        elif character == ".":
            parts.append(current)
            current = ""
        else:
            current += character
    return (*parts, current)


def unescape(name: str) -> str:
    """Return an object name of a mask without its escapes. Source: the UpdateMask component."""
    return ".".join(split(name))


def apply(
    masks: Masks, named: Sequence[str], values: Record, record: Record, *, tolerant: bool = True
) -> dict[str, Any]:
    """Return `record` with the named parts of `values` in place; nothing is changed in place.

    An empty list of masks changes nothing. Tolerated masks are unknown unless `tolerant`.

    Raises:
        Refused: INVALID for an unknown mask, or for null where nothing can be removed;
            `masks.valueless` for a named part without a value.
    """
    known = masks.allowed + (masks.tolerated if tolerant else ())
    unknown = [mask for mask in named if mask not in known]
    if unknown:
        raise _unknown(masks, named, frozenset(unknown))
    changed = dict(record)
    missing = []
    for mask in dict.fromkeys(named):  # naming one again changes nothing more
        path = split(mask)
        value = _value(values, path)
        if value is ABSENT:
            missing.append(mask)
        elif value is None and mask not in masks.nullable:
            raise _not_null(masks, mask)
        else:
            changed = _put(changed, path, value)
    if missing:
        raise _valueless(masks, missing)
    return changed


def _value(values: Any, path: Path) -> Any:
    for part in path:
        if not isinstance(values, Mapping) or part not in values:
            return ABSENT
        values = values[part]
    return values


def _put(record: Record, path: Path, value: Any) -> dict[str, Any]:
    head, *rest = path
    if rest:
        inner = record.get(head)
        value = _put(inner if isinstance(inner, Mapping) else {}, tuple(rest), value)
    changed = dict(record)
    if value is None:
        changed.pop(head, None)
    else:
        changed[head] = value
    return changed


def allowed_list(masks: Masks) -> str:
    """Return the remedy that names every allowed mask."""
    quoted = [f"'{mask}'" for mask in masks.allowed]
    if len(quoted) == 1:
        return f"Allowed masks: {quoted[0]}"
    return f"Allowed masks: {', '.join(quoted[:-1])} and {quoted[-1]}"


def _unknown(masks: Masks, named: Sequence[str], unknown: Set[str]) -> Refused:
    remedy = allowed_list(masks)
    issues = (
        Issue("body", f"updateMask[{number}]", "unknown mask", mask, remedy)
        for number, mask in enumerate(named)
        if mask in unknown
    )
    return Refused(Kind.INVALID, "Invalid update mask", remedy=remedy, issues=issues)


def _valueless(masks: Masks, missing: Sequence[str]) -> Refused:
    remedy = f"put a value into {masks.body} for every path of updateMask"
    issues = [
        Issue("body", f"{masks.body}.{mask}", "named in updateMask, but has no value")
        for mask in missing
    ]
    return Refused(masks.valueless, "value not found for mask", remedy=remedy, issues=issues)


def _not_null(masks: Masks, mask: str) -> Refused:
    name = f"{masks.body}.{mask}"
    detail = f"{mask} cannot be removed"
    return Refused(
        Kind.INVALID,
        detail,
        remedy=f"give {name} a value, or leave {mask} out of updateMask",
        issues=[Issue("body", name, detail, None)],
    )
