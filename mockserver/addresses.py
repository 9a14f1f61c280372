"""Which network addresses the mock may connect to, whoever wrote the URL.

A URL from a request must not lead the mock into the network it stands in. A host is judged twice:
as it is written, before anything is stored, and by what it resolves to, before each connection,
which then goes to the very address that was judged (a name may resolve differently a moment later).

Source: RFC 6890 and its registries (special-purpose addresses), RFC 6761, section 6.3 (localhost),
the WHATWG URL standard (what browsers take for an IPv4 address).
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

#: A host as it stands in a URL, and a port.
Place = tuple[str, int]
#: Resolves a name: host and port to addresses, the preferred one first. Raises OSError.
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_LOOPBACK = ("127.0.0.1", "::1")
_NUMBER = re.compile(r"[0-9]+|0[xX][0-9A-Fa-f]*", re.ASCII)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # source: RFC 6052, section 2.1
_LONGEST_HOST = 253  # source: RFC 1035, section 2.3.4


class Forbidden(Exception):
    """The mock does not connect there; the text says why, and what would open it."""


async def resolve(host: str, port: int) -> list[str]:
    """Ask the system's resolver.

    Raises:
        OSError: the name does not resolve.
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def read_place(text: str) -> Place:
    """Read `HOST:PORT`; an IPv6 address stands in brackets, as in a URL.

    Raises:
        ValueError: `text` is no such place.
    """
    host, colon, port = text.strip().rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = str(ipaddress.IPv6Address(host[1:-1]))
    elif ":" in host:
        raise ValueError(text)
    if not (colon and host and port.isascii() and port.isdigit() and 0 < int(port) < 65_536):
        raise ValueError(text)
    return normalised(host), int(port)


def normalised(host: str) -> str:
    """Return a host in the one form that names it: ASCII, lower case, no dot at the end.

    Raises:
        ValueError: it is no host name.
    """
    text = host.rstrip(".").lower()
    if not text.isascii():
        # Full-width digits and their like become what a resolver would read.
        text = text.encode("idna").decode("ascii")
    if not text or len(text) > _LONGEST_HOST or not re.fullmatch(r"[a-z0-9._:-]+", text):
        raise ValueError(f"{host!r} is no host name")
    return text


def is_this_machine(host: str) -> bool:
    """Tell whether a host, as it stands in a URL, is a name or an address of this machine alone."""
    try:
        name = normalised(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    address = literal(name)
    return is_local_name(name) if address is None else kind(address) == "loopback"


def is_local_name(host: str) -> bool:
    """Tell whether a normalised name is one that always means this machine."""
    return host == "localhost" or host.endswith(".localhost")


def literal(host: str) -> _Address | None:
    """Return the address that a normalised host is, in its standard notation; None for a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def kind(address: _Address) -> str | None:
    """Return what makes an address special, e.g. "loopback"; None for one of the open Internet."""
    address = _within(address)
    if address.is_loopback:
        return "loopback"
    if address.is_link_local:
        return "link-local"  # 169.254.169.254, where clouds keep credentials, is one
    if address.is_unspecified:
        return "unspecified"
    if address.is_multicast:
        return "multicast"
    if isinstance(address, ipaddress.IPv6Address) and address.is_site_local:
        return "private"
    return None if address.is_global else "private"


def _within(address: _Address) -> _Address:
    """Return the IPv4 address that an IPv6 address carries, where it carries one."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    teredo = address.teredo[1] if address.teredo else None
    return address.ipv4_mapped or address.sixtofour or teredo or address


def _is_odd(host: str) -> bool:
    """Tell whether a host is an IPv4 address in a notation that only some readers understand."""
    return literal(host) is None and bool(_NUMBER.fullmatch(host.rpartition(".")[2]))


@dataclass(frozen=True, slots=True)
class AddressRules:
    """What may be connected to: the open Internet, and what is allowed besides."""

    allowed: frozenset[Place] = field(default_factory=frozenset)
    this_machine: bool = False  # every loopback address

    def allows(self, host: str, port: int) -> bool:
        """Tell whether a place is allowed by name, whatever it resolves to."""
        return (host, port) in self.allowed

    def objection(self, host: str, port: int) -> str | None:
        """Return why a host cannot be connected to, judged as it is written; None when it can."""
        try:
            host = normalised(host)
        except ValueError as error:
            return str(error)
        if self.allows(host, port):
            return None
        if _is_odd(host):
            return f"{host} is no address in its standard notation"
        if is_local_name(host):
            return None if self.this_machine else _closed(host, port, "loopback")
        return None if literal(host) is None else self._objection(host, host, port)

    async def addresses(self, host: str, port: int, resolver: Resolve = resolve) -> list[str]:
        """Return the addresses to connect to, in order of preference.

        Raises:
            Forbidden: the host, or any address it resolves to, is closed.
            OSError: the name does not resolve.
        """
        objection = self.objection(host, port)
        if objection is not None:
            raise Forbidden(objection)
        host = normalised(host)
        found = await _found(host, port, resolver)
        if not self.allows(host, port):
            for text in found:
                objection = self._objection(text, host, port)
                if objection is not None:
                    raise Forbidden(objection)
        return found

    def _objection(self, text: str, host: str, port: int) -> str | None:
        address = ipaddress.ip_address(text)
        special = kind(address)
        if special is None or (special == "loopback" and self.this_machine):
            return None
        if self.allows(str(address), port):
            return None
        where = host if literal(host) is not None else f"{host} ({text})"
        return _closed(where, port, special)


async def _found(host: str, port: int, resolver: Resolve) -> list[str]:
    if is_local_name(host):
        return list(_LOOPBACK)
    if literal(host) is not None:
        return [host]
    return list(await resolver(host, port))


def _closed(where: str, port: int, special: str) -> str:
    host = where.partition(" ")[0]
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return f"{where} is a {special} address; --allow-destination {place} opens it"
