"""The address of a consent page, and the codes that come of it."""

from __future__ import annotations

import pytest

from mockserver.resources import consent, pretend_provider
from mockserver.resources.pretend_provider import InvalidGrantError
from mockserver.settings import Settings

APP = {"clientId": "client-1", "scopes": ["a", "b c"]}
SESSION = {"state": "s", "redirectUri": "https://mock/callbacks/v1/oauth"}
GRANT = {"code": "code-1", "clientId": "client-1", "redirectUri": "https://mock/cb", "scopes": []}


def test_the_challenge_is_the_one_of_the_standard():
    # Source: RFC 7636, appendix B.
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert consent.challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_parameters_of_the_catalog_are_added():
    provider = {"oauth2Opts": {"authURLParams": {"access_type": "offline", "state": "stolen"}}}
    url = consent.url(Settings(), provider, APP, SESSION, "https://mock")
    assert url == (
        "https://mock/_provider/oauth/authorize?access_type=offline&state=s&client_id=client-1"
        "&redirect_uri=https%3A%2F%2Fmock%2Fcallbacks%2Fv1%2Foauth&response_type=code"
        "&scope=a%20b%20c"
    )


def test_a_true_page_with_a_query_keeps_it():
    provider = {"oauth2Opts": {"authURL": "https://provider.example.com/a?tenant=1"}}
    url = consent.url(Settings(oauth_url="provider"), provider, APP, SESSION, "https://mock")
    assert url.startswith("https://provider.example.com/a?tenant=1&client_id=client-1&")


def redeem(**changes: str | None) -> list[str]:
    given = {
        "code": "code-1",
        "client_id": "client-1",
        "redirect_uri": "https://mock/cb",
        "verifier": None,
        **changes,
    }
    grant = {**GRANT, "scopes": ["a"]}
    return pretend_provider.redeem(grant, **given)  # type: ignore[arg-type] # all but one are texts


def test_a_code_is_redeemed_for_its_scopes():
    assert redeem() == ["a"]


@pytest.mark.parametrize(
    "changes",
    [
        {"code": "code-2"},
        {"client_id": "client-2"},
        {"redirect_uri": "https://mock/other"},
        {"verifier": "unasked"},
    ],
)
def test_a_code_is_redeemed_by_its_own_client_only(changes):
    with pytest.raises(InvalidGrantError):
        redeem(**changes)


def test_nothing_is_redeemed_without_consent():
    with pytest.raises(InvalidGrantError, match="not known"):
        pretend_provider.redeem(None, code="", client_id="", redirect_uri="", verifier=None)
