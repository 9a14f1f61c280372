"""As whom a run may call: what was given, and what it makes itself from that."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from mockserver.conformance.callers import Caller, by_bearer
from mockserver.conformance.exchange import Exchange
from mockserver.conformance.pace import Watch

_LIFETIME = 300  # seconds; at most 600 are allowed
_FRESH = 200.0  # seconds after which a token is made anew


class Callers(Mapping[str, Caller]):
    """Credentials by name. Some are made when they are asked for, so that they are never old."""

    def __init__(self) -> None:
        """Start with none."""
        self._makers: dict[str, Callable[[], Caller]] = {}

    def add(self, caller: Caller) -> None:
        """Add a credential that stays as it is."""
        self._makers[caller.name] = lambda: caller

    def add_made(self, name: str, make: Callable[[], Caller]) -> None:
        """Add a credential that is made when it is asked for."""
        self._makers[name] = make

    def __getitem__(self, name: str) -> Caller:
        return self._makers[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


@dataclass
class KeyPair:
    """An RSA key of this run. Source: createJWTKey (`publicKeyPem`, RSA)."""

    private: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048)
    )

    @property
    def public_pem(self) -> str:
        """The public key as createJWTKey takes it."""
        return (
            self.private.public_key()
            .public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            .decode()
        )


@dataclass
class Mint:
    """Signs tokens for customers. Its clock is the target's: it was told the time once."""

    key: KeyPair
    key_id: str
    epoch: int  # seconds since 1970 at the target, when it was told
    watch: Watch
    told: float  # what the watch said then

    def now(self) -> int:
        """Return the target's time in seconds since 1970."""
        return self.epoch + int(self.watch.read() - self.told)

    def claims(self, group: str, consumer: str, **changes: Any) -> dict[str, Any]:
        """Return what a good token of a group claims, with changes; None takes a claim out."""
        now = self.now()
        usual = {
            "sub": consumer,
            "groupRef": group,
            "consumerRef": consumer,
            "iat": now - 5,
            "exp": now - 5 + _LIFETIME,
        }
        return {name: value for name, value in {**usual, **changes}.items() if value is not None}

    def token(self, group: str, consumer: str, **claims: Any) -> str:
        """Return a good token of a group; claims replace or add to the usual ones.

        Source: the platform's documentation of JWT authentication: RS256, `kid` in the header,
        `groupRef`, `consumerRef`, at most 600 seconds.
        """
        content = self.claims(group, consumer, **claims)
        return jwt.encode(content, self.key.private, "RS256", headers={"kid": self.key_id})

    def caller(self, name: str, group: str) -> Callable[[], Caller]:
        """Return a maker of a caller of a group, which makes a new token before the old is old."""
        made: list[tuple[float, Caller]] = []

        def make() -> Caller:
            if not made or self.watch.read() - made[0][0] > _FRESH:
                token = self.token(group, f"{group}-consumer")
                made[:] = [(self.watch.read(), by_bearer(name, token))]
            return made[0][1]

        return make


def time_of(exchange: Exchange) -> int | None:
    """Return the target's time in seconds since 1970, by a record just made, else by `Date`."""
    body = exchange.json
    record = body if isinstance(body, dict) else {}
    for key in ("updateTime", "createTime"):
        try:
            return int(datetime.fromisoformat(str(record.get(key))).timestamp())
        except ValueError:
            continue
    try:
        return int(parsedate_to_datetime(exchange.answer.headers.get("date", "")).timestamp())
    except (TypeError, ValueError):
        return None


def shell_names(callers: Mapping[str, Caller]) -> dict[str, str]:
    """Return every credential's value with the placeholder that reports show in its place."""
    found: dict[str, str] = {}
    for name in callers:
        caller = callers[name]
        for header, value in caller.headers.items():
            shown = caller.shown.get(header, f"${name.upper().replace('-', '_')}")
            pairs = itertools.zip_longest(
                [value, value.rpartition(" ")[2]], [shown, shown.rpartition(" ")[2]]
            )
            found.update({secret: text for secret, text in pairs if secret and text})
    return found
