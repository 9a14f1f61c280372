"""Takes secrets out of recorded exchanges before anything is written.

Pure functions on headers, addresses, JSON values and texts. They know where the contract has
secrets, and what secrets look like elsewhere. What is left keeps its shape: a redacted value is
still a text where the schema wants one, so that a redacted recording can be judged again.
Public keys, ids, names and page tokens are no secrets.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from mockserver.contract.nesting import is_deep
from mockserver.contract.recordings import Exchange, Headers, first

REDACTED = "[REDACTED]"
_IN_URLS = "%5BREDACTED%5D"  # Source: RFC 3986, section 2.2: brackets are reserved
#: What other tools write: schemathesis `[Filtered]`, others stars or words.
_MARKERS = re.compile(
    r"[\[<({*_]+\s*(?:redacted|filtered|removed|sanitized|scrubbed|masked|hidden)\s*[\])}>*_]+"
    r"|redacted|\*{3,}",
    re.IGNORECASE,
)

_CREDENTIAL_HEADERS = frozenset(
    {"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key"}
)
_LIKE_SECRET_HEADERS = re.compile(r"auth|cookie|cred|key|pass|secret|session|signature|token")
_PLAIN_HEADERS = re.compile(r"access-control-.*|sec-.*|www-authenticate|webhook-.*-version")

#: Names of secret values, in small letters without dashes and underscores. Source: ApiKey.key,
#: Connection (apiKey, accessToken, refreshToken), ConnectionRequest, createDestination,
#: DestinationWithSecrets, createProviderApp; and what OAuth 2.0 calls them (RFC 6749).
_SECRET = re.compile(
    r"key|token|jwt|authorization|password|passphrase|secret|cookie"
    r"|.*(?:apikey|secret|secretkey|privatekey|privatekeypem|signingkey|password|passphrase)"
    r"|.*(?:access|refresh|session|id|auth|bearer|security|api)token"
    r"|aws(?:access)?keyid"
)
#: Names of parts in which every value is secret. Source: Destination.secrets, customAuth.
_ALL_SECRET = frozenset({"secrets", "customauth", "credentials"})
#: Query parameters of signed addresses and of OAuth, besides the names above.
_SECRET_PARAMETERS = re.compile(r"code|state|codeverifier|sig|.*signature|x(?:amz|goog)credential")

_API_KEY_PATH = re.compile(r"(/api-keys/)([^/?#]+)")  # Source: getApiKey: the key is its own id
_PORTAL_PATH = re.compile(r"/billingAccounts/[^/]+/portalSession$")
_URL = re.compile(r"https?://[^\s\"'<>\\]+")
_URL_BYTES = re.compile(rb"(https?://[^\s\"'<>\\/]+)[^\s\"'<>\\]*")
#: A JWT, behind what it may be glued to. Source: RFC 7519, section 3. Looked for where a run of
#: such characters begins, and only where it has two dots: a body may be made of nothing but `eyJ`.
_JWT = re.compile(r"(?<![\w-])(?=[\w-]+\.[\w-]{5,}\.)([\w-]*?)eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*")
_TOKEN = re.compile(
    r"whsec_[A-Za-z0-9+/=_-]{8,}"  # Source: Standard Webhooks, "Signing key"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)",
    re.DOTALL,
)
_MAY_HOLD_TOKEN = re.compile(r"eyJ|whsec_|PRIVATE KEY")
#: A name has an end: else each quotation mark of a body is looked behind as far as the body goes.
_LOOSE_PAIR = re.compile(r'("((?:[^"\\]|\\.){0,100}+)"\s*:\s*)("(?:[^"\\]|\\.)*"?|-?\d[\d.eE+-]*)')
_MOST_SOUGHT = 200  # secrets of the bodies; each is looked for in every text
_SHORTEST_KNOWN = 6  # characters: a shorter secret is not looked for in texts, it would hit words


def is_redacted(value: object) -> bool:
    """Tell whether a value was taken out, by us or by another tool, alone or behind a scheme."""
    if not isinstance(value, str):
        return False
    text = unquote(value).strip()
    return bool(text and _MARKERS.fullmatch(text.rpartition(" ")[2]))


def is_secret_name(name: str) -> bool:
    """Tell whether a property or parameter of this name holds a secret."""
    return bool(_SECRET.fullmatch(_plain(name)))


def redact_exchange(exchange: Exchange, known: Collection[str] = ()) -> Exchange:
    """Return an exchange without its secrets.

    Secrets that stand in one place are taken out of the others too: a problem that repeats the
    key it refuses, an answer that echoes what was sent.

    Args:
        exchange: bodies without a content coding, or they are left as they are.
        known: secrets to take out wherever they stand, e.g. the caller's credentials.
    """
    every = {*known, *secrets_of(exchange)}
    answer = redact_body(exchange.response_body, every)
    if _PORTAL_PATH.search(exchange.path):  # whoever has the address is in
        answer = _URL_BYTES.sub(lambda match: match[1] + b"/" + _IN_URLS.encode(), answer)
    return replace(
        exchange,
        path=redact_path(exchange.path, every),
        query=redact_query(exchange.query, every),
        request_headers=redact_headers(exchange.request_headers, every),
        request_body=_redact_request(exchange, every),
        response_headers=redact_headers(exchange.response_headers, every),
        response_body=answer,
    )


def secrets_of(exchange: Exchange) -> set[str]:
    """Return the secrets of an exchange that are long enough to be looked for elsewhere."""
    found: set[str] = set()
    for headers in (exchange.request_headers, exchange.response_headers):
        found |= {
            value.rpartition(" ")[2]
            for name, value in headers
            if name.lower() in _CREDENTIAL_HEADERS
        }
    found |= {unquote(match[2]) for match in _API_KEY_PATH.finditer(exchange.path)}

    inside: set[str] = set()

    def note(text: str) -> str:
        inside.add(text)
        return text

    for body in (exchange.request_body, exchange.response_body):
        _walk(_parsed(body), note, str)
    if len(inside) <= _MOST_SOUGHT:  # a list of that many is no refusal, and echoes nothing
        found |= inside
    return {text for text in found if len(text) >= _SHORTEST_KNOWN and not is_redacted(text)}


def redact_headers(headers: Headers, known: Collection[str] = ()) -> Headers:
    """Return headers without credentials; the scheme of an Authorization is kept."""
    return tuple((name, _header_value(name, value, known)) for name, value in headers)


def redact_json(value: Any, known: Collection[str] = ()) -> Any:
    """Return a JSON value without its secrets; the argument is not changed."""
    return _walk(value, lambda _: REDACTED, lambda text: redact_text(text, known))


def redact_body(body: bytes, known: Collection[str] = ()) -> bytes:
    """Return a body without its secrets; one that has none comes back byte for byte.

    What is no JSON is searched for pairs of a secret name and a value, and for what looks like
    a secret.
    """
    parsed = _parsed(body)
    if parsed is None:
        text = body.decode("utf-8", "surrogateescape")
        return redact_text(_redact_pairs(text), known).encode("utf-8", "surrogateescape")
    redacted = redact_json(parsed, known)
    if redacted == parsed:
        return body
    return json.dumps(redacted, separators=(",", ":")).encode()


def redact_text(text: str, known: Collection[str] = ()) -> str:
    """Return a text without known secrets, tokens, private keys and secrets in its addresses."""
    for secret in sorted(known, key=len, reverse=True):
        if len(secret) >= _SHORTEST_KNOWN:
            text = text.replace(secret, REDACTED)
    if _MAY_HOLD_TOKEN.search(text):  # most texts are short and hold neither: ask that first
        text = _JWT.sub(rf"\g<1>{REDACTED}", text)
        text = _TOKEN.sub(REDACTED, text)
    return _URL.sub(lambda match: redact_url(match[0]), text) if "://" in text else text


def redact_url(url: str, known: Collection[str] = ()) -> str:
    """Return an address without password, secret parameters and API keys in its path.

    An address that cannot be parsed is returned as it is.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    credentials, at, host = parts.netloc.rpartition("@")
    user = credentials.partition(":")[0]
    authority = f"{user}:{_IN_URLS}@{host}" if ":" in credentials else f"{credentials}{at}{host}"
    redacted = parts._replace(
        netloc=authority,
        path=redact_path(parts.path, known),
        query=redact_query(parts.query, known),
        fragment=redact_query(parts.fragment, known),
    )
    return url if redacted == parts else urlunsplit(redacted)


def redact_path(path: str, known: Collection[str] = ()) -> str:
    """Return a raw path without the API key that it names."""
    path = _API_KEY_PATH.sub(rf"\g<1>{_IN_URLS}", path)
    return "/".join(_IN_URLS if unquote(part) in known else part for part in path.split("/"))


def redact_query(query: str, known: Collection[str] = ()) -> str:
    """Return a raw query, or a form body, without the values of its secret parameters."""
    return "&".join(_redact_parameter(part, known) for part in query.split("&"))


def _redact_parameter(part: str, known: Collection[str]) -> str:
    name, equals, value = part.partition("=")
    plain = _plain(unquote(name))
    secret = _SECRET.fullmatch(plain) or _SECRET_PARAMETERS.fullmatch(plain)
    switch = value in {"true", "false"}  # Source: getConnection (`includeRefreshToken`)
    if value and not switch and (secret or unquote(value) in known):
        return f"{name}{equals}{_IN_URLS}"
    return part


def _redact_request(exchange: Exchange, known: Collection[str]) -> bytes:
    body = exchange.request_body
    if "x-www-form-urlencoded" in first(exchange.request_headers, "content-type"):
        return redact_query(body.decode("latin-1"), known).encode("latin-1")
    return redact_body(body, known)


def _header_value(name: str, value: str, known: Collection[str]) -> str:
    if not _holds_credential(name):
        return redact_text(value, known)
    scheme, space, _ = value.partition(" ")
    keeps_scheme = space and name.lower() in {"authorization", "proxy-authorization"}
    return f"{scheme} {REDACTED}" if keeps_scheme else REDACTED


def _holds_credential(name: str) -> bool:
    lower = name.lower()
    if lower in _CREDENTIAL_HEADERS:
        return True
    return bool(_LIKE_SECRET_HEADERS.search(lower)) and not _PLAIN_HEADERS.fullmatch(lower)


def _walk(
    value: Any, secret: Callable[[str], str], plain: Callable[[str], str], within: bool = False
) -> Any:
    """Copy a JSON value, with each secret scalar and each other text replaced."""
    if isinstance(value, dict):
        return {name: _member(name, item, secret, plain, within) for name, item in value.items()}
    if isinstance(value, list):
        return [_walk(item, secret, plain, within) for item in value]
    if within and value is not None and not isinstance(value, bool) and value != "":
        return secret(str(value))
    return plain(value) if isinstance(value, str) else value


def _member(
    name: str, value: Any, secret: Callable[[str], str], plain: Callable[[str], str], within: bool
) -> Any:
    key = _plain(name)
    if key == "headers" and isinstance(value, dict):  # Source: Destination.metadata.headers
        return {
            header: _walk(item, secret, plain, within or _holds_credential(header))
            for header, item in value.items()
        }
    here = key in _ALL_SECRET or (not isinstance(value, dict | list) and is_secret_name(name))
    return _walk(value, secret, plain, within or here)


def _redact_pairs(text: str) -> str:
    def replaced(match: re.Match[str]) -> str:
        return f'{match[1]}"{REDACTED}"' if is_secret_name(match[2]) else match[0]

    return _LOOSE_PAIR.sub(replaced, text)


def _parsed(body: bytes) -> Any:
    """Return what a body says as JSON; None when it is none, or is nested beyond reading."""
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return parsed if isinstance(parsed, dict | list | str) and not is_deep(parsed) else None


def _plain(name: str) -> str:
    return name.replace("-", "").replace("_", "").lower()
