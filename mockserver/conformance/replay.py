"""A trace as a script: ids come from earlier answers, names are new each time it is played.

One script serves two readers: `playing` sends it again, to see whether a finding holds from scratch
and whether fewer calls show it too; `curl` writes it for people.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from mockserver.conformance.exchange import NO_BODY, Exchange, Request
from mockserver.conformance.naming import PREFIX

_SHORTEST = 4  # characters: a shorter value is no id
_MARKED = re.compile(rf"({PREFIX})([0-9a-f]{{6}})-([0-9a-f]{{4}})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mark:
    """The start of a name: `ct-`, the run's mark, the lab's number, as they were written."""

    prefix: str
    run: str
    lab: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A value that an earlier answer gave."""

    name: str  # of the shell variable
    number: int  # of the exchange whose answer it was
    pointer: tuple[str | int, ...]
    value: str  # as it was


Part = str | Mark | Slot
Text = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One call of a script. Texts of path, query and body may have slots."""

    exchange: Exchange
    path: tuple[Text, ...]  # decoded segments
    query: tuple[tuple[str, Text], ...]
    body: Any  # JSON whose strings are Texts; NO_BODY
    headers: Mapping[str, Text]
    raw: Text | None  # a body that is sent as it is, where it is UTF-8

    def slots(self) -> Iterator[Slot]:
        """Yield the slots of this call."""
        for text in self.texts():
            yield from (part for part in text if isinstance(part, Slot))

    def texts(self) -> Iterator[Text]:
        """Yield every text of this call."""
        yield from self.path
        yield from (text for _, text in self.query)
        yield from _texts_of(self.body)
        yield from self.headers.values()
        yield from [self.raw] if self.raw else []


@dataclass(frozen=True, slots=True)
class Script:
    """Calls in their order."""

    steps: tuple[Step, ...]


def script_of(trace: Sequence[Exchange]) -> Script:
    """Return the script of a trace."""
    known: dict[str, Slot] = {}
    names: set[str] = set()
    steps: list[Step] = []
    for exchange in trace:
        steps.append(_step(exchange, known))
        sent = set(_leaves_of_request(exchange.request))
        if exchange.answer.is_success:
            for pointer, value in _leaves(exchange.json):
                if len(value) >= _SHORTEST and value not in known and not _is_said(value, sent):
                    name = _variable(exchange.operation_id, pointer, names)
                    known[value] = Slot(name, exchange.number, pointer, value)
    return Script(tuple(steps))


def _is_said(value: str, sent: set[str]) -> bool:
    """Tell whether a value of an answer only repeats what was sent."""
    return value in sent or bool(_MARKED.search(value))


def _step(exchange: Exchange, known: Mapping[str, Slot]) -> Step:
    request = exchange.request
    headers = {**request.caller.headers, **request.headers}
    return Step(
        exchange,
        tuple(_segment(part, known) for part in request.path.split("/")),
        tuple((name, _text(value, known)) for name, value in request.query),
        NO_BODY if request.body is NO_BODY else _body(request.body, known),
        {name: _text(value, known) for name, value in headers.items()},
        _raw(request.raw),
    )


def _raw(content: bytes | None) -> Text | None:
    try:
        return None if content is None else _text(content.decode(), {})
    except UnicodeDecodeError:
        return None


def _segment(part: str, known: Mapping[str, Slot]) -> Text:
    text = unquote(part)
    head, colon, verb = text.rpartition(":")
    if colon and head in known:
        return (known[head], colon + verb)
    return _text(text, known)


def _text(text: str, known: Mapping[str, Slot]) -> Text:
    if text in known:
        return (known[text],)
    scheme, space, rest = text.partition(" ")
    if space and rest in known:  # Authorization: Bearer TOKEN
        return (scheme + space, known[rest])
    return marked(text)


def marked(text: str) -> Text:
    """Return a text with the starts of our names as parts of their own."""
    parts: list[Part] = []
    end = 0
    for match in _MARKED.finditer(text):
        parts += [text[end : match.start()], _mark(match)]
        end = match.end()
    return tuple(part for part in (*parts, text[end:]) if part != "")


def _mark(match: re.Match[str]) -> Mark:
    return Mark(match[1], match[2], match[3])


def _body(value: Any, known: Mapping[str, Slot]) -> Any:
    if isinstance(value, Mapping):
        return {key: _body(item, known) for key, item in value.items()}
    if isinstance(value, list):
        return [_body(item, known) for item in value]
    return _text(value, known) if isinstance(value, str) else value


def _texts_of(body: Any) -> Iterator[Text]:
    if isinstance(body, Mapping):
        for item in body.values():
            yield from _texts_of(item)
    elif isinstance(body, list):
        for item in body:
            yield from _texts_of(item)
    elif isinstance(body, tuple):
        yield body


def _leaves(value: Any, pointer: tuple[str | int, ...] = ()) -> Iterator[tuple[Any, str]]:
    items: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for key, item in items:
        if isinstance(item, str):
            yield (*pointer, key), item
        else:
            yield from _leaves(item, (*pointer, key))


def _leaves_of_request(request: Request) -> Iterator[str]:
    yield from (unquote(part) for part in request.path.split("/"))
    yield from (value for _, value in request.query)
    yield from (text for _, text in _leaves([request.body]))


def _variable(operation_id: str, pointer: tuple[str | int, ...], taken: set[str]) -> str:
    words = re.findall(r"[A-Z][a-z]+|[A-Z]+(?![a-z])", operation_id)
    last = str(next((part for part in reversed(pointer) if isinstance(part, str)), "value"))
    own = [*words, *re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", last)]
    stem = "_".join(own).upper() or "VALUE"
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}_{number}", number + 1
    taken.add(name)
    return name


def sliced(script: Script, last: int) -> Script:
    """Return what one call needs: itself, what its slots come from, and what made its names.

    Args:
        script: all calls.
        last: the number of the exchange that must stay.
    """
    steps = {step.exchange.number: step for step in script.steps}
    needed, waiting = {last}, [last]
    while waiting:
        step = steps[waiting.pop()]
        found = {slot.number for slot in step.slots()} | set(_makers(script, step))
        waiting += sorted(found - needed)
        needed |= found
    return Script(tuple(step for step in script.steps if step.exchange.number in needed))


def _makers(script: Script, user: Step) -> Iterator[int]:
    names = {text for text in user.texts() if any(isinstance(part, Mark) for part in text)}
    for step in script.steps:
        if step.exchange.number >= user.exchange.number:
            return
        makes = step.exchange.request.method in {"POST", "PUT"}
        if makes and not names.isdisjoint(_texts_of(step.body)):
            yield step.exchange.number
