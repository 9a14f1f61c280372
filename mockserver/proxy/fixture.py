"""A fixture of the world that was seen: `mockserver serve --fixture` starts from it.

Answers never show everything. What a fixture needs and nobody saw is made: the organization of a
project, a project that only a path named, a key to call with. Credentials are replaced by
readable ones. A record that cannot stand without another that was not seen is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mockserver.contract.documents import yaml_of
from mockserver.contract.known import known
from mockserver.proxy.places import SECTIONS, Record, Section
from mockserver.proxy.world import World

_ORG = "recorded-org"
_BUILDER = "recorded-builder"
BUILDER_TOKEN = "recorded-builder-token"  # noqa: S105 # what stands in place of one
_REPLACED = "replaced-by-the-recording"
_TOKENS: Mapping[str, Any] = {
    "accessToken": {"token": _REPLACED},
    "refreshToken": {"token": _REPLACED},
}
_CLIENT: Mapping[str, Any] = {"clientId": _REPLACED, "clientSecret": _REPLACED}
_USER: Mapping[str, Any] = {"username": _REPLACED, "password": _REPLACED}
#: authScheme -> the credentials of a connection. Source: Connection.authScheme,
#: ConnectionRequest.
_CREDENTIALS: Mapping[str, Mapping[str, Any]] = {
    "apiKey": {"apiKey": _REPLACED},
    "basic": {"basicAuth": _USER},
    "oauth2/authorizationCode": {"oauth2AuthorizationCode": _TOKENS},
    "oauth2/authorizationCodePKCE": {"oauth2AuthorizationCode": _TOKENS},
    "oauth2/clientCredentials": {"oauth2ClientCredentials": _CLIENT},
    "oauth2/password": {"oauth2PasswordCredentials": {**_USER, **_CLIENT}},
}
_AWS: Mapping[str, str] = {"awsKeyId": _REPLACED, "awsSecretKey": _REPLACED}
#: Fields that a fixture has and no answer shows.
_HIDDEN = frozenset(
    {
        "projectId",
        "orgId",
        "operationId",
        "integrationId",
        "connectionId",
        "providerAppId",
        "latestRevisionId",
        "groupRef",
        "consumerRef",
    }
)
_PROJECT_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]")  # Source: createProject
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(slots=True)
class Fixture:
    """The sections of a fixture file, and what is not in it."""

    sections: dict[str, list[Record]] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)

    def drop(self, section: str, number: int, why: str) -> None:
        """Leave a record out, and say why."""
        record = self.sections[section].pop(number)
        self.left_out.append(f"{section} {_name(record)}: {why}")

    def text(self, *, source: str, time: str) -> str:
        """Return the file.

        Args:
            source: where the answers came from, for people.
            time: when the records were made that do not say so, RFC 3339.
        """
        content: dict[str, Any] = {
            "description": f"Recorded from {source}; credentials were replaced.",
            "time": time,
            **{name: records for name, records in self.sections.items() if records},
        }
        body = yaml_of(content)
        notes = [f"# left out: {' '.join(line.split())}" for line in self.left_out]
        return "\n".join([*notes, body] if notes else [body])


def fixture_of(world: World) -> Fixture:
    """Return the fixture of what was seen so far."""
    made = Fixture()
    for component, section in SECTIONS.items():
        records = world.sections.get(section.name, {})
        if section.name not in made.sections:
            schema = world.contract.document
            made.sections[section.name] = [
                _declared(known(schema, component, record), record) for record in records.values()
            ]
    _settle_projects(made, world)
    _settle_owners(made)
    _replace_credentials(made)
    _drop_doubles(made)
    _drop_orphans(made)
    _add_credentials(made, world)
    return made


def _declared(kept: Any, record: Record) -> Record:
    hidden = {name: value for name, value in record.items() if name in _HIDDEN}
    return {name: value for name, value in {**kept, **hidden}.items() if value is not None}


def _settle_projects(made: Fixture, world: World) -> None:
    """Give every record the id of its project, and make the projects that nobody showed."""
    projects = made.sections["projects"]
    ids = {str(project.get("id")): project for project in projects}
    names = {str(project.get("name")): identifier for identifier, project in ids.items()}
    called = {**names, **world.project_ids}

    def settled(reference: str) -> str:
        identifier = called.get(reference, reference)
        if identifier not in ids:
            project = _project(reference, identifier, len(ids) + 1)
            identifier = project["id"]
            ids[identifier] = project
            projects.append(project)
        called[reference] = identifier
        return identifier

    for reference in world.projects:
        settled(reference)
    for name, records in made.sections.items():
        for record in records if name != "projects" else ():
            if isinstance(record.get("projectId"), str):
                record["projectId"] = settled(record["projectId"])


def _project(reference: str, identifier: str, number: int) -> Record:
    usable = _PROJECT_NAME.fullmatch(reference) and not _UUID.fullmatch(reference)
    name = reference if usable else f"recorded-project-{number}"
    return {"id": identifier, "name": name, "appName": "Recorded", "orgId": _ORG}


def _settle_owners(made: Fixture) -> None:
    """Make the organizations, groups and consumers that are only named."""
    orgs = made.sections["orgs"]
    known_orgs = {org["id"] for org in orgs if "id" in org}
    for project in made.sections["projects"]:
        identifier = project.setdefault("orgId", _ORG)
        if identifier not in known_orgs:
            known_orgs.add(identifier)
            orgs.append({"id": identifier, "label": "Recorded organization"})
    for reference, section, named in (
        ("groupRef", "groups", "groupName"),
        ("consumerRef", "consumers", "consumerName"),
    ):
        rows = made.sections[section]
        there = {(row.get("projectId"), row.get(reference)) for row in rows}
        for owner in [*made.sections["connections"], *made.sections["installations"]]:
            key = owner.get("projectId"), owner.get(reference)
            if all(key) and key not in there:
                there.add(key)
                rows.append({"projectId": key[0], reference: key[1], named: key[1]})


def _replace_credentials(made: Fixture) -> None:
    for app in made.sections["providerApps"]:
        app["clientSecret"] = _REPLACED
    for destination in made.sections["destinations"]:
        if destination.get("type") == "kinesis":
            destination["secrets"] = dict(_AWS)
    for connection in made.sections["connections"]:
        scheme = str(connection.get("authScheme"))
        connection["credentials"] = dict(_CREDENTIALS.get(scheme, {}))
    apps = {app.get("id") for app in made.sections["providerApps"]}
    for connection in made.sections["connections"]:
        if connection.get("providerAppId") not in apps:
            connection.pop("providerAppId", None)


def _drop_doubles(made: Fixture) -> None:
    """Keep the last of records that no two of may be alike: the others were deleted unseen."""
    for section in SECTIONS.values():
        records = made.sections[section.name]
        last: dict[tuple[str, ...], int] = {}
        for number, record in enumerate(records):
            last[_unique(section, record, number)] = number
        for number in sorted(set(range(len(records))) - set(last.values()), reverse=True):
            made.drop(section.name, number, "another one took its place")


def _unique(section: Section, record: Record, number: int) -> tuple[str, ...]:
    values = [record.get(name) for name in section.unique]
    if not values or None in values:
        return (str(number),)
    return tuple(str(value).lower() for value in values)


def _drop_orphans(made: Fixture) -> None:
    """Leave out what needs a record that was not seen, until nothing more falls."""
    dropped = True
    while dropped:
        dropped = False
        for section in SECTIONS.values():
            records = made.sections[section.name]
            for number in reversed(range(len(records))):
                missing = _missing(made, section, records[number])
                if missing:
                    made.drop(section.name, number, missing)
                    dropped = True


def _missing(made: Fixture, section: Section, record: Record) -> str | None:
    for name, target in section.needs.items():
        there = {row.get("id") for row in made.sections[target]}
        if record.get(name) not in there:
            return f"its {name} {record.get(name)!r} was not seen in {target}"
    return None


def _add_credentials(made: Fixture, world: World) -> None:
    """See to it that every project can be called by key, and by bearer where one was sent."""
    keys = made.sections["apiKeys"]
    for project in made.sections["projects"]:
        usable = [
            key
            for key in keys
            if key.get("projectId") == project["id"]
            and key.get("active", True)
            and "full" in key.get("scopes", ())
        ]
        if not usable:
            name = f"recorded-{project.get('name', 'project')}-key"
            label, scopes = "Added by the recording", ["full"]
            keys.append({"key": name, "projectId": project["id"], "label": label, "scopes": scopes})
    if world.saw_builder:
        _add_builder(made)


def _add_builder(made: Fixture) -> None:
    builders = made.sections["builders"]
    if not builders:
        builders.append(
            {"id": _BUILDER, "idpRef": _BUILDER, "primaryEmail": "ann@recorded.example"}
        )
    builder = builders[0]["id"]
    orgs = [org["id"] for org in made.sections["orgs"]]
    made.sections["builderTokens"] = [{"token": BUILDER_TOKEN, "builderId": builder}]
    made.sections["memberships"] = [
        {"orgId": org, "builderId": builder, "role": "owner"} for org in orgs
    ]


def _name(record: Record) -> str:
    return str(record.get("name") or record.get("id") or record.get("label") or "without a name")
