"""Through which installation the read, write and search APIs and the proxy reach a provider."""

from __future__ import annotations

from collections.abc import Sequence

from mockserver.resources import selections
from mockserver.resources.installations import INSTALLATIONS
from mockserver.rules import records
from mockserver.rules.errors import Issue, Kind, Refused
from mockserver.rules.work import Work
from mockserver.state.tables import Record


def of_group(work: Work, integration: Record, group_ref: str, *, place: str) -> Record:
    """Return a group's installation of an integration.

    Assumed: a group without one is 400, as third parties have seen it; connecting is not enough.

    Args:
        work: the unit of work.
        integration: the integration in the path.
        group_ref: the group.
        place: where the request names the group, `body`, `query` or `header`.

    Raises:
        Refused: INVALID.
    """
    key = {"integrationId": integration["id"], "groupRef": group_ref}
    found = records.listed(work, INSTALLATIONS, integration["projectId"], key)
    if found:
        return found[0]
    detail = f"group {group_ref} has no installation of {integration['name']}"
    remedy = "create the installation first: a connection alone is not one"
    issue = Issue(place, "groupRef", detail, group_ref, remedy)
    raise Refused(Kind.INVALID, detail, remedy=remedy, issues=[issue])


def readable(work: Work, installation: Record, wanted: str, *, place: str) -> str:
    """Return the provider's name of an object that an installation reads, and that is not disabled.

    Source: triggerRead; BaseReadConfigObject (`disabled` refuses triggered reads); the vendor's
    guide to search. The name may be mapped.

    Raises:
        Refused: INVALID.
    """
    native = selections.native_name(selections.manifest_of(work, installation), wanted)
    if native is None:
        remedy = "declare it under read in the manifest, and deploy"
        raise _unreadable(f"the manifest has no read object {wanted}", wanted, remedy, place)
    objects = installation["config"]["content"].get("read", {}).get("objects", {})
    config = objects.get(native)
    if config is None:
        remedy = f"add config.content.read.objects.{native} to the installation"
        raise _unreadable(f"the installation does not read {wanted}", wanted, remedy, place)
    if config.get("disabled", False):
        remedy = f"set config.content.read.objects.{native}.disabled to false"
        raise _unreadable(f"{wanted} is disabled in the installation", wanted, remedy, place)
    return native


def named(work: Work, installation: Record, wanted: Sequence[str] | None) -> list[str]:
    """Return the provider's names of some objects that an installation reads; None: of all.

    Source: pauseReads and unpauseReads (`objects`, mapped or not).

    Raises:
        Refused: INVALID, naming each object that is not read.
    """
    objects = installation["config"]["content"].get("read", {}).get("objects", {})
    if wanted is None:
        return list(objects)
    manifest = selections.manifest_of(work, installation)
    found = {name: selections.native_name(manifest, name) for name in wanted}
    remedy = f"use one of: {', '.join(objects) or 'none'}"
    issues = [
        Issue("body", f"objects[{number}]", "the installation does not read it", name, remedy)
        for number, name in enumerate(wanted)
        if found[name] not in objects
    ]
    if issues:
        detail = f"the installation does not read {issues[0].value}"
        raise Refused(Kind.INVALID, detail, remedy=remedy, issues=issues)
    return [native for native in found.values() if native is not None]


def _unreadable(detail: str, wanted: str, remedy: str, place: str) -> Refused:
    issue = Issue(place, "objectName", detail, wanted, remedy)
    return Refused(Kind.INVALID, detail, remedy=remedy, issues=[issue])
