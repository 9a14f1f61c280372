"""The mock's own endpoint: a destination that needs no server, and fails on demand.

Everything sent to `https://sink.localhost/ANY/PATH` is answered here, without a network; what
arrived is in the inbox. `?status=500,200` answers the first attempt of each message with 500, and
every further one with 200.
"""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from mockserver.events.wire import Reply

_STATUSES = range(200, 600)


def answer(url: str, number: int) -> Reply:
    """Return the answer to an attempt.

    Args:
        url: where it was sent.
        number: which attempt of its message this is, from 1.
    """
    asked = parse_qs(urlsplit(url).query).get("status", ["200"])[-1].split(",")
    text = asked[min(number, len(asked)) - 1].strip()
    status = int(text) if text.isascii() and text.isdigit() else 0
    if status not in _STATUSES:
        return Reply(400, body=f"status={text!r} is none of 200 to 599".encode())
    return Reply(status)
