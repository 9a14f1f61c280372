"""moto's server with a bucket of objects of the measured sizes."""

from __future__ import annotations

import sys
import threading
import time
import urllib.request

from moto.server import ThreadedMotoServer  # type: ignore[import-not-found,unused-ignore] # a peer

SMALL, LARGE, ITEMS = 300, 100_000, 20


def main(port: int) -> None:
    """Serve until the process is ended."""
    ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False).start()
    _put(f"http://127.0.0.1:{port}/bench", b"")
    _put(f"http://127.0.0.1:{port}/bench/small", b"x" * SMALL)
    _put(f"http://127.0.0.1:{port}/bench/large", b"x" * LARGE)
    for number in range(ITEMS - 2):
        _put(f"http://127.0.0.1:{port}/bench/item-{number}", b"x")
    threading.Event().wait()


def _put(url: str, body: bytes) -> None:
    # The load is not signed; and what says it is a form is read as one.
    readable = {"x-amz-acl": "public-read", "Content-Type": "application/octet-stream"}
    request = urllib.request.Request(url, body, readable, method="PUT")  # noqa: S310 # our own server
    for _ in range(100):
        try:
            urllib.request.urlopen(request).close()  # noqa: S310 # as above
        except OSError:
            time.sleep(0.05)
        else:
            return


if __name__ == "__main__":
    main(int(sys.argv[1]))
