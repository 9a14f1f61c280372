"""The sandboxes of one server, by name."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Iterator
from typing import Protocol

from mockserver.state.root import Root
from mockserver.state.sandbox import Sandbox

DEFAULT = "default"
MOST = 256  # sandboxes of one server
#: Names that mean something else as the first label of a host, or always mean the same world.
RESERVED = frozenset({"api", "read", "write", "search", "proxy", "sink", DEFAULT})
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


class FullError(Exception):
    """There are as many sandboxes as there may be."""


class Belongings(Protocol):
    """Something that is kept per sandbox beside its root: a journal, an inbox, rules."""

    def empty(self, sandbox: Sandbox) -> None:
        """Forget what is kept for a sandbox: it starts anew, or it is gone."""


class Worlds:
    """Holds the sandboxes; makes them, drops them, and lets go of those that nobody uses."""

    def __init__(
        self, default: Sandbox, *, wall: Callable[[], int] = lambda: 0, idle: int = 0
    ) -> None:
        """Start with the world of those who select none.

        Args:
            default: that world.
            wall: the machine's clock: microseconds since 1970-01-01 UTC.
            idle: after how many microseconds without a request a sandbox goes; 0: never.
        """
        self.default = default
        #: What sandboxes start from when nothing else is said.
        self.start = default.baseline
        self.idle = idle
        self.wall = wall
        self._named: dict[str, Sandbox] = {default.name: default}
        self._belongings: list[Belongings] = []
        self._generations = default.generation
        self._next_expiry: float = math.inf  # no sandbox expires before
        #: Called with a sandbox that begins at its start, now or again.
        self.begins: Callable[[Sandbox], None] = lambda _: None
        default.created = default.used = wall()

    def __iter__(self) -> Iterator[Sandbox]:
        """Yield every sandbox, oldest first."""
        return iter(tuple(self._named.values()))

    def __len__(self) -> int:
        return len(self._named)

    def attach(self, belongings: Belongings) -> None:
        """Have something emptied whenever a sandbox is reset whole, or dropped."""
        self._belongings.append(belongings)

    def get(self, name: str) -> Sandbox | None:
        """Return a sandbox, or None."""
        return self._named.get(name)

    def use(self, name: str) -> Sandbox | None:
        """Return the sandbox that a request selects, which is in use by that; or None."""
        now = self.wall()
        if now >= self._next_expiry:
            self._expire(now)
        found = self._named.get(name)
        if found is not None:
            found.used = now
        return found

    def make(
        self,
        name: str,
        root: Root | None = None,
        *,
        seed: int | None = None,
        fixture: str | None = None,
    ) -> Sandbox:
        """Make a sandbox.

        Args:
            name: what it is called.
            root: where it starts; None for where the default one started.
            seed: of its ids and keys; None for the default one's.
            fixture: what `root` was loaded from; None where it was not.

        Raises:
            ValueError: the name is taken, reserved or no name.
            FullError: there are as many as there may be.
        """
        if name in self._named or not is_name(name):
            raise ValueError(f"no sandbox can be made with the name {name!r}")
        now = self.wall()
        self._expire(now)
        if len(self._named) >= MOST:
            raise FullError(f"there are {MOST} sandboxes")
        is_loaded = root is not None and fixture is not None
        if root is None:
            root, fixture = self.start, self.default.fixture
        # A generation that no sandbox of this name had: what was under way in it is not taken over.
        self._generations += 1_000_000
        made = Sandbox(
            name,
            self.default.seed if seed is None else seed,
            root.with_outbox(()) if root.outbox else root,
            root,
            generation=self._generations,
            fixture=fixture or "",
            created=now,
            used=now,
        )
        self.adopt(made)
        if fixture is not None:  # a copy of another state goes on where that is
            self._begin(made, is_loaded=is_loaded)
        return made

    def adopt(self, sandbox: Sandbox) -> None:
        """Take in a sandbox that was kept from an earlier run, or has just been made."""
        self._named[sandbox.name] = sandbox
        if sandbox.name == DEFAULT:
            self.default = sandbox
        elif self.idle:
            self._next_expiry = min(self._next_expiry, sandbox.used + self.idle)

    def drop(self, name: str) -> None:
        """Drop a sandbox; the default one stays."""
        if name == DEFAULT:
            raise ValueError("the default sandbox cannot be dropped")
        gone = self._named.pop(name, None)
        if gone is not None:
            gone.is_gone = True
            gone.generation += 1  # what is under way belongs to nobody any more
            self._empty(gone)

    def reset(self, sandbox: Sandbox) -> None:
        """Put a sandbox back to its start, with everything that is kept for it."""
        self.reset_state(sandbox)
        self._empty(sandbox)

    def reset_state(self, sandbox: Sandbox) -> None:
        """Put the state of a sandbox back to its start, and nothing else."""
        sandbox.reset()
        self._begin(sandbox)

    def start_anew(self, sandbox: Sandbox, root: Root, fixture: str) -> None:
        """Let a sandbox start from a state that was loaded from a fixture."""
        sandbox.fixture = fixture
        sandbox.start_anew(root)
        self._empty(sandbox)
        self._begin(sandbox, is_loaded=True)

    def expires(self, sandbox: Sandbox) -> int | None:
        """Return when a sandbox goes unless a request selects it before; None: never."""
        return sandbox.used + self.idle if self.idle and sandbox.name != DEFAULT else None

    def nearest(self, name: str) -> str:
        """Return the name that resembles `name` most, of those that there are."""
        return difflib.get_close_matches(name[:200], self._named, n=1, cutoff=0.0)[0]

    def _expire(self, now: int) -> None:
        """Drop the sandboxes that nobody has used for too long."""
        if not self.idle:
            return
        for sandbox in self:
            if sandbox.name != DEFAULT and sandbox.used + self.idle <= now:
                self.drop(sandbox.name)
        left = [one.used + self.idle for one in self if one.name != DEFAULT]
        self._next_expiry = min(left, default=math.inf)

    def _begin(self, sandbox: Sandbox, *, is_loaded: bool = False) -> None:
        self.begins(sandbox)
        if is_loaded:  # what was due before a fixture was loaded is done once
            sandbox.baseline = sandbox.root

    def _empty(self, sandbox: Sandbox) -> None:
        for one in self._belongings:
            one.empty(sandbox)


def is_name(text: str) -> bool:
    """Tell whether a sandbox can be made with this name."""
    return _NAME.fullmatch(text) is not None and text not in RESERVED
