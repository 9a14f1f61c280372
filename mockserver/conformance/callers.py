"""Who calls: a credential with a name, so that reports never need its value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

#: Names of callers, as rules ask for them; `none` sends nothing.
NONE = "none"
KEY = "key"
BEARER = "bearer"
WRONG_KEY = "wrong-key"
WRONG_BEARER = "wrong-bearer"
INACTIVE_KEY = "inactive-key"
DELETED_KEY = "deleted-key"
FRONTEND_KEY = "frontend-key"
NEIGHBOUR_KEY = "neighbour-key"
CUSTOMER = "customer"
OTHER_CUSTOMER = "other-customer"


@dataclass(frozen=True, slots=True)
class Caller:
    """A credential.

    `headers` maps a header to its value; `shown` maps the same header to what a report prints in
    its place, e.g. `X-Api-Key: $API_KEY`.
    """

    name: str = NONE
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    shown: Mapping[str, str] = field(default_factory=dict)


def by_key(name: str, key: str) -> Caller:
    """Return a caller with an API key; reports show `$NAME` in its place."""
    return Caller(name, {"X-Api-Key": key}, {"X-Api-Key": placeholder(name)})


def by_bearer(name: str, token: str) -> Caller:
    """Return a caller with a bearer token; reports show `Bearer $NAME` in its place."""
    shown = f"Bearer {placeholder(name)}"
    return Caller(name, {"Authorization": f"Bearer {token}"}, {"Authorization": shown})


def placeholder(name: str) -> str:
    """Return the shell variable that stands for a credential, `$API_KEY` for the first."""
    return "$API_KEY" if name == KEY else "$" + name.upper().replace("-", "_")
