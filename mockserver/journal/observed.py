"""Everything that watches requests go by, put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mockserver.contract.operations import Operation
from mockserver.journal.exchange import Exchange
from mockserver.journal.feed import Feed
from mockserver.journal.happenings import Happenings
from mockserver.journal.journals import Journals
from mockserver.journal.misses import Known, known
from mockserver.journal.traffic import Traffic
from mockserver.settings import Settings


@dataclass(frozen=True, slots=True)
class Observed:
    """Journals, feed and counts of one mock."""

    journals: Journals
    feed: Feed
    happenings: Happenings
    traffic: Traffic
    known: Known
    is_kept: bool  # whether there is a journal at all

    @property
    def each(self) -> tuple[Callable[[Exchange], None], ...]:
        """What is called with each exchange at its end, in this order."""
        watching = (self.traffic.count, self.happenings.requested)
        return (self.journals.add, *watching) if self.is_kept else watching


def observe(settings: Settings, contracts: Mapping[str, Mapping[str, Operation]]) -> Observed:
    """Return what watches the requests of one mock; `contracts` by base path."""
    journals = Journals(most=settings.journal_entries, most_bytes=settings.journal_bytes)
    feed = Feed()
    happenings = Happenings(feed, journals)
    return Observed(journals, feed, happenings, Traffic(), known(contracts), settings.journal)
