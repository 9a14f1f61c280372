"""The names of integrations in manifests, wherever they hide: YAML text, or an uploaded zip."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import yaml

_LARGEST = 4_000_000  # bytes of one manifest that we look into
_ADDRESSES = ("gs://", "http://", "https://", "s3://")


class Manifests:
    """Remembers what this run uploaded."""

    def __init__(self) -> None:
        """Start with no uploads."""
        self._uploads: dict[str, tuple[str | None, ...]] = {}

    def remember(self, address: str, content: bytes) -> None:
        """Take a zip that was uploaded, under the address by which a deploy names it."""
        self._uploads[address] = tuple(_in_zip(content))

    def names(self, key: str, source: Any) -> tuple[str | None, ...]:
        """Return the names that a deploy from a source touches; None stands for unknown ones."""
        if not isinstance(source, str):
            return ()
        if key == "sourceYaml":
            return tuple(_in_text(source))
        if source in self._uploads:
            return self._uploads[source]
        return (None,) if source.lower().startswith(_ADDRESSES) else ()


def _in_zip(content: bytes) -> Iterator[str | None]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                if entry.filename.endswith((".yaml", ".yml")):
                    if entry.file_size > _LARGEST:
                        yield None
                        continue
                    yield from _in_text(archive.read(entry).decode("utf-8", "replace"))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
        return  # nothing can be deployed from it


def _in_text(text: str) -> Iterator[str | None]:
    try:
        content = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        return  # nothing can be deployed from it
    found = content.get("integrations") if isinstance(content, dict) else None
    for one in found if isinstance(found, list) else []:
        name = one.get("name") if isinstance(one, dict) else None
        if isinstance(name, str):
            yield name
