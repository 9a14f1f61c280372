"""Makes from the API what a run was not given: further credentials, a second project."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from mockserver.conformance import callers
from mockserver.conformance.callers import Caller, by_bearer, by_key
from mockserver.conformance.calls import Call
from mockserver.conformance.credentials import Callers, KeyPair, Mint, time_of
from mockserver.conformance.exchange import Exchange, Request
from mockserver.conformance.lab import Lab
from mockserver.conformance.naming import ORG, PROJECT
from mockserver.conformance.nouns import NOUNS, records_in, text_at
from mockserver.conformance.pace import Watch
from mockserver.conformance.profiles import FULL
from mockserver.conformance.rules import Inconclusive, Refused, Unreached
from mockserver.conformance.target import BASE_PATH, Project, Target

NEIGHBOUR = "neighbour"


class CannotRun(Exception):
    """Nothing can be said about the target: it does not answer, or lets us do nothing."""


class Derivation:
    """One run's preparation. Each step that fails leaves a reason instead of a credential."""

    def __init__(self, lab: Lab, profile: str, watch: Watch) -> None:
        """Take a lab whose door knows the credentials that were given."""
        self._lab = lab
        self._door = lab.door
        self._full = profile == FULL
        self._watch = watch
        self._callers = Callers()
        self._missing: dict[str, str] = {}
        for caller in self._door.target.callers.values():
            self._callers.add(caller)

    def run(self) -> Target:
        """Prepare the target and return it; the door knows it from then on.

        Raises:
            CannotRun: no request was answered, or none was granted.
        """
        self._door.target = replace(self._door.target, callers=self._callers)
        self._callers.add(by_key(callers.WRONG_KEY, f"ct-wrong-{secrets.token_hex(12)}"))
        self._callers.add(by_bearer(callers.WRONG_BEARER, f"ct-wrong-{secrets.token_hex(12)}"))
        self._find_base_path()
        self._read_project()
        self._count_what_is_there()
        self._make_key()
        self._find_neighbour()
        self._make_keys()
        self._make_customers()
        self._door.target = replace(self._door.target, missing=self._missing)
        return self._door.target

    def _find_base_path(self) -> None:
        """Leave out /v1 where the API answers without it: some mocks ignore the base path."""
        catalog = self._lab.contract.operations["listProviders"]
        request = Request(catalog.operation_id, catalog.method, catalog.path)
        try:
            if self._door.probe(request).status != 404:
                return
            given = self._door.target.url
            self._set(url=given.removesuffix(BASE_PATH))
            if self._door.probe(request).status != 200:
                self._set(url=given)
        except Inconclusive as error:
            raise CannotRun(str(error)) from error

    # ------------------------------------------------------------------ projects

    def _read_project(self) -> None:
        given = self._door.target.project.given or self._only_project()
        self._set(project=Project(given))
        try:
            answer = self._lab.call("getProject", caller=self._reader())
        except Inconclusive as error:
            raise CannotRun(str(error)) from error
        if answer.status in {401, 403, 404} and not self._can_list():
            raise CannotRun(
                f"the target answers {answer.status} for project {given!r}:"
                " check the project and the credentials"
            )
        self._set(project=_project(given, answer.json))

    def _only_project(self) -> str:
        try:
            listed = self._lab.call("listProjects", caller=self._reader())
        except Inconclusive as error:
            raise CannotRun(str(error)) from error
        found = [text_at(record, "id") for record in records_in(listed.json)]
        if len(found) != 1 or not found[0]:
            raise CannotRun(
                f"the credential reaches {len(found)} projects; say which one: --project ID"
            )
        return found[0]

    def _can_list(self) -> bool:
        return self._lab.call("listTopics", caller=self._reader()).answer.is_success

    def _reader(self) -> Caller:
        for name in (callers.KEY, callers.BEARER):
            if name in self._callers:
                return self._callers[name]
        raise CannotRun("needs a credential: --api-key KEY, or --bearer TOKEN")

    def _find_neighbour(self) -> None:
        given = self._door.target.neighbour
        try:
            found = given or self._other_project()
            if self._door.keeper is not None:
                self._door.keeper.belongings.add_homes(found.given)
            answer = self._lab.call(
                "getProject", path={PROJECT: found.given}, caller=self._neighbour_reader()
            )
            self._set(neighbour=_project(found.given, answer.json))
            if callers.NEIGHBOUR_KEY not in self._callers:
                key = self._new_key(["full"], project=found.given, caller=callers.BEARER)
                self._callers.add(by_key(callers.NEIGHBOUR_KEY, key))
            self._count_what_is_there(neighbour=True)
        except (Unreached, Refused, Inconclusive) as error:
            self._missing[NEIGHBOUR] = self._missing[callers.NEIGHBOUR_KEY] = str(error)
            self._set(neighbour=None)

    def _neighbour_reader(self) -> str:
        return callers.NEIGHBOUR_KEY if callers.NEIGHBOUR_KEY in self._callers else callers.BEARER

    def _other_project(self) -> Project:
        if callers.BEARER not in self._callers:
            raise Unreached(
                "a second project needs --bearer, or --neighbour-project and --neighbour-api-key"
            )
        own = self._door.target.project
        for record in records_in(self._lab.call("listProjects", caller=callers.BEARER).json):
            identity = text_at(record, "id")
            if identity and identity != own.id and text_at(record, "name") != own.given:
                return Project(identity)
        if not self._full or not own.org_id:
            raise Unreached("the bearer token reaches no second project")
        body = {"name": self._lab.name("neighbour"), "appName": "Neighbour", "orgId": own.org_id}
        made = self._lab.need(Call("createProject", body=body), caller=callers.BEARER)
        return Project(text_at(made, "id"))

    # --------------------------------------------------------------- credentials

    def _make_key(self) -> None:
        if callers.KEY not in self._callers:
            self._try(callers.KEY, lambda: self._new_key(["full"], caller=callers.BEARER))
        if callers.BEARER not in self._callers:
            self._missing[callers.BEARER] = "no bearer token was given: --bearer TOKEN"

    def _make_keys(self) -> None:
        self._try(callers.FRONTEND_KEY, lambda: self._new_key(["frontend"]))
        self._try(callers.INACTIVE_KEY, self._inactive_key)
        self._try(callers.DELETED_KEY, self._deleted_key)

    def _try(self, name: str, make: Any) -> None:
        if name in self._callers:
            return
        try:
            self._callers.add(by_key(name, make()))
        except (Unreached, Refused, Inconclusive) as error:
            self._missing[name] = f"no {name}: {error}"

    def _new_key(
        self, scopes: list[str], *, project: str | None = None, caller: str | None = None
    ) -> str:
        body = {"label": self._lab.name("key"), "scopes": scopes}
        path = {PROJECT: project} if project else {}
        made = self._lab.need(Call("createApiKey", path, body=body), caller=caller)
        key = text_at(made, "key")
        if not key:
            raise Unreached("createApiKey answered without a key")
        return key

    def _inactive_key(self) -> str:
        key = self._new_key(["full"])
        body = {"updateMask": ["active"], "apiKey": {"active": False}}
        self._lab.need(Call("updateApiKey", {"apiKey": key}, body=body))
        return key

    def _deleted_key(self) -> str:
        key = self._new_key(["full"])
        self._lab.need(Call("deleteApiKey", {"apiKey": key}))
        return key

    def _make_customers(self) -> None:
        try:
            mint = self._mint()
        except (Unreached, Refused, Inconclusive) as error:
            for name in (callers.CUSTOMER, callers.OTHER_CUSTOMER):
                self._missing[name] = f"no customer token: {error}"
            return
        groups = {
            callers.CUSTOMER: self._lab.name("group"),
            callers.OTHER_CUSTOMER: self._lab.name("group"),
        }
        for name, group in groups.items():
            self._callers.add_made(name, mint.caller(name, group))
        self._set(groups=groups, mint=mint)

    def _mint(self) -> Mint:
        pair = KeyPair()
        body = {
            "label": self._lab.name("jwt-key"),
            "algorithm": "RS256",
            "publicKeyPem": pair.public_pem,
        }
        made = self._lab.need(Call("createJWTKey", body=body))
        identity = text_at(made, "kid")
        shown = self._lab.call("getJWTKey", path={"keyId": identity})
        epoch = time_of(shown)
        if not identity or epoch is None:
            raise Unreached(f"{shown} tells neither key nor time")
        return Mint(pair, identity, epoch, self._watch, self._watch.read())

    # ---------------------------------------------------------------- inventory

    def _count_what_is_there(self, *, neighbour: bool = False) -> None:
        """Remember the ids that were there before us: they are never ours, whatever is answered."""
        keeper, target = self._door.keeper, self._door.target
        if keeper is None:
            return
        project = target.neighbour if neighbour else target.project
        if project is None:
            return
        keeper.belongings.add_homes(project.given, project.id, project.name, project.org_id)
        keeper.ledger.works_in(project.given)
        if keeper.profile.reads_only:
            return
        caller = self._neighbour_reader() if neighbour else self._reader().name
        places = {PROJECT: project.given, ORG: project.org_id}
        for noun in NOUNS:
            if not noun.lists or not places.get(noun.place, ""):
                continue
            listed = self._list(noun.lists, {noun.place: places[noun.place]}, caller)
            for record in records_in(listed.json if listed else None):
                if not keeper.belongings.recognizes(noun, record):
                    keeper.belongings.foreign.add(text_at(record, noun.id))

    def _list(self, operation_id: str, path: Mapping[str, str], caller: str) -> Exchange | None:
        try:
            return self._lab.call(operation_id, path=path, caller=caller)
        except (Inconclusive, Refused):
            return None  # the rules about this list tell; here nothing depends on it

    def _set(self, **changes: Any) -> None:
        self._door.target = replace(self._door.target, **changes)


def read_places(lab: Lab, places: Sequence[str]) -> None:
    """Make a door work in the projects of an earlier run: its own, then the neighbour.

    Raises:
        CannotRun: the target does not answer.
    """
    door = lab.door
    if door.keeper is None:
        raise ValueError("needs a keeper")
    found = []
    for number, place in enumerate(dict.fromkeys(places)):
        name = callers.BEARER if callers.BEARER in door.target.callers else callers.KEY
        other = callers.NEIGHBOUR_KEY if callers.NEIGHBOUR_KEY in door.target.callers else name
        caller = other if number else _first_of(door.target)
        try:
            answer = lab.call("getProject", path={PROJECT: place}, caller=caller)
        except (Inconclusive, Unreached) as error:
            raise CannotRun(str(error)) from error
        found.append(_project(place, answer.json))
        door.keeper.belongings.add_homes(place, found[-1].id, found[-1].name, found[-1].org_id)
    if not found:
        raise CannotRun("the ledger names no project: nothing was made")
    door.target = replace(door.target, project=found[0], neighbour=found[1] if found[1:] else None)


def _first_of(target: Target) -> str:
    return callers.KEY if callers.KEY in target.callers else callers.BEARER


def _project(given: str, body: Any) -> Project:
    return Project(given, *(text_at(body, key) for key in ("id", "name", "orgId")))
