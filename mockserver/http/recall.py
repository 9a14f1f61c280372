"""Answers of reads, kept for as long as the state is the one that they were read from.

State is a value, so whether it has changed is one comparison. What else an answer depends on is
part of the key, or was asked for by its handler, whose answer is then not kept: the time, the
origin of the request, its headers. Nothing is answered from here that would not be answered the
same way, byte for byte, by the operation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.types import Scope

from mockserver.http.exchange import Answer
from mockserver.state.sandbox import Sandbox

#: Sandbox, its seed, path, query, API key.
Key = tuple[str, int, bytes, bytes, bytes | None]
_MOST = 256  # answers, of all sandboxes together
_LARGEST = 64 * 1024  # bytes of one answer
#: What makes a call more than its key: other credentials, a body, a wish.
_MORE = frozenset({b"authorization", b"content-length", b"transfer-encoding", b"prefer"})


@dataclass(slots=True)
class Recalled:
    """An answer, who gave it, and the mark of the state that it was read from."""

    operation_id: str
    answer: Answer
    mark: object


class Recall:
    """The latest answers that last."""

    def __init__(self, *, most: int = _MOST, largest: int = _LARGEST) -> None:
        """Start without any; keep up to `most` answers of up to `largest` bytes."""
        self._most, self._largest = most, largest
        self._kept: dict[Key, Recalled] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, key: Key, sandbox: Sandbox) -> Recalled | None:
        """Return the answer of a call, if it was kept and is still right."""
        found = self._kept.get(key)
        return found if found is not None and found.mark is sandbox.root.mark else None

    def keep(self, key: Key, sandbox: Sandbox, operation_id: str, answer: Answer) -> None:
        """Keep an answer that lasts; the one that was kept first goes when there are too many."""
        if not answer.is_lasting or len(answer.body) > self._largest:
            return
        self._kept.pop(key, None)
        if len(self._kept) >= self._most:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = Recalled(operation_id, answer, sandbox.root.mark)


def key_of(scope: Scope, sandbox: Sandbox, headers: Mapping[bytes, bytes]) -> Key | None:
    """Return what the answer of a call is kept by; None for a call that is always made anew."""
    if scope["method"] != "GET" or not _MORE.isdisjoint(headers):
        return None
    query: bytes = scope["query_string"]
    return sandbox.name, sandbox.seed, scope["raw_path"], query, headers.get(b"x-api-key")
