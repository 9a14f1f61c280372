"""State lives in a sandbox, and time and chance in simulation: nowhere else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import PACKAGE, dotted, imports, named, room, tree

#: What a module may call to make the value of a constant: all of it immutable, or a table as data.
MAKERS = {
    "frozenset",
    "tuple",
    "object",
    "re.compile",
    "logging.getLogger",
    "TypeVar",
    "TypeVarTuple",
    "Path",
    "datetime",
    "range",
    "Principal",
    "Resource",
    "Masks",
    "_Absent",
    "ipaddress.IPv6Network",
    "click.IntRange",
    "click.option",
    # The referee's tables, and the pointers into the contract that they cite: text.
    "Call",
    "Crm",
    "Echo",
    "Family",
    "Kind",
    "citing.answer",
    "citing.body",
    "citing.described",
    "citing.parameter",
    "right_calls",
}
_CONSTANT = re.compile(r"_?[A-Z][A-Z0-9_]*")
_TYPE = re.compile(r"_?[A-Z][A-Za-z0-9]*")
#: Measures how long something takes: `time.monotonic` and `time.sleep`. What the hour is it does
#: not ask: the linter bans those calls everywhere.
DURATIONS = {"pace.py"}
#: Annotations that let nobody change what the name stands for.
_READ_ONLY = re.compile(
    r"(Mapping|Record|RightCalls|Sequence|Callable|frozenset|tuple|str|int|Final)\b"
)
_MUTABLE = (ast.Dict, ast.List, ast.Set, ast.DictComp, ast.ListComp, ast.SetComp)
#: Module attributes that Python or a logger asks for.
_GIVEN = {"__all__", "__version__", "log"}
_CLOCKS = {"now", "today", "utcnow"}
_CHANCE = ("random", "time", "uuid.uuid1", "uuid.uuid4", "faker", "os.urandom")


@pytest.mark.parametrize("path", PACKAGE, ids=named)
def test_a_module_keeps_no_state(path: Path):
    assert list(mutable_state(tree(path))) == []


@pytest.mark.parametrize("path", PACKAGE, ids=named)
def test_time_and_chance_come_from_simulation(path: Path):
    if room(path) != "simulation" and path.name not in DURATIONS:
        assert list(time_and_chance(tree(path))) == []


@pytest.mark.parametrize(
    "source",
    [
        "CACHE = {}",
        "seen: set[str] = set()",
        "_names = []",
        "TABLE = dict(a=1)",
        "TABLE = Anything()",
        "def f():\n    global x\n    x = 1",
        "from functools import cache\n@cache\ndef f(key): ...",
        "import a\na.b = 1",
        "if True:\n    ROWS = []",
    ],
)
def test_these_would_be_noticed_as_state(source: str):
    assert list(mutable_state(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        "NAMES = ('a', 'b')",
        "from x import Mapping\nTABLE: Mapping[str, int] = {'a': 1}",
        "Name = str | None",
        "from functools import cache\n@cache\ndef f(): ...",
    ],
)
def test_these_are_no_state(source: str):
    assert list(mutable_state(ast.parse(source))) == []


@pytest.mark.parametrize(
    "source",
    ["import random", "from time import time", "from uuid import uuid4", "datetime.now()"],
)
def test_these_would_be_noticed_as_time_or_chance(source: str):
    assert list(time_and_chance(ast.parse(source)))


def mutable_state(module: ast.Module) -> Iterator[str]:
    """Yield what in a module could change while it runs."""
    for statement in _top_level(module.body):
        if isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
            yield from _assigned(statement)
    for node in ast.walk(module):
        if isinstance(node, ast.Global):
            yield f"line {node.lineno}: global"
        if isinstance(node, ast.FunctionDef) and _takes_anything(node):
            cached = [d for d in node.decorator_list if "cache" in ast.unparse(d).split("(")[0]]
            if cached and "property" not in ast.unparse(cached[0]):
                yield f"line {node.lineno}: a cache with keys"


def _top_level(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that run when a module is imported."""
    for node in body:
        yield node
        if isinstance(node, ast.If | ast.With | ast.Try | ast.For):
            yield from _top_level([*node.body, *getattr(node, "orelse", [])])


def _takes_anything(function: ast.FunctionDef) -> bool:
    return bool(function.args.args or function.args.kwonlyargs or function.args.posonlyargs)


def _assigned(node: ast.Assign | ast.AnnAssign | ast.AugAssign) -> Iterator[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    annotation = ast.unparse(node.annotation) if isinstance(node, ast.AnnAssign) else ""
    for target in targets:
        name = ast.unparse(target)
        if name in _GIVEN:
            continue
        if not (_CONSTANT.fullmatch(name) or _TYPE.fullmatch(name)):
            yield f"line {node.lineno}: {name} is no name of a constant"
        elif not _READ_ONLY.match(annotation) and _is_changeable(node.value):
            yield f"line {node.lineno}: {name} can be changed"


def _is_changeable(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Call):
        return dotted(value.func) not in MAKERS
    return isinstance(value, _MUTABLE)


def time_and_chance(module: ast.Module) -> Iterator[str]:
    """Yield where a module asks for the time of the machine, or for randomness."""
    for name, line in imports(module):
        if any(name == banned or name.startswith(f"{banned}.") for banned in _CHANCE):
            yield f"line {line}: {name}"
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = dotted(node.func.value).split(".")[-1]
            if node.func.attr in _CLOCKS and owner in {"datetime", "date"}:
                yield f"line {node.lineno}: {owner}.{node.func.attr}()"
