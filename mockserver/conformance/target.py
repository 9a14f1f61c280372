"""What is held against the contract: where it answers, and as whom we may call it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

from mockserver.conformance.callers import Caller
from mockserver.conformance.credentials import Mint

BASE_PATH = "/v1"


@dataclass(frozen=True, slots=True)
class Project:
    """A project of the target, as it was named to us; the rest once it was read."""

    given: str
    id: str = ""
    name: str = ""
    org_id: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """An implementation of the API."""

    url: str  # of the API: ends in /v1, without a slash behind it
    project: Project
    callers: Mapping[str, Caller] = field(default_factory=dict)
    neighbour: Project | None = None
    #: None: real HTTP. Tests give one that calls an application in this process.
    transport: httpx.BaseTransport | None = None
    #: Name of a caller, or "neighbour" → why there is none.
    missing: Mapping[str, str] = field(default_factory=dict)
    #: Name of a customer's caller → the group it belongs to.
    groups: Mapping[str, str] = field(default_factory=dict)
    mint: Mint | None = None  # signs further tokens for customers


def api_url(url: str) -> str:
    """Return the URL of the API for a server's root, or for its `/v1`.

    Raises:
        ValueError: it is no http(s) URL.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"{url!r} is no http:// or https:// URL")
    if parts.query or parts.fragment:
        raise ValueError(f"{url!r}: a base URL has no query and no fragment")
    bare = url.rstrip("/")
    return bare if bare.endswith(BASE_PATH) else bare + BASE_PATH
