"""Cookies that stand for the token of the control plane, for as long as the server runs."""

from __future__ import annotations

import hashlib
import secrets
from collections import deque
from collections.abc import Iterable

_MOST = 256  # the oldest go first


class Sessions:
    """The sessions of browsers that showed the token."""

    def __init__(self, port: int) -> None:
        """Start without any.

        Browsers keep one jar for all ports of a host: with the port in the name of the cookie, two
        mocks on one machine do not end each other's sessions.
        """
        self.name = f"mockserver-admin-{port}".encode()
        self._known: deque[bytes] = deque(maxlen=_MOST)

    def begin(self, *, secure: bool) -> bytes:
        """Return the value of Set-Cookie that begins a session.

        Args:
            secure: whether the browser came by TLS; then the cookie goes no other way.
        """
        value = secrets.token_urlsafe(32).encode()
        self._known.append(_digest(value))
        attributes = b"; Path=/; HttpOnly; SameSite=Strict" + (b"; Secure" if secure else b"")
        return self.name + b"=" + value + attributes

    def knows(self, cookies: Iterable[bytes]) -> bool:
        """Tell whether one of some Cookie headers holds a session."""
        for header in cookies:
            for pair in header.split(b";"):
                name, _, value = pair.strip().partition(b"=")
                # Looked up by digest: how long that takes tells nothing of the value.
                if name == self.name and _digest(value) in self._known:
                    return True
        return False


def _digest(value: bytes) -> bytes:
    return hashlib.sha256(value).digest()
