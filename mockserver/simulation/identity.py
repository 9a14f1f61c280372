"""Ids, keys and secrets as pure functions of (seed, stream, number).

The same seed gives the same values on every machine; a stream is a word such as `topics`.
"""

from __future__ import annotations

import base64
import string
from dataclasses import dataclass
from hashlib import blake2b

BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
_MESSAGE_ID = 27  # characters, as Svix writes them


@dataclass(frozen=True, slots=True)
class Identity:
    """Makes every value that looks random, from one seed."""

    seed: int = 0

    def uuid(self, stream: str, number: int | str) -> str:
        """Return a lowercase version 4 UUID. Source: RFC 9562, sections 4.1 and 5.4."""
        digits = self._bytes(stream, number, 16).hex()
        variant = "89ab"[int(digits[16], 16) & 3]  # it keeps two bits of what stands there
        return (
            f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"
        )

    def key(self, stream: str, number: int) -> str:
        """Return an opaque upper-case key of 40 characters from the base32 alphabet.

        Assumed: API keys look like this; the contract only says string.
        """
        return base64.b32encode(self._bytes(stream, number, 25)).decode()

    def hexadecimal(self, stream: str, number: int) -> str:
        """Return 32 hexadecimal digits."""
        return self._bytes(stream, number, 16).hex()

    def signing_secret(self, stream: str, number: int) -> str:
        """Return a webhook signing secret: `whsec_` and 24 bytes in base64.

        Source: Standard Webhooks, "Signature scheme".
        """
        return "whsec_" + base64.b64encode(self._bytes(stream, number, 24)).decode()

    def message_id(self, stream: str, number: int) -> str:
        """Return the id of a webhook message: `msg_` and 27 letters and digits. Source: Svix."""
        left, text = int.from_bytes(self._bytes(stream, number, 20), "big"), ""
        for _ in range(_MESSAGE_ID):
            left, place = divmod(left, 62)
            text += BASE62[place]
        return f"msg_{text}"

    def fraction(self, stream: str, number: int | str) -> float:
        """Return a number from 0 to below 1, evenly spread."""
        return int.from_bytes(self._bytes(stream, number, 6), "big") / 2**48

    def _bytes(self, stream: str, number: int | str, size: int) -> bytes:
        return blake2b(f"{self.seed}/{stream}/{number}".encode(), digest_size=size).digest()
