"""JSON Patch as the contract takes it: add, remove and replace in one object's config."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

import jsonpatch

from mockserver.rules.errors import ABSENT, Issue, Kind, Refused
from mockserver.state.tables import Record

#: Assumed: no config is nested deeper. What cannot be written as JSON must not come about.
_DEEPEST = 32


def apply(config: Record, changes: Sequence[Record]) -> dict[str, Any]:
    """Return a config with changes made to it, all of them; the given one stays as it is.

    Source: patchObjectConfigContent; RFC 6902, sections 4.1 to 4.3 (add, remove, replace).

    Raises:
        Refused: INVALID for a path that is not there, a value that is missing, or a config that
            would be nested too deep.
    """
    patched = deepcopy(dict(config))  # once for all changes, which then work in place
    for number, one in enumerate(changes):
        place, path = f"changes[{number}]", one["path"]
        if one["op"] != "remove" and "value" not in one:
            raise _unpatchable(f"{place}.value", f"{one['op']} needs a value", "give it a value")
        if not path.startswith("/"):
            raise _unpatchable(f"{place}.path", "a path begins with /", "use a JSON Pointer", path)
        try:
            jsonpatch.apply_patch(patched, [one], in_place=True)
        # ValueError: an index with more digits than Python reads.
        except (
            jsonpatch.JsonPatchException,
            jsonpatch.JsonPointerException,
            TypeError,
            ValueError,
        ):
            detail = f"there is nothing to {one['op']} at this path"
            if one["op"] == "add":
                detail = "there is nothing to add to at this path"
            remedy = "name a place that the object's config has"
            raise _unpatchable(f"{place}.path", detail, remedy, path) from None
    if _depth(patched) > _DEEPEST:
        detail = f"the config would be nested deeper than {_DEEPEST} levels"
        raise _unpatchable("changes", detail, "nest the values less")
    return patched


def _depth(value: Any) -> int:
    """Return how deep a value is nested. Not recursive: many changes can nest without end."""
    depth, level = 0, [value]
    while level:
        depth += 1
        inner = [item for item in level if isinstance(item, dict | list)]
        level = [v for one in inner for v in (one.values() if isinstance(one, dict) else one)]
    return depth


def _unpatchable(name: str, detail: str, remedy: str, value: Any = ABSENT) -> Refused:
    issue = Issue("body", name, detail, value, remedy)
    return Refused(Kind.INVALID, detail, remedy=remedy, issues=[issue])
