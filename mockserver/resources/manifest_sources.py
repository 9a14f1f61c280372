"""Where a manifest comes from: a YAML text in the request, or a zip that was uploaded."""

from __future__ import annotations

from typing import Any

from mockserver.resources import archives, uploads, yaml_text
from mockserver.rules.errors import Issue, Kind, Refused, wrong_value
from mockserver.rules.work import Work
from mockserver.state.tables import Record

SOURCES = ("sourceYaml", "sourceZipUrl")


def read(work: Work, body: Record) -> dict[str, Any]:
    """Return the manifest that a request names: a mapping that nothing has looked into.

    Source: batchUpsertIntegrations and createRevision: one of sourceYaml and sourceZipUrl.
    Assumed: an empty text counts as given.

    Raises:
        Refused: UNPROCESSABLE.
    """
    given = [source for source in SOURCES if source in body]
    if len(given) != 1:
        raise _not_one_source(given)
    source = given[0]
    text = body[source] if source == "sourceYaml" else _from_zip(work, body[source])
    try:
        manifest = yaml_text.parse(text)
    except yaml_text.YamlError as error:
        detail = f"the manifest cannot be read: {error}"
        raise wrong_value(source, detail, remedy="send one YAML document") from None
    if not isinstance(manifest, dict):
        remedy = "begin with specVersion and integrations"
        raise wrong_value(source, "the manifest is no mapping", remedy=remedy)
    return manifest


def _from_zip(work: Work, url: str) -> str:
    try:
        return archives.manifest_text(uploads.fetch(work, url))
    except archives.ArchiveError as error:
        detail = f"the zip cannot be used: {error}"
        remedy = "upload a zip with one amp.yaml"
        raise wrong_value("sourceZipUrl", detail, url, remedy=remedy) from None


def _not_one_source(given: list[str]) -> Refused:
    detail = "both sourceYaml and sourceZipUrl" if given else "no sourceYaml and no sourceZipUrl"
    remedy = "send exactly one of them"
    issues = [Issue("body", name, detail, remedy=remedy) for name in given or SOURCES]
    return Refused(Kind.UNPROCESSABLE, f"the request has {detail}", remedy=remedy, issues=issues)
