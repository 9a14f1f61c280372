"""Query parameters: decoded, converted to the contract's types, checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from mockserver.contract.operations import Parameter
from mockserver.contract.schemas import Schemas
from mockserver.http.violations import explain
from mockserver.rules.errors import Issue, Kind, Refused

_BOOLEANS: Mapping[str, bool] = {"true": True, "1": True, "false": False, "0": False}
_INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_MOST = 1000


def snake_case(name: str) -> str:
    """Return a contract name as a Python name: `projectIdOrName` → `project_id_or_name`."""
    separated = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return separated.lower()


@dataclass(frozen=True, slots=True)
class QueryParameter:
    """A declared query parameter, with all that is needed to read it."""

    name: str
    argument: str
    required: bool
    default: Any
    convert: Callable[[str], Any]
    pointer: str
    constrained: bool  # whether the schema asks for more than its type


def plan_query(parameters: Sequence[Parameter]) -> list[QueryParameter]:
    """Prepare the query parameters of an operation."""
    planned = []
    for parameter in parameters:
        if parameter.place != "query":
            continue
        schema = parameter.schema
        planned.append(
            QueryParameter(
                name=parameter.name,
                argument=snake_case(parameter.name),
                required=parameter.required,
                default=schema.get("default"),
                convert=_CONVERSIONS[schema.get("type", "string")],
                pointer=parameter.schema_pointer,
                constrained=bool({"enum", "minimum", "maximum", "pattern"} & schema.keys()),
            )
        )
    return planned


class Query:
    """The query parameters of one operation, ready to be read."""

    def __init__(self, planned: Sequence[QueryParameter], schemas: Schemas) -> None:
        """Take the parameters, and the schemas that their values are held against."""
        self._planned = tuple(planned)
        self._schemas = schemas
        self._defaults = {parameter.argument: parameter.default for parameter in planned}
        self._may_be_absent = not any(parameter.required for parameter in planned)

    def read(self, raw: bytes) -> dict[str, Any]:
        """Return the arguments that a query string gives; unknown parameters are ignored.

        A parameter that is given more than once counts with its last value (Assumed).

        Raises:
            Refused: INVALID for what cannot be read, UNPROCESSABLE for a value out of bounds.
        """
        arguments = self._defaults.copy()
        if not raw and self._may_be_absent:
            return arguments
        given = _decode(raw) if raw else {}
        for parameter in self._planned:
            text = given.get(parameter.name)
            if text is not None:
                arguments[parameter.argument] = _value(parameter, self._schemas, text)
            elif parameter.required:
                raise _wrong(parameter.name, "is required", f"add ?{parameter.name}=…")
        return arguments


def _decode(raw: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            raw.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST,
        )
    except ValueError:
        detail = f"the query string is not UTF-8 text, or has more than {_MOST} fields"
        issue = Issue("query", "", detail)
        raise Refused(Kind.INVALID, detail, remedy="percent-encode UTF-8", issues=[issue]) from None
    return dict(pairs)


def _value(parameter: QueryParameter, schemas: Schemas, text: str) -> Any:
    try:
        value = parameter.convert(text)
    except ValueError as error:
        raise _wrong(parameter.name, str(error), "", text) from None
    if parameter.constrained:
        violations = schemas.violations(parameter.pointer, value)
        if violations:
            detail, remedy = explain(violations[0])
            raise _wrong(parameter.name, detail, remedy, text)
    return value


def _wrong(name: str, detail: str, remedy: str, value: Any = None) -> Refused:
    issue = Issue("query", name, detail, value, remedy or None)
    return Refused(
        Kind.INVALID, f"query parameter {name} {detail}", remedy=remedy or None, issues=[issue]
    )


def _boolean(text: str) -> bool:
    # Assumed: these four spellings, as Go reads them.
    if text not in _BOOLEANS:
        raise ValueError("is none of true, false, 1 and 0")
    return _BOOLEANS[text]


def _integer(text: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise ValueError("is no integer")
    return int(text)


_CONVERSIONS: Mapping[str, Callable[[str], Any]] = {
    "string": str,
    "boolean": _boolean,
    "integer": _integer,
}
