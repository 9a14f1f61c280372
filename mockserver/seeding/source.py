"""A fixture file as values that remember their lines."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from mockserver.contract.documents import ContractLoader, data_directory

Where = tuple[str | int, ...]

_INT64 = range(-(2**63), 2**63)
_LONGEST = 20  # characters of the longest one, its sign included
_DEEPEST = 64
_TAG = "tag:yaml.org,2002:"
_MERGE = f"{_TAG}merge"
#: What JSON has: a fixture holds nothing else.
_SCALARS = frozenset(f"{_TAG}{name}" for name in ("str", "int", "float", "bool", "null"))
_COLLECTIONS = frozenset({f"{_TAG}map", f"{_TAG}seq"})


class FixtureError(Exception):
    """A fixture that cannot be loaded; says file, line and reason in one line."""

    def __init__(self, path: Path, line: int | None, reason: str, where: Where = ()) -> None:
        place = f"{path}:{line}" if line else str(path)
        super().__init__(f"{place}: {reason}")
        self.line = line
        self.reason = reason
        self.where = where  # the part of the content that it is about


@dataclass(slots=True)
class Source:
    """The content of a fixture file, and the line of each of its parts."""

    path: Path
    content: dict[str, Any] = field(default_factory=dict)
    lines: dict[Where, int] = field(default_factory=dict)

    def error(self, where: Where, reason: str) -> FixtureError:
        """Return an error at the nearest part that has a line."""
        place = where
        while place and place not in self.lines:
            place = place[:-1]
        return FixtureError(self.path, self.lines.get(place), reason, where)


def fixtures_directory() -> Path:
    """Return the folder of the fixture sets that are shipped."""
    return data_directory() / "fixtures"


def available() -> dict[str, Path]:
    """Return the shipped fixture sets by name."""
    return {path.stem: path for path in sorted(fixtures_directory().glob("*.yaml"))}


def locate(fixture: str) -> Path:
    """Return the file of a fixture set, which is named or given as a path.

    Raises:
        FixtureError: there is none.
    """
    named = available().get(fixture)
    path = named or Path(fixture)
    if not path.is_file():
        known = ", ".join(available())
        raise FixtureError(path, None, f"no such fixture; give a YAML file or one of: {known}")
    return path


def read(path: Path) -> Source:
    """Read a fixture file.

    Raises:
        FixtureError: the file is unreadable, no YAML, no mapping, or holds what JSON cannot.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise FixtureError(path, None, error.strerror or "cannot be read") from None
    except UnicodeDecodeError:
        raise FixtureError(path, None, "not UTF-8 text") from None
    if path.suffix == ".json":
        return Source(path, _json(path, text))
    return _Reader(path).read(text)


def _json(path: Path, text: str) -> dict[str, Any]:
    """Read a fixture in JSON: many times as fast as YAML, and without the lines of its parts."""
    strict = _Strict(path)
    try:
        content = json.loads(
            text,
            object_pairs_hook=strict.mapping,
            parse_int=strict.whole,
            parse_float=strict.real,
            parse_constant=strict.constant,
        )
    except json.JSONDecodeError as error:
        raise FixtureError(path, error.lineno, f"not JSON: {error.msg}") from None
    except RecursionError:
        raise FixtureError(path, None, "nested too deeply") from None
    if not isinstance(content, dict):
        raise FixtureError(path, None, "a fixture is an object of sections")
    return content


@dataclass(frozen=True, slots=True)
class _Strict:
    """Hooks of the JSON reader that refuse what would be dropped or rounded silently."""

    path: Path

    def mapping(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise FixtureError(self.path, None, f"{twice!r} stands twice in one object")
        return found

    def whole(self, digits: str) -> int:
        # A longer number is out of range, and slow to convert.
        if len(digits) > _LONGEST or int(digits) not in _INT64:
            reason = "an integer beyond 64 bits; quote it to make it a text"
            raise FixtureError(self.path, None, f"{digits[:_LONGEST]}: {reason}")
        return int(digits)

    def real(self, digits: str) -> float:
        number = float(digits)
        return number if math.isfinite(number) else self.constant(digits)

    def constant(self, name: str) -> float:
        raise FixtureError(self.path, None, f"{name} is no number that JSON has")


class _Reader:
    def __init__(self, path: Path) -> None:
        self.source = Source(path)
        self.loader: Any = None

    def read(self, text: str) -> Source:
        source = self.source
        try:
            self.loader = ContractLoader(text)
            node = self.loader.get_single_node()
        except yaml.reader.ReaderError as error:
            # Its position counts bytes or characters, as the parser at hand does.
            line = text.count("\n", 0, text.find(chr(error.character))) + 1
            raise FixtureError(source.path, line, f"not YAML: {error.reason}") from None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            reason = "not YAML: " + ", ".join(filter(None, (error.context, error.problem)))
            raise FixtureError(source.path, mark.line + 1 if mark else None, reason) from None
        except RecursionError:
            raise FixtureError(source.path, None, "nested too deeply") from None
        content = None if node is None else self.value(node, ())
        if not isinstance(content, dict | None):
            raise source.error((), "a fixture is a mapping of sections")
        source.content = content or {}
        return source

    def value(self, node: yaml.Node, where: Where) -> Any:
        self.source.lines[where] = node.start_mark.line + 1
        if len(where) > _DEEPEST:  # an alias inside what it stands for has no end
            raise self._error(node, f"nested deeper than {_DEEPEST} levels")
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if node.tag not in _COLLECTIONS:
            raise self._error(node, f"{_shown(node.tag)} is nothing that JSON has")
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, where)
        return [self.value(item, (*where, number)) for number, item in enumerate(node.value)]

    def _mapping(self, node: yaml.MappingNode, where: Where) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if key_node.tag == _MERGE:
                merged = {**self._merged(value_node, where), **merged}
                continue
            if not isinstance(key_node, yaml.ScalarNode):
                raise self._error(key_node, "a key is a text")
            key = key_node.value  # as it is written: `on` is no boolean here
            if key in found:
                raise self._error(key_node, f"{key!r} stands here twice")
            found[key] = self.value(value_node, (*where, key))
            self.source.lines[(*where, key)] = key_node.start_mark.line + 1
        return {**merged, **found}

    def _merged(self, node: yaml.Node, where: Where) -> dict[str, Any]:
        """Return what `<<` merges in; of several mappings the first counts before the others."""
        value = self.value(node, (*where, "<<"))
        merged: dict[str, Any] = {}
        for part in reversed(value if isinstance(value, list) else [value]):
            if not isinstance(part, dict):
                raise self._error(node, "<< merges mappings only")
            merged.update(part)
        return merged

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        if node.tag not in _SCALARS:
            raise self._error(node, f"{_shown(node.tag)} is nothing that JSON has")
        try:
            value = self.loader.construct_object(node)
        except (ValueError, KeyError):
            raise self._error(node, f"{node.value!r} is no {_shown(node.tag)}") from None
        if isinstance(value, int) and value not in _INT64:
            raise self._error(node, "an integer beyond 64 bits; quote it to make it a text")
        if isinstance(value, float) and not math.isfinite(value):
            raise self._error(node, f"{node.value} is no number that JSON has")
        return value

    def _error(self, node: yaml.Node, reason: str) -> FixtureError:
        return FixtureError(self.source.path, node.start_mark.line + 1, reason)


def _shown(tag: str) -> str:
    return tag.replace(_TAG, "!!")
