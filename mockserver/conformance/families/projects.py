"""Projects: right calls, and what only projects promise."""

from __future__ import annotations

from mockserver.conformance import callers
from mockserver.conformance.calls import Call, RightCalls
from mockserver.conformance.families.orgs import org
from mockserver.conformance.family import (
    Bound,
    Echo,
    Family,
    Flag,
    Mask,
    Place,
    Spelling,
    Unique,
    Variant,
    anywhere,
    here,
    just,
    marked,
)
from mockserver.conformance.lab import Lab
from mockserver.conformance.right import right_calls
from mockserver.conformance.rules import Strength
from mockserver.conformance.texts import free_text, padded

_LONGEST = 128
_LOWER = Echo("name", lambda value: str(value).lower())


def _create(lab: Lab, _: Place) -> Call:
    name = lab.name("Project")
    body = {"name": name, "appName": f"App of {name}", "orgId": org(lab)}
    return Call("createProject", body=body)


def _longest(lab: Lab) -> str:
    return lab.name("Project").ljust(_LONGEST, "X")[:_LONGEST]


PROJECTS = Family(
    noun="project",
    variants=(Variant("plain", _create),),
    create="createProject",
    lists=("listProjects",),
    get="getProject",
    update="updateProject",
    path=anywhere,
    caller=callers.BEARER,
    has_neighbours=False,
    values="project",
    masks=(
        Mask("appName", lambda lab: lab.name("App")),
        Mask("name", lambda lab: lab.name("Renamed"), echo=_LOWER),
    ),
    echo={"name": _LOWER},
    flags=(Flag("getProject", "includeEntitlements", "entitlements"),),
    unique=(Unique("name", is_folded=True, is_global=True),),
    spellings=(
        Spelling(
            "name",
            {"getProject": Strength.PROMISED, "updateProject": Strength.PROMISED},
            is_folded=True,
        ),
    ),
    bounds=(
        Bound(
            "name",
            taken=(_longest, lambda lab: lab.name("UPPER-lower-0-9")),
            refused=(
                just("x"),
                lambda lab: f"-{lab.name('starts')}",
                lambda lab: f"{lab.name('ends')}-",
                marked("under_score"),
                marked("two words"),
                marked("dot.ted"),
                marked("p", _LONGEST + 1),
                just(""),
            ),
            on_update=Strength.INFERRED,
        ),
        Bound(
            "appName",
            taken=(free_text, padded, just("x"), just("x" * _LONGEST)),
            refused=(just(""), marked("app", _LONGEST + 1)),
            on_update=Strength.INFERRED,
        ),
    ),
)

FAMILIES: tuple[Family, ...] = (PROJECTS,)
#: Reads and updates are of the project that we work in: others can do with it what they need.
RIGHT: RightCalls = {
    **right_calls(PROJECTS),
    "getProject": lambda lab: Call("getProject", {"projectIdOrName": here(lab).project}),
}
