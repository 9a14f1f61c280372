"""The sandboxes of one server, by name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

from mockserver.state.root import Root
from mockserver.state.sandbox import Sandbox

DEFAULT = "default"
#: Names that mean something else as the first label of a host, or always mean the same world.
RESERVED = frozenset({"api", "read", "write", "search", "proxy", "sink", DEFAULT})
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


class Belongings(Protocol):
    """Something that is kept per sandbox beside its root: a journal, an inbox, rules."""

    def empty(self, sandbox: Sandbox) -> None:
        """Forget what is kept for a sandbox: it starts anew, or it is gone."""


class Worlds:
    """Holds the sandboxes; makes them and drops them."""

    def __init__(self, default: Sandbox) -> None:
        """Start with the world of those who select none."""
        self.default = default
        self._named: dict[str, Sandbox] = {default.name: default}
        self._belongings: list[Belongings] = []
        self._generations = default.generation

    def __iter__(self) -> Iterator[Sandbox]:
        """Yield every sandbox, oldest first."""
        return iter(tuple(self._named.values()))

    def attach(self, belongings: Belongings) -> None:
        """Have something emptied whenever a sandbox is reset whole, or dropped."""
        self._belongings.append(belongings)

    def get(self, name: str) -> Sandbox | None:
        """Return a sandbox, or None."""
        return self._named.get(name)

    def make(self, name: str, root: Root | None = None, *, seed: int | None = None) -> Sandbox:
        """Make a sandbox that starts from `root`, or from what the default one started from.

        Raises:
            ValueError: the name is taken, reserved or no name.
        """
        if name in self._named or not is_name(name):
            raise ValueError(f"no sandbox can be made with the name {name!r}")
        root = root or self.default.baseline
        # A generation that no sandbox of this name had: what was under way in it is not taken over.
        self._generations += 1_000_000
        made = Sandbox(
            name,
            self.default.seed if seed is None else seed,
            root,
            root,
            generation=self._generations,
        )
        self._named[name] = made
        return made

    def drop(self, name: str) -> None:
        """Drop a sandbox; the default one stays."""
        if name == DEFAULT:
            raise ValueError("the default sandbox cannot be dropped")
        gone = self._named.pop(name, None)
        if gone is not None:
            self._empty(gone)

    def reset(self, sandbox: Sandbox) -> None:
        """Put a sandbox back to its start, with everything that is kept for it."""
        sandbox.reset()
        self._empty(sandbox)

    def _empty(self, sandbox: Sandbox) -> None:
        for one in self._belongings:
            one.empty(sandbox)


def is_name(text: str) -> bool:
    """Tell whether a sandbox can be made with this name."""
    return _NAME.fullmatch(text) is not None and text not in RESERVED
