"""Connections: what the rules say beyond the operations."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mockserver.contract.documents import spec_directory
from mockserver.resources import (
    connection_credentials,
    connection_inputs,
    connections,
    oauth_tokens,
)
from mockserver.resources.connection_credentials import block_of, block_of_scheme, scheme
from mockserver.resources.connections import CONNECTIONS
from mockserver.resources.providers import Catalog, load_catalog
from mockserver.resources.tables import RESOURCES
from mockserver.rules import records
from mockserver.rules.errors import Kind, Refused
from mockserver.rules.work import Work
from mockserver.settings import Settings
from mockserver.simulation.clock import SECOND
from mockserver.simulation.identity import Identity
from mockserver.state.root import empty_root
from mockserver.state.transactions import RootTransaction

CATALOG = load_catalog(spec_directory() / "catalog" / "providers.tsv")


@pytest.fixture
def work() -> Work:
    """Work in a world with one project, `p`."""
    root = empty_root(resource.schema for resource in RESOURCES.values())
    transaction = RootTransaction(root)
    transaction.put("projects", "p", {"id": "p", "name": "p", "appName": "P", "orgId": "o"})
    return Work(transaction, SECOND, Identity(), Settings(), RESOURCES)


def body(**changes: Any) -> dict[str, Any]:
    fields = {"groupRef": "g", "consumerRef": "c", "provider": "apollo", "apiKey": "k"}
    return {**fields, **changes}


def generate(work: Work, **changes: Any) -> dict[str, Any]:
    return dict(connections.generate(work, CATALOG, "p", body(**changes)))


# ------------------------------------------------------------------ what others ask for


def test_the_oldest_connection_of_a_group_is_its_default(work):
    oldest = generate(work, consumerRef="first")
    generate(work, consumerRef="second")
    generate(work, groupRef="other", consumerRef="third")
    assert connections.default_for(work, "p", "apollo", "g") == oldest
    assert connections.default_for(work, "p", "hubspot", "g") is None
    assert connections.default_for(work, "q", "apollo", "g") is None


def test_a_request_that_worked_makes_a_fresh_connection_working(work):
    made = generate(work)
    worked = connections.worked(work, made)
    assert worked == {**made, "status": "working"}
    assert work.tx.get("connections", made["id"]) == worked
    assert connections.worked(work, worked) is worked


def test_a_request_that_worked_does_not_mend_bad_credentials(work):
    bad = {**generate(work), "status": "bad_credentials"}
    assert connections.worked(work, bad) is bad


def test_a_group_is_shown_by_its_ref_within_its_project(work):
    generate(work, groupName="Group")
    assert connections.group_shown(work, "p", "g")["groupName"] == "Group"
    with pytest.raises(LookupError, match="no group 'g' in project q"):
        connections.group_shown(work, "q", "g")


def test_connecting_again_forgets_what_the_first_time_gave(work):
    first = generate(work, provider="braze", providerWorkspaceRef="acme")
    second = generate(work, provider="braze", providerWorkspaceRef="globex")
    assert second["id"] == first["id"]
    assert second["providerWorkspaceRef"] == "globex"
    assert records.listed(work, CONNECTIONS, "p") == [second]


# ------------------------------------------------------------------ credentials


def test_every_provider_has_a_scheme_that_the_contract_knows():
    for provider in CATALOG.providers.values():
        found = scheme(provider)
        custom = provider["authType"] in {"custom", "jwt"}
        assert block_of_scheme(found) == (None if custom else block_of(provider))


def test_custom_inputs_of_the_catalog_are_asked_for():
    provider = {
        "name": "bespoke",
        "authType": "custom",
        "customOpts": {"inputs": [{"name": "token"}, {"name": "region"}]},
    }
    given = {"customAuth": {"token": "t", "region": "eu", "extra": "x"}}
    assert connection_credentials.read(provider, given) == given
    with pytest.raises(Refused) as refusal:
        connection_credentials.read(provider, {"customAuth": {"token": "t"}})
    assert refusal.value.kind == Kind.INVALID
    assert [issue.name for issue in refusal.value.issues] == ["customAuth.region"]
    with pytest.raises(Refused) as refusal:
        connection_credentials.read(provider, {"customAuth": {"token": "", "region": "eu"}})
    assert refusal.value.kind == Kind.UNPROCESSABLE


def test_only_what_the_contract_names_is_kept_of_a_block():
    provider = CATALOG.get("ashby") or {}
    given = {"basicAuth": {"username": "u", "password": "p", "remember": True}}
    assert connection_credentials.read(provider, given) == {
        "basicAuth": {"username": "u", "password": "p"}
    }


# ------------------------------------------------------------------ inputs


def test_an_input_with_a_default_has_it_until_it_is_given():
    items = [{"name": "region", "defaultValue": "eu"}]
    provider = {"name": "bespoke", "authType": "none", "metadata": {"input": items}}
    default = {"region": {"value": "eu", "source": "input"}}
    assert connection_inputs.settle(provider, None, None) == {"providerMetadata": default}
    given = {"region": {"value": "us", "source": "input"}}
    assert connection_inputs.settle(provider, None, given) == {"providerMetadata": given}


def test_a_workspace_that_no_input_asks_for_stays_out_of_the_metadata():
    provider = CATALOG.get("hubspot") or {}
    assert connection_inputs.settle(provider, "acme", None) == {"providerWorkspaceRef": "acme"}


def test_an_empty_value_is_a_missing_one():
    provider = CATALOG.get("copper") or {}
    with pytest.raises(Refused) as refusal:
        connection_inputs.settle(
            provider, None, {"userEmail": {"value": "", "source": "input"}}, prefix="connection."
        )
    assert [i.name for i in refusal.value.issues] == ["connection.providerMetadata.userEmail"]


# ------------------------------------------------------------------ tokens


def test_a_token_without_an_end_never_expires(work):
    assert not oauth_tokens.has_expired(work, {"token": "t"})
    assert not oauth_tokens.has_expired(work, None)


def test_a_token_has_expired_when_its_end_has_come(work):
    token = {"token": "t", "expiresAt": "1970-01-01T00:00:02.000000Z"}
    assert not oauth_tokens.has_expired(work, token)
    assert oauth_tokens.has_expired(replace(work, at=2 * SECOND), token)


def test_tokens_that_were_imported_in_another_zone_are_kept_in_utc(work):
    tokens = oauth_tokens.imported(
        work,
        {"accessToken": {"token": "t", "expiresAt": "2026-01-05T10:00:00+01:00"}},
        {"scopes": ["a"]},
    )
    assert tokens["accessToken"]["expiresAt"] == "2026-01-05T09:00:00.000000Z"
    assert tokens["scopes"] == ["a"]


def test_a_provider_that_left_the_catalog_is_unknown(work):
    with pytest.raises(Refused) as refusal:
        connections.generate(work, Catalog({}), "p", body())
    assert refusal.value.kind == Kind.UNPROCESSABLE
