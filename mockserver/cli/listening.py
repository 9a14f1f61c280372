"""The socket that a command listens on."""

from __future__ import annotations

import socket

import click


def listen(host: str, port: int) -> socket.socket:
    """Open a listening socket; port 0 takes a free one.

    Raises:
        click.ClickException: the address cannot be listened on.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or str(error)
        hint = "" if isinstance(error, socket.gaierror) else "; try --port 0"
        raise click.ClickException(f"cannot listen on {host}:{port}: {reason}{hint}") from None
    return listener


def shown_host(host: str) -> str:
    """Return a host as it stands in an address that can be opened on this machine."""
    if host in {"0.0.0.0", "::", ""}:  # noqa: S104 # compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
