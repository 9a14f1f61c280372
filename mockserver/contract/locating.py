"""Says where an exchange breaks the contract, from openapi-core's errors.

No value of the exchange stands in a message: what is said here goes into headers, logs and
reports. Needs the extra `check`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from openapi_core.deserializing.exceptions import DeserializeError
from openapi_core.templating.media_types.exceptions import MediaTypeNotFound
from openapi_core.templating.responses.exceptions import ResponseNotFound
from openapi_core.validation.request.exceptions import (
    MissingRequestBodyError,
    MissingRequiredParameter,
    ParameterValidationError,
    SecurityValidationError,
)
from openapi_core.validation.response.exceptions import MissingData

from mockserver.contract.messages import explain
from mockserver.contract.verdicts import Location, Violation

_MOST_OPTIONS = 20  # values of an enum that a message lists
#: What is wrong, by schema keyword; `{limit}` is the keyword's value.
_SAID: Mapping[str, str] = {
    "type": "must be of type {limit}",
    "format": "must be a {limit}",
    "pattern": "must match {limit}",
    "minLength": "must have {limit} characters or more",
    "maxLength": "must have {limit} characters or fewer",
    "minItems": "must have {limit} items or more",
    "maxItems": "must have {limit} items or fewer",
    "minProperties": "must have {limit} properties or more",
    "maxProperties": "must have {limit} properties or fewer",
    "uniqueItems": "must not hold an item twice",
    "minimum": "must be {limit} or more",
    "maximum": "must be {limit} or less",
    "multipleOf": "must be a multiple of {limit}",
    "additionalProperties": "has a property that the contract does not have",
    "not": "has a form that the contract rules out",
}
_BRANCHES = frozenset({"anyOf", "oneOf"})


def violations_of(error: BaseException, side: str) -> Iterator[Violation]:
    """Yield what an error of openapi-core says, one violation a place.

    Args:
        error: what a validator yielded.
        side: "request" or "response".
    """
    said = explain(error)
    for location, code, message in _told(error, side):
        yield Violation(location, code, message, said=said)


def _told(error: BaseException, side: str) -> Iterator[tuple[Location, str, str]]:
    cause = error.__cause__ or error
    place = _place(error, side)
    schema_errors = list(getattr(cause, "schema_errors", ()))
    if schema_errors:
        for one in schema_errors:
            yield _schema_error(one, place)
    elif isinstance(cause, MediaTypeNotFound):
        allowed = " or ".join(cause.availableMimetypes)
        given = cause.mimetype or "no media type"
        yield (side, "header", "content-type"), "mediaType", f"must be {allowed}, is {given}"
    elif isinstance(cause, ResponseNotFound):
        declared = ", ".join(sorted(cause.availableresponses))
        text = f"{cause.http_status} is not declared; declared: {declared}"
        yield (side, "status"), "status", text
    else:
        yield place, *_plain(error, cause)


def _place(error: BaseException, side: str) -> Location:
    if isinstance(error, ParameterValidationError):
        return (side, error.location, error.name)
    if isinstance(error, SecurityValidationError):
        return (side, "header")
    return (side, "body")


def _plain(error: BaseException, cause: BaseException) -> tuple[str, str]:
    """Return the code and message of an error that names no schema."""
    if isinstance(error, SecurityValidationError):
        schemes = getattr(cause, "schemes", [])
        return "security", f"needs {' or '.join(' and '.join(names) for names in schemes)}"
    if isinstance(error, MissingRequestBodyError | MissingData):
        return "required", "a body is required"
    if isinstance(error, MissingRequiredParameter):
        return "required", "is required"
    if isinstance(error, ParameterValidationError):
        return "type", f"must be a {getattr(cause, 'type', None) or 'value of its schema'}"
    if isinstance(cause, DeserializeError):
        return "parse", "cannot be read as its media type"
    return type(cause).__name__, "breaks the contract"


def _schema_error(error: Any, place: Location) -> tuple[Location, str, str]:
    location = (*place, *error.absolute_path)
    keyword = str(error.validator)
    if keyword == "required":
        missing = _missing(error)
        return (*location, missing), keyword, f"{missing} is required"
    if keyword == "enum":
        options = [str(option) for option in error.validator_value]
        more = ", …" if len(options) > _MOST_OPTIONS else ""
        return location, keyword, f"must be one of {', '.join(options[:_MOST_OPTIONS])}{more}"
    if keyword in _BRANCHES:
        return location, keyword, _no_branch(error)
    limit = _limit(error.validator_value)
    return (
        location,
        keyword,
        _SAID.get(keyword, "breaks {keyword}").format(limit=limit, keyword=keyword),
    )


def _missing(error: Any) -> str:
    """Return the property that is missing: the schema's own name for it, not the answer's."""
    names = [name for name in error.validator_value if error.message.startswith(repr(name))]
    return str(names[0]) if names else "a property"


def _no_branch(error: Any) -> str:
    if not error.context:
        return "fits several of its forms at once"
    nearest = max(error.context, key=lambda one: len(one.absolute_path))
    path, keyword, message = _schema_error(nearest, ())
    where = f" at /{'/'.join(str(part) for part in path)}" if path else ""
    return f"fits none of its forms; the nearest breaks {keyword}{where}: {message}"


def _limit(value: Any) -> str:
    return " or ".join(map(str, value)) if isinstance(value, list) else str(value)
