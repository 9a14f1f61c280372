"""Rules about bodies as a whole: there, JSON, of the declared media type; and hostile ones."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from mockserver.conformance.attempts import Make, Makes, each
from mockserver.conformance.calls import Call
from mockserver.conformance.exchange import Exchange
from mockserver.conformance.flaws import pointer_of
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Broken, Rule, Strength
from mockserver.conformance.shapes.bodies import json_body
from mockserver.conformance.shapes.refusals import WRONG, require_refusal
from mockserver.conformance.texts import said
from mockserver.contract.contract import Contract

#: What a body that cannot be read as declared may be answered.
UNREADABLE = WRONG | {415}
_OTHERS = ("text/plain", "application/x-www-form-urlencoded")
_DEEP = 3000  # levels: more than any recursive reader stands
_LONG = 200_000  # characters


@dataclass(frozen=True, slots=True)
class Sent:
    """A body as it goes over the wire."""

    detail: str
    raw: bytes
    media_type: str = "application/json"
    strength: Strength | None = None


def rules(contract: Contract, right: Makes) -> Iterator[Rule]:
    """Yield the rules of every operation with a JSON body."""
    for operation in contract.operations.values():
        make = right.get(operation.operation_id)
        if make is None or json_body(operation) is None:
            continue
        name = operation.operation_id
        text = said(contract, name)
        yield Rule(name, "body-is-needed", text, partial(_absent, make))
        yield Rule(name, "body-must-be-json", text, partial(_unreadable, make))
        yield Rule(name, "media-type-is-checked", text, partial(_other_type, make))
        run, inferred = partial(_with_charset, make), Strength.INFERRED
        yield Rule(name, "media-type-may-have-a-charset", text, run, inferred)
        yield Rule(name, "no-body-breaks-the-server", text, partial(_hostile, make))


def _absent(make: Make, lab: Lab) -> None:
    with make.refused(lab) as call:
        # Where the body is not declared as required, its own required properties say so.
        is_required = lab.contract.operations[call.operation_id].body_required
        strength = None if is_required else Strength.INFERRED
        bodies = [Sent("no body", b"", strength=strength)]
        values: tuple[Any, ...] = ([], "text", None)
        for value in values:
            detail = f"the body is {json.dumps(value)}"
            bodies.append(Sent(detail, json.dumps(value).encode(), strength=strength))
        each(bodies, partial(_refuse, lab, call))


def _unreadable(make: Make, lab: Lab) -> None:
    with make.refused(lab) as call:
        text = json.dumps(call.body).encode()
        bodies = (
            Sent("the body is cut short", text[:-1]),
            Sent("something follows the body", text + b" x"),
            Sent("the body is no JSON", b"name: text"),
            Sent("the body is not UTF-8", _not_utf8(text), strength=Strength.INFERRED),
        )
        each(bodies, partial(_refuse, lab, call))


def _not_utf8(text: bytes) -> bytes:
    return text.replace(b"ct-", b"ct\xff", 1) if b"ct-" in text else b'{"\xff": 1, ' + text[1:]


def _other_type(make: Make, lab: Lab) -> None:
    with make.refused(lab) as call:
        text = json.dumps(call.body).encode()
        bodies = [Sent(f"the media type is {one}", text, one) for one in _OTHERS]
        each(bodies, partial(_refuse, lab, call))


def _with_charset(make: Make, lab: Lab) -> None:
    """Add a parameter, as many clients do. Source: RFC 9110 section 8.3.1, RFC 8259 section 11."""
    call = make(lab)
    media_type = "application/json; charset=utf-8"
    exchange = _send(lab, call, Sent("", json.dumps(call.body).encode(), media_type))
    if not exchange.answer.is_success:
        raise Broken(f"a right body of the type {media_type!r} is answered {exchange.status}")


def _refuse(lab: Lab, call: Call, sent: Sent) -> None:
    exchange = _send(lab, call, sent)
    operation = lab.contract.operations[call.operation_id]
    require_refusal(
        exchange,
        sent.detail,
        statuses=UNREADABLE,
        strength=sent.strength,
        cites=pointer_of(operation, "requestBody", "content"),
    )


def _send(lab: Lab, call: Call, sent: Sent) -> Exchange:
    return lab.call(
        call.operation_id,
        path=call.path,
        query=call.query,
        caller=call.caller,
        raw=sent.raw,
        headers={"Content-Type": sent.media_type} if sent.raw else {},
    )


def _hostile(make: Make, lab: Lab) -> None:
    """Send what may be refused or not: that no answer is a 5xx is a check of every answer."""

    def send(change: Callable[[Any], bytes]) -> None:
        call = make(lab)  # a new one each time, because it may be granted
        exchange = _send(lab, call, Sent("", change(call.body)))
        if exchange.status >= 500:
            raise Broken(f"a body with {_HOSTILE[change]} is answered {exchange.status}")

    each(_HOSTILE, send)


def _with(body: Any, key: str, value: str) -> bytes:
    """Return a body with one more key, whose value is written as it is."""
    text = json.dumps(body)
    return f'{text[:-1]}, "{key}": {value}}}'.encode()


def _twice(body: Any) -> bytes:
    name, value = next(iter(body.items()))
    return _with(body, name, json.dumps(value))


def _deep(body: Any) -> bytes:
    return _with(body, "ctUnknown", "[" * _DEEP + "]" * _DEEP)


def _large(body: Any) -> bytes:
    return _with(body, "ctUnknown", f'["{"a" * _LONG}", {"1" * 400}, 1e999]')


def _odd_text(body: Any) -> bytes:
    return b"\xef\xbb\xbf" + _with(body, "ctUnknown", '"\\ud800\\u0000"')


_HOSTILE: Mapping[Callable[[Any], bytes], str] = {
    _twice: "one key twice",
    _deep: f"{_DEEP} levels",
    _large: f"{_LONG} characters and numbers beyond every range",
    _odd_text: "a byte order mark, half of a surrogate pair and NUL",
}
