"""What keeps pages with forms and scripts safe: policies, nonces, and values that forms carry."""

from __future__ import annotations

import hashlib
import hmac
import secrets

import flask


class FormKeys:
    """Makes and checks the values that bind a form to what it was made for."""

    def __init__(self) -> None:
        """Draw the secret; forms of an earlier run are refused."""
        self._secret = secrets.token_bytes(32)

    def make(self, purpose: str, subject: str) -> str:
        """Return the value for a form about `subject`."""
        message = f"{purpose}\n{subject}".encode()
        return hmac.new(self._secret, message, hashlib.sha256).hexdigest()

    def fits(self, purpose: str, subject: str, given: str) -> bool:
        """Tell whether a form came with the value that was made for it."""
        return hmac.compare_digest(self.make(purpose, subject).encode(), given.encode())


def new_nonce() -> str:
    """Return a value that lets one inline script of one answer run."""
    return secrets.token_urlsafe(16)


def guarded(page: str, status: int, *, nonce: str = "", forms: str = "'none'") -> flask.Response:
    """Return a page that no other page may frame, cached nowhere.

    There is no Cross-Origin-Opener-Policy: a page in a popup must reach the page that opened it.

    Args:
        page: the HTML.
        status: the HTTP status.
        nonce: of the one script that may run; empty when none may.
        forms: where its forms may lead, redirects included.
    """
    scripts = f"'nonce-{nonce}'" if nonce else "'none'"
    answer = flask.Response(page, status)
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data:;"
        f" base-uri 'none'; form-action {forms}; frame-ancestors 'none'"
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
