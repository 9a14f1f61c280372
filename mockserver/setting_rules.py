"""What the values of settings may be, and how they are read from a text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from mockserver.addresses import read_place

_SHORTEST_TOKEN = 8  # characters: who may guess has the network between
_SHORTEST_SECRET = 32  # bytes; source: RFC 7518, section 3.2 (HS256)

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})
_WANTED: Mapping[type, str] = {bool: "true or false", int: "a whole number", float: "a number"}

#: Tells what a value is not, e.g. "in 0 to 65535"; None when it can be used.
Rule = Callable[[Any], str | None]


class SettingError(ValueError):
    """A setting has a value that it cannot have."""


def between(least: float, most: float) -> Rule:
    """Return the rule of a number in a range."""
    return lambda value: None if least <= value <= most else f"in {least} to {most}"


def given(text: str) -> str | None:
    """Want an address."""
    return None if text.strip() else "an address"


def origin(text: str) -> str | None:
    """Want an origin, or nothing."""
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises on a port that is no number
    except ValueError:
        return "a URL"
    bare = not (parts.query or parts.fragment or any(map(str.isspace, text)))
    whole = parts.scheme in {"http", "https"} and parts.hostname and bare
    return None if whole or not text else "an http:// or https:// origin"


def long_secret(text: str) -> str | None:
    """Want a secret that is long enough."""
    return None if len(text.encode()) >= _SHORTEST_SECRET else f"{_SHORTEST_SECRET} bytes or more"


def long_token(text: str) -> str | None:
    """Want a token that fits into a header, or nothing."""
    fits = len(text) >= _SHORTEST_TOKEN and text.isascii() and text.isprintable()
    return None if not text or (fits and " " not in text) else "8 or more visible ASCII characters"


def client_error(value: int) -> str | None:
    """Want the status of a client error."""
    # Of a status that HTTP does not have, nobody could write the problem's title.
    known = value in range(400, 500) and any(value == status for status in HTTPStatus)
    return None if known else "a 4xx status that HTTP has"


def one_of(*choices: str) -> Rule:
    """Return the rule of a choice."""
    return lambda value: None if value in choices else f"one of {', '.join(choices)}"


def places(texts: tuple[str, ...]) -> str | None:
    """Want hosts with ports."""
    try:
        for text in texts:
            read_place(text)
    except ValueError:
        return "HOST:PORT"
    return None


def convert(name: str, text: str, default: Any) -> Any:
    """Return a text as a value of the type of a default.

    Raises:
        SettingError: it is none; says which setting and what it wants.
    """
    try:
        if isinstance(default, bool):
            return _boolean(text)
        if isinstance(default, tuple):
            return tuple(part.strip() for part in text.split(",") if part.strip())
        return type(default)(text)
    except ValueError:
        raise SettingError(f"{name}={text!r} is not {_WANTED[type(default)]}") from None


def _boolean(text: str) -> bool:
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    raise ValueError(text)
