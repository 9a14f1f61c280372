"""The Python files of the house, and their syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = sorted((ROOT / "mockserver").rglob("*.py"))
HOUSE = [
    *PACKAGE,
    *sorted(p for p in (ROOT / "tests").rglob("*.py") if "node_modules" not in p.parts),
]


def named(path: Path) -> str:
    """Return how a file is called in the name of a test."""
    return path.relative_to(ROOT).as_posix()


def room(path: Path) -> str:
    """Return the room of a file of the package, e.g. `rules`; its own name at the top."""
    return path.relative_to(ROOT / "mockserver").parts[0].removesuffix(".py")


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def dotted(node: ast.expr) -> str:
    """Return `a.b.c` for an expression that is such a name, else nothing."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def imports(module: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield every imported name in full, with its line."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)
