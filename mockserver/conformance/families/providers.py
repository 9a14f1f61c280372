"""Providers: the catalog that everybody may read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.conformance.calls import Call, RightCalls
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Unreached

#: Tried first, because every catalog is likely to have them.
_KNOWN = ("salesforce", "hubspot", "notion", "github", "asana")


def catalog(lab: Lab) -> Mapping[str, Any]:
    """Return what the target lists, by provider.

    Raises:
        Unreached: it lists nothing.
    """
    listed = lab.shared("catalog", lambda lab: lab.need(Call("listProviders")))
    if not isinstance(listed, Mapping) or not listed:
        raise Unreached("listProviders shows no provider")
    return listed


def oauth_provider(lab: Lab, number: int = 0) -> str:
    """Return a provider whose consent page needs a provider app; `number` chooses which.

    Raises:
        Unreached: the target lists none.
    """
    listed = catalog(lab)
    fit = [
        name
        for name, info in listed.items()
        if isinstance(info, Mapping)
        and info.get("authType") == "oauth2"
        and str((info.get("oauth2Opts") or {}).get("grantType", "")).startswith("authorizationCode")
    ]
    ordered = [name for name in _KNOWN if name in fit] + sorted(set(fit) - set(_KNOWN))
    if len(ordered) <= number:
        raise Unreached("listProviders shows too few oauth2 providers with a consent page")
    return ordered[number]


RIGHT: RightCalls = {
    "listProviders": lambda _: Call("listProviders"),
    "getProvider": lambda lab: Call("getProvider", {"provider": next(iter(catalog(lab)))}),
}
