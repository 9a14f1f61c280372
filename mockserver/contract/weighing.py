"""How seriously a violation is taken when any implementation is judged, not only the mock.

An error is what a correct implementation or client would not do. A warning is what may have a
good reason: a request that was rightly refused, a path the contract does not know, an answer that
a gateway in between may have given. Needs the extra `check`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from mockserver.contract.opened import Found, OpenContract
from mockserver.contract.recordings import Exchange, Headers
from mockserver.contract.verdicts import WARNING, Verdict, Violation

#: What proxies and load balancers answer by themselves. Source: RFC 9110, sections 15.4 and 15.6;
#: RFC 6585, section 4.
_GATEWAYS = frozenset({301, 302, 303, 307, 308, 429, 502, 503, 504})
_METHODS = ("get", "post", "put", "patch", "delete")
#: Methods of HTTP itself, which no contract need speak of.
_ALWAYS_OUTSIDE = frozenset({"HEAD", "OPTIONS"})


def is_not_modified(exchange: Exchange) -> bool:
    """Tell whether a client's cache was told that it is right. Source: RFC 9110, 15.4.5."""
    asked = {name.lower() for name, _ in exchange.request_headers}
    return exchange.status == 304 and bool(asked & {"if-none-match", "if-modified-since"})


def without_operation(exchange: Exchange, contract: OpenContract) -> Verdict:
    """Judge an exchange that is of no operation: the contract does not know it."""
    if exchange.method in _ALWAYS_OUTSIDE or exchange.status == 304:
        return Verdict(None, exchange.status, outside=True)
    path = exchange.path.partition("/v1")[2]
    here = [method.upper() for method in _METHODS if contract.find(method, path)]
    known = f"the contract has {' and '.join(here)} here" if here else "no operation has this path"
    found = [Violation(("request", "path"), "operation", known, WARNING)]
    if 200 <= exchange.status < 300:
        text = f"{exchange.status} where the contract has no operation"
        found.append(Violation(("response", "status"), "operation", text, WARNING))
    return Verdict(None, exchange.status, violations=tuple(found))


def with_bare_types(exchange: Exchange) -> Exchange:
    """Return an exchange whose media types have no parameters, which no contract speaks of."""
    return replace(
        exchange,
        request_headers=_bare(exchange.request_headers),
        response_headers=_bare(exchange.response_headers),
    )


def _bare(headers: Headers) -> Headers:
    return tuple(
        (name, value.partition(";")[0].strip().lower() if name.lower() == "content-type" else value)
        for name, value in headers
    )


def weighed(
    answered: Verdict, asked: Iterable[Violation], exchange: Exchange, found: Found
) -> Verdict:
    """Put both sides of an exchange together, each violation with its severity.

    A request that the contract does not allow is an error when it was granted: then the
    implementation is wrong too.
    """
    granted = 200 <= exchange.status < 300
    requests = tuple(
        violation if granted else violation.with_severity(WARNING)
        for violation in asked
        if not _is_allowed_empty(violation, exchange, found)
    )
    answers = answered.violations
    if exchange.status in _GATEWAYS:
        answers = tuple(violation.with_severity(WARNING) for violation in answers)
    return replace(answered, violations=(*requests, *answers))


def _is_allowed_empty(violation: Violation, exchange: Exchange, found: Found) -> bool:
    """Tell whether only openapi-core forbids an empty query parameter, not the schema.

    It goes by `allowEmptyValue`, which OpenAPI has deprecated because it says nothing of texts.
    """
    if violation.location[:2] != ("request", "query") or "empty" not in violation.said:
        return False
    name = violation.location[2]
    declared: Mapping[str, Any] = next(
        (one for one in found.node.get("parameters", ()) if one.get("name") == name), {}
    )
    is_text = declared.get("schema", {}).get("type") == "string"
    is_free = "enum" not in declared.get("schema", {})
    return is_text and is_free and f"{name}=" in exchange.query
