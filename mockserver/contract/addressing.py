"""Which API the path of a recorded exchange belongs to."""

from __future__ import annotations

from mockserver.contract.recordings import Exchange, first

#: The APIs that are told by their host, or by a prefix of that name.
HOSTED = ("read", "write", "search")
_DOMAINS = ("withampersand.com", "localhost")


def is_below(path: str, prefix: str) -> bool:
    """Tell whether a path is a prefix, or lies below it."""
    return path == prefix or path.startswith(f"{prefix}/")


def addressed(exchange: Exchange) -> str:
    """Return the path of an exchange with the API in front that its Host header names."""
    label, _, domain = first(exchange.request_headers, "host").partition(":")[0].partition(".")
    if domain.lower() not in _DOMAINS or not exchange.path.startswith("/v1"):
        return exchange.path
    if label.lower() == "proxy":
        return f"/proxy{exchange.path}"
    return f"/{label.lower()}{exchange.path}" if label.lower() in HOSTED else exchange.path
