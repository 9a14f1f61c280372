"""How wide lists may be: as wide as the terminal; as wide as it takes when nobody looks."""

from __future__ import annotations

import os
import shutil
import sys

from rich.console import Console
from rich.text import Text


def width() -> int | None:
    """Return the width in columns, or None when the output goes to a file or a pipe."""
    if sys.stdout.isatty() or "COLUMNS" in os.environ:
        return shutil.get_terminal_size().columns
    return None


def show(lines: list[Text]) -> None:
    """Print lines as they are: the caller has broken them."""
    console = Console(soft_wrap=True, highlight=False)
    for line in lines:
        console.print(line)


def fill(pieces: list[str], joint: str, limit: int | None) -> list[str]:
    """Join pieces to lines of at most `limit` columns; a piece is never broken."""
    lines: list[str] = []
    for number, piece in enumerate(pieces):
        following = piece + (joint if number < len(pieces) - 1 else "")
        if lines and (limit is None or len((lines[-1] + following).rstrip()) <= limit):
            lines[-1] += following
        else:
            lines.append(following)
    return [line.rstrip() for line in lines]
