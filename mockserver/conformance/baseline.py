"""Findings that are accepted for a while: a YAML file, each entry with its reason and its end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from mockserver.conformance.findings import Finding, Verdict

_KEYS = frozenset({"key", "reason", "expires"})
_DAYS = 30  # for how long `--baseline-update` accepts
_HEAD = """\
# Findings of `mockserver check` that are known. Until `expires` they do not change the exit code;
# from then on they count again. Entries that no run finds any more are named: take them out.
"""


class BaselineError(Exception):
    """A baseline file cannot be used: says where and why."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """One entry."""

    key: str  # Finding.name
    reason: str
    expires: date


@dataclass(frozen=True, slots=True)
class Baseline:
    """A file of entries, on one day."""

    entries: tuple[Accepted, ...] = ()
    today: date = date.min

    def accepts(self, finding: Finding) -> str:
        """Return the reason why a finding does not count; empty when it does."""
        for entry in self.entries:
            if entry.key == finding.name and self.today < entry.expires:
                return entry.reason
        return ""

    def expired(self, findings: Iterable[Finding]) -> list[Accepted]:
        """Return the entries whose findings count again."""
        names = {finding.name for finding in findings}
        return [e for e in self.entries if e.key in names and self.today >= e.expires]

    def unused(self, findings: Iterable[Finding]) -> list[Accepted]:
        """Return the entries that nothing was found for."""
        names = {finding.name for finding in findings}
        return [entry for entry in self.entries if entry.key not in names]


def read_baseline(path: Path, today: date) -> Baseline:
    """Read a baseline file.

    Raises:
        BaselineError: it cannot be read, or an entry is not complete.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    except OSError as error:
        raise BaselineError(f"baseline {path}: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BaselineError(f"baseline {path}: {error}") from error
    if not isinstance(content, list):
        raise BaselineError(f"baseline {path}: holds a list of entries with key, reason, expires")
    entries = tuple(_entry(path, n, node) for n, node in enumerate(content, 1))
    return Baseline(entries, today)


def _entry(path: Path, number: int, node: Any) -> Accepted:
    where = f"baseline {path}, entry {number}"
    if not isinstance(node, dict) or set(node) != _KEYS:
        raise BaselineError(f"{where}: has key, reason and expires, nothing else")
    expires = node["expires"]
    if isinstance(expires, str):
        try:
            expires = date.fromisoformat(expires)
        except ValueError:
            expires = None
    if type(expires) is not date:
        raise BaselineError(f"{where}: expires is a date such as 2026-03-31")
    if not str(node["reason"] or "").strip():
        raise BaselineError(f"{where}: a reason is a sentence that says why it is accepted")
    return Accepted(str(node["key"]), str(node["reason"]), expires)


def updated(old: Baseline, findings: Sequence[Finding]) -> str:
    """Return the text of a file that accepts exactly what was found.

    What stood in the old one and is not expired keeps its reason and its end.
    """
    kept = {entry.key: entry for entry in old.entries if old.today < entry.expires}
    end = old.today + timedelta(days=_DAYS)
    counting = {Verdict.VIOLATION, Verdict.SUSPECT}
    names = sorted({f.name for f in findings if f.verdict in counting and not f.explained_by})
    entries = [kept.get(name, Accepted(name, "TODO: say why", end)) for name in names]
    nodes = [{"key": e.key, "reason": e.reason, "expires": e.expires} for e in entries]
    text = yaml.safe_dump(nodes, sort_keys=False, allow_unicode=True, width=100)
    return _HEAD + (text if nodes else "[]\n")
