"""What a request prefers to be answered: the header `Prefer`.

Names and meanings are Prism's, the grammar is that of RFC 7240. Preferences of other names are
left alone, as the RFC wants; a wrong value of ours is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from mockserver.faults.making import examples
from mockserver.faults.replies import Reply
from mockserver.faults.surface import Place
from mockserver.rules.errors import Issue, Kind, Refused

NAME = "INVALID_PREFER"  # of the problem
_OURS = ("code", "example", "dynamic", "seed")
_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_QUOTED = r'"(?:[^"\\]|\\.)*"'
#: One preference: its name, its value, parameters that mean nothing here. RFC 7240, section 2.
_PREFERENCE = re.compile(
    rf"\s*(?P<name>{_WORD})(?:\s*=\s*(?P<value>{_QUOTED}|[^\s,;\"]*))?"
    rf"(?:\s*;\s*(?:{_WORD}(?:\s*=\s*(?:{_QUOTED}|[^\s,;\"]*))?)?)*\s*(?:,|$)"
)
_BETWEEN = " \t,"
_REMEDY = "use e.g. Prefer: code=404, or Prefer: dynamic=true, seed=7"


@dataclass(frozen=True, slots=True)
class Preference:
    """An answer that a request asks for, and the header that says that it got it."""

    reply: Reply
    applied: str


def read_preference(header: str) -> Preference | None:
    """Read the header; None when it prefers nothing that is ours.

    Raises:
        Refused: INVALID, when a preference of ours has a wrong value.
    """
    given = _given(header)
    code = given.get("code")
    if code is not None and not re.fullmatch(r"[0-9]{3}", code):
        raise _invalid("code is no status in three digits")
    dynamic = given.get("dynamic")
    if dynamic not in {None, "true", "false"}:
        raise _invalid("dynamic is neither true nor false")
    for name in ("example", "seed"):
        if given.get(name) == "":
            raise _invalid(f"{name} has no value")
    if set(given) <= {"dynamic"} and dynamic != "true":
        return None  # not to be dynamic is no wish for another answer
    reply = Reply(
        status=None if code is None else int(code),
        example=given.get("example"),
        # A seed alone has nothing to act on but what is made up.
        dynamic=dynamic == "true" or (dynamic is None and set(given) == {"seed"}),
        seed=given.get("seed", ""),
        is_strict=True,
    )
    applied = ", ".join(f"{name}={_written(given[name])}" for name in _OURS if name in given)
    return Preference(replace(reply, detail=f"asked for by Prefer: {applied}"), applied)


def check_preference(preference: Preference, place: Place) -> None:
    """Check that an operation can answer what is preferred.

    Raises:
        Refused: INVALID; says which statuses or examples there are.
    """
    reply = preference.reply
    status = reply.status_at(place)
    if not place.declares(status):
        known = ", ".join(place.statuses())
        detail = f"{place.operation.operation_id} declares no {status}"
        raise _invalid(detail, f"use one of {known} (default: any error)")
    if reply.example is not None and reply.example not in examples(place, status):
        known = ", ".join(filter(None, examples(place, status)))
        detail = f"{place.operation.operation_id} {status} has no example of this name"
        none = "leave it out: no example has a name here"
        raise _invalid(detail, f"use one of {known}" if known else none)


def _given(header: str) -> dict[str, str]:
    found: dict[str, str] = {}
    header = header.strip(_BETWEEN)
    at = 0
    while at < len(header):
        while header[at] in _BETWEEN:  # elements of a list may be empty: RFC 9110, section 5.6.1
            at += 1
        match = _PREFERENCE.match(header, at)
        if match is None:
            raise _invalid(f"not understood from character {at + 1} on")
        at = match.end()
        name, value = match["name"].lower(), match["value"] or ""
        if name in _OURS:  # of one that comes twice the first counts: RFC 7240, section 2
            found.setdefault(name, _plain(value))
    return found


def _plain(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value


def _written(value: str) -> str:
    if re.fullmatch(_WORD, value):
        return value
    return '"' + re.sub(r'(["\\])', r"\\\1", value) + '"'


def _invalid(detail: str, remedy: str = _REMEDY) -> Refused:
    text = f"Prefer: {detail}"
    issue = Issue("header", "Prefer", text, remedy=remedy)
    return Refused(Kind.INVALID, text, remedy=remedy, issues=[issue], name=NAME)
