"""What changed in a sandbox, as tests assert it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_LONGEST = 200  # characters of a record in a line


class Difference:
    """The difference between two states; it is true when there is one."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        """Take what `GET /__admin/state/diff` tells."""
        #: Each with `table`, `id` and `record`.
        self.created: list[dict[str, Any]] = told["created"]
        #: Each with `table`, `id` and `fields`, of which each has `path`, `before` and `after`.
        self.changed: list[dict[str, Any]] = told["changed"]
        self.deleted: list[dict[str, Any]] = told["deleted"]

    def __bool__(self) -> bool:
        return bool(self.created or self.changed or self.deleted)

    def __str__(self) -> str:
        """One line for each record: `+` created, `-` deleted, `~` changed."""
        lines = [f"+ {_named(one)} {_short(one['record'])}" for one in self.created]
        lines += [
            f"~ {_named(one)} {field['path']}: {_side(field, 'before')} -> {_side(field, 'after')}"
            for one in self.changed
            for field in one["fields"]
        ]
        lines += [f"- {_named(one)} {_short(one['record'])}" for one in self.deleted]
        return "\n".join(lines) or "nothing changed"

    __repr__ = __str__

    def tables(self) -> dict[str, tuple[int, int, int]]:
        """Return how many were created, changed and deleted, by table."""
        kinds = (self.created, self.changed, self.deleted)
        names = dict.fromkeys(one["table"] for kind in kinds for one in kind)
        found = {
            name: [sum(one["table"] == name for one in kind) for kind in kinds] for name in names
        }
        return {name: (made, changed, gone) for name, (made, changed, gone) in found.items()}


def _named(one: Mapping[str, Any]) -> str:
    return f"{one['table']} {one['id']}"


def _side(field: Mapping[str, Any], side: str) -> str:
    return _short(field[side]) if side in field else "absent"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
