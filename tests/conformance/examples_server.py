"""A stand-in for mocks that answer each call with the example of its success, and keep nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from mockserver.conformance.shapes.samples import sample
from mockserver.contract.contract import Contract
from mockserver.contract.operations import Operation
from mockserver.pointers import resolve


class Examples:
    """What a static mock answers, like Prism: by method and path, whatever was sent."""

    def __init__(self, contract: Contract) -> None:
        operations = sorted(contract.operations.values(), key=lambda one: one.path.count("{"))
        self._contract = contract
        self._routes = [(one, re.compile(_pattern(one.path))) for one in operations]

    def answer(self, method: str, path: str) -> tuple[int, str, bytes]:
        """Return status, media type and body."""
        for operation, pattern in self._routes:
            if operation.method == method and pattern.fullmatch(path):
                return self._example(operation)
        return 404, "application/problem+json", b'{"title": "Route not resolved", "status": 404}'

    def _example(self, operation: Operation) -> tuple[int, str, bytes]:
        success = operation.success
        content = success.content
        if content is None or content.schema_pointer is None:
            return int(success.status), "", b""
        body = self._of_media_type(content.schema_pointer)
        if not content.media_type.endswith("json"):
            return int(success.status), content.media_type, str(body).encode()
        return int(success.status), content.media_type, json.dumps(body, default=str).encode()

    def _of_media_type(self, schema_pointer: str) -> Any:
        document = self._contract.document
        above = resolve(document, schema_pointer.removesuffix("/schema"))
        if "example" in above:
            return above["example"]
        for example in above.get("examples", {}).values():
            return example["value"]
        return sample(document, schema_pointer, whole=True)


def _pattern(path: str) -> str:
    parts = re.split(r"\{\w+\}", path)
    return "[^/]+".join(re.escape(part) for part in parts)


@contextmanager
def serving_examples(contract: Contract) -> Iterator[str]:
    """Serve the examples of a contract on a port of its own; yield the URL."""
    examples = Examples(contract)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("content-length") or 0))
            status, media_type, body = examples.answer(self.command, urlsplit(self.path).path)
            self.send_response(status)
            if media_type:
                self.send_header("Content-Type", media_type)
            if status != 204:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # its names

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
