"""An immutable ordered set of (position, id) pairs, cheap to append to and to page through.

The pairs stand in chunks of at most 256. Appending copies the last chunk, and for each new chunk
the list of those before it, so it costs the same at a hundred entries and at a hundred thousand.
What two versions have in common are the same objects in both, chunks and entries alike: `changed`
finds the rest by that.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

Entry = tuple[int, str]
Chunk = tuple[Entry, ...]
_CHUNK = 256


@dataclass(slots=True)  # each write makes some: frozen would take five times as long
class Ordered:
    """Entries in ascending order of position, then of id; no entry stands twice.

    Nothing assigns to a field, which the type checker sees to.
    """

    before: Final[tuple[Chunk, ...]] = ()  # every chunk but the last
    last: Final[Chunk] = ()
    size: Final[int] = 0

    @property
    def chunks(self) -> tuple[Chunk, ...]:
        """Every chunk, in order; none is empty."""
        return (*self.before, self.last) if self.last else ()

    @classmethod
    def of(cls, entries: list[Entry]) -> Ordered:
        """Return the set of some entries, which are in ascending order.

        Raises:
            ValueError: they are not.
        """
        if sorted(entries) != entries:
            raise ValueError("the entries are not in ascending order")
        starts = range(0, len(entries), _CHUNK)
        return cls.joined(tuple(tuple(entries[at : at + _CHUNK]) for at in starts), len(entries))

    @classmethod
    def joined(cls, chunks: tuple[Chunk, ...], size: int) -> Ordered:
        """Return the set of some chunks, which are in order, and none is empty."""
        return cls(chunks[:-1], chunks[-1], size) if chunks else cls()

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[str]:
        for chunk in self.chunks:
            for _, identifier in chunk:
                yield identifier

    def __reversed__(self) -> Iterator[str]:
        for chunk in reversed(self.chunks):
            for _, identifier in reversed(chunk):
                yield identifier

    def below(self, position: int | None, limit: int) -> list[Entry]:
        """Return up to `limit` entries under a position (None: under none), highest first."""
        chunks = self.chunks
        number, place = len(chunks) - 1, None
        if position is not None and chunks:
            bound = (position, "")
            number = bisect_left(chunks, bound, key=lambda chunk: chunk[0]) - 1
            place = bisect_left(chunks[number], bound) if number >= 0 else None
        found: list[Entry] = []
        while number >= 0 and len(found) < limit:
            found += reversed(chunks[number][:place])
            number, place = number - 1, None
        return found[:limit]

    def first(self) -> str | None:
        """Return the id of the lowest position, or None."""
        return (self.before[0] if self.before else self.last)[0][1] if self.last else None

    def add(self, position: int, identifier: str) -> Ordered:
        """Return a copy with one entry more; an entry at the same position is kept once."""
        entry, last = (position, identifier), self.last
        if not last:
            return Ordered((), (entry,), 1)
        if entry > last[-1]:  # so it is with nearly every one
            if len(last) < _CHUNK:
                return Ordered(self.before, (*last, entry), self.size + 1)
            return Ordered((*self.before, last), (entry,), self.size + 1)
        number = self._chunk_of(entry)
        chunk = self.chunks[number]
        place = bisect_left(chunk, entry)
        if place < len(chunk) and chunk[place] == entry:
            return self
        grown = (*chunk[:place], entry, *chunk[place:])
        return self._replaced(number, _split(grown, at_end=place == len(chunk)), self.size + 1)

    def renew(self, position: int, identifier: str) -> Ordered:
        """Return a copy in which an entry is another object; an absent entry is no error.

        Its value is the same, and yet `changed` tells it: what it stands for is new.
        """
        number, place = self._place_of(position, identifier)
        if place is None:
            return self
        chunk = self.chunks[number]
        renewed = (*chunk[:place], (position, identifier), *chunk[place + 1 :])
        return self._replaced(number, (renewed,), self.size)

    def changed(self, other: Ordered) -> tuple[list[Entry], list[Entry]]:
        """Return the entries that are objects of this one alone, and of `other` alone, in order.

        It costs one look at every chunk, and one at every entry of the chunks that differ.
        """
        if self.before is other.before and self.last is other.last:
            return [], []
        chunks, others = self.chunks, other.chunks
        shared = set(map(id, chunks)) & set(map(id, others))
        mine: list[Entry] = []
        theirs: list[Entry] = []
        for one, two in zip_longest(
            (chunk for chunk in chunks if id(chunk) not in shared),
            (chunk for chunk in others if id(chunk) not in shared),
            fillvalue=(),
        ):
            if len(one) == len(two):  # mostly a record was written: the rest stands where it stood
                differ = [(x, y) for x, y in zip(one, two, strict=True) if x is not y]
                mine += [x for x, _ in differ]
                theirs += [y for _, y in differ]
            else:
                mine += one
                theirs += two
        common = set(map(id, mine)) & set(map(id, theirs))
        return (
            [entry for entry in mine if id(entry) not in common],
            [entry for entry in theirs if id(entry) not in common],
        )

    def remove(self, position: int, identifier: str) -> Ordered:
        """Return a copy without the entry; absent entries are no error."""
        number, place = self._place_of(position, identifier)
        if place is None:
            return self
        chunk = self.chunks[number]
        rest = chunk[:place] + chunk[place + 1 :]
        return self._replaced(number, (rest,) if rest else (), self.size - 1)

    def _place_of(self, position: int, identifier: str) -> tuple[int, int | None]:
        """Return the chunk of an entry and its place there; None when it is absent."""
        entry = (position, identifier)
        if not self.last:
            return 0, None
        number = self._chunk_of(entry)
        chunk = self.chunks[number]
        place = bisect_left(chunk, entry)
        return number, place if place < len(chunk) and chunk[place] == entry else None

    def _chunk_of(self, entry: Entry) -> int:
        if entry >= self.last[0]:
            return len(self.before)
        return max(bisect_right(self.before, entry, key=lambda chunk: chunk[0]) - 1, 0)

    def _replaced(self, number: int, chunks: tuple[Chunk, ...], size: int) -> Ordered:
        if number == len(self.before) and len(chunks) == 1:  # the latest change most
            return Ordered(self.before, chunks[0], size)
        replaced = self.chunks[:number] + chunks + self.chunks[number + 1 :]
        return Ordered.joined(replaced, size)


def _split(chunk: Chunk, *, at_end: bool) -> tuple[Chunk, ...]:
    if len(chunk) <= _CHUNK:
        return (chunk,)
    # Entries mostly arrive in order: the left part stays full, the right one starts anew.
    place = _CHUNK if at_end else _CHUNK // 2
    return (chunk[:place], chunk[place:])
