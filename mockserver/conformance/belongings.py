"""What a run may call its own: known ids, names with its mark, and the ids of nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mockserver.conformance.naming import PREFIX, is_nothing
from mockserver.conformance.nouns import Noun, text_at


class Belongings:
    """Tells ours from theirs. Knows nothing of requests."""

    def __init__(self, mark: str, homes: Iterable[str] = ()) -> None:
        """Take the run's mark, and the projects and organizations that were given to it."""
        self.mark = mark
        self.homes = {home.lower() for home in homes if home}
        self.ids: set[str] = set()
        self.foreign: set[str] = set()  # what was there before; never ours, whatever is answered
        self._marked = re.compile(re.escape(PREFIX + mark), re.IGNORECASE)

    def add_homes(self, *homes: str) -> None:
        """Add projects or organizations, by id or name, that the run works in."""
        self.homes |= {home.lower() for home in homes if home}

    def is_marked(self, text: str) -> bool:
        """Tell whether a text carries the run's mark, in any case."""
        return bool(self._marked.search(text))

    def owns(self, text: str) -> bool:
        """Tell whether a text names what this run made, or nothing at all."""
        if text in self.ids:
            return True
        return self.is_marked(text) or not text.strip() or is_nothing(text)

    def is_home(self, text: str) -> bool:
        """Tell whether a text names a project or organization that the run may work in."""
        return text.lower() in self.homes or self.owns(text)

    def recognizes(self, noun: Noun, record: object) -> bool:
        """Tell whether a record of the target is ours by what it says."""
        if text_at(record, noun.id) in self.ids:
            return True
        return any(self.is_marked(text_at(record, key)) for key in noun.marks)

    def stands_on_ours(self, noun: Noun, record: object) -> bool:
        """Tell whether a record names one of ours as its parent: ours perhaps, or somebody's."""
        return any(text_at(record, key) in self.ids for key in noun.parents)

    def claim(self, identity: str) -> bool:
        """Take an id as ours; tell whether that is news. What was there before is not taken."""
        if not identity or identity in self.foreign or identity in self.ids:
            return False
        self.ids.add(identity)
        return True
