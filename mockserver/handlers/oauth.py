"""OAuth: the URLs that send a customer to a provider's consent page."""

from __future__ import annotations

from mockserver.handlers import connections
from mockserver.handlers.call import Call, operation
from mockserver.resources import oauth, principals
from mockserver.state.tables import Record


@operation("oauthConnect")
def oauth_connect(call: Call, *, body: Record) -> str:
    project = principals.project_in_body(call.work, call.principal, body)
    principals.require_customer(call.principal, body["groupRef"], body["consumerRef"])
    return oauth.connect(call.work, call.catalog, project["id"], body, call.origin())


@operation("oauthUpdate")
def oauth_update(call: Call, *, connection_id: str) -> str:
    connection = connections.get(call, connection_id)
    return oauth.update(call.work, call.catalog, connection, call.origin())
