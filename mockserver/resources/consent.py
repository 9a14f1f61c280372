"""The address of a consent page: the pretend provider's, or the true provider's."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any
from urllib.parse import quote, urlencode

from mockserver.resources.connection_inputs import value_of
from mockserver.rules.work import Work
from mockserver.settings import Settings
from mockserver.state.tables import Record

#: Where the pretend provider asks for consent.
CONSENT_PATH = "/_provider/oauth/authorize"
_PLACEHOLDER = re.compile(r"\{\{\s*\.(\w+)\s*\}\}")


def new_verifier(work: Work) -> str:
    """Return the next code verifier. Source: RFC 7636, section 4.1."""
    return work.new_key("codeVerifiers") + work.new_key("codeVerifiers")


def challenge_of(verifier: str) -> str:
    """Return the S256 challenge of a verifier. Source: RFC 7636, section 4.2."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def url(settings: Settings, provider: Record, app: Record, session: Record, origin: str) -> str:
    """Return the address that a session's customer is sent to.

    Source: RFC 6749, section 4.1.1; RFC 7636, section 4.3; the catalog's `authURLParams`;
    createProviderApp (`authQueryParams`). Assumed: several values of one parameter are joined
    with spaces, and none of them replaces what OAuth itself needs.
    """
    parameters: dict[str, Any] = {
        "client_id": app["clientId"],
        "redirect_uri": session["redirectUri"],
        "response_type": "code",
        "state": session["state"],
    }
    if app.get("scopes"):
        parameters["scope"] = " ".join(app["scopes"])
    if "codeVerifier" in session:
        parameters["code_challenge"] = challenge_of(session["codeVerifier"])
        parameters["code_challenge_method"] = "S256"
    extra = dict(provider["oauth2Opts"].get("authURLParams", {}))
    chosen = app.get("metadata", {}).get("authQueryParams", {})
    extra |= {name: " ".join(values) for name, values in chosen.items()}
    query = urlencode({**extra, **parameters}, quote_via=quote)
    page = origin + CONSENT_PATH
    if settings.oauth_url == "provider":
        page = _provider_page(provider, session)
    return f"{page}{'&' if '?' in page else '?'}{query}"


def _provider_page(provider: Record, session: Record) -> str:
    template = str(provider["oauth2Opts"].get("authURL", ""))
    workspace = session.get("providerWorkspaceRef", "")
    if not workspace:
        # Assumed: Salesforce customers without a workspace sign in at login.salesforce.com.
        template = template.replace("{{.workspace}}.my.salesforce.com", "login.salesforce.com")
    metadata = session.get("providerMetadata", {})

    def value(match: re.Match[str]) -> str:
        return quote(value_of(metadata, match[1]) or workspace, safe="")

    return _PLACEHOLDER.sub(value, template)
