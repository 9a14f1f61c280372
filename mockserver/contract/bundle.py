"""Make one self-contained OpenAPI 3.0 document of a contract and the siblings it refers to.

`python -m mockserver.contract.bundle` rewrites the bundles beside their sources. Nothing but
references and component names changes: a component of a sibling keeps its name unless another
document already uses it, then its file's name goes in front (`ManifestIntegration`), because a
reader that looks names up in the root document would otherwise pick the wrong schema.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mockserver.contract.documents import read_yaml, spec_directory

#: Source document of each bundle, relative to `spec/`.
BUNDLES: Mapping[str, str] = {
    "api.bundle.json": "api/api.yaml",
    "admin.bundle.json": "admin/admin.yaml",
    "read.bundle.json": "read/read.yaml",
    "write.bundle.json": "write/write.yaml",
    "search.bundle.json": "search/search.yaml",
}
_SCHEMAS = "/components/schemas/"


@dataclass
class Bundle:
    """A bundled document, and where each part of a sibling went."""

    document: dict[str, Any]
    #: (sibling relative to `spec/`, component name) -> component name in the bundle.
    names: dict[tuple[str, str], str] = field(default_factory=dict)


def build_bundle(spec: Path, source: str) -> Bundle:
    """Bundle `spec/source` with every document that it refers to, however far.

    Raises:
        ValueError: a reference does not point at a component schema of a document.
    """
    root = read_yaml(spec / source)
    return _Builder(spec, source, root).build()


class _Builder:
    def __init__(self, spec: Path, source: str, root: dict[str, Any]) -> None:
        self.spec = spec
        self.source = source
        self.documents = {source: root}
        self.taken = set(root.get("components", {}).get("schemas", {}))
        self.names: dict[tuple[str, str], str] = {}
        self.schemas: dict[str, Any] = {}

    def build(self) -> Bundle:
        document = self._rewrite(self.documents[self.source], self.source)
        schemas = {**document.get("components", {}).get("schemas", {}), **self.schemas}
        components = {**document.get("components", {}), "schemas": schemas}
        return Bundle({**document, "components": components}, self.names)

    def _rewrite(self, node: Any, source: str) -> Any:
        if isinstance(node, list):
            return [self._rewrite(item, source) for item in node]
        if not isinstance(node, dict):
            return node
        if isinstance(node.get("$ref"), str):
            return {"$ref": self._target(node["$ref"], source)}
        return {key: self._rewrite(value, source) for key, value in node.items()}

    def _target(self, reference: str, source: str) -> str:
        address, _, pointer = reference.partition("#")
        where = self._relative(address, source) if address else source
        if not pointer.startswith(_SCHEMAS):
            raise ValueError(f"{source}: {reference} does not name a component schema")
        return f"#{_SCHEMAS}{self._component(where, pointer.removeprefix(_SCHEMAS))}"

    def _relative(self, address: str, source: str) -> str:
        path = (self.spec / source).parent / address
        return path.resolve().relative_to(self.spec.resolve()).as_posix()

    def _component(self, where: str, name: str) -> str:
        if where == self.source:
            return name
        if (where, name) not in self.names:
            self._adopt(where, name)
        return self.names[where, name]

    def _adopt(self, where: str, name: str) -> None:
        if where not in self.documents:
            self.documents[where] = read_yaml(self.spec / where)
        renamed = name if name not in self.taken else f"{Path(where).stem.capitalize()}{name}"
        if renamed in self.taken:
            raise ValueError(f"{where}: no free name for component {name}")
        self.taken.add(renamed)
        self.names[where, name] = renamed
        self.schemas[renamed] = None  # keeps the place while the schema refers to itself
        schema = self.documents[where]["components"]["schemas"][name]
        self.schemas[renamed] = self._rewrite(schema, where)


def write_bundles(spec: Path | None = None) -> list[Path]:
    """Rewrite every bundle below `spec`; return the files written."""
    folder = spec or spec_directory()
    written = []
    for name, source in BUNDLES.items():
        bundle = build_bundle(folder, source)
        target = folder / name
        target.write_text(render(bundle), encoding="utf-8")
        written.append(target)
    return written


def render(bundle: Bundle) -> str:
    """Return the text of a bundle file: document, then where each component came from."""
    origins = {name: f"{where}#{_SCHEMAS}{old}" for (where, old), name in bundle.names.items()}
    content = {"document": bundle.document, "origins": origins}
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for path in write_bundles():
        print(path)  # noqa: T201 # the command's answer
