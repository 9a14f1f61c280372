"""One contract as openapi-core opened it: finds the operation that a method and path mean.

Needs the extra `check`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openapi_core.templating.paths.exceptions import PathError
from openapi_core.templating.paths.finders import APICallPathFinder

from mockserver.contract.memory import Memory
from mockserver.contract.messages import normal
from mockserver.contract.written import open_document


@dataclass(frozen=True, slots=True)
class Found:
    """The operation that a method and path mean, as the contract writes it."""

    operation_id: str
    path: str  # the template
    values: Mapping[str, str]  # of its parameters
    node: Mapping[str, Any]


class OpenContract:
    """One contract behind a prefix: as its answers, and as its requests are judged."""

    def __init__(
        self, document: Mapping[str, Any], answers: Path, requests: Path, *, most: int | None = None
    ) -> None:
        """Open the documents.

        Args:
            document: as it is written, for its paths and server.
            answers: the document with the relaxations of answers.
            requests: the document with all relaxations.
            most: how many paths to remember; None for all.
        """
        self.paths: Mapping[str, Any] = document["paths"]
        self.server = str(document["servers"][0]["url"])
        self.answers = open_document(answers)
        self.requests = self.answers if requests == answers else open_document(requests)
        self._finder = APICallPathFinder(self.answers.spec)
        self._found: Memory[tuple[str, str], Found | None] = Memory(most)

    def find(self, method: str, path: str) -> Found | None:
        """Return the operation of a path below the prefix, or None."""
        key = method.lower(), normal(path)
        return self._found.recall(key, lambda: self._find(*key))

    def _find(self, method: str, path: str) -> Found | None:
        try:
            match = self._finder.find(method, self.server + path)
        except PathError:
            return None
        values = match.path_result.variables
        if not all(values.values()):
            return None  # Source: OpenAPI 3.0, "Path Templating": a path parameter is never empty
        template = match.path_result.pattern
        node = self.paths[template][method]
        return Found(node["operationId"], template, values, node)
