"""How a rule says no.

Domain code raises a kind of mistake, never a status; the table in `http` turns the kind and the
operation's declared answers into one.

    Refused            the one exception of rules, resources and handlers
      .kind            what sort of mistake (Kind)
      .detail          what was wrong, for a person
      .remedy          what would be right, when there is a fix
      .issues          where it was wrong (Issue), one per place
      .name            what programs call it, for the few that have a name
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any

from mockserver.state.absent import ABSENT as ABSENT  # for whoever writes an Issue

MOST_ISSUES = 100  # that one refusal lists: a body has room for millions


class Kind(StrEnum):
    """The sorts of mistakes."""

    INVALID = "invalid"  # malformed: wrong type, missing key, unknown mask
    UNPROCESSABLE = "unprocessable"  # well formed, but a value cannot be accepted
    CONFLICT = "conflict"  # the name is taken, it exists already
    IN_USE = "in_use"  # something still refers to it
    NOT_FOUND = "not_found"
    FORBIDDEN = "forbidden"
    UNAUTHENTICATED = "unauthenticated"
    TOO_LARGE = "too_large"
    MEDIA_TYPE = "media_type"
    THROTTLED = "throttled"
    METHOD = "method"  # the path exists, not with this method
    FULL = "full"  # there is no room for one more
    DEFECT = "defect"  # our own mistake


@dataclass(frozen=True, slots=True)
class Issue:
    """One wrong place of a request."""

    place: str  # "body", "path", "query" or "header"
    name: str  # dotted path inside the body, or the parameter's name
    detail: str
    value: Any = ABSENT
    remedy: str | None = None
    path: tuple[str | int, ...] = ()  # into the body, part by part; of what a schema refuses
    code: str = ""  # the schema's keyword, e.g. "maxLength"
    expected: str = ""  # what the schema asks for there, e.g. "a string"


class Refused(Exception):  # it names what happened to the request
    """A request that a rule refuses."""

    def __init__(
        self,
        kind: Kind,
        detail: str,
        *,
        remedy: str | None = None,
        issues: Iterable[Issue] = (),
        keeps_work: bool = False,
        name: str = "",
    ) -> None:
        """Say what was wrong, what would be right, and where.

        A refusal drops what was written before it, unless it keeps the work: a provider that
        refuses a token leaves its mark, although the request fails. A few mistakes have a name
        by which programs tell them, e.g. INVALID_PREFER.
        """
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.remedy = remedy
        self.issues = tuple(islice(issues, MOST_ISSUES))
        self.keeps_work = keeps_work
        self.name = name


def not_found(noun: str, name: str, value: Any, *, place: str = "path") -> Refused:
    """Return the refusal of an id or name that nothing has."""
    detail = f"{noun} not found"
    return Refused(
        Kind.NOT_FOUND,
        detail,
        remedy=f"check the {noun} id or name and its parent, or list first",
        issues=[Issue(place, name, detail, value)],
    )


def wrong_value(
    name: str, detail: str, value: Any = ABSENT, *, remedy: str, kind: Kind = Kind.UNPROCESSABLE
) -> Refused:
    """Return the refusal of one value in the body that is well formed but not acceptable."""
    return Refused(kind, detail, remedy=remedy, issues=[Issue("body", name, detail, value, remedy)])
