"""What is true of a noun, as data: every generic law reads these tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mockserver.conformance import callers
from mockserver.conformance.calls import Call
from mockserver.conformance.rules import Strength

if TYPE_CHECKING:
    from mockserver.conformance.lab import Lab

#: Makes a value that is new in every run where it must be.
Maker = Callable[["Lab"], Any]


#: What names must not hold that may have letters, digits and dashes only.
NOT_A_NAME = ("under_score", "two words", "dot.ted", "späte", "a/b")


def marked(text: str, length: int = 0) -> Maker:
    """Return a maker of names with a text in them, filled up to a length.

    They carry the mark of the run: were one wrongly taken, it would be known as ours.
    """
    return lambda lab: lab.name(text).ljust(length, "x")


def just(value: Any) -> Maker:
    """Return a maker of the same value every time."""
    return lambda _: value


@dataclass(frozen=True, slots=True)
class Place:
    """A project, and the caller that works in it."""

    project: str  # as it goes into a path
    caller: str | None = None  # None: for each operation the caller that it is for
    name: str = "here"


def here(lab: Lab) -> Place:
    """Return the project that we work in."""
    return Place(lab.project.given)


def there(lab: Lab) -> Place:
    """Return the neighbour project, seen with its own key.

    Raises:
        Unreached: the target has none.
    """
    return Place(lab.neighbour.given, callers.NEIGHBOUR_KEY, "there")


@dataclass(frozen=True, slots=True)
class Variant:
    """One kind of right body of the create call; `call` makes the parents that it names."""

    name: str
    call: Callable[[Lab, Place], Call]


@dataclass(frozen=True, slots=True)
class Echo:
    """Where an answer shows a value of a request, when not under the same name."""

    shown: str | None  # path in the record, dots between; None: never shown
    normal: Callable[[Any], Any] = lambda value: value  # what the contract makes of the value


@dataclass(frozen=True, slots=True)
class Mask:
    """One path that an update may name."""

    path: str  # as updateMask says it: dots between, `\\.` for a dot within a name
    value: Maker
    variant: str = ""  # of which variant of records; empty: the first
    echo: Echo | None = None  # None: shown as it is, at the same path
    falsy: tuple[Any, ...] = ()  # right values that are easily taken for none

    @property
    def shown(self) -> str | None:
        """Where a record shows the value; None when it never does."""
        return self.path if self.echo is None else self.echo.shown

    def normal(self, value: Any) -> Any:
        """Return what a record shows for `value`."""
        return value if self.echo is None else self.echo.normal(value)


@dataclass(frozen=True, slots=True)
class Filter:
    """A query parameter of a list that narrows it."""

    parameter: str
    field: str  # path in the record, dots between
    #: Boolean filters: true keeps the records whose field is true, false keeps all.
    only_true: bool = False
    is_open: bool = True  # any text may be asked for; otherwise only the contract's enum
    is_free: bool = True  # a create call may set the field alone
    lists: tuple[str, ...] = ()  # where it is held; empty: every list that takes it

    def of(self, record: Any) -> str | None:
        """Return how a query asks for what a record has; None when it has nothing."""
        value = at(record, self.field)
        if isinstance(value, bool):
            return "true" if value else "false"
        return value if isinstance(value, str) else None

    def keeps(self, wanted: str, record: Any) -> bool:
        """Tell whether a record belongs into the list that was asked for with `wanted`."""
        value = at(record, self.field)
        if self.only_true:
            return wanted != "true" or value is True
        return bool(value == wanted)


@dataclass(frozen=True, slots=True)
class Flag:
    """A boolean query parameter of a read that adds something to the answer."""

    operation_id: str
    parameter: str
    shown: str  # path in the record that is there exactly when it was asked for
    variant: str = ""
    strength: Strength = Strength.PROMISED


@dataclass(frozen=True, slots=True)
class Unique:
    """A field whose value no two records of a scope may share."""

    field: str  # in the body of the create call
    cites: str = ""  # JSON pointer of the text that says so; empty: that of the field
    statuses: frozenset[int] = frozenset({400, 409, 422})
    is_folded: bool | None = None  # compared without regard to case; None: nobody says
    is_global: bool = False  # across projects too
    strength: Strength = Strength.PROMISED


@dataclass(frozen=True, slots=True)
class Spelling:
    """Another way to name a record in a path."""

    field: str  # of the record, e.g. `name`
    operations: Mapping[str, Strength]  # operationId -> how well founded it is there
    is_folded: bool = False  # upper and lower case are the same


@dataclass(frozen=True, slots=True)
class Bound:
    """Values at the edge of what a field takes, by the contract's text."""

    field: str  # in the body of the create call, dots between
    taken: tuple[Maker, ...] = ()
    refused: tuple[Maker, ...] = ()
    #: How well founded the same bounds are for an update of that path; None: not at all.
    on_update: Strength | None = None
    variant: str = ""
    cites: str = ""  # JSON pointer of the text; empty: that of the field in the body
    strength: Strength = Strength.PROMISED


@dataclass(frozen=True, slots=True)
class Reference:
    """A field of the create call that names a record of another noun."""

    field: str
    noun: str
    strength: Strength = Strength.INFERRED


@dataclass(frozen=True, slots=True)
class Cascade:
    """Records of another noun that go when a record goes."""

    noun: str
    field: str  # of the other noun: holds the id of the record
    strength: Strength = Strength.INFERRED


def in_project(_: Lab, place: Place) -> Mapping[str, str]:
    """Return the path of what lies directly below a project."""
    return {"projectIdOrName": place.project}


def anywhere(_: Lab, __: Place) -> Mapping[str, str]:
    """Return the path of what lies below nothing."""
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One noun: its operations, and what the contract says of its fields."""

    noun: str  # "topic"
    variants: tuple[Variant, ...]  # the first is the one that most laws use
    create: str
    lists: tuple[str, ...] = ()
    get: str | None = None
    update: str | None = None
    delete: str | None = None
    key: str = "id"  # field of a record that is its id
    made: str = ""  # field of the create call's answer that is the id; empty: as `key`
    found_by: str = "name"  # field of body and record, when the create call answers nothing
    path: Callable[[Lab, Place], Mapping[str, str]] = in_project
    caller: str | None = None  # who works with it in our project; None: as each operation says
    has_neighbours: bool = True  # records can be made in the neighbour project too
    values: str = ""  # key of the update's body that holds new values; empty: the body itself
    masks: tuple[Mask, ...] = ()
    shorthands: tuple[str, ...] = ()  # masks that known clients send and no text lists
    echo: Mapping[str, Echo] = field(default_factory=dict)  # fields not shown as they are sent
    secrets: tuple[str, ...] = ()  # paths in the create body whose values are never shown
    secret_names: tuple[str, ...] = ()  # properties that no answer may have
    filters: tuple[Filter, ...] = ()
    flags: tuple[Flag, ...] = ()
    unique: tuple[Unique, ...] = ()
    spellings: tuple[Spelling, ...] = ()
    bounds: tuple[Bound, ...] = ()
    references: tuple[Reference, ...] = ()
    cascades: tuple[Cascade, ...] = ()
    drifts: tuple[str, ...] = ()  # paths that the target moves by itself; nobody compares them
    stays: bool = False  # delete withdraws: the record can still be read
    #: (noun, id) of what goes along when a record of this noun is deleted.
    drags: Callable[[Mapping[str, Any]], tuple[tuple[str, str], ...]] = lambda _: ()
    moves: tuple[str, ...] = ()  # paths that an update may move besides updateTime
    may_repeat: bool = True  # the same body twice makes two, where nothing is unique

    @property
    def is_masked(self) -> bool:
        """Whether the update takes an updateMask."""
        return bool(self.values)

    def variant(self, name: str = "") -> Variant:
        """Return a variant by name; empty: the first."""
        return next(v for v in self.variants if name in {"", v.name})

    def mask(self, path: str) -> Mask | None:
        """Return the mask of a path, or None."""
        return next((mask for mask in self.masks if mask.path == path), None)


def steps(path: str) -> list[str]:
    r"""Split a path at its dots; `\.` is a dot within a name."""
    marked = path.replace("\\.", "\0")
    return [step.replace("\0", ".") for step in marked.split(".")]


def at(record: Any, path: str) -> Any:
    """Return what stands at a path of a record; None when nothing does."""
    for step in steps(path):
        record = record.get(step) if isinstance(record, Mapping) else None
    return record


def with_value(record: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Return a copy of a record with another value at a path."""
    head, *rest = steps(path)
    if rest:
        inner = record.get(head)
        below = ".".join(step.replace(".", "\\.") for step in rest)
        value = with_value(inner if isinstance(inner, Mapping) else {}, below, value)
    return {**record, head: value}


def without_value(record: Mapping[str, Any], path: str) -> dict[str, Any]:
    """Return a copy of a record with nothing at a path."""
    head, *rest = steps(path)
    kept = dict(record)
    if not rest:
        kept.pop(head, None)
    elif isinstance(kept.get(head), Mapping):
        below = ".".join(step.replace(".", "\\.") for step in rest)
        kept[head] = without_value(kept[head], below)
    return kept
