"""Finds the built page, and serves it on a port of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from tests.browser.chromium import find_browser

APP = Path(__file__).parent / "app"
BUILT = APP / "dist"
_SOURCES = ("index.html", "main.jsx", "vite.config.js", "package-lock.json")


def missing() -> str | None:
    """Tell what must still be done before anything here can be tested."""
    if find_browser() is None:
        return "THE REACT LIBRARY IS NOT TESTED: chromium is not here"
    if not (BUILT / "index.html").is_file():
        return "THE REACT LIBRARY IS NOT TESTED: its page is not built (make clients; needs node)"
    newest = max((APP / source).stat().st_mtime for source in _SOURCES)
    if newest > (BUILT / "index.html").stat().st_mtime:
        return "THE REACT LIBRARY IS NOT TESTED: its page is older than its source (make clients)"
    return None


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing: the browser's side of the story is recorded."""


@contextmanager
def serving_page() -> Iterator[str]:
    """Serve the built page on another port than the mock's; yield its origin."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=BUILT)) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
