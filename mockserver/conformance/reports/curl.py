"""A trace as shell commands that run again: credentials and ids are variables, names are new.

Needs `curl` and `jq`. What a reader must set: BASE_URL and the credentials that are used.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from mockserver.conformance.exchange import NO_BODY, Exchange
from mockserver.conformance.replay import Mark, Part, Script, Slot, Step, Text, marked, script_of
from mockserver.contract.redaction import REDACTED, is_secret_name, redact_text

_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:,@%+=~")
_HOW: Mapping[str, str] = {
    "API_KEY": "an API key of the project",
    "BEARER": "a builder's token",
    "NEIGHBOUR_KEY": "an API key of another project",
    "FRONTEND_KEY": 'an API key with scopes ["frontend"]',
    "INACTIVE_KEY": "an API key that was deactivated",
    "DELETED_KEY": "an API key that was deleted",
    "WRONG_KEY": "any text that is no key",
    "WRONG_BEARER": "any text that is no token",
    "CUSTOMER": "a token of a customer",
    "OTHER_CUSTOMER": "a token of a customer of another group",
}


def curl(
    trace: Sequence[Exchange],
    known: Mapping[str, str],
    clean: Callable[[str], str] = redact_text,
) -> list[str]:
    """Return a trace as lines of a script for bash.

    Args:
        trace: the exchanges, in order.
        known: every credential of the run with the placeholder that stands for it.
        clean: takes secrets out of a text.
    """
    script = script_of(trace)
    writer = _Writer(script, known, clean)
    calls = [line for step in script.steps for line in writer.call(step)]
    return [*writer.head(), *calls]


class _Writer:
    def __init__(
        self, script: Script, known: Mapping[str, str], clean: Callable[[str], str]
    ) -> None:
        self._known = known
        self._clean_text = clean
        self._wanted: dict[int, list[Slot]] = {}
        for step in script.steps:
            for slot in step.slots():
                slots = self._wanted.setdefault(slot.number, [])
                if slot not in slots:
                    slots.append(slot)
        self._used: list[str] = []
        self._labs: list[str] = []

    def head(self) -> Iterator[str]:
        """Yield the lines that say what must be set."""
        for name in self._used:
            yield f"# {name}: {_HOW.get(name, 'a credential')}"
        if self._labs:
            yield "RUN=$(printf '%06x' $((RANDOM * 512 + RANDOM % 512)))  # new names each time"

    def call(self, step: Step) -> Iterator[str]:
        """Yield one call, what it was answered, and the values that later calls take from it."""
        wanted = self._wanted.get(step.exchange.number, [])
        first, *others = self._words(step)
        head = "ANSWER=$(curl -sS" if wanted else "curl -sS -w '\\n%{http_code}\\n'"
        lines = [f"{head} {first}", *(f"  {word}" for word in others)]
        lines[-1] += ")" if wanted else ""
        yield f"# {step.exchange.operation_id} was answered {step.exchange.status}"
        yield from (f"{line} \\" for line in lines[:-1])
        yield lines[-1]
        for slot in wanted:
            expression = self._shell(marked(_jq(slot, step.exchange.json)))
            yield f'{slot.name}=$(jq -r {expression} <<< "$ANSWER")'

    def _words(self, step: Step) -> Iterator[str]:
        request = step.exchange.request
        method = ""
        if request.method == "HEAD":
            method = "--head "
        elif request.method != ("GET" if request.content() is None else "POST"):
            method = f"-X {request.method} "
        yield f'{method}"$BASE_URL"{self._url(step)}'
        yield from self._headers(step)
        yield from self._data(step)

    def _url(self, step: Step) -> str:
        path = "/".join(self._shell(text, encode=True) for text in step.path)
        if not step.query:
            return path
        pairs = [f"{quote(name)}={self._shell(text, encode=True)}" for name, text in step.query]
        return path + "'?'" + "'&'".join(pairs)

    def _headers(self, step: Step) -> Iterator[str]:
        request = step.exchange.request
        names = {name.lower() for name in step.headers}
        for name, text in step.headers.items():
            yield f"-H {self._header(name, text, request.caller.shown.get(name, ''))}"
        if request.content() is not None and "content-type" not in names:
            yield "-H 'Content-Type: application/json'"

    def _header(self, name: str, text: Text, shown: str) -> str:
        if any(isinstance(part, Slot) for part in text):
            return _quoted(f"{name}: ") + self._shell(text)
        whole = "".join(part for part in text if isinstance(part, str))
        placeholder = shown or self._known.get(whole, "")
        if not placeholder:
            return _quoted(f"{name}: ") + self._shell(text)
        variable = placeholder.rpartition("$")[2]
        if variable not in self._used:
            self._used.append(variable)
        return f'"{name}: {placeholder}"'

    def _data(self, step: Step) -> Iterator[str]:
        request = step.exchange.request
        if request.raw is not None:
            raw = self._shell(step.raw) if step.raw is not None else _bytes(request.raw)
            yield f"--data-binary {raw or _EMPTY}"
        elif step.body is not NO_BODY:
            yield f"--data-binary {self._json(step.body)}"

    def _json(self, body: Any) -> str:
        """Return a JSON body as one shell word, with variables outside of the quotes."""
        holes: list[Slot | Mark] = []

        def filled(value: Any, name: str = "") -> Any:
            if isinstance(value, Mapping):
                return {key: filled(item, key) for key, item in value.items()}
            if isinstance(value, list):
                return [filled(item, name) for item in value]
            if not isinstance(value, tuple):
                return value
            if is_secret_name(name) and not any(isinstance(part, Slot) for part in value):
                return REDACTED
            return "".join(hole(part) for part in value)

        def hole(part: Part) -> str:
            if isinstance(part, str):
                return self._clean(part)
            holes.append(part)
            hole = f"\0{len(holes) - 1}\0"
            return hole if isinstance(part, Slot) else f"{part.prefix}{hole}-{part.lab}"

        text = json.dumps(filled(body), ensure_ascii=False)
        pieces = text.split("\\u0000")
        return "".join(
            _quoted(piece) if n % 2 == 0 else self._hole(holes[int(piece)])
            for n, piece in enumerate(pieces)
            if piece
        )

    def _hole(self, part: Slot | Mark) -> str:
        if isinstance(part, Slot):
            return f'"${part.name}"'
        if part.lab not in self._labs:
            self._labs.append(part.lab)
        return '"${RUN^^}"' if part.prefix.isupper() else '"$RUN"'

    def _shell(self, text: Text, *, encode: bool = False) -> str:
        return "".join(self._part(part, encode=encode) for part in text)

    def _part(self, part: Part, *, encode: bool) -> str:
        if isinstance(part, Slot):
            return self._hole(part)
        if isinstance(part, Mark):
            return f"{part.prefix}{self._hole(part)}-{part.lab}"
        clean = self._clean(part)
        return _quoted(quote(clean, safe=":$[]") if encode else clean)

    def _clean(self, text: str) -> str:
        for secret, placeholder in self._known.items():
            if secret in text:
                text = text.replace(secret, placeholder)
        return self._clean_text(text)


_EMPTY = "''"


def _quoted(text: str) -> str:
    """Return a text as a word of the shell."""
    if text and set(text) <= _PLAIN:
        return text
    return "'" + text.replace("'", "'\\''") + "'" if text else ""


def _bytes(content: bytes) -> str:
    return "$'" + "".join(f"\\x{byte:02x}" for byte in content) + "'"


def _jq(slot: Slot, answer: Any) -> str:
    """Return the expression that finds a value; entries of lists are found by our names."""
    text, node = "", answer
    for part in slot.pointer:
        if isinstance(part, int):
            name = next((key for key in ("name", "label") if _is_ours(node[part], key)), "")
            chosen = f"map(select(.{name} == {json.dumps(node[part][name])}))[0]" if name else ""
            text = f"{text or '.'} | {chosen}" if chosen else f"{text or '.'}[{part}]"
        elif part.isidentifier():
            text += f".{part}"
        else:
            text += f"[{json.dumps(part)}]"
        node = node[part]
    return text if text.startswith(".") else f".{text}"


def _is_ours(entry: Any, key: str) -> bool:
    text = entry.get(key) if isinstance(entry, Mapping) else None
    return isinstance(text, str) and any(isinstance(part, Mark) for part in marked(text))


def variables(lines: Collection[str]) -> list[str]:
    """Return the credentials that a script asks for."""
    return [line[2:].partition(":")[0] for line in lines if line.startswith("# ") and ": " in line]
