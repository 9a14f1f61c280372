"""Organizations, their invites, builders and billing: right calls, and what only they promise."""

from __future__ import annotations

from collections.abc import Mapping

from mockserver.conformance import callers
from mockserver.conformance.calls import Call, RightCalls
from mockserver.conformance.family import (
    Bound,
    Echo,
    Family,
    Mask,
    Place,
    Unique,
    Variant,
    anywhere,
    here,
    in_project,
    just,
    marked,
)
from mockserver.conformance.lab import Lab
from mockserver.conformance.right import right_calls
from mockserver.conformance.rules import Strength, Unreached
from mockserver.conformance.texts import free_text, padded


def org(lab: Lab, place: Place | None = None) -> str:
    """Return the id of the organization that a project belongs to.

    Raises:
        Unreached: the project does not tell it.
    """
    where = place or here(lab)
    project = lab.shared(
        f"project {where.name}",
        lambda lab: lab.need(Call("getProject", in_project(lab, where)), caller=where.caller),
    )
    if not isinstance(project, Mapping) or not isinstance(project.get("orgId"), str):
        raise Unreached("getProject tells no orgId")
    return str(project["orgId"])


def in_org(lab: Lab, place: Place) -> Mapping[str, str]:
    """Return the path of what lies directly below the organization of a project."""
    return {"orgId": org(lab, place)}


ORGS = Family(
    noun="organization",
    variants=(Variant("plain", lambda lab, _: Call("createOrg", body={"label": lab.name("Org")})),),
    create="createOrg",
    get="getOrg",
    update="updateOrg",
    path=anywhere,
    caller=callers.BEARER,
    has_neighbours=False,
    values="org",
    masks=(Mask("label", lambda lab: lab.name("Relabelled")),),
    bounds=(Bound("label", taken=(free_text, padded)),),
)


def _invite(lab: Lab, place: Place) -> Call:
    # Source: RFC 2606: nobody receives mail at example.com.
    body = {"email": f"{lab.name('guest')}@example.com"}
    return Call("createOrgInvite", in_org(lab, place), body=body)


INVITES = Family(
    noun="invite",
    variants=(Variant("plain", _invite),),
    create="createOrgInvite",
    lists=("listOrgInvites",),
    get="getOrgInvite",
    delete="deleteOrgInvite",
    path=in_org,
    has_neighbours=False,
    # Assumed: an address may be shown in lower case, so ours is.
    echo={"email": Echo("invitedEmail")},
    unique=(Unique("email", strength=Strength.INFERRED),),
    bounds=(
        Bound(
            "email",
            # In lower case, as it may be shown; the rest of an address is its owner's.
            taken=(lambda lab: f"{lab.name('a.b+tag')}@mail.example.com",),
        ),
        Bound(
            "email",
            refused=(
                just(""),
                marked("nobody"),
                lambda lab: f"{lab.name('two words')}@example.com",
                lambda lab: f"{lab.name('nobody')}@",
            ),
            strength=Strength.INFERRED,
        ),
    ),
    stays=True,
)

FAMILIES: tuple[Family, ...] = (ORGS, INVITES)
RIGHT: RightCalls = {
    **right_calls(ORGS),
    **right_calls(INVITES),
    "getOrg": lambda lab: Call("getOrg", {"orgId": org(lab)}),
    "listOrgBuilders": lambda lab: Call("listOrgBuilders", {"orgId": org(lab)}),
}
