"""What is deployed from uploads."""

from __future__ import annotations

import pytest

from mockserver.app import Mock
from mockserver.resources.yaml_text import LONGEST
from tests.client import Client
from tests.manifests import SALESFORCE, md5_of, yaml_of, zip_of
from tests.uploading import BATCH, ZIP, deploy, gs, put, signed


def test_a_zip_and_its_yaml_deploy_the_same(client: Client, mock: Mock):
    address = signed(client, md5_of(ZIP))
    put(client, address["url"], headers={"content-md5": md5_of(ZIP)})

    by_zip = deploy(client, gs(address)).json
    mock.sandbox.reset()
    by_yaml = client.put(BATCH, {"sourceYaml": yaml_of()}).json

    assert by_zip == by_yaml


@pytest.mark.parametrize(
    "form",
    [
        "gs://{bucket}/{path}",
        "gs://{bucket}//{path}",
        "{url}",
        "https://elsewhere.example/_storage/{bucket}/{path}",
        "https://storage.googleapis.com/{bucket}/{path}?X-Goog-Signature=0",
    ],
)
def test_an_upload_is_known_by_each_of_its_names(client: Client, form: str):
    address = signed(client)
    put(client, address["url"])

    assert [one["name"] for one in deploy(client, form.format(**address)).json] == [SALESFORCE]


@pytest.mark.parametrize(
    "form",
    [
        "gs://other/{path}",
        "gs://{bucket}/",
        "gs://",
        "s3://{bucket}/{path}",
        "{path}",
        "/{bucket}/{path}",
        "https://elsewhere.example/{bucket}/{path}",
        "https://storage.googleapis.com/{path}",
    ],
)
def test_other_urls_are_refused_and_never_fetched(client: Client, form: str):
    address = signed(client)
    put(client, address["url"])

    refused = deploy(client, form.format(**address))

    assert refused.status == 422
    assert refused.issue_names == ["sourceZipUrl"]


def test_an_address_without_an_upload_is_refused(client: Client):
    refused = deploy(client, gs(signed(client)))

    assert refused.status == 422
    assert refused.issue_names == ["sourceZipUrl"]
    assert "nothing was uploaded" in refused.json["detail"]


UNUSABLE = {
    "empty": b"",
    "YAML": b"specVersion: 1.0.0",
    "cut short": ZIP[:-10],
    "no manifest": zip_of({"other.yaml": yaml_of()}),
    "two manifests": zip_of({"amp.yaml": yaml_of(), "amp.yml": yaml_of()}),
    "outside": zip_of({"../amp.yaml": yaml_of()}),
    "no text": zip_of({"amp.yaml": b"\xff"}),
    "too large": zip_of({"amp.yaml": b" " * (LONGEST + 1)}),
    "broken YAML": zip_of({"amp.yaml": "a: ["}),
    "empty YAML": zip_of({"amp.yaml": ""}),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_zip_that_cannot_be_used_is_refused(client: Client, name: str):
    address = signed(client)
    assert put(client, address["url"], UNUSABLE[name]).status == 200

    refused = deploy(client, gs(address))

    assert refused.status == 422
    assert refused.issue_names == ["sourceZipUrl"]


def test_mistakes_inside_a_zip_are_named_by_their_place_in_the_yaml(client: Client):
    address = signed(client)
    put(client, address["url"], zip_of({"amp.yml": "specVersion: 2.0.0\nintegrations: []"}))

    assert deploy(client, gs(address)).issue_names == ["specVersion", "integrations"]


def test_an_upload_may_be_replaced_while_it_lasts(client: Client):
    address = signed(client)
    put(client, address["url"], b"nonsense")
    put(client, address["url"])

    assert deploy(client, gs(address)).status == 200
