"""Connecting on the provider's consent page: right calls, and what their URLs promise."""

from __future__ import annotations

from typing import Any

from mockserver.conformance import catalog
from mockserver.conformance.calls import Call, RightCalls
from mockserver.conformance.catalog import TOKENS
from mockserver.conformance.families.connections import connection, customer, provider_app
from mockserver.conformance.lab import Lab


def connect(lab: Lab, **changes: Any) -> Call:
    """Return a right call of oauthConnect; `changes` replace keys of the body."""
    provider = catalog.provider(lab, TOKENS)
    provider_app(lab, provider)
    body = {
        "projectId": lab.project.id or lab.project.given,
        **customer(lab).refs(),
        "provider": provider,
        **catalog.account(lab, provider),
        **changes,
    }
    return Call("oauthConnect", body={k: v for k, v in body.items() if v is not None})


RIGHT: RightCalls = {
    "oauthConnect": connect,
    "oauthUpdate": lambda lab: Call("oauthUpdate", {"connectionId": connection(lab, TOKENS)["id"]}),
}
