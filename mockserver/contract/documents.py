"""Where the documents lie, and how their YAML is read.

The YAML reader differs from PyYAML's in two ways that the contract needs: timestamps stay
strings (they are examples of JSON values), and mapping keys become strings (`200` and `'200'`
are the same response).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_TIMESTAMP = "tag:yaml.org,2002:timestamp"
_PACKAGE = Path(__file__).resolve().parent.parent


@cache
def data_directory() -> Path:
    """Return the folder that holds `spec/` and `fixtures/`: inside the wheel, or the checkout."""
    shipped = _PACKAGE / "_data"
    return shipped if shipped.is_dir() else _PACKAGE.parent


def spec_directory() -> Path:
    """Return the folder of the contract and its siblings."""
    return data_directory() / "spec"


class ContractLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc] # C or Python loader, chosen at run time
    """A safe YAML loader without timestamps and with string keys."""

    yaml_implicit_resolvers = {  # noqa: RUF012 # the name and type that PyYAML looks for
        first: [(tag, pattern) for tag, pattern in resolvers if tag != _TIMESTAMP]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def read_yaml(path: Path) -> Any:
    """Load one YAML document as JSON values with string keys."""
    with path.open("rb") as stream:
        return _string_keys(yaml.load(stream, Loader=ContractLoader))  # noqa: S506 # a safe loader


class _Plain(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc] # C or Python dumper, chosen at run time
    """Writes a value that stands twice twice, where YAML would write an alias."""

    def ignore_aliases(self, _: object) -> bool:
        """Return that nothing is an alias."""
        return True


def yaml_of(value: Any) -> str:
    """Return JSON values as YAML for people, in their order."""
    text: str = yaml.dump(value, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=100)
    return text


def _string_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _string_keys(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_string_keys(item) for item in value]
    return value
