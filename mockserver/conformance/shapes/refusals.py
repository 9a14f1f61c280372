"""What a refusal of a wrong request has to be."""

from __future__ import annotations

from collections.abc import Collection

from mockserver.conformance.exchange import Exchange
from mockserver.conformance.rules import Broken, Strength

#: What the contract answers to a request that is wrong in itself: which of them is left open.
WRONG = frozenset({400, 422})


def require_refusal(
    exchange: Exchange,
    detail: str,
    *,
    statuses: Collection[int] = WRONG,
    pointer: str = "",
    cites: str = "",
    strength: Strength | None = None,
) -> None:
    """Hold that a wrong request is refused, and as what it is.

    Args:
        exchange: the request with its answer.
        detail: what is wrong with it, for people.
        statuses: what it may be answered.
        pointer: JSON pointer into the request's body.
        cites: JSON pointer of the text that forbids it.
        strength: how well founded that is; None: as the rule that asks.

    Raises:
        Broken: it is not.
    """
    status = exchange.status
    if status in statuses:
        return
    wanted = " or ".join(str(s) for s in sorted(statuses))
    told = f"{detail}: answered {status}, not {wanted}"
    if 400 <= status < 500:  # refused all the same; nobody promises as what
        strength = Strength.INFERRED
    raise Broken(told, pointer=pointer, cites=cites, strength=strength)
