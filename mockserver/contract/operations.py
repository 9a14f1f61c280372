"""The operations of a contract, as data: what each takes, what each may answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.pointers import escape

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_SCHEMAS = "#/components/schemas/"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One declared path or query parameter."""

    name: str
    place: str  # "path" or "query"
    required: bool
    #: JSON pointer of its schema within the document, e.g. `/paths/~1projects/get/…`.
    schema_pointer: str
    schema: Mapping[str, Any]  # with a reference followed


@dataclass(frozen=True, slots=True)
class Content:
    """One media type of a body, and where its schema stands (None: any bytes)."""

    media_type: str
    schema_pointer: str | None
    component: str | None = None  # the component that the schema names, e.g. `ApiProblem`


@dataclass(frozen=True, slots=True)
class Answer:
    """One declared response: a status in three digits, or `default`."""

    status: str
    contents: tuple[Content, ...]

    @property
    def content(self) -> Content | None:
        """The first declared media type, or None for an empty body."""
        return self.contents[0] if self.contents else None


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the contract."""

    operation_id: str
    method: str  # upper case
    path: str  # the template, without the base path
    tag: str
    summary: str
    parameters: tuple[Parameter, ...]
    body_required: bool
    bodies: tuple[Content, ...]
    answers: Mapping[str, Answer]
    #: The security schemes that may open it, by name; empty: public.
    schemes: frozenset[str]

    @property
    def success(self) -> Answer:
        """The one answer whose status is 2xx."""
        return next(a for a in self.answers.values() if a.status.startswith("2"))

    @property
    def is_public(self) -> bool:
        """Whether no credential is asked for."""
        return not self.schemes

    def declares(self, status: int) -> bool:
        """Tell whether the contract has an answer for `status`, by name or through `default`."""
        return str(status) in self.answers or "default" in self.answers

    def answer_for(self, status: int) -> Answer | None:
        """Return the declared answer for `status`: by name, else `default`, else None."""
        return self.answers.get(str(status)) or self.answers.get("default")

    def problem_content(self, status: int) -> Content | None:
        """Return how a problem of `status` is written here.

        A status that the contract cannot express is written like the operation's other errors.
        """
        answer = self.answer_for(status)
        if answer is None:
            errors = (a for a in self.answers.values() if not a.status.startswith("2"))
            answer = next(errors, None)
        return answer.content if answer else None


def read_operations(document: Mapping[str, Any]) -> dict[str, Operation]:
    """Return the operations of a bundled document by operationId, in document order."""
    found = {}
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                pointer = f"/paths/{escape(path)}/{method}"
                operation = _operation(document, pointer, path, method)
                found[operation.operation_id] = operation
    return found


def _operation(document: Mapping[str, Any], pointer: str, path: str, method: str) -> Operation:
    node = document["paths"][path][method]
    body = node.get("requestBody", {})
    return Operation(
        operation_id=node["operationId"],
        method=method.upper(),
        path=path,
        tag=next(iter(node.get("tags", [])), ""),
        summary=node.get("summary", ""),
        parameters=tuple(_parameters(document, pointer, node)),
        body_required=body.get("required", False),
        bodies=_contents(f"{pointer}/requestBody", body),
        answers={
            str(status): Answer(str(status), _contents(f"{pointer}/responses/{status}", response))
            for status, response in node["responses"].items()
        },
        schemes=_schemes(node.get("security", document.get("security", []))),
    )


def _schemes(requirements: list[Mapping[str, Any]]) -> frozenset[str]:
    """Return what may open an operation; an empty requirement asks for nothing.

    Source: OpenAPI 3.0.3, "Operation Object", `security`.
    """
    if {} in requirements:
        return frozenset()
    return frozenset(name for requirement in requirements for name in requirement)


def _parameters(
    document: Mapping[str, Any], pointer: str, node: Mapping[str, Any]
) -> list[Parameter]:
    return [
        Parameter(
            name=p["name"],
            place=p["in"],
            required=p.get("required", False),
            schema_pointer=f"{pointer}/parameters/{number}/schema",
            schema=_behind(document, p["schema"]),
        )
        for number, p in enumerate(node.get("parameters", []))
    ]


def _behind(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = schema.get("$ref", "")
    if not reference:
        return schema
    found: Mapping[str, Any] = document["components"]["schemas"][reference.removeprefix(_SCHEMAS)]
    return found


def _contents(pointer: str, node: Mapping[str, Any]) -> tuple[Content, ...]:
    return tuple(
        _content(f"{pointer}/content/{escape(media_type)}", media_type, body.get("schema"))
        for media_type, body in node.get("content", {}).items()
    )


def _content(pointer: str, media_type: str, schema: Mapping[str, Any] | None) -> Content:
    if not schema:
        return Content(media_type, None)
    reference = schema.get("$ref", "")
    component = reference.removeprefix(_SCHEMAS) if reference.startswith(_SCHEMAS) else None
    return Content(media_type, f"{pointer}/schema", component)
