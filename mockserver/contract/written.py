"""The documents as openapi-core reads them: as they are written, with relaxations applied.

Needs the extra `check`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import jsonpatch
from jsonschema_path import SchemaPath
from openapi_core import Config, OpenAPI

from mockserver.contract.documents import read_yaml
from mockserver.contract.relaxations import Relaxation

PROBLEM_JSON = "application/problem+json"
#: Paths of a document that only the judge has; each answers with one of the problem schemas.
PROBLEM = "/problem"
INPUT_PROBLEM = "/input-problem"
PROBLEM_SERVER = "http://judge"


def open_document(path: Path) -> OpenAPI:
    """Open a document with its siblings. openapi-core does not know all media types by itself.

    Each file is read once: by itself it would be read again for every reference into it.
    """
    readers: dict[str, Callable[[bytes], Any]] = {
        "application/json": _strict_json,
        PROBLEM_JSON: _strict_json,
        "text/event-stream": bytes.decode,
    }
    uri, read = path.as_uri(), cache(_read_file)
    document = SchemaPath.from_dict(read(uri), base_uri=uri, handlers={"file": read})
    return OpenAPI(document, config=Config(extra_media_type_deserializers=readers))


def _read_file(uri: str) -> Any:
    return json.loads(Path(url2pathname(urlsplit(uri).path)).read_bytes())


def _strict_json(body: bytes) -> Any:
    """Read JSON. Source: RFC 8259, section 6: NaN and Infinity are no numbers."""
    return json.loads(body, parse_constant=_refuse_constant)


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


def write_documents(source: Path, target: Path, entries: Iterable[Relaxation]) -> Path:
    """Write the documents with some relaxations applied to their sources; return the folder."""
    patches: dict[str, list[Mapping[str, Any]]] = {}
    for entry in entries:
        patches.setdefault(entry.document, []).extend(entry.patch)
    for path in source.glob("*/*.yaml"):
        name = path.relative_to(source).as_posix()
        document = jsonpatch.apply_patch(read_yaml(path), patches.get(name, []))
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_text(json.dumps(document), encoding="utf-8")  # JSON is YAML
    return target


def write_problems(path: Path) -> Path:
    """Write a document whose two paths answer with the two problem schemas; return its path."""
    schemas = "../problem/problem.yaml#/components/schemas/"
    paths = {
        name: {
            "get": {
                "operationId": component,
                "responses": {
                    "default": {
                        "description": component,
                        "content": {PROBLEM_JSON: {"schema": {"$ref": schemas + component}}},
                    }
                },
            }
        }
        for name, component in (
            (PROBLEM, "ApiProblem"),
            (INPUT_PROBLEM, "InputValidationProblem"),
        )
    }
    document = {"openapi": "3.0.1", "info": {"title": "Problems", "version": "1"}, "paths": paths}
    path.parent.mkdir()
    servers = [{"url": PROBLEM_SERVER}]
    path.write_text(json.dumps({**document, "servers": servers}), encoding="utf-8")
    return path
