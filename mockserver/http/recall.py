"""Answers of reads, kept for as long as the state is the one that they were read from.

State is a value, so whether it has changed is one comparison. What else an answer depends on is
part of the key, or was asked for by its handler, whose answer is then not kept: the time, the
origin of the request, its headers. Nothing is answered from here that the operation would not
answer in the same way, byte for byte; of a refusal the time and the id are the request's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from starlette.types import Scope

from mockserver.http import problems
from mockserver.http.exchange import Answer, Exchange
from mockserver.journal.exchange import Refusal
from mockserver.state.sandbox import Sandbox

#: Sandbox, its seed, path, query, API key.
Key = tuple[str, int, bytes, bytes, bytes | None]
_MOST = 256  # answers, of all sandboxes together
_LARGEST = 64 * 1024  # bytes of one answer
_LONGEST = 2048  # bytes of one path with its query and its API key
#: What makes a call more than its key: other credentials, a body, a wish.
_MORE = frozenset({b"authorization", b"content-length", b"transfer-encoding", b"prefer"})


@dataclass(frozen=True, slots=True)
class Recalled:
    """An answer, who gave it, and the mark of the state that it was read from."""

    operation_id: str
    mark: object
    answer: Answer  # of a refusal: its body ends where the next one's is different
    refusal: Refusal | None
    rest: bytes | None  # of the body of a refusal

    def answer_to(self, exchange: Exchange) -> Answer:
        """Return the answer to another call like the first, and note what the first noted."""
        exchange.operation_id, exchange.refusal = self.operation_id, self.refusal
        if self.rest is None:
            return self.answer
        answer = self.answer
        body = answer.body + problems.particular(exchange) + self.rest
        return Answer(answer.status, answer.media_type, body, answer.headers)


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

    def keep(self, key: Key, exchange: Exchange, answer: Answer) -> None:
        """Keep an answer that lasts; the one that was kept first goes when there are too many."""
        if not answer.is_lasting or answer.status >= 500 or len(answer.body) > self._largest:
            return
        rest, kept = None, answer
        if exchange.refusal is not None and answer.media_type != "text/plain":
            parts = answer.body.split(problems.particular(exchange))
            if len(parts) != 2:
                return
            kept, rest = replace(answer, body=parts[0]), parts[1]
        self._kept.pop(key, None)
        self._kept[key] = Recalled(
            exchange.operation_id, exchange.sandbox.root.mark, kept, exchange.refusal, rest
        )
        if len(self._kept) > self._most:
            del self._kept[next(iter(self._kept))]


def key_of(scope: Scope, sandbox: Sandbox, headers: Mapping[bytes, bytes]) -> Key | None:
    """Return what the answer of a call is kept by; None for a call that is always made anew."""
    if scope["method"] != "GET" or not _MORE.isdisjoint(headers):
        return None
    path, query, api_key = scope["raw_path"], scope["query_string"], headers.get(b"x-api-key")
    if len(path) + len(query) + len(api_key or b"") > _LONGEST:
        return None
    return sandbox.name, sandbox.seed, path, query, api_key
