"""What deploying a manifest that was uploaded as a zip promises."""

from __future__ import annotations

import io
import zipfile

from mockserver.conformance import expect
from mockserver.conformance.calls import Call
from mockserver.conformance.comparison import body_of
from mockserver.conformance.families import citing, crms
from mockserver.conformance.families.deployments import deploy
from mockserver.conformance.families.integrations import get, integration
from mockserver.conformance.lab import Lab
from mockserver.conformance.rules import Broken, Rule, Strength, Unreached

_ZIP = citing.body(citing.BATCH, "sourceZipUrl")
_REVISION_ZIP = citing.body(citing.REVISIONS, "sourceZipUrl")


def zipped(text: str) -> bytes:
    """Return a zip with a manifest file in it, always the same for a text."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("amp.yaml"), text)
    return packed.getvalue()


def uploaded(lab: Lab, content: bytes) -> str:
    """Upload something to a signed URL and return the address to deploy it from.

    Raises:
        Unreached: the storage did not take it.
    """
    signed = expect.need(lab, Call("generateUploadUrl"))
    address = f"gs://{signed['bucket']}/{signed['path']}"  # as the vendor's tool names it
    status = lab.door.upload(signed["url"], content, address=address)
    if not 200 <= status < 300:
        raise Unreached(f"the upload is answered {status}")
    return address


def _zip_is_as_good(lab: Lab) -> None:
    of = crms.crm(lab)
    manifest = crms.full_manifest(lab, of)
    source = uploaded(lab, zipped(crms.yaml_of(manifest)))
    answer = lab.make(Call("batchUpsertIntegrations", body={"sourceZipUrl": source}))
    if not answer.answer.is_success:
        detail = f"a manifest that was uploaded is answered {answer.status}"
        raise Broken(detail, strength=Strength.INFERRED)
    shown = expect.one(
        body_of(lab.contract, answer), manifest["name"], "an uploaded integration", key="name"
    )
    for seen in (shown, expect.read(lab, get(manifest["name"]))):
        expect.holds(manifest, seen["latestRevision"]["content"])
    again = deploy(lab, manifest)[manifest["name"]]
    expect.same(shown["id"], again["id"], "the id when the same is deployed as YAML")
    expect.same(
        shown["latestRevision"]["content"],
        again["latestRevision"]["content"],
        "the content when the same is deployed as YAML",
    )


def _zip_revises(lab: Lab) -> None:
    made = integration(lab)
    changed = {**made["latestRevision"]["content"], "displayName": "Changed"}
    source = uploaded(lab, zipped(crms.yaml_of(changed)))
    path = {"integrationId": made["id"]}
    expect.done(lab, Call("createRevision", path, body={"sourceZipUrl": source}))
    expect.holds(changed, expect.read(lab, get(made["id"]))["latestRevision"]["content"])


def _refuses_bad_zips(lab: Lab) -> None:
    made = integration(lab)
    with expect.unmoved(lab, get(made["id"])):
        for content in (b"no zip", zipped("- no manifest")):
            body = {"sourceZipUrl": uploaded(lab, content)}
            expect.refused(lab.make(Call("batchUpsertIntegrations", body=body)), "a bad zip")


RULES: tuple[Rule, ...] = (
    Rule("batchUpsertIntegrations", "zip-is-as-good-as-yaml", _ZIP, _zip_is_as_good),
    Rule(
        "createRevision", "zip-is-as-good-as-yaml", _REVISION_ZIP, _zip_revises, Strength.INFERRED
    ),
    Rule("batchUpsertIntegrations", "bad-zips-are-refused", _ZIP, _refuses_bad_zips),
)
