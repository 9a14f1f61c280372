"""Judges an archive: finds out which servers in it are the API's, and judges those."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from mockserver.contract.recordings import Exchange
from mockserver.contract.redaction import REDACTED
from mockserver.contract.verdicts import Verdict
from mockserver.proxy.bench import Bench
from mockserver.proxy.har_reading import Archive, Entry
from mockserver.proxy.judged import in_one_line
from mockserver.proxy.tally import Tally

_BASE = "/v1"
#: Other APIs of the vendor, which this contract does not speak about.
_OTHER_APIS = frozenset({"read", "write", "search", "proxy"})
_CREDENTIALS = frozenset({"authorization", "x-api-key"})


@dataclass(slots=True)
class Audit:
    """What came of an archive."""

    entries: int
    servers: dict[str, int] = field(default_factory=dict)  # root -> exchanges
    elsewhere: Counter[str] = field(default_factory=Counter)  # host -> entries
    skipped: Counter[str] = field(default_factory=Counter)  # reason -> entries
    credentials_hidden: bool = False
    tally: Tally = field(default_factory=Tally)

    def as_json(self) -> dict[str, Any]:
        """Return everything as JSON values."""
        return {
            "entries": self.entries,
            "servers": self.servers,
            "otherHosts": dict(self.elsewhere),
            "skipped": dict(self.skipped),
            "credentialsHidden": self.credentials_hidden,
            **self.tally.as_json(),
        }


def audit(archive: Archive, bench: Bench, servers: Sequence[str] = ()) -> Audit:
    """Judge an archive.

    Args:
        archive: what was recorded.
        bench: where the judge sits.
        servers: roots of the API, such as `https://api.example.com`; empty to find them.
    """
    roots = list(servers) or _found(archive, bench)
    done = Audit(len(archive.entries), credentials_hidden=archive.hides_credentials)
    for entry in archive.entries:
        exchange = entry.exchange
        if exchange is None:
            done.skipped[entry.skipped] += 1
            continue
        root = _root_of(entry, exchange, roots)
        if root is None:
            done.elsewhere[urlsplit(entry.origin).netloc] += 1
            continue
        done.servers[root] = done.servers.get(root, 0) + 1
        _judge(done, entry, _below(exchange, entry.origin, root), bench)
    return done


def _judge(done: Audit, entry: Entry, exchange: Exchange, bench: Bench) -> None:
    if done.credentials_hidden and not _credentials(exchange):
        given = ("authorization", f"Bearer {REDACTED}")
        exchange = replace(exchange, request_headers=(*exchange.request_headers, given))
    verdict: Verdict = bench.judge_now(exchange, entry.unread)
    done.tally.add(verdict, f"#{entry.number} {in_one_line(exchange)}", unread=bool(entry.unread))


def _credentials(exchange: Exchange) -> set[str]:
    return {name.lower() for name, _ in exchange.request_headers} & _CREDENTIALS


def _found(archive: Archive, bench: Bench) -> list[str]:
    """Return the roots below which at least one entry is of an operation, the longest first."""
    roots: dict[str, None] = {}
    for entry in archive.entries:
        if entry.exchange is not None:
            for root, exchange in _readings(entry, entry.exchange):
                if bench.knows(exchange):
                    roots.setdefault(root)
                    break
    return sorted(roots, key=len, reverse=True)


def _readings(entry: Entry, exchange: Exchange) -> list[tuple[str, Exchange]]:
    """Return each way to split an address into a root and a path that begins with `/v1`."""
    parts = exchange.path.split("/")
    if urlsplit(entry.origin).netloc.partition(".")[0] in _OTHER_APIS:
        return []
    readings = []
    for number, part in enumerate(parts):
        if part == "v1" and parts[number - 1] not in _OTHER_APIS:
            prefix = "/".join(parts[:number])
            path = "/".join(["", *parts[number:]])
            readings.append((entry.origin + prefix, replace(exchange, path=path)))
    return readings


def _root_of(entry: Entry, exchange: Exchange, roots: Sequence[str]) -> str | None:
    """Return the root that an entry is below, or None."""
    address = entry.origin + exchange.path
    for root in roots:
        if address == root + _BASE or address.startswith(f"{root}{_BASE}/"):
            return root
    return None


def _below(exchange: Exchange, origin: str, root: str) -> Exchange:
    return replace(exchange, path=(origin + exchange.path).removeprefix(root))
