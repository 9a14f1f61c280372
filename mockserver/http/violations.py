"""Turns violations of a request's schema into one refusal that people can act on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from mockserver.contract.schemas import Violation
from mockserver.http.strict_json import join
from mockserver.rules.errors import ABSENT, MOST_ISSUES, Issue, Kind, Refused

#: Keywords about a value that is well formed but not acceptable; every other is about its form.
_ABOUT_VALUES = frozenset(
    {
        "enum",
        "const",
        "format",
        "pattern",
        "minLength",
        "maxLength",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minItems",
        "maxItems",
        "uniqueItems",
        "minProperties",
        "maxProperties",
    }
)
_TYPES: Mapping[str, str] = {
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "array": "an array",
    "object": "an object",
    "null": "null",
}
#: What is wrong and what would be right, by keyword; the names are facts of the violation.
_EXPLAINED: Mapping[str, tuple[str, str]] = {
    "format": ("is no {format}", "use a {format}"),
    "pattern": ("has characters that are not allowed", "match {pattern}"),
    "minLength": ("is too short", "use {limit} characters or more"),
    "maxLength": ("is too long", "use {limit} characters or fewer"),
    "minItems": ("has too few items", "give {limit} or more"),
    "maxItems": ("has too many items", "give {limit} or fewer"),
    "minimum": ("is too small", "use {limit} or more"),
    "maximum": ("is too large", "use {limit} or less"),
    "exclusiveMinimum": ("is too small", "use more than {limit}"),
    "exclusiveMaximum": ("is too large", "use less than {limit}"),
    "oneOf": ("fits none of its forms", "use one form"),
    "anyOf": ("fits none of its forms", "use one form"),
}
_MASK = "updateMask"


def refuse_body(violations: Iterable[Violation]) -> Refused | None:
    """Return the refusal of a body; None when only the mask rule has something to say.

    Values of `updateMask` are judged by the mask rule, which names the allowed ones.
    """
    left = list(islice((v for v in violations if not _is_mask_value(v)), MOST_ISSUES))
    if not left:
        return None
    formal = any(v.keyword not in _ABOUT_VALUES or v.path[:1] == (_MASK,) for v in left)
    issues = [issue for violation in left for issue in _issues(violation)]
    first = issues[0]
    detail = first.detail if first.name == "body" else f"{first.name} {first.detail}"
    if left[0].keyword == "enum":  # Source: createJWTKey, whose example says it like this
        detail = f"unsupported {first.name}"
    kind = Kind.INVALID if formal else Kind.UNPROCESSABLE
    return Refused(kind, detail, remedy=first.remedy, issues=issues)


def place_and_text(violation: Violation) -> tuple[str, str, str]:
    """Return where a value is wrong, what is wrong and what would be right.

    The place is the path into the value; empty for the value itself.
    """
    issue = next(iter(_issues(violation)))
    return "" if issue.name == "body" else issue.name, issue.detail, issue.remedy or ""


def _is_mask_value(violation: Violation) -> bool:
    return violation.keyword == "enum" and violation.path[:1] == (_MASK,)


def _issues(violation: Violation) -> Iterable[Issue]:
    path = _name(violation.path)
    if violation.keyword == "required":
        yield _absent(violation, [str(violation.missing)])
        return
    alternatives = violation.alternatives
    if alternatives:
        yield _absent(violation, alternatives)
        return
    detail, remedy = explain(violation)
    yield Issue(
        "body",
        path or "body",
        detail,
        violation.value,
        remedy,
        path=violation.path,
        code=violation.keyword,
        expected=_asked(violation),
    )


def _absent(violation: Violation, names: Sequence[str]) -> Issue:
    """Return the issue of a property that is not there; one of `names` would do."""
    return Issue(
        "body",
        join(_name(violation.path), names[0]),
        "is required",
        ABSENT,
        f"give {' or '.join(names)} a value",
        path=(*violation.path, names[0]),
        code="required",
        expected="a value",
    )


def _asked(violation: Violation) -> str:
    """Return what the schema asks for, in words."""
    facts = violation.facts
    if violation.keyword == "type":
        return _types(facts)
    if violation.keyword == "enum":
        return f"one of {_options(facts)}"
    asked = facts.get("limit", facts.get("format", facts.get("pattern", "")))
    return f"{violation.keyword} {asked}".strip()


def _name(path: Sequence[str | int]) -> str:
    name = ""
    for part in path:
        name = join(name, part)
    return name


def explain(violation: Violation) -> tuple[str, str]:
    """Return what is wrong with a value and what would be right, without repeating the value."""
    facts = violation.facts
    if violation.keyword == "type":
        return "has the wrong type", f"use {_types(facts)}"
    if violation.keyword == "enum":
        return "is not one of the allowed values", f"use {_options(facts)}"
    if violation.keyword == "oneOf" and _fits_several(facts):
        return "fits several of its forms at once", "keep what belongs to one of them"
    known = _EXPLAINED.get(violation.keyword)
    if known is None:
        return f"breaks {violation.keyword}", "see the contract"
    detail, remedy = known
    return detail.format_map(facts), remedy.format_map(facts)


def _fits_several(facts: dict[str, Any]) -> bool:
    # Forms that a value breaks have mistakes; when it fits too many, none is listed.
    return not any(facts.get("context", ()))


def _types(facts: dict[str, Any]) -> str:
    return " or ".join(_TYPES.get(name, name) for name in facts.get("types", ()))


def _options(facts: dict[str, Any]) -> str:
    return ", ".join(repr(option) for option in facts.get("options", ()))
