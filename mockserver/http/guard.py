"""Who may use the control plane: it changes everything, and the mock answers browsers.

Without a token only this machine may: the Host is a name of this machine, so that a page whose name
was pointed here later (DNS rebinding) is refused, and no page of another origin asked. With a token
whoever has it may, from wherever; the dashboard has a cookie in its place. In both cases no request
that a form of another site could send changes anything.

Source: the Fetch standard (CORS-safelisted content types), Fetch Metadata (Sec-Fetch-Site), RFC
6265 and its SameSite attribute, RFC 6750 (Bearer).
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from hmac import compare_digest
from urllib.parse import parse_qsl, unquote, urlencode

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockserver.http import problems
from mockserver.http.exchange import EXCHANGE, Answer
from mockserver.http.hosts import names_this_machine
from mockserver.http.routing import is_below
from mockserver.http.sandboxes import PREFIX
from mockserver.http.sessions import Sessions
from mockserver.rules.errors import Kind, Refused

HEADER = b"x-mock-admin-token"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OPEN = frozenset({"/health", "/version"})
_SESSION = "/session"
_PAGES = ("/ui", "/docs")
#: What a form, or a script without asking first, may send to any site.
_FORMS = frozenset({b"application/x-www-form-urlencoded", b"multipart/form-data", b"text/plain"})
_OURS = frozenset({b"same-origin", b"none"})
_CHALLENGE = (b"www-authenticate", b'Bearer realm="control plane"')

Headers = Mapping[bytes, list[bytes]]


class Guard:
    """Stands before the control plane."""

    def __init__(self, app: ASGIApp, *, prefix: str, token: str, sessions: Sessions) -> None:
        """Wrap `app`.

        Args:
            app: the rest of the way.
            prefix: what the paths of the control plane begin with.
            token: who knows it may do everything; empty: there is none, and this machine may.
            sessions: the cookies that stand for the token.
        """
        self.app = app
        self.prefix = prefix
        self._beginning = prefix.encode()
        self.token = token.encode()
        self.sessions = sessions

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Handle one request."""
        if scope["type"] != "http" or not self._covers(scope["raw_path"]):
            return self.app(scope, receive, send)
        return self._guard(scope, receive, send)

    async def _guard(self, scope: Scope, receive: Receive, send: Send) -> None:
        raw = scope["raw_path"].decode("latin-1")
        path = raw[len(self.prefix) :] if is_below(raw, self.prefix) else ""
        try:
            answer, cookie = self._check(scope, path)
        except Refused as refusal:
            challenge = [_CHALLENGE] if refusal.kind == Kind.UNAUTHENTICATED else []
            answer, cookie = problems.answer(scope[EXCHANGE], refusal, challenge), None
        if answer is None:
            await self.app(scope, receive, send if cookie is None else _with(cookie, send))
            return
        for message in answer.messages():
            await send(message)

    def _covers(self, path: bytes) -> bool:
        # The router goes by the raw path. What only looks like the control plane once it is decoded
        # is none; it is held to the same, so that no layer behind can see it otherwise.
        if not path.startswith(self._beginning) and b"%" not in path:
            return False
        raw = path.decode("latin-1")
        return is_below(raw, self.prefix) or is_below(unquote(raw), self.prefix)

    def _check(self, scope: Scope, path: str) -> tuple[Answer | None, bytes | None]:
        """Return the answer of the guard itself, if it has one, and the cookie to set.

        Raises:
            Refused: UNAUTHENTICATED, FORBIDDEN, MEDIA_TYPE.
        """
        if path in _OPEN:
            return None, None
        headers = _collected(scope)
        is_page = scope["method"] == "GET" and any(is_below(path, page) for page in _PAGES)
        if not self.token:
            _check_machine(headers)
            _check_origin(headers, is_page=is_page)
        elif is_page and (token := _asked(scope, b"token")) is not None:
            return self._opened(scope, token)
        elif is_page:
            return None, None  # nothing in it is secret, and its form takes the token
        elif not self._knows_token(headers):
            self._check_cookie(scope, headers)
        if scope["method"] not in _SAFE:
            _check_type(headers)
            if self.token and path == _SESSION:
                return None, self.sessions.begin(secure=scope["scheme"] == "https")
        return None, None

    def _opened(self, scope: Scope, token: bytes) -> tuple[Answer, None]:
        """Exchange the token in a page's address for a cookie, and lead to the address without."""
        if not compare_digest(token, self.token):
            raise _unknown()
        query = [
            (name, value)
            for name, value in parse_qsl(scope["query_string"].decode("latin-1"))
            if name != "token"
        ]
        place = scope[PREFIX] + scope["raw_path"].decode("latin-1")
        location = place + (f"?{urlencode(query)}" if query else "")
        cookie = self.sessions.begin(secure=scope["scheme"] == "https")
        headers = [
            (b"location", location.encode("latin-1")),
            (b"set-cookie", cookie),
            (b"cache-control", b"no-store"),
            (b"referrer-policy", b"no-referrer"),
        ]
        return Answer(303, headers=headers), None

    def _knows_token(self, headers: Headers) -> bool:
        """Tell whether a request shows the token in a header.

        Raises:
            Refused: UNAUTHENTICATED, when it shows another.
        """
        shown = list(headers.get(HEADER, []))
        for value in headers.get(b"authorization", []):
            scheme, _, token = value.partition(b" ")
            if scheme.lower() == b"bearer":
                shown.append(token.strip())
        if not shown:
            return False
        if any(compare_digest(token, self.token) for token in shown):
            return True
        raise _unknown()

    def _check_cookie(self, scope: Scope, headers: Headers) -> None:
        if not self.sessions.knows(headers.get(b"cookie", [])):
            raise _token_needed()
        _check_origin(headers, is_page=False)
        sites, origins = headers.get(b"sec-fetch-site", []), headers.get(b"origin", [])
        if scope["method"] not in _SAFE and not (b"same-origin" in sites or origins):
            raise _foreign("a request with the cookie does not say which page sends it")


def _collected(scope: Scope) -> dict[bytes, list[bytes]]:
    found: dict[bytes, list[bytes]] = {}
    for name, value in scope["headers"]:
        found.setdefault(name, []).append(value.strip())
    return found


def _asked(scope: Scope, name: bytes) -> bytes | None:
    """Return a parameter of the query, or None."""
    return next((value for key, value in parse_qsl(scope["query_string"]) if key == name), None)


def _check_machine(headers: Headers) -> None:
    """Refuse requests that were not sent to a name of this machine."""
    hosts = headers.get(b"host", [])
    if len(hosts) == 1 and names_this_machine(hosts[0]):
        return
    shown = hosts[0].decode("latin-1")[:100] if len(hosts) == 1 else f"{len(hosts)} names"
    raise Refused(
        Kind.FORBIDDEN,
        f"the control plane answers to names of this machine, not to {shown!r}",
        remedy="use http://127.0.0.1 or http://localhost, or start with --admin-token",
    )


def _check_origin(headers: Headers, *, is_page: bool) -> None:
    """Refuse what a page of another origin sends; only a page itself may be opened by a link."""
    for site in headers.get(b"sec-fetch-site", []):
        if site not in _OURS and not (is_page and _is_navigation(headers)):
            raise _foreign(f"Sec-Fetch-Site is {site.decode('latin-1')[:50]}")
    hosts = headers.get(b"host", [])
    for origin in headers.get(b"origin", []):
        authority = origin.partition(b"://")[2]
        if not authority or [authority.lower()] != [host.lower() for host in hosts]:
            raise _foreign(f"Origin is {origin.decode('latin-1')[:100]}")


def _is_navigation(headers: Headers) -> bool:
    mode, to = headers.get(b"sec-fetch-mode"), headers.get(b"sec-fetch-dest")
    return (mode, to) == ([b"navigate"], [b"document"])


def _check_type(headers: Headers) -> None:
    """Refuse the types of content that pages may send elsewhere without asking first."""
    for value in headers.get(b"content-type", []):
        if value.partition(b";")[0].strip().lower() in _FORMS:
            raise Refused(
                Kind.MEDIA_TYPE,
                f"{value.decode('latin-1')[:80]} is what forms send",
                remedy="send Content-Type: application/json",
            )


def _unknown() -> Refused:
    return Refused(
        Kind.UNAUTHENTICATED, "this is not the token of the control plane", remedy=_REMEDY
    )


def _token_needed() -> Refused:
    return Refused(Kind.UNAUTHENTICATED, "the control plane needs its token", remedy=_REMEDY)


_REMEDY = (
    "send X-Mock-Admin-Token, or Authorization: Bearer …, with the value of MOCKSERVER_ADMIN_TOKEN"
    " or the one that the start printed; in a browser, open /__admin/ui?token=…"
)


def _foreign(detail: str) -> Refused:
    return Refused(
        Kind.FORBIDDEN,
        f"the control plane is not for pages of other origins: {detail}",
        remedy="call it from a test, a script or its own dashboard",
    )


def _with(cookie: bytes, send: Send) -> Send:
    """Return `send`, which sets a cookie on an answer that succeeds."""

    async def setting(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] < 300:
            message["headers"] = [*message["headers"], (b"set-cookie", cookie)]
        await send(message)

    return setting
