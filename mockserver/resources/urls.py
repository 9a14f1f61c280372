"""What counts as a web address, and which of them the mock may connect to."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from mockserver.addresses import AddressRules, is_local_name, literal, normalised
from mockserver.settings import Settings

#: The host that is the mock itself: what is sent there arrives in its inbox, without a network.
SINK = "sink.localhost"
#: The parameter of a signed URL that names its sandbox; those of the default one have none.
PARAMETER = "X-Mock-Sandbox"
#: The sandbox of whoever selects none.
DEFAULT = "default"
_PORTS: Mapping[str, int] = {"http": 80, "https": 443}
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
    try:
        host = normalised(host)
    except ValueError:
        return False
    address = literal(host)
    return is_local_name(host) if address is None else address.is_loopback


def is_sink(parts: SplitResult) -> bool:
    """Tell whether a URL leads to the mock's own inbox."""
    return parts.hostname == SINK


def port_of(parts: SplitResult) -> int:
    """Return the port that a web URL leads to."""
    return parts.port or _PORTS[parts.scheme]


def address_rules(settings: Settings) -> AddressRules:
    """Return which addresses destinations may have, by the settings."""
    return AddressRules(settings.allowed_places(), settings.allow_http_destinations)


def own_origin(settings: Settings, sandbox: str) -> str:
    """Return what addresses of a sandbox begin with, for what is told when nobody asks.

    In answers the request's own host counts; see `http.origins`.
    """
    prefix = "" if sandbox == DEFAULT else f"/__sandbox/{sandbox}"
    if settings.public_url:
        return settings.public_url.rstrip("/") + prefix
    host = "127.0.0.1" if settings.host in _ANY_HOST else settings.host
    authority = f"[{host}]" if ":" in host else host
    return f"http://{authority}:{settings.port}{prefix}"


def state_in(sandbox: str, key: str) -> str:
    """Return the `state` of an OAuth session: one that comes back alone still names its world."""
    return key if sandbox == DEFAULT else f"{sandbox}.{key}"


def sandbox_of_state(state: str) -> str:
    """Return the sandbox that a `state` names."""
    return state.rpartition(".")[0] or DEFAULT
