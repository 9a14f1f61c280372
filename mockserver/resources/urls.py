"""What counts as a web address, and which of them lead to this machine."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urlsplit

from mockserver.settings import Settings

_ANY_HOST = frozenset({"0.0.0.0", "::"})  # noqa: S104 # compared, not bound


def split_web_url(text: str) -> SplitResult | None:
    """Return the parts of an absolute http or https URL with a host, or None."""
    if any(character.isspace() or not character.isprintable() for character in text):
        return None
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises on a port that is no number
    except ValueError:
        return None
    return parts if parts.scheme in {"http", "https"} and parts.hostname else None


def is_web_url(text: str) -> bool:
    """Tell whether `text` is an absolute http or https URL."""
    return split_web_url(text) is not None


def is_this_machine(host: str) -> bool:
    """Tell whether a host name or address is of the machine itself (loopback)."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def own_origin(settings: Settings) -> str:
    """Return scheme and authority of this server, for what is told when nobody asks.

    In answers the request's own host counts; see `http.origins`.
    """
    if settings.public_url:
        return settings.public_url.rstrip("/")
    host = "127.0.0.1" if settings.host in _ANY_HOST else settings.host
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"
