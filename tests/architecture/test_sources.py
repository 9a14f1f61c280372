"""A rule that refuses something says where it comes from."""

from __future__ import annotations

import ast
import builtins
from pathlib import Path

import pytest

from tests.architecture.sources import PACKAGE, dotted, named, room, tree

ROOMS = {"resources", "rules"}
DECIDING = [path for path in PACKAGE if room(path) in ROOMS]


@pytest.mark.parametrize("path", DECIDING, ids=named)
def test_a_module_that_refuses_names_its_source_or_says_that_it_assumes(path: Path):
    text = path.read_text(encoding="utf-8")

    if refuses(tree(path)):
        assert "Source:" in text or "Assumed:" in text


def test_a_good_part_of_the_rules_refuses_something():
    assert sum(refuses(tree(path)) for path in DECIDING) >= 10


def refuses(module: ast.Module) -> bool:
    """Tell whether a module raises a refusal of its own; Python's own errors are none."""
    raised = [node.exc for node in ast.walk(module) if isinstance(node, ast.Raise)]
    calls = {dotted(error.func) for error in raised if isinstance(error, ast.Call)}
    return any(name and not hasattr(builtins, name) for name in calls)
