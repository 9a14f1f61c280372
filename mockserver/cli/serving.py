"""The server of `mockserver serve`: how it listens, and how it ends."""

from __future__ import annotations

import signal
import ssl
from socket import socket
from types import FrameType

import click
import uvicorn

from mockserver.app import Mock
from mockserver.settings import Settings


class Server(uvicorn.Server):
    """Ends when it is told to, at once when it is told twice."""

    def __init__(self, config: uvicorn.Config, mock: Mock) -> None:
        """Serve a mock, whose control plane may end the server too."""
        super().__init__(config)
        self.ending = mock.ending
        self.ending.stop = self.stop
        self.feed = mock.observed.feed

    def stop(self) -> None:
        """Take no more requests, finish what is under way, and end."""
        self.should_exit = True

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 # its shape is the interpreter's
        """Stop; on a second signal, wait for nothing any more."""
        if self.should_exit:
            self.force_exit = True
            self.ending.hurry()
        self.stop()

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """End streams, which would not end by themselves, then all that is under way.

        The application ends too, which uvicorn leaves out for those in a hurry.
        """
        self.feed.close()
        await super().shutdown(sockets)
        if self.force_exit:
            await self.lifespan.shutdown()


def build(mock: Mock) -> Server:
    """Return a server of a mock; it ends cleanly on SIGINT and SIGTERM from now on."""
    settings = mock.settings
    config = uvicorn.Config(
        mock.asgi,
        http=mock.breakable_protocol(),
        ws="none",
        proxy_headers=False,  # --public-url tells what the mock is called from outside
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="on",
        timeout_graceful_shutdown=5,
        ssl_certfile=settings.tls_cert or None,
        ssl_keyfile=settings.tls_key or None,
    )
    server = Server(config, mock)
    # From before the banner on: whoever reads it may stop the server before it has started. An
    # exception would do, but for the callbacks of the interpreter, which swallow it.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, server.handle_exit)
    return server


def check_tls(settings: Settings) -> None:
    """See that the certificate can be served.

    Raises:
        click.ClickException: it cannot; says which file and why.
    """
    if not settings.tls_cert:
        if settings.tls_key:
            raise click.ClickException("--tls-key needs --tls-cert, the certificate of the key")
        return
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shown = " and ".join(filter(None, (settings.tls_cert, settings.tls_key)))
    try:
        # Without a password given, OpenSSL would ask the terminal for it.
        context.load_cert_chain(settings.tls_cert, settings.tls_key or None, lambda: "")
    except ssl.SSLError as error:
        raise click.ClickException(_reason(shown, error)) from None
    except OSError as error:
        raise click.ClickException(f"cannot read {shown}: {error.strerror}") from None


def _reason(shown: str, error: ssl.SSLError) -> str:
    said = (error.reason or "").replace("_", " ").lower()
    why = f" ({said})" if said else ""
    return f"{shown}: no certificate in PEM with its own key, unencrypted{why}"


def report(server: Server) -> None:
    """Say how the server ended, and what it left undone."""
    for left in server.ending.left:
        click.echo(str(left), err=True)
    click.echo("stopped" if not server.force_exit else "stopped at once")
