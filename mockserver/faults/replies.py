"""What is answered in the place of an operation, and whether its contract allows that."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.contract.operations import Content
from mockserver.faults.surface import INVALID, TRANSPORT, TRANSPORT_STATUSES, Place
from mockserver.pointers import escape, write
from mockserver.rules.errors import ABSENT
from mockserver.simulation.matchers import PatternError, text

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # Source: RFC 9110, section 5.6.2
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
#: Headers that the server itself must write, and those that say who answered.
_RESERVED = frozenset(
    {
        "connection",
        "content-encoding",
        "content-length",
        "matched-stub-id",
        "matched-stub-name",
        "transfer-encoding",
        "x-mock-fault",
        "x-request-id",
    }
)
_BODILESS = frozenset({204, 205, 304})
_ASK_FOR_LESS = 'leave the body out and a legal one is made, or say "allowInvalid": true'


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it was asked for: by a rule, by chance, by the request itself."""

    status: int | None = None  # None: the operation's success
    value: Any = ABSENT  # of the body, as JSON; ABSENT: one that the contract allows is made
    text: str | None = None  # the body, written out
    headers: tuple[tuple[str, str], ...] = ()
    example: str | None = None  # the name of a declared example
    dynamic: bool = False  # made up rather than taken from the contract's examples
    seed: str = ""  # of what is made up
    #: Whether an example of the contract that breaks its own schema is refused, not passed over.
    is_strict: bool = False
    detail: str = ""  # of a problem that is made
    retry_after: int | None = None  # microseconds since 1970-01-01 UTC; said in body and header
    allow_invalid: bool = False

    @property
    def has_body(self) -> bool:
        """Whether the body was given."""
        return self.text is not None or self.value is not ABSENT

    @property
    def media_type(self) -> str | None:
        """The Content-Type that was given."""
        return next((value for key, value in self.headers if key.lower() == "content-type"), None)

    def status_at(self, place: Place) -> int:
        """Return the status of this answer in the place of an operation."""
        return place.success if self.status is None else self.status


def label(reply: Reply, place: Place) -> str:
    """Return what sort of fault an answer is in the place of an operation; empty for a legal one.

    Raises:
        PatternError: the contract does not allow it, and nobody said that this is wanted. Its
            pointer begins at the response.
    """
    status = reply.status_at(place)
    if not place.declares(status):
        if status in TRANSPORT_STATUSES:
            return TRANSPORT
        if reply.allow_invalid:
            return INVALID
        known = ", ".join(place.statuses())
        detail = f"{place.operation.operation_id} declares no {status}"
        remedy = f'use one of {known} (default: any error), or say "allowInvalid": true'
        raise PatternError("/status", detail, remedy)
    mistake = _mistake(reply, place, status)
    if mistake is None:
        return ""
    if reply.allow_invalid:
        return INVALID
    raise mistake


def _mistake(reply: Reply, place: Place, status: int) -> PatternError | None:
    content = place.content(status)
    where = f"{place.operation.operation_id} {status}"
    if reply.has_body:
        pointer = "/jsonBody" if reply.text is None else "/body"
        if content is None:
            return PatternError(pointer, f"{where} has no body", "leave it out")
        try:
            value = body_value(reply, content)
        except ValueError:
            return PatternError(pointer, f"{where} is answered in JSON", _ASK_FOR_LESS)
        violation = place.violation(status, value)
        if violation is not None:
            path = write(violation.path)
            detail = f"breaks the schema of {where}: {violation.message[:200]}"
            return PatternError(f"{pointer}{path}", detail, _ASK_FOR_LESS)
    given = (reply.media_type or "").partition(";")[0].strip().lower()
    if given and (content is None or given != content.media_type):
        written = content.media_type if content else "nothing"
        detail = f"{where} is answered with {written}"
        return PatternError("/headers/Content-Type", detail, "leave it out")
    return None


def body_value(reply: Reply, content: Content) -> Any:
    """Return the body of an answer as the schema of its content sees it.

    Raises:
        ValueError: the content is JSON and the text that was given is none.
    """
    if reply.text is None or content.media_type == "text/plain":
        return reply.value if reply.text is None else reply.text
    try:
        return json.loads(reply.text)
    except RecursionError:
        raise ValueError("nested too deep") from None


def compile_reply(document: Mapping[str, Any], pointer: str, *, allow_invalid: bool) -> Reply:
    """Compile what a response of a mapping says about its answer.

    Raises:
        PatternError: something in it is not acceptable.
    """
    status = None
    if "status" in document:
        status = compile_status(document["status"], f"{pointer}/status")
    if "jsonBody" in document and "body" in document:
        raise PatternError(f"{pointer}/body", "is given besides jsonBody", "give one of them")
    written = text(document["body"], f"{pointer}/body") if "body" in document else None
    value = document.get("jsonBody", ABSENT)
    if status in _BODILESS and (written is not None or value is not ABSENT):
        place = "jsonBody" if written is None else "body"
        raise PatternError(f"{pointer}/{place}", f"{status} has no body", "leave it out")
    example = document.get("example")
    dynamic = document.get("dynamic", False)
    if not isinstance(dynamic, bool):
        raise PatternError(f"{pointer}/dynamic", "has the wrong type", "use true or false")
    return Reply(
        status=status,
        value=value,
        text=written,
        headers=tuple(_headers(document.get("headers", {}), f"{pointer}/headers")),
        example=None if example is None else text(example, f"{pointer}/example"),
        dynamic=dynamic,
        seed=text(document.get("seed", ""), f"{pointer}/seed"),
        allow_invalid=allow_invalid,
    )


def compile_status(value: Any, pointer: str) -> int:
    """Return a status that can be answered.

    Raises:
        PatternError: it is none.
    """
    if not isinstance(value, int) or isinstance(value, bool) or not 200 <= value <= 599:
        raise PatternError(pointer, "is no status of an answer", "use 200 to 599")
    return value


def _headers(document: Any, pointer: str) -> list[tuple[str, str]]:
    if not isinstance(document, Mapping):
        raise PatternError(pointer, "has the wrong type", "use an object of texts")
    found = []
    for name, given in document.items():
        place = f"{pointer}/{escape(name)}"
        if not _NAME.fullmatch(name):
            raise PatternError(place, "is no name of a header", "use letters, digits and -")
        if name.lower() in _RESERVED:
            raise PatternError(place, "is written by the mock itself", "leave it out")
        for value in given if isinstance(given, list) else [given]:
            if not _VALUE.fullmatch(text(value, place)):
                raise PatternError(place, "has characters that no header may have", "drop them")
            found.append((name, value))
    return found
