"""The pretend provider: it asks for consent, hands out codes and redeems them.

It stands for any provider with an authorization code grant, and holds the platform to RFC 6749
and RFC 7636 as a true one would.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

from mockserver.resources import consent
from mockserver.rules.work import Work
from mockserver.state.tables import Record


class InvalidGrantError(Exception):
    """A code that no tokens are issued for; says why."""


class BadRequestError(Exception):
    """A visit to the consent page that no application may have sent; says why."""


def check(
    session: Record | None, app: Record | None, asked: Mapping[str, str]
) -> tuple[Record, Record]:
    """Check what a browser brings to the consent page; return its session and provider app.

    Source: RFC 6749, section 4.1.2.1: the customer is never sent on with a wrong client or
    redirect_uri, but told.

    Raises:
        BadRequestError: something is not what the application asked for.
    """
    if session is None or app is None:
        raise BadRequestError("This sign-in link is not valid any more. Start again from the app.")
    if asked.get("client_id") != app["clientId"]:
        raise BadRequestError("The client_id belongs to no application.")
    if asked.get("redirect_uri") != session["redirectUri"]:
        raise BadRequestError("The redirect_uri is not registered for this application.")
    if asked.get("response_type") != "code":
        raise BadRequestError("The response_type must be code.")
    if "code_challenge" in asked and asked.get("code_challenge_method") != "S256":
        raise BadRequestError("The code_challenge_method must be S256.")
    return session, app


def approve(work: Work, session: Record, app: Record, asked: Mapping[str, str]) -> str:
    """Note the customer's consent; return the code for it.

    Source: RFC 6749, section 4.1.2. Assumed: customers consent to every scope of the app.
    """
    code = work.new_key("oauthCodes")
    grant = {
        "code": code,
        "clientId": asked["client_id"],
        "redirectUri": asked["redirect_uri"],
        "scopes": app.get("scopes", []),
    }
    if "code_challenge" in asked:
        grant["codeChallenge"] = asked["code_challenge"]
    work.tx.put("oauthSessions", session["state"], {**session, "grant": grant})
    return code


def redeem(
    grant: Record | None, *, code: str, client_id: str, redirect_uri: str, verifier: str | None
) -> list[str]:
    """Return the scopes that a code stands for.

    Source: RFC 6749, section 4.1.3; RFC 7636, section 4.6.

    Raises:
        InvalidGrantError: the code is not the one handed out, or not to this client.
    """
    if grant is None or not hmac.compare_digest(grant["code"].encode(), code.encode()):
        raise InvalidGrantError("the authorization code is not known")
    if grant["clientId"] != client_id or grant["redirectUri"] != redirect_uri:
        raise InvalidGrantError("the authorization code was issued to another client")
    challenge = grant.get("codeChallenge")
    if challenge != (None if verifier is None else consent.challenge_of(verifier)):
        raise InvalidGrantError("the code verifier does not match the code challenge")
    return list(grant["scopes"])


def account(work: Work, provider: str) -> dict[str, Any]:
    """Return what the provider tells about the account behind fresh tokens.

    Source: Connection (`providerConsumerRef` of Salesforce and HubSpot, the former's form).
    Assumed: Salesforce also names the workspace, for customers who gave none.
    """
    if provider == "salesforce":
        digits = work.identity.hexadecimal("accounts", work.tx.count("accounts"))
        workspace = f"mock-{digits[:8]}"
        user = f"00D4x00000{digits[8:14].upper()}EA2/0054x00000{digits[14:20].upper()}AAA"
        return {
            "providerConsumerRef": f"https://login.salesforce.com/id/{user}",
            "providerWorkspaceRef": workspace,
            "providerMetadata": {"workspace": {"value": workspace, "source": "token"}},
        }
    if provider == "hubspot":
        digits = work.identity.hexadecimal("accounts", work.tx.count("accounts"))
        return {"providerConsumerRef": str(int(digits[:8], 16))}
    return {}
