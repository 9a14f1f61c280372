"""Reading and changing one place of a JSON value; the value itself is never changed."""

from __future__ import annotations

from typing import Any

Path = tuple[str | int, ...]
#: Stands for a place that a value does not have.
ABSENT: Any = object()


def at(value: Any, path: Path) -> Any:
    """Return what is at `path`; ABSENT when nothing is."""
    for part in path:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return ABSENT
    return value


def put(value: Any, path: Path, new: Any) -> Any:
    """Return a copy that has `new` at `path`, whose parent is there."""
    if not path:
        return new
    part, rest = path[0], path[1:]
    if isinstance(value, list):
        return [put(item, rest, new) if n == part else item for n, item in enumerate(value)]
    return {**value, part: put(value.get(part, {}), rest, new)}


def drop(value: Any, path: Path) -> Any:
    """Return a copy without what is at `path`."""
    part, rest = path[0], path[1:]
    if isinstance(value, list):
        if not rest:
            return [item for n, item in enumerate(value) if n != part]
        return [drop(item, rest) if n == part else item for n, item in enumerate(value)]
    if not rest:
        return {key: item for key, item in value.items() if key != part}
    return {**value, part: drop(value[part], rest)}


def shown(path: Path) -> str:
    """Return a path as people read it: `read.objects[0].name`; `the body` for the whole."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".") or "the body"
