"""Transports for clients of httpx. A client may be closed as often as one likes."""

from __future__ import annotations

import httpx

from mockserver.testing.exchanges import Asked, Door


class InProcess(httpx.BaseTransport):
    """Hands requests to a mock in this process, whatever host they are for."""

    def __init__(self, door: Door) -> None:
        """Take the mock."""
        self._door = door

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the answer to a request.

        Raises:
            httpx.ReadError: the mock reset the connection.
            httpx.RemoteProtocolError: the mock broke the connection.
        """
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        headers = [
            (name.lower(), value)
            for name, value in request.headers.raw
            if name.lower() not in {b"host", b"content-length", b"transfer-encoding"}
        ]
        asked = Asked(request.method, path, query, headers, request.read())
        try:
            answered = self._door.send(asked)
        except ConnectionResetError as reset:
            raise httpx.ReadError(str(reset), request=request) from None
        except ConnectionError as broken:
            raise httpx.RemoteProtocolError(str(broken), request=request) from None
        return httpx.Response(
            answered.status,
            headers=list(answered.headers),
            stream=httpx.ByteStream(answered.body),
            request=request,
        )


class Lent(httpx.BaseTransport):
    """Sends requests over connections that others use too."""

    def __init__(self, transport: httpx.BaseTransport) -> None:
        """Take the transport that has the connections."""
        self._transport = transport

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the answer to a request."""
        return self._transport.handle_request(request)
