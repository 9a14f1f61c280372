"""Makes values that fit a schema: from what it says of itself, or made up.

The same schema, seed and manner give the same value on every machine. Each part of a value
follows from its place alone, so that one more property changes no other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from mockserver.simulation.clock import SECOND, moment, stamp
from mockserver.simulation.fakes import Fakes
from mockserver.simulation.identity import Identity

_REFERENCE = "#/components/schemas/"
_DEEPEST = 6  # from here on only what is required
_YEAR = 365 * 86_400 * SECOND
_BEGIN: int = moment("2026-01-01T00:00:00Z")
_MOST_ITEMS = 3
#: What a text of some name looks like when it is made up, as Faker expressions. First fit counts.
_HINTS: Sequence[tuple[str, str]] = (
    (r"e-?mail", "{{safe_email}}"),
    (r"first.?name", "{{first_name}}"),
    (r"last.?name", "{{last_name}}"),
    (r"full.?name|person|consumer", "{{name}}"),
    (r"company|org|group|workspace", "{{company}}"),
    (r"phone", "+1 555 0100"),
    (r"(url|uri|link|website|logo)s?$", "https://{{domain_word}}.example/{{slug}}"),
    (r"description|detail|message|reason", "{{sentence}}"),
    (r"city", "{{city}}"),
    (r"country", "{{country}}"),
    (r"name|label|title", "{{catch_phrase}}"),
)


class Sampler:
    """Makes values for the schemas of one OpenAPI 3.0 document."""

    def __init__(
        self, document: Mapping[str, Any], *, seed: int, stream: str, dynamic: bool
    ) -> None:
        """Start a stream of values.

        Args:
            document: where references lead.
            seed: the seed.
            stream: tells the values of this stream from others of the same seed.
            dynamic: whether to make values up where the schema gives an example.
        """
        self._document = document
        self._identity = Identity(seed)
        self._stream = stream
        self._dynamic = dynamic
        self._fakes: Fakes | None = None
        self._seed = seed

    def value(self, schema: Mapping[str, Any], place: str = "", depth: int = 0) -> Any:
        """Return a value for a schema; `place` is its JSON pointer inside the whole value."""
        schema = self._whole(schema)
        if not self._dynamic and _is_scalar(schema, schema.get("example")):
            return schema["example"]
        if schema.get("enum"):
            return self._pick(place, schema["enum"])
        if "properties" in schema or schema.get("type") == "object" or self._is_map(schema):
            return self._object(schema, place, depth)
        if schema.get("type") == "array":
            return self._array(schema, place, depth)
        if schema.get("type") in {"integer", "number"}:
            return self._number(schema, place)
        if schema.get("type") == "boolean":
            return schema.get("default", self._fraction(place) < 0.5)
        if schema.get("type") == "string":
            return self._text(schema, place)
        return {}  # nothing is said: an empty object is something of everything

    def _whole(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """Return a schema with its reference followed and its parts put together."""
        if "$ref" in schema:
            name = schema["$ref"].removeprefix(_REFERENCE)
            return self._whole(self._document["components"]["schemas"][name])
        whole = dict(schema)
        parts = [*whole.pop("allOf", ())]
        for keyword in ("oneOf", "anyOf"):
            # The first form: it is the one that people read first.
            parts += [*whole.pop(keyword, ())][:1]
        for part in map(self._whole, parts):
            whole = _both(part, whole)
        return whole

    @staticmethod
    def _is_map(schema: Mapping[str, Any]) -> bool:
        return isinstance(schema.get("additionalProperties"), Mapping)

    def _object(self, schema: Mapping[str, Any], place: str, depth: int) -> dict[str, Any]:
        required = frozenset(schema.get("required", ()))
        made = {
            name: self.value(part, f"{place}/{name}", depth + 1)
            for name, part in schema.get("properties", {}).items()
            if name in required or depth < _DEEPEST
        }
        entries = schema.get("additionalProperties")
        if isinstance(entries, Mapping) and not made and depth < _DEEPEST:
            made["key"] = self.value(entries, f"{place}/key", depth + 1)
        return made

    def _array(self, schema: Mapping[str, Any], place: str, depth: int) -> list[Any]:
        least = schema.get("minItems", 0)
        count = max(least, 1)
        if depth >= _DEEPEST:
            count = least
        elif self._dynamic:
            count += int(self._fraction(f"{place}#") * _MOST_ITEMS)
        count = min(count, schema.get("maxItems", count))
        items = schema.get("items", {})
        return [self.value(items, f"{place}/{number}", depth + 1) for number in range(count)]

    def _number(self, schema: Mapping[str, Any], place: str) -> int | float:
        if not self._dynamic and "default" in schema:
            default: int | float = schema["default"]
            return default
        lower = schema.get("minimum", 0)
        upper = max(schema.get("maximum", lower + 1000), lower)
        whole = int(lower + self._fraction(place) * (upper - lower))
        number = max(whole, int(lower) + (1 if schema.get("exclusiveMinimum") is True else 0))
        return number if schema["type"] == "integer" else float(number)

    def _text(self, schema: Mapping[str, Any], place: str) -> str:
        if not self._dynamic and "default" in schema:
            return str(schema["default"])
        formatted = self._formatted(schema.get("format", ""), place)
        if formatted is not None:
            return formatted
        name = next((part for part in reversed(place.split("/")) if not part.isdigit()), "")
        made = self._named(name, place)
        if "pattern" in schema and not re.search(schema["pattern"], made):
            made = f"x{self._digits(place)}"
        made = made[: schema.get("maxLength", len(made))]
        return made.ljust(schema.get("minLength", 0), "x")

    def _formatted(self, kind: str, place: str) -> str | None:
        if kind == "date-time":
            return stamp(_BEGIN + int(self._fraction(place) * _YEAR))
        if kind == "date":
            return stamp(_BEGIN + int(self._fraction(place) * _YEAR))[:10]
        if kind == "uuid":
            return self._identity.uuid(self._stream, place)
        if kind == "uri":
            return f"https://{self._digits(place)}.example/"
        if kind == "email":
            return f"{self._digits(place)}@mail.example"
        return None

    def _named(self, name: str, place: str) -> str:
        if re.search(r"(^i|I)ds?$", name):
            return self._identity.uuid(self._stream, place)
        if re.search(r"(time|Time|At|date|Date)$", name):
            return stamp(_BEGIN + int(self._fraction(place) * _YEAR))
        if self._dynamic:
            hint = next((hint for word, hint in _HINTS if re.search(word, name, re.IGNORECASE)), "")
            return self._fake(hint or "{{word}}", place)
        return name or "text"

    def _fake(self, template: str, place: str) -> str:
        if self._fakes is None:
            self._fakes = Fakes(self._seed, self._stream)
        self._fakes.begin(f"{self._stream}{place}")
        return self._fakes.fill(template)

    def _digits(self, place: str) -> str:
        return self._identity.uuid(self._stream, place)[:8]

    def _pick(self, place: str, options: Sequence[Any]) -> Any:
        if not self._dynamic:
            return options[0]
        return options[int(self._fraction(place) * len(options))]

    def _fraction(self, place: str) -> float:
        return self._identity.fraction(self._stream, place)


def _is_scalar(schema: Mapping[str, Any], example: Any) -> bool:
    """Tell whether an example can be taken as it is: those of objects and lists are often parts."""
    if "enum" in schema and example not in schema["enum"]:
        return False
    if isinstance(example, bool):
        return schema.get("type") == "boolean"
    if isinstance(example, int | float):
        return schema.get("type") in {"integer", "number"}
    return isinstance(example, str) and schema.get("type") == "string"


def _both(left: Mapping[str, Any], right: Mapping[str, Any]) -> dict[str, Any]:
    """Return one schema that asks for what two ask for."""
    both = {**left, **right}
    if "required" in left and "required" in right:
        both["required"] = [*left["required"], *right["required"]]
    if "properties" in left and "properties" in right:
        ours, theirs = left["properties"], right["properties"]
        twice = {name: {"allOf": [ours[name], theirs[name]]} for name in ours.keys() & theirs}
        both["properties"] = {**ours, **theirs, **twice}
    for keyword in ("items", "additionalProperties"):
        if isinstance(left.get(keyword), Mapping) and isinstance(right.get(keyword), Mapping):
            both[keyword] = {"allOf": [left[keyword], right[keyword]]}
    return both
