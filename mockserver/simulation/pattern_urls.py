"""The URL part of a request pattern: at most one of five keys."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from mockserver.pointers import escape
from mockserver.simulation.matchers import PatternError, expression, likeness, text
from mockserver.simulation.pattern_parts import Asked, Part, named

URLS = ("url", "urlPattern", "urlPath", "urlPathPattern", "urlPathTemplate")
_SIGNS = ".^$*+?{}[]()"  # of regular expressions; the rest stands for itself
_PARAMETER = re.compile(r"\{([^{}/]+)\}")


@dataclass(frozen=True, slots=True)
class UrlPart:
    """What a pattern asks of the URL."""

    parts: tuple[Part, ...]
    fits_template: Callable[[str], bool]
    path: str | None = None


def compile_url(document: Mapping[str, Any], pointer: str) -> UrlPart | None:
    """Compile the URL part of a pattern; None when it has none.

    Raises:
        PatternError: it has two, or one that is none.
    """
    given = [name for name in URLS if document.get(name) is not None]
    if len(given) > 1:
        raise PatternError(
            f"{pointer}/{given[1]}", f"is given besides {given[0]}", "give one of them"
        )
    if "pathParameters" in document and given != ["urlPathTemplate"]:
        remedy = "give a urlPathTemplate that names them"
        raise PatternError(f"{pointer}/pathParameters", "has no template", remedy)
    if not given:
        return None
    name = given[0]
    place = f"{pointer}/{name}"
    wanted = text(document[name], place)
    if not name.endswith("Pattern"):
        _check_address(name, wanted, place)
    if name == "urlPathTemplate":
        return _template(wanted, document, pointer)
    whole = name in {"url", "urlPattern"}

    def read(asked: Asked) -> Sequence[str]:
        return asked.urls if whole else asked.paths

    if name in {"url", "urlPath"}:
        path = wanted.partition("?")[0]
        part = Part(
            "url",
            wanted,
            read,
            lambda value: value == wanted,
            lambda value: likeness(value or "", wanted),
        )
        return UrlPart(
            (part,),
            lambda template: _segments_fit(path, template),
            path,
        )
    compiled = expression(wanted, place)
    part = Part(
        "url",
        wanted,
        read,
        lambda value: compiled(value or "") is True,
        lambda value: 0.0 if compiled(value or "") else 1.0,
    )
    prefix = _literal_prefix(wanted).partition("?")[0]
    return UrlPart((part,), lambda template: _begins(template, prefix))


def _check_address(name: str, wanted: str, place: str) -> None:
    """Refuse an address that no request can have: it would never fit, and nobody would know why.

    Raises:
        PatternError: it is one.
    """
    if not wanted.startswith("/"):
        raise PatternError(place, "does not begin with /", "leave out scheme and host")
    if name != "url" and "?" in wanted:
        raise PatternError(place, "has a query", "use url, or queryParameters")
    if name == "urlPathTemplate" and set("{}") & set(_PARAMETER.sub("", wanted)):
        raise PatternError(place, "has a brace too many", "write parameters as {name}")


def _template(wanted: str, document: Mapping[str, Any], pointer: str) -> UrlPart:
    names = _PARAMETER.findall(wanted)
    pieces = _PARAMETER.split(wanted)[::2]
    compiled = re.compile("([^/]+?)".join(map(re.escape, pieces)))
    plain = _PARAMETER.sub("*", wanted)
    parts = [
        Part(
            "url",
            wanted,
            lambda asked: [asked.path],
            lambda value: compiled.fullmatch(value or "") is not None,
            lambda value: 0.0 if compiled.fullmatch(value or "") else likeness(value or "", plain),
        )
    ]

    def reading(name: str) -> Callable[[Asked], Sequence[str]]:
        def read(asked: Asked) -> Sequence[str]:
            found = compiled.fullmatch(asked.path)
            return [unquote(found[names.index(name) + 1])] if found else []

        return read

    parts += named(document, "pathParameters", pointer, reading)
    for name in document.get("pathParameters", {}):
        if name not in names:
            place = f"{pointer}/pathParameters/{escape(name)}"
            raise PatternError(place, "is not in the template", f"use {', '.join(names)}")
    return UrlPart(tuple(parts), lambda template: _segments_fit(wanted, template))


def fits_every(_: str) -> bool:
    """Fit every template: nothing is asked of the URL, or nothing that could be told from it."""
    return True


def _literal_prefix(pattern: str) -> str:
    """Return the characters that every text begins with that fits a regular expression."""
    if "|" in pattern or "(?" in pattern:
        return ""
    plain, at = "", 0
    while at < len(pattern):
        size = 2 if pattern[at] == "\\" else 1
        sign = pattern[at : at + size]
        after = pattern[at + size : at + size + 1]
        is_literal = sign[-1] not in _SIGNS if size == 1 else not sign[-1].isalnum()
        if not is_literal or after in {"*", "?", "{"} - {""}:
            break
        plain += sign[-1]
        at += size
    return plain


def _begins(template: str, prefix: str) -> bool:
    """Tell whether a template has paths that begin with some characters."""
    whole, _, rest = prefix.rpartition("/")
    head = whole.split("/")
    segments = template.split("/")
    if len(segments) <= len(head) or not all(map(_segment_fits, head, segments)):
        return "/" not in prefix and template.startswith(prefix)
    segment = segments[len(head)]
    return bool(_PARAMETER.search(segment)) or segment.startswith(unquote(rest))


def _segments_fit(path: str, template: str) -> bool:
    """Tell whether two templates have a path in common; a path without parameters is one, too."""
    left, right = path.split("/"), template.split("/")
    return len(left) == len(right) and all(map(_segment_fits, left, right))


def _segment_fits(left: str, right: str) -> bool:
    if _PARAMETER.search(left) and _PARAMETER.search(right):
        return True  # two parameters with different verbs behind them: rather one too many
    if _PARAMETER.search(left):
        left, right = right, left
    pieces = [re.escape(piece) for piece in _PARAMETER.split(right)[::2]]
    return re.fullmatch("[^/]+?".join(pieces), unquote(left)) is not None
