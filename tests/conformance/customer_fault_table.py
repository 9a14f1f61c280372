"""Which rule about connections and consent must fire on which fault."""

from __future__ import annotations

from tests.conformance import customer_faults as c
from tests.conformance import faults as f
from tests.conformance import odd_mocks as odd
from tests.conformance.twisting import RULES, Fault, at

Cases = dict[str, tuple[Fault, tuple[str, ...]]]

_CONNECTION_MASKS = ("providerWorkspaceRef", "providerMetadata", "apiKey")


def rules(operation: str, *names: str) -> tuple[str, ...]:
    return tuple(f"{operation}/{name}" for name in names)


def starting(*starts: str) -> tuple[str, ...]:
    """Return every rule whose id starts in a certain way."""
    found = tuple(rule_id for rule_id in RULES if rule_id.startswith(starts))
    assert found, starts
    return found


CONNECTING: Cases = {
    "every connection is of one provider": (
        c.changed("generateConnection", "provider", c.to("x")),
        starting("generateConnection/is-made-with-"),
    ),
    "wrong credentials are taken": (
        c.yes("generateConnection"),
        (
            *starting("generateConnection/other-credentials-are-refused-"),
            "generateConnection/unknown-provider-is-refused",
        ),
    ),
    "a new connection is working": (
        c.changed("generateConnection", "status", c.to("working")),
        rules("generateConnection", "starts-as-created"),
    ),
    "names are made up": (
        c.changed("generateConnection", "group/groupName", c.to("A group")),
        rules("generateConnection", "names-default-to-refs"),
    ),
    "labels of metadata are lost": (
        c.asked_as("generateConnection", "providerMetadata/*/displayName", c.drop),
        rules("generateConnection", "keeps-metadata"),
    ),
    "names lose their capitals": (
        c.asked_as("generateConnection", "groupName", str.lower),
        rules("generateConnection", "keeps-text", "a-group-is-one"),
    ),
    "a new connection has an old id": (
        at("generateConnection", odd.same_id),
        rules("generateConnection", "ids-differ"),
    ),
    "groups keep their first name": (
        c.asked_as("generateConnection", "groupName", c.drop),
        rules("generateConnection", "a-group-is-one"),
    ),
    "groups have one projectId everywhere": (
        c.changed("generateConnection", "group/projectId", c.to("p")),
        rules("generateConnection", "groups-are-of-projects"),
    ),
    "a filter is ignored": (
        at("listConnections", f.without_query("consumerRef")),
        rules("listConnections", "filters-combine", "unknown-refs-find-nothing"),
    ),
    "a new connection shows its credentials": (
        at("generateConnection", c.leaks),
        starting("generateConnection/credentials-are-not-shown-"),
    ),
    "tokens are always shown": (
        at("getConnection", f.always_query(includeRefreshToken="true")),
        rules("getConnection", "shows-what-is-asked", "api-key-is-asked-for"),
    ),
    "an installation shows tokens": (
        at("getInstallation", c.embeds_credentials),
        rules("createInstallation", "embedded-connection-shows-no-credentials"),
    ),
    "refresh is ignored": (
        at("getConnection", f.without_query("refresh")),
        rules("getConnection", "force-refreshes", "expired-token-is-refreshed"),
    ),
    "ifExpired is force": (
        at("getConnection", c.always_forced),
        rules("getConnection", "fresh-token-stays"),
    ),
    "refresh is of every connection": (
        c.besides("getConnection", c.refreshes_all),
        rules("getConnection", "refresh-is-of-one-connection"),
    ),
    "reading moves what is read": (
        at("getConnection", c.counts_reads),
        rules("getConnection", "reading-moves-nothing"),
    ),
    "credentials cannot be rotated": (
        c.no("updateConnection"),
        (*starting("updateConnection/rotates-"), "updateConnection/leaves-others-alone"),
    ),
    "wrong updates are granted": (
        c.yes("updateConnection"),
        (
            *starting("updateConnection/other-schemes-are-refused-"),
            *rules("updateConnection", "unknown-masks-are-refused", "missing-values-are-refused"),
        ),
    ),
    "an update is not kept": (
        at("updateConnection", f.forgets),
        rules("updateConnection", "moves-metadata", "applies-every-mask"),
    ),
    "the first mask only": (
        at("updateConnection", f.asks(f.first_mask_only)),
        rules("updateConnection", "applies-every-mask"),
    ),
    "masks are ignored": (
        at("updateConnection", f.asks(c.masks_all("connection", *_CONNECTION_MASKS))),
        rules("updateConnection", "ignores-the-unmasked"),
    ),
    "an update is of every connection": (
        c.besides("updateConnection", c.to_others("/connections", ("id",))),
        rules("updateConnection", "leaves-others-alone"),
    ),
    "deleting is not kept": (
        at("deleteConnection", f.forgets),
        (
            *starting("deleteConnection/unused-is-deleted-"),
            "deleteConnection/deleted-is-of-no-use",
        ),
    ),
    "deleting takes what nobody uses along": (
        c.besides("deleteConnection", c.clears_connections),
        starting("deleteConnection/unused-is-deleted-"),
    ),
    "what is in use may be deleted": (
        c.yes("deleteConnection"),
        rules("deleteConnection", "used-is-kept"),
    ),
    "what is in use is deleted and still shown": (
        c.forgotten_connection,
        rules("deleteConnection", "connections-of-installations-exist"),
    ),
}

CONSENTING: Cases = {
    "the URL is JSON": (
        at("oauthConnect", c.quoted),
        rules("oauthConnect", "is-a-url", "project-by-id-and-name"),
    ),
    "there is one state": (at("oauthConnect", c.one_url), rules("oauthConnect", "has-a-state")),
    "it is connected before consent": (
        c.besides("oauthConnect", c.connects_at_once),
        rules("oauthConnect", "creates-nothing"),
    ),
    "another app is used": (
        at("oauthConnect", c.other_client),
        rules("oauthConnect", "uses-the-provider-app"),
    ),
    "whatever is asked there is a URL": (
        c.yes("oauthConnect"),
        rules(
            "oauthConnect",
            "unfit-apps-are-refused",
            "a-provider-app-is-needed",
            "unknown-providers-are-refused",
            "unknown-project-is-refused",
        ),
    ),
    "there is one state for a connection": (
        at("oauthUpdate", c.one_url),
        rules("oauthUpdate", "is-a-url-and-changes-nothing"),
    ),
    "there is consent for everything": (
        c.yes("oauthUpdate"),
        (
            *starting("oauthUpdate/is-refused-with-"),
            *rules("oauthUpdate", "absent-is-refused", "is-kept-in-its-project"),
        ),
    ),
}
