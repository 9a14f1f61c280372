"""Files that commands write when they are asked to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click


def file_option(flag: str, text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return an option that names a file to write."""
    path = click.Path(dir_okay=False, path_type=Path)
    return click.option(flag, type=path, metavar="FILE", help=text)


def save(path: Path, content: bytes, failure: str) -> None:
    """Write a file.

    Raises:
        click.ClickException: it cannot be written; says `failure` and the reason.
    """
    try:
        path.write_bytes(content)
    except OSError as error:
        raise click.ClickException(f"{failure}: {error.strerror}") from None
