"""A fixture file as values that remember their lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from mockserver.contract.documents import ContractLoader, data_directory

Where = tuple[str | int, ...]


class FixtureError(Exception):
    """A fixture that cannot be loaded; says file, line and reason in one line."""

    def __init__(self, path: Path, line: int | None, reason: str) -> None:
        place = f"{path}:{line}" if line else str(path)
        super().__init__(f"{place}: {reason}")


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
        return FixtureError(self.path, self.lines.get(place), reason)


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
        FixtureError: the file is unreadable, no YAML, or no mapping.
    """
    try:
        text = path.read_text(encoding="utf-8")
        loader = ContractLoader(text)
        node = loader.get_single_node()
    except OSError as error:
        raise FixtureError(path, None, error.strerror or "cannot be read") from None
    except UnicodeDecodeError:
        raise FixtureError(path, None, "not UTF-8 text") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or "not YAML"
        raise FixtureError(path, mark.line + 1 if mark else None, str(reason)) from None
    source = Source(path)
    content = {} if node is None else _value(loader, node, (), source)
    if not isinstance(content, dict):
        raise source.error((), "a fixture is a mapping of sections")
    source.content = content
    return source


def _value(loader: Any, node: yaml.Node, where: Where, source: Source) -> Any:
    source.lines[where] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(loader.construct_object(key_node))
            if key in found:
                raise FixtureError(source.path, key_node.start_mark.line + 1, f"{key} twice")
            found[key] = _value(loader, value_node, (*where, key), source)
            source.lines[(*where, key)] = key_node.start_mark.line + 1
        return found
    if isinstance(node, yaml.SequenceNode):
        return [
            _value(loader, item, (*where, number), source) for number, item in enumerate(node.value)
        ]
    return loader.construct_object(node)
