"""Bodies with one mistake each, of every kind that a schema can forbid.

A mistake counts only where the contract forbids it both as written and as relaxed: what clients
are forgiven is neither right nor wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.conformance.shapes.places import Place, Walk
from mockserver.conformance.shapes.values import ABSENT, Path, drop, put, shown
from mockserver.contract.contract import Contract
from mockserver.contract.schemas import Schemas

REQUIRED = "required"
TYPE = "type"
NULL = "null"
ENUM = "enum"
LENGTH = "length"
PATTERN = "pattern"
NUMBER = "number"
ITEMS = "items"
FORMAT = "format"


@dataclass(frozen=True, slots=True)
class Mistake:
    """One wrong body."""

    kind: str
    detail: str  # for people: `name is 123`
    path: Path  # of the place that is wrong
    body: Any
    cites: str  # JSON pointer of the keyword that forbids it
    is_given: bool  # whether the place is one of the right call's own


#: What stands in place of a value of each type: close to one first, then something else.
_NO: Mapping[str, tuple[Any, ...]] = {
    "string": (12345, {"text": "text"}),
    "boolean": ("true", 1),
    "integer": ("5", 1.5),
    "number": ("5",),
    "array": ("text", {"0": "text"}),
    "object": ("text", ["text"]),
}
_BREAKERS = ("a b", "-ab", "ab-", "a_b", "a.b", "a/b", "\u00e9ab")
_NO_FORMAT: Mapping[str, tuple[str, ...]] = {
    "date-time": ("yesterday", "2030-01-02", "2030-13-02T03:04:05Z"),
    "email": ("nobody", "a@", "@b.example"),
    "uri": ("no uri",),
    "uuid": ("no-uuid",),
}


class Mistakes:
    """Makes wrong bodies of one contract."""

    def __init__(self, contract: Contract) -> None:
        """Take the contract; its schemas are compiled when they are first needed."""
        self.written = Schemas(contract.document)
        self._relaxed = contract.request_schemas

    def of(self, pointer: str, body: Any) -> Iterator[Mistake]:
        """Yield every wrong body that is one step away from a right one.

        Args:
            pointer: JSON pointer of the body's schema.
            body: what a right call sends.
        """
        for place in Walk(self.written).places(pointer, body):
            for make in _MAKERS:
                for mistake in make(place):
                    if self.is_wrong(pointer, mistake.body):
                        yield mistake

    def is_wrong(self, pointer: str, body: Any) -> bool:
        """Tell whether the contract forbids a body, as written and as relaxed."""
        return not any(
            schemas.validator(pointer).is_valid(body) for schemas in (self.written, self._relaxed)
        )

    def is_right(self, pointer: str, body: Any) -> bool:
        """Tell whether the contract allows a body, as written and as relaxed."""
        return all(
            schemas.validator(pointer).is_valid(body) for schemas in (self.written, self._relaxed)
        )


def _instead(kind: str, place: Place, cites: str, value: Any) -> Mistake:
    detail = f"{shown(place.path)} is {_brief(value)}"
    body = put(place.body, place.path, value)
    return Mistake(kind, detail, place.path, body, cites, place.is_given)


def _brief(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:30]}… ({len(value)} characters)"


def _absent(place: Place) -> Iterator[Mistake]:
    if place.required_by and place.value is not ABSENT:
        body = drop(place.body, place.path)
        detail = f"{shown(place.path)} is absent"
        yield Mistake(REQUIRED, detail, place.path, body, place.required_by, place.is_given)


def _wrong_type(place: Place) -> Iterator[Mistake]:
    found = place.keyword("type")
    if found is not None:
        plain = _NO.get(str(found[1]), ())
        for value in (*plain[:1], *_wrapped(place, str(found[1])), *plain[1:]):
            yield _instead(TYPE, place, found[0], value)


def _wrapped(place: Place, wanted: str) -> Iterator[Any]:
    """Yield the right value in a list, or out of it: what lenient readers take for the same."""
    if place.value is ABSENT:
        return
    if wanted != "array":
        yield [place.value]
    elif isinstance(place.value, list) and place.value:
        yield place.value[0]


def _null(place: Place) -> Iterator[Mistake]:
    found = place.keyword("type")
    if found is not None and not place.is_nullable:
        yield _instead(NULL, place, found[0], None)


def _no_member(place: Place) -> Iterator[Mistake]:
    found = place.keyword("enum")
    if found is not None:
        members = [member for member in found[1] if isinstance(member, str)]
        yield _instead(ENUM, place, found[0], "no-such-member")
        for other in {member.swapcase() for member in members[:1]} - set(members):
            yield _instead(ENUM, place, found[0], other)


def _length(place: Place) -> Iterator[Mistake]:
    most, least = place.keyword("maxLength"), place.keyword("minLength")
    if most is not None:
        yield _instead(LENGTH, place, most[0], stretched(place.value, most[1] + 1))
    if least is not None and least[1] > 0:
        yield _instead(LENGTH, place, least[0], stretched(place.value, least[1] - 1))


def stretched(text: Any, length: int) -> str:
    """Return a text of a length, cut or filled up with letters; it ends in a letter."""
    start = text if isinstance(text, str) else ""
    return (start[: max(length - 1, 0)] + "a" * length)[:length]


def _pattern(place: Place) -> Iterator[Mistake]:
    found = place.keyword("pattern")
    if found is not None:
        for value in _BREAKERS:
            yield _instead(PATTERN, place, found[0], value)


def _number(place: Place) -> Iterator[Mistake]:
    for word, step in (("minimum", -1), ("maximum", 1)):
        found = place.keyword(word)
        if found is not None:
            yield _instead(NUMBER, place, found[0], found[1] + step)


def _items(place: Place) -> Iterator[Mistake]:
    least, most = place.keyword("minItems"), place.keyword("maxItems")
    if least is not None:
        yield _instead(ITEMS, place, least[0], [])
    if most is not None and isinstance(place.value, list) and place.value:
        yield _instead(ITEMS, place, most[0], place.value[:1] * (most[1] + 1))


def _format(place: Place) -> Iterator[Mistake]:
    found = place.keyword("format")
    if found is not None:
        for value in _NO_FORMAT.get(str(found[1]), ()):
            yield _instead(FORMAT, place, found[0], value)


_MAKERS: tuple[Callable[[Place], Iterator[Mistake]], ...] = (
    _absent,
    _wrong_type,
    _null,
    _no_member,
    _length,
    _pattern,
    _number,
    _items,
    _format,
)
