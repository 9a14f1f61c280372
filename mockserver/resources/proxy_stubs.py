"""What a pretend provider's own API answers through the proxy: stubs that a fixture declares.

Assumed: everything about the answers; nobody's API is imitated here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

from mockserver.rules import records
from mockserver.rules.resource import Reference, Resource
from mockserver.rules.work import Work
from mockserver.state.tables import Record

METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
_ANY = "*"

#: `path` is a path of the provider; a segment `{name}` stands for any, `*` at the end for the rest.
#: `query` lists parameters that a call must have; `body` is sent as JSON, a text as it is.
PROXY_STUBS = Resource(
    name="proxyStubs",
    noun="proxy stub",
    scope="projectId",
    owner="projects",
    filters=("provider",),
    references=(Reference("projectId", "projects", "project", on_delete="cascade"),),
)


@dataclass(frozen=True, slots=True)
class ProviderCall:
    """A call of a provider's API: method in upper case, path with a slash in front, as sent."""

    method: str
    path: str
    query: str


def find(work: Work, project_id: str, provider: str, call: ProviderCall) -> Record | None:
    """Return the stub that answers a call: the one that says most about it, else the first."""
    declared = records.listed(work, PROXY_STUBS, project_id, {"provider": provider})
    fitting = [stub for stub in declared if _fits(stub, call)]
    return max(fitting, key=_precision, default=None)


def declared_for(work: Work, project_id: str, provider: str) -> list[str]:
    """Return the calls that a provider's stubs answer, e.g. `GET /contacts`, in order."""
    declared = records.listed(work, PROXY_STUBS, project_id, {"provider": provider})
    return [f"{stub['method']} {stub['path']}" for stub in declared]


def _fits(stub: Record, call: ProviderCall) -> bool:
    if stub["method"] not in {call.method, _ANY}:
        return False
    given = dict(parse_qsl(call.query, keep_blank_values=True))
    wanted: Mapping[str, Any] = stub.get("query", {})
    if any(given.get(name) != value for name, value in wanted.items()):
        return False
    return _path_fits(_segments(stub["path"]), _segments(call.path))


def _segments(path: str) -> list[str]:
    return [unquote(segment) for segment in path.strip("/").split("/")]


def _path_fits(template: list[str], given: list[str]) -> bool:
    if template[-1] == _ANY:
        template, given = template[:-1], given[: len(template) - 1]
    return len(template) == len(given) and all(
        _is_open(wanted) or wanted == found for wanted, found in zip(template, given, strict=True)
    )


def _is_open(segment: str) -> bool:
    return segment.startswith("{") and segment.endswith("}")


def _precision(stub: Record) -> tuple[int, int, int]:
    segments = _segments(stub["path"])
    literal = sum(1 for one in segments if not _is_open(one) and one != _ANY)
    return (literal, len(stub.get("query", {})), int(stub["method"] != _ANY))
