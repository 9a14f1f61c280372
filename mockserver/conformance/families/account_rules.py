"""What projects, organizations and the people in them promise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from mockserver.conformance import callers
from mockserver.conformance.attempts import each
from mockserver.conformance.calls import Call
from mockserver.conformance.comparison import body_of
from mockserver.conformance.expect import INVALID, same
from mockserver.conformance.families.orgs import INVITES, org
from mockserver.conformance.families.people import outsider
from mockserver.conformance.families.projects import PROJECTS
from mockserver.conformance.families.topics import TOPICS
from mockserver.conformance.family import Place
from mockserver.conformance.lab import Lab
from mockserver.conformance.laws.creating import read_project, shared
from mockserver.conformance.laws.expect import HIDDEN, granted, refused
from mockserver.conformance.rules import Broken, Rule, Strength, Unreached
from mockserver.conformance.things import Thing, make

_P = "/paths/~1projects~1{projectIdOrName}"
_ORG = "/paths/~1orgs~1{orgId}"
_STATUS = "/components/schemas/Invite/properties/status/description"


def read(lab: Lab, call: Call, caller: str | None = None) -> Any:
    """Send a read that must be granted; return its answer without what the contract lacks.

    Raises:
        Broken: it was refused.
    """
    return body_of(lab.contract, granted(lab.make(call, caller=caller)))


def _lists_what_it_reaches(lab: Lab) -> None:
    """Hold that a key's list has its project once, and only projects that the key can read."""
    own = read_project(lab)
    listed = read(lab, Call("listProjects"), callers.KEY)
    number = sum(isinstance(entry, Mapping) and entry.get("id") == own["id"] for entry in listed)
    if number != 1:
        raise Broken(f"listProjects shows our project {number} times, not once")
    shown = read(lab, Call("getProject", {"projectIdOrName": own["id"]}), callers.KEY)
    entry = next(entry for entry in listed if entry.get("id") == own["id"])
    same(shared(shown, entry), shared(entry, shown), "listProjects")

    def attempt(entry: Mapping[str, Any]) -> None:
        call = Call("getProject", {"projectIdOrName": str(entry["id"])})
        granted(lab.make(call, caller=callers.KEY), "getProject of what listProjects shows")

    each([entry for entry in listed if isinstance(entry, Mapping)][:20], attempt)


def _hides_other_projects(lab: Lab) -> None:
    """Hold that a key whose reads of the neighbour are refused does not see it in the list."""
    there = Call("getProject", {"projectIdOrName": lab.neighbour.given})
    if lab.make(there, caller=callers.KEY).answer.is_success:
        raise Unreached("our key reads the neighbour project, too")
    theirs = read(lab, there, callers.NEIGHBOUR_KEY)
    listed = read(lab, Call("listProjects"), callers.KEY)
    if any(isinstance(entry, Mapping) and entry.get("id") == theirs["id"] for entry in listed):
        raise Broken("listProjects shows a project that the credential cannot access")


def _by_id_and_by_name(lab: Lab) -> None:
    own = read_project(lab)
    for text in (own["id"], own["name"]):
        shown = read(lab, Call("getProject", {"projectIdOrName": text}))
        same(own["id"], shown.get("id"), "the id of a project")


def _unknown_org(lab: Lab) -> None:
    name = lab.name("project")
    body = {"name": name, "appName": name, "orgId": lab.absent()}
    exchange = lab.make(Call("createProject", body=body))
    refused(exchange, HIDDEN | INVALID, "a project of an organization that is not there")


def _children_follow(lab: Lab) -> None:
    """Rename a project: what lies in it is found by the new name, and by the old one not."""
    project = make(lab, PROJECTS)
    old = str(project.record()["name"])
    topic = make(lab, TOPICS, Place(old, callers.BEARER))
    new = lab.name("renamed").lower()
    granted(project.change({"name": new}))
    moved = topic.shelf.beside(Place(new, callers.BEARER))
    if not moved.found(topic.id):
        raise Broken("a topic is not listed under the new name of its project")
    exchange = topic.shelf.listing()
    refused(exchange, HIDDEN | INVALID, "listTopics under the old name of a project")


def _starts_empty(lab: Lab) -> None:
    """Hold that nobody else's topics are in a new project."""
    project = make(lab, PROJECTS)
    place = Place(project.id, callers.BEARER)
    for operation in ("listTopics", "listDestinations", "listConnections", "listIntegrations"):
        shown = read(lab, Call(operation, {"projectIdOrName": place.project}), place.caller)
        if shown != []:
            raise Broken(f"{operation} of a new project is not empty")


def _withdrawn(lab: Lab) -> Thing:
    thing = make(lab, INVITES)
    if thing.record().get("status") != "pending":
        raise Broken("a new invite is not pending", pointer="/status")
    granted(thing.delete(), "revoking a pending invite")
    return thing


def _is_pending(lab: Lab) -> None:
    record = make(lab, INVITES).record()
    for name, value in (("status", "pending"), ("parentType", "org"), ("parentId", org(lab))):
        if record.get(name) != value:
            told = f"a new invite's {name} is {record.get(name)!r}, not {value!r}"
            raise Broken(told, pointer=f"/{name}")


def _is_revoked(lab: Lab) -> None:
    """Hold that a revoked invite is not pending any more, wherever it is still shown."""
    thing = _withdrawn(lab)
    exchange = thing.shelf.get(thing.id)
    shown = [exchange.json] if exchange.answer.is_success else []
    for record in (*shown, *thing.shelf.found(thing.id)):
        if record.get("status") != "revoked":
            told = f"a revoked invite is {record.get('status')!r}"
            raise Broken(told, pointer="/status")


def _stays_readable(lab: Lab) -> None:
    thing = _withdrawn(lab)
    granted(thing.shelf.get(thing.id), "reading a revoked invite")


def _not_revoked_twice(lab: Lab) -> None:
    thing = _withdrawn(lab)
    refused(thing.delete(), HIDDEN | INVALID, "revoking an invite again")


def _frees_the_address(lab: Lab) -> None:
    thing = _withdrawn(lab)
    exchange = lab.make(thing.call)
    granted(exchange, "inviting an address whose invite was revoked")


def _accepted(lab: Lab) -> None:
    """Accept an invite: it is accepted, once, and cannot be revoked then."""
    thing, other = make(lab, INVITES), make(lab, INVITES)
    before = other.record()
    call = Call("acceptInvite", body={"invitedEmail": thing.call.body["email"]})
    who = body_of(lab.contract, granted(lab.make(call), "accepting an invite"))
    same(read(lab, Call("getMyInfo")), who, "what acceptInvite answers and my-info")
    status = thing.record().get("status")
    if status != "accepted":
        raise Broken(f"an accepted invite is {status!r}", pointer="/status")
    refused(lab.make(call), HIDDEN | INVALID | {409, 410}, "accepting an invite again")
    refused(thing.delete(), HIDDEN | INVALID, "revoking an accepted invite")
    same(before, other.record(), "another invite")


def _revoked_is_not_accepted(lab: Lab) -> None:
    thing = _withdrawn(lab)
    call = Call("acceptInvite", body={"invitedEmail": thing.call.body["email"]})
    refused(lab.make(call), HIDDEN | INVALID | {409, 410}, "accepting a revoked invite")
    nobody = Call("acceptInvite", body={"invitedEmail": f"{lab.name('nobody')}@example.com"})
    refused(lab.make(nobody), HIDDEN | INVALID | {409, 410}, "accepting what was never sent")


def _knows_itself(lab: Lab) -> None:
    """Hold my-info against the organization and the project that it names."""
    info = read(lab, Call("getMyInfo"))
    same(info, read(lab, Call("getMyInfo")), "a second my-info")
    own = read_project(lab)
    role = info["projectRoles"].get(own["id"])
    if role is not None:
        shown = read(lab, Call("getProject"), callers.BEARER)
        same(shared(shown, role["project"]), shared(role["project"], shown), "my-info's project")
    for identifier, one in info["projectRoles"].items():
        if one["project"]["id"] != identifier:
            raise Broken("a project role is filed under another project's id")
    if "orgRole" in info and info["orgRole"]["org"]["id"] == org(lab):
        _check_membership(lab, info)


def _check_membership(lab: Lab, info: Mapping[str, Any]) -> None:
    shown = read(lab, Call("getOrg", {"orgId": org(lab)}), callers.BEARER)
    told = info["orgRole"]["org"]
    same(shared(shown, told), shared(told, shown), "my-info's organization")
    builders = read(lab, Call("listOrgBuilders", {"orgId": org(lab)}), callers.BEARER)
    own = [one for one in builders if one["id"] == info["builder"]["id"]]
    if len(own) != 1:
        raise Broken(f"listOrgBuilders shows the caller {len(own)} times, not once")
    same(info["builder"], own[0], "the caller in listOrgBuilders")


def _member_already(lab: Lab) -> None:
    """Add who is in the organization already, nobody, and to no organization."""
    me = read(lab, Call("getMyInfo"))["builder"]["id"]
    members = [one["id"] for one in read(lab, Call("listOrgBuilders", {"orgId": org(lab)}))]
    if me not in members:
        raise Unreached("the bearer is not in the organization of the project")
    add = Call("addUserToOrg", {"orgId": org(lab)}, body={"builderId": me})
    refused(lab.make(add), INVALID, "adding a member again")
    nobody = Call("addUserToOrg", {"orgId": org(lab)}, body={"builderId": lab.absent()})
    refused(lab.make(nobody), HIDDEN | INVALID, "adding a builder who is not there")
    nowhere = Call("addUserToOrg", {"orgId": lab.absent()}, body={"builderId": me})
    refused(lab.make(nowhere), HIDDEN, "adding somebody to an organization that is not there")
    after = [one["id"] for one in read(lab, Call("listOrgBuilders", {"orgId": org(lab)}))]
    same(sorted(members), sorted(after), "the members after refused additions")


def _joins(lab: Lab) -> None:
    """Add a builder, and find them among those of the organization, and once."""
    add = outsider(lab)
    granted(lab.make(add))
    ids = [one["id"] for one in read(lab, Call("listOrgBuilders", add.path), callers.BEARER)]
    number = ids.count(add.body["builderId"])
    if number != 1:
        raise Broken(f"listOrgBuilders shows who was added {number} times, not once")


def _absent_org(operation_id: str, lab: Lab) -> None:
    body: Any = {"email": f"{lab.name('guest')}@example.com"}
    call = Call(operation_id, {"orgId": lab.absent()})
    call = replace(call, body=body) if operation_id == "createOrgInvite" else call
    refused(lab.make(call), HIDDEN, f"{operation_id} of an organization that is not there")


_OF_ORG: Mapping[str, str] = {
    "getOrg": f"{_ORG}/get/parameters/0/description",
    "listOrgBuilders": f"{_ORG}~1builders/get/parameters/0/description",
    "listOrgInvites": f"{_ORG}~1invites/get/parameters/0/description",
    "createOrgInvite": f"{_ORG}~1invites/post/parameters/0/description",
    "listOrgClaimedDomains": f"{_ORG}~1claimed-domains/get/parameters/0/description",
}


def _rules() -> tuple[Rule, ...]:
    inferred = Strength.INFERRED
    listing = "/paths/~1projects/get/description"
    making = "/paths/~1projects/post"
    accepting = "/paths/~1invites:accept/post"
    return (
        Rule("listProjects", "shows-what-the-key-reaches", listing, _lists_what_it_reaches),
        Rule(
            "listProjects",
            "hides-other-projects",
            listing,
            _hides_other_projects,
            needs=frozenset({"neighbour"}),
        ),
        Rule("getProject", "by-id-and-by-name", f"{_P}/get/description", _by_id_and_by_name),
        Rule("createProject", "orgId-must-be-there", f"{making}/description", _unknown_org),
        Rule("createProject", "starts-empty", f"{making}/description", _starts_empty),
        Rule("updateProject", "children-follow", f"{_P}/patch/description", _children_follow),
        Rule("createOrgInvite", "is-pending", _STATUS, _is_pending),
        Rule("deleteOrgInvite", "is-revoked", _STATUS, _is_revoked),
        Rule("deleteOrgInvite", "stays-readable", _STATUS, _stays_readable, inferred),
        Rule("deleteOrgInvite", "not-twice", _STATUS, _not_revoked_twice, inferred),
        Rule("deleteOrgInvite", "frees-the-address", _STATUS, _frees_the_address, inferred),
        Rule("acceptInvite", "is-accepted-once", f"{accepting}/summary", _accepted),
        Rule("acceptInvite", "revoked-is-refused", _STATUS, _revoked_is_not_accepted),
        Rule(
            "getMyInfo",
            "knows-the-caller",
            "/paths/~1my-info/get/responses/200/description",
            _knows_itself,
        ),
        Rule(
            "addUserToOrg",
            "members-are-added-once",
            f"{_ORG}~1memberships/post/responses/400/description",
            _member_already,
        ),
        Rule(
            "addUserToOrg",
            "adds-the-builder",
            f"{_ORG}~1memberships/post/description",
            _joins,
        ),
        *(
            Rule(name, "absent-org-is-refused", pointer, partial(_absent_org, name))
            for name, pointer in _OF_ORG.items()
        ),
    )


RULES: tuple[Rule, ...] = _rules()
