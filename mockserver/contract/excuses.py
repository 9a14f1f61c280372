"""Answers that break the contract because somebody ordered them: they are counted apart.

An answer excuses itself by naming a rule (`Matched-Stub-Id`) and a sort of fault
(`X-Mock-Fault`). That counts only when the same recording shows the control plane taking that
rule, and when the rule orders that very fault: a mock cannot excuse itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from mockserver.contract.opened import Found
from mockserver.contract.recordings import Exchange, first

#: What stands between a client and any API says these, declared or not.
_TRANSPORT_STATUSES = frozenset({429, 502, 503, 504})
_RULES = re.compile(r"/__admin/(mappings(/[^/]+)?|chaos|rate-limit)")
_RATE_LIMIT: Mapping[str, Any] = {"id": "rate-limit", "response": {"status": 429}}
Find = Callable[[Exchange], Found | None]
#: A rule as it was armed, by its id.
Orders = Mapping[str, list[Mapping[str, Any]]]


def orders(exchanges: Iterable[Exchange]) -> Orders:
    """Return the rules that a control plane took, by id; a rule that was replaced counts, too."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for exchange in exchanges:
        if exchange.method in {"POST", "PUT"} and 200 <= exchange.status < 300:
            for rule in _armed(exchange):
                found.setdefault(str(rule.get("id")), []).append(rule)
    return found


def is_excused(exchange: Exchange, find: Find, given: Orders) -> bool:
    """Tell whether a fault was ordered.

    Args:
        exchange: what was recorded.
        find: tells the operation that an exchange is of.
        given: the orders of its recording.
    """
    sort = first(exchange.response_headers, "x-mock-fault")
    rules = given.get(first(exchange.response_headers, "matched-stub-id"), ())
    if not sort or not rules:
        return False
    if exchange.fault:
        return sort == exchange.fault and any(_response(one).get("fault") == sort for one in rules)
    if sort == "invalid":
        return any(one.get("allowInvalid") is True for one in rules)
    if sort != "transport":
        return False
    found = find(exchange)
    return found is None or (
        exchange.status in _TRANSPORT_STATUSES
        and not {str(exchange.status), "default"} & found.node["responses"].keys()
    )


def _armed(exchange: Exchange) -> Iterator[Mapping[str, Any]]:
    match = _RULES.fullmatch(exchange.path)
    if match is None:
        return
    if match[1] == "rate-limit":
        yield _RATE_LIMIT
        return
    try:
        answer = json.loads(exchange.response_body)
    except ValueError:
        return  # whoever judges the answer itself says so
    if isinstance(answer, list):
        yield from answer
    elif isinstance(answer, dict):
        yield from answer.get("mappings", [answer])


def _response(rule: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a rule answers with; a fault by chance says it of itself."""
    response: Mapping[str, Any] = rule.get("response", rule)
    return response
